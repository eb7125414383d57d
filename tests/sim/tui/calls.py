"""Live calls on a clock moved by hand, with real customers or the small one of the tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from textual.pilot import Pilot
from textual.screen import Screen

from personas.acts import MediumKind
from personas.schema import Persona
from scoring import events as ev
from sim.call_view import EntryKind
from sim.clock import CallClock
from sim.game import Table
from sim.home import Mode
from sim.live import LiveCall
from sim.tui.screens.conversation import ConversationScreen
from tests.sim.calling import PRIYA, table_for
from tests.sim.tui.hands import Hands
from tests.sim.tui.stage import ShowApp, key


def changed_persona(table: Table, persona: Persona) -> Table:
    """The same table with an edited customer."""
    setting = replace(table.setting, persona=persona, medium=persona.medium.kind)
    return replace(table, setting=setting)


def as_medium(table: Table, kind: MediumKind) -> Table:
    """The same table with the customer on another medium."""
    persona = table.setting.persona
    medium = persona.medium.model_copy(update={"kind": kind})
    return changed_persona(table, persona.model_copy(update={"medium": medium}))


class Sitting:
    """One call on the screen, its clock, and what was kept of it."""

    def __init__(
        self,
        table: Table | None = None,
        *,
        mode: Mode = "practice",
        timed: bool = True,
        reduced: bool = False,
        persona: str = PRIYA,
        theme: str = "hearmeout-dark",
        **screen: Any,
    ) -> None:
        self.hands = Hands()
        self.kept: list[ev.Event] = []
        self.table = table or table_for(persona, mode=mode, timed=timed)
        self.call = LiveCall(self.table, self.kept.extend, CallClock(self.hands))
        self.screen = ConversationScreen(self.call, **screen)
        self.app = ShowApp(cast(Screen[object], self.screen), theme, reduced=reduced)

    def of(self, kind: type[ev.Event]) -> list[ev.Event]:
        return [event for event in self.call.conversation.events if isinstance(event, kind)]

    async def wait(self, pilot: Pilot[Any], seconds: float) -> None:
        """Let the call's time pass in small steps, then show it."""
        until = self.hands.at + seconds
        while self.hands.at < until:
            self.hands.at = min(until, self.hands.at + 0.05)
            self.screen.tick()
        await pilot.pause()

    async def hear_out(self, pilot: Pilot[Any]) -> None:
        """Let the customer finish."""
        for _ in range(4000):
            if self.call.over or self.call.conversation.floor_is_free:
                break
            self.hands.at += 0.05
            self.screen.tick()
        await pilot.pause()

    async def press(self, pilot: Pilot[Any], *names: str) -> None:
        """Press keys at the clock's time."""
        for name in names:
            self.app.post_message(key(name, self.hands.at, {"space": " "}.get(name)))
            if len(name) > 1:
                await pilot.pause()
        await pilot.pause()

    async def type(self, pilot: Pilot[Any], text: str) -> None:
        """Type a text at the clock's time."""
        await self.press(pilot, *("space" if letter == " " else letter for letter in text))

    def said(self, kind: EntryKind) -> list[str]:
        return [entry.text for entry in self.call.view.entries if entry.kind is kind]
