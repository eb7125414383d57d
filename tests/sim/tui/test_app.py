"""The whole game on its screens: from the first start to the first debrief, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sim.preferences import Preferences
from sim.tui.app import HearMeOut
from sim.tui.opening import Notices, Start
from sim.tui.screens.briefing import BriefingScreen
from sim.tui.screens.career import CareerScreen
from sim.tui.screens.conversation import ConversationScreen
from sim.tui.screens.debrief import DebriefScreen
from sim.tui.screens.help import HelpScreen
from sim.tui.screens.home import HomeScreen
from sim.tui.screens.library import LibraryScreen
from sim.tui.screens.replay import ReplayScreen
from sim.tui.screens.settings import SettingsScreen
from tests.sim.house import House
from tests.sim.tui.stage import key, text_of, until

REDUCED = Preferences(voice="written", motion="reduced")


@dataclass
class Playing:
    """The app under a test's hands."""

    app: HearMeOut
    pilot: Pilot[int]
    house: House

    async def on(self, kind: type[object]) -> None:
        await until(self.pilot, lambda: isinstance(self.app.screen, kind))

    async def press(self, *names: str) -> None:
        for name in names:
            self.app.post_message(key(name, self.house.clock.s, {"space": " "}.get(name)))
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        for character in text:
            name = "space" if character == " " else character
            self.app.post_message(key(name, self.house.clock.s, character))
        await self.pilot.pause()

    async def opened(self) -> None:
        await until(self.pilot, lambda: self.app._house is not None)
        await self.pilot.pause()

    async def into_call(self) -> None:
        """From the first screen into the call that it offers: two keys."""
        await self.opened()
        await self.press("enter")
        await self.on(BriefingScreen)
        await self.press("enter")
        await self.on(ConversationScreen)

    async def hear_out(self) -> None:
        """Let the customer come to an end."""
        call = self.app._sitting.call  # type: ignore[union-attr]
        for _ in range(2000):
            if call.over or call.conversation.floor_is_free:
                break
            self.house.clock.s += 0.25
            call.tick()
        await self.pilot.pause()

    async def say(self, text: str) -> None:
        self.house.clock.s += 1.5
        await self.type(text)
        self.house.clock.s += 1.5
        await self.press("enter")


@asynccontextmanager
async def playing(
    folder: Path,
    start: Start | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    preferences: Preferences = REDUCED,
    house: House | None = None,
) -> AsyncIterator[Playing]:
    house = house or House(folder, preferences=preferences)
    app = HearMeOut(house.open, house.preferences, {}, Notices(), start)
    async with app.run_test(size=size) as pilot:
        yield Playing(app, pilot, house)


async def test_the_first_call_is_three_keys_from_the_first_start(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.opened()
        assert isinstance(game.app.screen, HomeScreen)
        assert "Priya Nair" in text_of(game.app)

        await game.into_call()

        assert game.app._sitting is not None and game.app._sitting.call.conversation.customer_speaking


async def test_from_the_first_start_to_the_first_debrief_and_home(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.into_call()
        for _ in range(20):
            await game.hear_out()
            call = game.app._sitting.call  # type: ignore[union-attr]
            if call.over:
                break
            await game.say("ok.")
            await game.press("enter")
        assert call.over

        await game.press("enter")
        await game.on(DebriefScreen)
        assert "Charged twice" in text_of(game.app)

        await game.press("enter")
        await game.on(HomeScreen)
        await game.press("c")
        await game.on(CareerScreen)
        assert "Priya" in text_of(game.app)
