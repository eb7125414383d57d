"""The whole game on its screens: from the first start to the first debrief, and back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from textual.pilot import Pilot

from sim.preferences import Preferences, load_preferences
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


async def test_leaving_by_the_stop_key_keeps_the_call_and_home_offers_it(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.into_call()
        await game.hear_out()
        await game.say("So you were charged twice. What happened on the Thursday?")
        await game.press("ctrl+c")
        await game.press("enter")
        await game.on(HomeScreen)

        assert "Priya" in text_of(game.app) and "interrupted" in text_of(game.app).lower()
        await game.press("enter")
        await game.on(ConversationScreen)
        assert "What happened" in text_of(game.app)


async def test_an_interrupted_call_can_be_given_up(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.into_call()
        await game.press("ctrl+c")
        await game.press("enter")
        await game.on(HomeScreen)
        await game.press("x")
        await game.press("x")
        await until(game.pilot, lambda: game.app.house.store.unfinished() == [])


async def lost_call(game: Playing) -> None:
    """Play a short call to its debrief."""
    await game.into_call()
    await game.hear_out()
    await game.say("Please calm down. What is your account number?")
    await game.press("enter")
    await game.hear_out()
    game.app._sitting.call.end("left")  # type: ignore[union-attr]
    await game.press("enter")
    await game.on(DebriefScreen)


async def test_a_moment_is_played_again_and_saved_as_a_story(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await lost_call(game)
        await game.press("s")
        await until(game.pilot, lambda: any((tmp_path / "stories").glob("*.md")))

        await game.press("a")
        await game.on(ConversationScreen)
        sitting = game.app._sitting
        assert sitting is not None and sitting.call.table.header.parent_run is not None
        await game.say("Charged twice, and eleven years with us. What happened when you rang?")
        await game.press("ctrl+c")
        await game.press("l")
        await game.hear_out()
        await game.press("enter")
        await game.on(DebriefScreen)
        assert len(game.app.house.store.runs()) == 2


async def test_a_call_is_replayed_from_its_debrief(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await lost_call(game)
        await game.press("r")
        await game.on(ReplayScreen)
        await game.press("escape")
        await game.on(DebriefScreen)


async def test_the_practice_call_is_two_keys_from_home_and_leaves_no_trace(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.opened()
        await game.press("h")
        await game.on(HelpScreen)
        await game.press("enter")
        await game.on(ConversationScreen)
        assert "two minutes of practice" in text_of(game.app)
        await game.press("ctrl+c")
        await game.press("ctrl+c")
        await game.on(HomeScreen)
        assert game.app.house.store.runs() == []


async def test_a_setting_counts_at_once_and_is_kept(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.opened()
        await game.press("s")
        await game.on(SettingsScreen)
        while "Theme" not in selected_row(text_of(game.app)):
            await game.press("down")
        await game.press("right", "right")
        await until(game.pilot, lambda: game.app.theme == "hearmeout-light")
        await game.press("escape")
        await game.on(HomeScreen)

    assert load_preferences(tmp_path)[0].theme == "light"


def selected_row(text: str) -> str:
    """The row of the settings that is chosen: it bears the mark."""
    return next((line for line in text.splitlines() if "›" in line or "▸" in line), "")


@pytest.mark.parametrize(("letter", "kind"), [("l", LibraryScreen), ("c", CareerScreen), ("f1", HelpScreen)])
async def test_every_place_is_one_key_from_home_and_one_back(
    tmp_path: Path, letter: str, kind: type[object]
) -> None:
    async with playing(tmp_path) as game:
        await game.opened()
        await game.press(letter)
        await game.on(kind)
        await game.press("escape")
        await game.on(HomeScreen)


async def test_help_in_a_practice_call_lets_time_stand_still(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.into_call()
        await game.press("f1")
        await game.on(HelpScreen)
        call = game.app._sitting.call  # type: ignore[union-attr]
        assert not call.clock.running
        await game.press("escape")
        await game.on(ConversationScreen)
        assert call.clock.running


async def test_the_program_can_begin_at_a_briefing_and_keeps_what_was_asked(tmp_path: Path) -> None:
    start = Start("briefing", persona="hearmeout/daniel-okafor", mode="rated", seed=41)
    async with playing(tmp_path, start) as game:
        await game.on(BriefingScreen)
        assert "Okafor" in text_of(game.app)
        await game.press("enter")
        await game.on(ConversationScreen)
        header = game.app._sitting.call.table.header  # type: ignore[union-attr]
        assert (header.mode, header.seed, header.persona_id) == ("rated", 41, "hearmeout/daniel-okafor")


async def test_todays_call_is_taken_once_and_then_shown(tmp_path: Path) -> None:
    async with playing(tmp_path, Start("daily")) as game:
        await game.on(BriefingScreen)
        assert "Today's call, rated." in text_of(game.app)
        await game.press("enter")
        await until(game.pilot, lambda: game.app._sitting is not None)
        header = game.app._sitting.call.table.header  # type: ignore[union-attr]
        daily = game.app.house.home_view().daily
        assert daily is not None
        assert (header.mode, header.seed, header.persona_id) == ("rated", daily.seed, daily.persona_id)
        assert daily.state == "begun"
        game.app._sitting.call.end("left")  # type: ignore[union-attr]
        assert game.app.house.played_before(daily.persona_id, daily.seed)


async def test_a_call_like_any_other_has_a_seed_by_chance_and_may_be_practised(tmp_path: Path) -> None:
    async with playing(tmp_path) as game:
        await game.opened()
        await game.press("t")
        await game.on(BriefingScreen)
        await game.press("escape")
        await game.on(HomeScreen)
        await game.press("enter")
        await game.on(BriefingScreen)
        assert "Practice. It does not count." in text_of(game.app)
        await game.press("enter")
        await game.on(ConversationScreen)
        header = game.app._sitting.call.table.header  # type: ignore[union-attr]
        assert (header.mode, header.seed) == ("practice", 7)


async def test_a_house_that_cannot_open_ends_with_its_reason(tmp_path: Path) -> None:
    taken = tmp_path / "a file"
    taken.write_text("not a folder")
    house = House(taken, preferences=REDUCED)
    app = HearMeOut(house.open, house.preferences, {}, Notices())
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.problem != "")

    assert str(taken) in app.problem and app.return_value == 1


async def test_what_is_wrong_behind_the_screens_is_said_on_them(tmp_path: Path) -> None:
    notices = Notices()
    notices("Before there was a screen [/x].")
    house = House(tmp_path, preferences=REDUCED)
    app = HearMeOut(house.open, house.preferences, {}, notices)
    async with app.run_test(notifications=True) as pilot:
        notices("And after.")
        await pilot.pause()
        told = [note.message for note in app._notifications]

    assert told == ["Before there was a screen [/x].", "And after."]


async def test_leaving_in_the_middle_keeps_every_event(tmp_path: Path) -> None:
    house = House(tmp_path, preferences=REDUCED)
    async with playing(tmp_path, house=house) as game:
        await game.into_call()
        await game.hear_out()
        await game.say("So you were charged twice. What happened on the Thursday?")
        events = list(game.app._sitting.call.conversation.events)  # type: ignore[union-attr]
        game.app.exit(0)

    place = house.open()
    (row,) = place.store.unfinished()
    assert place.store.events(row.run_id) == events
    place.close()


async def test_a_picture_of_any_screen_is_saved_in_the_data_folder(tmp_path: Path) -> None:
    house = House(tmp_path, preferences=REDUCED)
    app = HearMeOut(house.open, house.preferences, {}, Notices(), pictures=tmp_path / "pictures")
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: "Priya" in text_of(app))
        app.action_picture()
        await until(pilot, lambda: bool(app._notifications))
        told = [note.message for note in app._notifications]

    (picture,) = (tmp_path / "pictures").glob("*.svg")
    assert "Priya" in picture.read_text(encoding="utf-8") and told == [f"Saved as {picture}"]


async def test_a_picture_that_cannot_be_saved_is_said(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    house = House(tmp_path / "data", preferences=REDUCED)
    app = HearMeOut(house.open, house.preferences, {}, Notices(), pictures=taken)
    async with app.run_test(notifications=True) as pilot:
        app.action_picture()
        await until(pilot, lambda: bool(app._notifications))
        (told,) = (note.message for note in app._notifications)

    assert "could not be saved" in told
