"""How the program begins on screens: where, what has to be said meanwhile, and what becomes ready."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual.message import Message

if TYPE_CHECKING:
    from textual.screen import Screen

    from saves.run import RunFile
    from sim.workplace import Workplace


@dataclass(frozen=True)
class Start:
    """Where the program begins."""

    at: Literal["home", "briefing", "daily", "go_on", "replay"] = "home"
    persona: str = ""
    """The customer of a briefing."""
    mode: Literal["practice", "rated", "competition"] | None = None
    seed: int | None = None
    daily: bool = False
    """Whether that seed is today's."""
    run: str = ""
    """The stored call that is gone on with."""
    replayed: RunFile | None = None
    speed: float = 1.0
    """How fast a replay runs."""


class Notices:
    """Sentences that somebody behind the screens has to say; kept until there is a screen to say them on."""

    def __init__(self) -> None:
        self._waiting: list[str] = []
        self._tell: Callable[[str], None] | None = None

    def __call__(self, sentence: str) -> None:
        """Take a sentence, from any thread."""
        if self._tell is None:
            self._waiting.append(sentence)
        else:
            self._tell(sentence)

    def connect(self, tell: Callable[[str], None]) -> None:
        """Say what waits, and from now on everything at once."""
        self._tell = tell
        for sentence in self._waiting:
            tell(sentence)
        self._waiting.clear()


class HouseOpened(Message):
    """The house is open, or could not be opened."""

    def __init__(self, house: Workplace | None, problem: str = "") -> None:
        super().__init__()
        self.house = house
        self.problem = problem


class VoiceReady(Message):
    """A voice in waiting is ready or has failed."""


def place_of(house: Workplace, place: str) -> Screen[None]:
    """Return the screen of a place, filled."""
    from sim.tui.screens.career import CareerScreen
    from sim.tui.screens.library import LibraryScreen
    from sim.tui.screens.settings import SettingsScreen

    if place == "career":
        return CareerScreen(house.career_view())
    if place == "library":
        return LibraryScreen(house.library_view())
    return SettingsScreen(house.preferences, models=house.models(), data=str(house.home.data))


def leave_on_signals(leave: Callable[[], object]) -> None:
    """Leave in order when told to end or when the terminal is gone, on systems with such signals."""
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):
        with suppress(AttributeError, NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(getattr(signal, name), leave)


def settle_memory() -> None:
    """Collect now, where nobody waits, and let the collector pass over all that is loaded.

    Looking through it all stops the screen for 50-105 ms (measured), also in the middle of a call.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
