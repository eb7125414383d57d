"""One still of every screen, the same on every machine: what the snapshots and the README's pictures show."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any, cast

from textual.pilot import Pilot
from textual.screen import Screen

from sim.briefing_view import briefing_view
from sim.preferences import Preferences
from sim.tui.screens.briefing import BriefingScreen
from sim.tui.screens.career import CareerScreen
from sim.tui.screens.debrief import DebriefScreen
from sim.tui.screens.help import HelpScreen
from sim.tui.screens.home import HomeScreen
from sim.tui.screens.library import LibraryScreen
from sim.tui.screens.settings import SettingsScreen
from tests.sim.calling import DANIEL, PRIYA, table_for
from tests.sim.debriefs import script_view
from tests.sim.tui.calls import Sitting
from tests.sim.tui.mails import MailSitting
from tests.sim.tui.stage import ShowApp
from tests.sim.tui.test_career_screen import DUE
from tests.sim.tui.test_career_screen import FULL as CAREER
from tests.sim.tui.test_home_screen import LATER
from tests.sim.tui.test_library_screen import VIEW as LIBRARY
from tests.sim.tui.test_replay_screen import Shown

Act = Callable[[Pilot[Any]], Awaitable[None]]


@dataclass(frozen=True)
class Still:
    """An app, and what is done before its picture is taken."""

    app: ShowApp
    act: Act


async def _rest(pilot: Pilot[Any]) -> None:
    await pilot.pause()


def _screen(screen: Screen[Any]) -> Still:
    return Still(ShowApp(cast(Screen[object], screen)), _rest)


def _settled(still: Still, theme: str) -> Still:
    still.app.theme = theme
    return still


def home() -> Still:
    return _screen(HomeScreen(LATER))


def briefing() -> Still:
    persona = table_for(PRIYA).setting.persona
    screen = BriefingScreen(briefing_view(persona, mode="practice", timed=True, voice_note=""))

    async def ready(pilot: Pilot[Any]) -> None:
        screen.voice_state("the author's lines", ready=True)
        await pilot.pause()

    return Still(ShowApp(cast(Screen[object], screen)), ready)


def phone() -> Still:
    sitting = Sitting(mode="rated", reduced=True)
    sitting.app.reduced = False

    async def listening(pilot: Pilot[Any]) -> None:
        await sitting.wait(pilot, 9.0)
        await sitting.press(pilot, "tab")
        await sitting.wait(pilot, 9.6)

    return Still(sitting.app, listening)


def chat() -> Still:
    sitting = Sitting(persona=DANIEL, mode="rated", reduced=True)

    async def talking(pilot: Pilot[Any]) -> None:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, "You waited in for it twice, and nobody rang. What happened on Saturday?")
        await sitting.press(pilot, "enter")
        await sitting.wait(pilot, 2.5)

    return Still(sitting.app, talking)


def mail() -> Still:
    sitting = MailSitting()

    async def open_it(pilot: Pilot[Any]) -> None:
        await sitting.press(pilot, "enter")
        await pilot.pause()

    return Still(sitting.app, open_it)


def coach() -> Still:
    sitting = Sitting(reduced=True)

    async def cut_in(pilot: Pilot[Any]) -> None:
        await sitting.wait(pilot, 13.0)
        await sitting.type(pilot, "ok can I take your account number")
        await sitting.press(pilot, "enter")

    return Still(sitting.app, cut_in)


def debrief() -> Still:
    return _screen(DebriefScreen(script_view()))


def career() -> Still:
    return _screen(CareerScreen(CAREER, UTC))


def ratings() -> Still:
    async def open_them(pilot: Pilot[Any]) -> None:
        await pilot.press("s")
        await pilot.pause()

    return Still(ShowApp(cast(Screen[object], CareerScreen(DUE, UTC))), open_them)


def library() -> Still:
    return _screen(LibraryScreen(LIBRARY))


def settings() -> Still:
    return _screen(SettingsScreen(Preferences(), models=("small.gguf",), data="/data"))


def help_page() -> Still:
    return _screen(HelpScreen())


def replay() -> Still:
    shown = Shown(from_ms=12_000)
    return Still(shown.app, _rest)


STILLS: dict[str, Callable[[], Still]] = {
    "home": home,
    "briefing": briefing,
    "phone": phone,
    "chat": chat,
    "mail": mail,
    "coach": coach,
    "debrief": debrief,
    "career": career,
    "ratings": ratings,
    "library": library,
    "settings": settings,
    "help": help_page,
    "replay": replay,
}
SIZES = {"small": (80, 24), "wide": (140, 40)}
THEMES = {"dark": "hearmeout-dark", "light": "hearmeout-light"}


def still(name: str, theme: str) -> Still:
    """Return a still in one of the two themes."""
    return _settled(STILLS[name](), THEMES[theme])
