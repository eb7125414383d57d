from __future__ import annotations

from typing import cast

import pytest
from textual import events

from scoring import events as ev
from sim.call_view import Holder
from sim.home import Mode
from sim.tui.intents import CallClosed, PlaceWanted
from sim.tui.screens.stop import StopScreen
from sim.tui.widgets.notes import Notes
from tests.sim.calling import table_for
from tests.sim.tui.calls import Sitting, changed_persona
from tests.sim.tui.stage import HOSTILE, text_of, until

REPLY = "So you were charged twice on the third of March. What happened after that?"
SIZE = (80, 24)


def foot(sitting: Sitting) -> str:
    return text_of(sitting.app).rstrip().splitlines()[-1]


async def test_the_call_begins_and_is_drawn_as_it_goes() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        assert sitting.call.floor().holder is Holder.CUSTOMER
        await sitting.wait(pilot, 3)
        shown = text_of(sitting.app)
        assert "Priya Nair  phone, practice" in shown
        assert "00:03" in shown
        assert "Right, before you ask me" in shown
        assert "Priya is speaking" in shown


async def test_it_begins_at_the_trainees_pace() -> None:
    sitting = Sitting(pace_percent=70)
    async with sitting.app.run_test(size=SIZE):
        assert sitting.call.view.fold.pace_percent == 70


async def test_nothing_tells_the_score_while_the_customer_talks() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 6)
        await sitting.press(pilot, "tab")
        assert sitting.call.coach == ""
        assert "Coach" not in text_of(sitting.app)


# the coach ------------------------------------------------------------------------------------------------


async def test_in_practice_one_line_stands_until_enter() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, REPLY)
        await sitting.press(pilot, "enter")
        assert sitting.call.coach in " ".join(text_of(sitting.app).split())
        assert "Enter go on" in foot(sitting)
        stands = sitting.call.now
        await sitting.wait(pilot, 10)
        assert sitting.call.now == stands
        await sitting.press(pilot, "enter")
        assert "Coach" not in text_of(sitting.app)
        await sitting.wait(pilot, 2)
        assert sitting.call.now > stands
        assert len(sitting.of(ev.Spoke)) == 1


async def test_the_first_key_of_the_next_reply_goes_on_and_is_typed() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, REPLY)
        await sitting.press(pilot, "enter")
        await sitting.wait(pilot, 3)
        await sitting.press(pilot, "a")
        assert (sitting.call.coach, sitting.screen.composer.text) == ("", "a")
        assert sitting.call.clock.running


async def test_rated_nothing_is_said() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.hear_out(pilot)
        await sitting.type(pilot, REPLY)
        await sitting.press(pilot, "enter")
        assert (sitting.call.coach, sitting.call.clock.running) == ("", True)
        assert "Coach" not in text_of(sitting.app)


# stopping -------------------------------------------------------------------------------------------------


async def speaking(sitting: Sitting, pilot: object) -> None:
    await sitting.wait(pilot, 3)  # type: ignore[arg-type]


async def at_the_coach(sitting: Sitting, pilot: object) -> None:
    await sitting.hear_out(pilot)  # type: ignore[arg-type]
    await sitting.type(pilot, REPLY)  # type: ignore[arg-type]
    await sitting.press(pilot, "enter")  # type: ignore[arg-type]
    assert sitting.call.coach


async def on_hold(sitting: Sitting, pilot: object) -> None:
    await sitting.hear_out(pilot)  # type: ignore[arg-type]
    await sitting.press(pilot, "f5", "a", "enter")  # type: ignore[arg-type]
    assert sitting.call.floor().holder is Holder.HOLD


async def at_the_desk(sitting: Sitting, pilot: object) -> None:
    await sitting.press(pilot, "f6")  # type: ignore[arg-type]
    assert sitting.screen.focused is sitting.screen.desk


async def with_a_draft(sitting: Sitting, pilot: object) -> None:
    await sitting.type(pilot, "Half a sen")  # type: ignore[arg-type]


STATES = [speaking, at_the_coach, on_hold, at_the_desk, with_a_draft]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("second", ["enter", "ctrl+c"])
async def test_the_stop_key_works_in_every_state(state: object, second: str) -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE, message_hook=sitting.app.hook) as pilot:
        await state(sitting, pilot)  # type: ignore[operator]
        await sitting.press(pilot, "ctrl+c")
        await until(pilot, lambda: isinstance(sitting.app.screen, StopScreen))
        assert "Stop here?" in text_of(sitting.app)
        await sitting.press(pilot, second)
        await until(pilot, lambda: bool(sitting.app.asked(CallClosed)))
        assert [closed.debrief for closed in sitting.app.asked(CallClosed)] == [False]
        assert not sitting.call.over


@pytest.mark.parametrize(("mode", "told"), [("rated", True), ("practice", False)])
async def test_what_hanging_up_costs_is_told(mode: Mode, told: bool) -> None:
    sitting = Sitting(mode=mode)
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.press(pilot, "ctrl+c")
        await until(pilot, lambda: isinstance(sitting.app.screen, StopScreen))
        assert bool(sitting.app.screen.query("#stop-counts")) is told
        assert ("This call is rated. To hang up" in text_of(sitting.app)) is told


async def test_after_stopping_time_does_not_go_on() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE, message_hook=sitting.app.hook) as pilot:
        await sitting.wait(pilot, 3)
        await sitting.press(pilot, "ctrl+c", "enter")
        events_then = len(sitting.call.conversation.events)
        await sitting.wait(pilot, 10)
        assert len(sitting.call.conversation.events) == events_then


async def test_hanging_up_ends_the_call_and_enter_shows_what_it_showed() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE, message_hook=sitting.app.hook) as pilot:
        await sitting.wait(pilot, 3)
        await sitting.press(pilot, "ctrl+c", "l")
        await until(pilot, lambda: sitting.call.over and sitting.app.screen is sitting.screen)
        await pilot.pause()
        shown = text_of(sitting.app)
        assert "The call is over.   Enter what it showed" in shown
        assert not sitting.screen.composer.is_on_screen
        await sitting.press(pilot, "enter", "enter")
        assert [closed.debrief for closed in sitting.app.asked(CallClosed)] == [True]


async def test_escape_goes_on() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE, message_hook=sitting.app.hook) as pilot:
        await sitting.wait(pilot, 3)
        await sitting.press(pilot, "ctrl+c", "escape")
        await until(pilot, lambda: sitting.app.screen is sitting.screen)
        assert sitting.app.asked(CallClosed) == []
        await sitting.wait(pilot, 1)
        assert sitting.call.now == pytest.approx(4000, abs=200)


@pytest.mark.parametrize(("mode", "passed"), [("practice", 3000), ("rated", 13_000)])
async def test_while_it_asks_time_stands_still_in_practice_alone(mode: str, passed: int) -> None:
    sitting = Sitting(mode=mode)  # type: ignore[arg-type]
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 3)
        await sitting.press(pilot, "ctrl+c")
        await until(pilot, lambda: isinstance(sitting.app.screen, StopScreen))
        await pilot.pause()
        await sitting.wait(pilot, 10)
        assert sitting.call.now == pytest.approx(passed, abs=200)
        assert ("Time stands still" in text_of(sitting.app)) == (mode == "practice")


async def test_the_coachs_line_survives_the_question() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await at_the_coach(sitting, pilot)
        line = sitting.call.coach
        await sitting.press(pilot, "ctrl+c", "escape")
        await until(pilot, lambda: sitting.app.screen is sitting.screen)
        await pilot.pause()
        assert (sitting.call.coach, sitting.call.clock.running) == (line, False)


async def test_when_it_is_over_the_stop_key_leaves() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE, message_hook=sitting.app.hook) as pilot:
        await sitting.wait(pilot, 2)
        sitting.call.end("left")
        await sitting.press(pilot, "ctrl+c")
        assert [closed.debrief for closed in sitting.app.asked(CallClosed)] == [False]


# the terminal ---------------------------------------------------------------------------------------------


async def test_losing_the_terminals_focus_is_noted_and_loses_nothing() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.type(pilot, "Half")
        sitting.app.post_message(events.AppBlur())
        await pilot.pause()
        assert len(sitting.of(ev.FocusLost)) == 1
        sitting.app.post_message(events.AppFocus())
        await pilot.pause()
        assert len(sitting.of(ev.FocusGained)) == 1
        await sitting.type(pilot, " a word")
        assert sitting.screen.composer.text == "Half a word"


async def test_a_suspended_terminal_stops_the_clock() -> None:
    sitting = Sitting(mode="rated")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 2)
        sitting.app.app_suspend_signal.publish(sitting.app)
        await sitting.wait(pilot, 60)
        sitting.app.app_resume_signal.publish(sitting.app)
        await sitting.wait(pilot, 1)
        assert sitting.call.now == pytest.approx(3000, abs=200)
        assert [e.reason for e in cast(list[ev.ClockStopped], sitting.of(ev.ClockStopped))] == ["paused"]


@pytest.mark.parametrize("size", [(60, 20), (40, 12), (55, 24), (80, 24), (140, 40), (200, 60)])
async def test_every_size_shows_who_speaks_and_what_is_said(size: tuple[int, int]) -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=size) as pilot:
        await sitting.wait(pilot, 3)
        shown = " ".join(text_of(sitting.app).split())
        assert "Priya is speaking" in shown
        assert "anything" in shown
        assert "Enter" in shown


async def test_the_window_may_change_in_the_middle_of_a_clause() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=(140, 40)) as pilot:
        await sitting.wait(pilot, 1.5)
        for size in ((60, 20), (80, 24), (41, 13), (140, 40)):
            await pilot.resize_terminal(*size)
            await sitting.wait(pilot, 0.2)
            assert "Priya is speaking" in text_of(sitting.app)


# places ---------------------------------------------------------------------------------------------------


async def test_f6_walks_through_writing_desk_and_notes() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=(140, 40)) as pilot:
        screen = sitting.screen
        seen = [screen.focused]
        for _ in range(3):
            await sitting.press(pilot, "f6")
            seen.append(screen.focused)
        assert seen == [screen.composer, screen.desk, screen.query_one(Notes), screen.composer]


async def test_notes_are_no_draft() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=(140, 40)) as pilot:
        await sitting.press(pilot, "f6", "f6")
        await sitting.type(pilot, "3 March")
        assert sitting.screen.query_one(Notes).text == "3 March"
        assert sitting.of(ev.ComposingStarted) == []
        await pilot.resize_terminal(80, 24)
        await sitting.type(pilot, "b")
        assert sitting.screen.composer.text == "b"
        assert sitting.screen.query_one(Notes).text == "3 March"


async def test_on_a_small_screen_the_desk_takes_the_place_of_the_talk_while_it_is_used() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=(50, 20)) as pilot:
        assert "DESK" not in text_of(sitting.app)
        await sitting.press(pilot, "f6")
        await pilot.pause()
        assert "DESK" in text_of(sitting.app)
        assert sitting.screen.focused is sitting.screen.desk
        await sitting.press(pilot, "escape")
        await pilot.pause()
        assert "DESK" not in text_of(sitting.app)


async def test_an_item_of_the_record_is_opened_with_the_keyboard() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.press(pilot, "f6", "enter")
        opened = cast(list[ev.DeskOpened], sitting.of(ev.DeskOpened))
        assert [event.item for event in opened] == ["billing"]
        assert "opening" in text_of(sitting.app)
        await sitting.wait(pilot, 2.5)
        assert "3 October" in " ".join(text_of(sitting.app).split())
        await sitting.press(pilot, "enter")
        assert "3 October" not in " ".join(text_of(sitting.app).split())


async def test_a_letter_typed_at_the_desk_goes_to_the_draft() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.press(pilot, "f6", "S")
        await until(pilot, lambda: sitting.screen.composer.text == "S")
        assert sitting.screen.focused is sitting.screen.composer


async def test_f1_asks_for_the_help() -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE, message_hook=sitting.app.hook) as pilot:
        await sitting.press(pilot, "f1")
        assert [asked.place for asked in sitting.app.asked(PlaceWanted)] == ["help"]


@pytest.mark.parametrize(("key", "percent"), [("ctrl+up", 110), ("ctrl+down", 90)])
async def test_the_pace_can_be_changed(key: str, percent: int) -> None:
    sitting = Sitting()
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.press(pilot, key)
        assert sitting.call.view.fold.pace_percent == percent
        assert f"{percent} percent" in text_of(sitting.app)
        await sitting.wait(pilot, 6)
        assert "percent" not in text_of(sitting.app)


async def test_in_a_competition_the_pace_is_fixed() -> None:
    sitting = Sitting(mode="competition")
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.press(pilot, "ctrl+up")
        assert sitting.call.view.fold.pace_percent == 100
        assert "The pace is fixed here." in text_of(sitting.app)


async def test_a_lesson_says_its_line_above_the_draft() -> None:
    class Says:
        def line(self, call: object) -> str:
            return "[b]Listen[/b] until the line is yours."

    sitting = Sitting(guide=Says())
    async with sitting.app.run_test(size=SIZE) as pilot:
        await sitting.wait(pilot, 1)
        assert "[b]Listen[/b] until the line is yours." in text_of(sitting.app)


async def test_the_names_in_a_file_are_shown_never_obeyed() -> None:
    table = table_for()
    persona = table.setting.persona
    customer = persona.customer.model_copy(update={"name": HOSTILE, "short_name": HOSTILE})
    sitting = Sitting(changed_persona(table, persona.model_copy(update={"customer": customer})))
    async with sitting.app.run_test(size=(120, 30)) as pilot:
        await sitting.wait(pilot, 3)
        shown = text_of(sitting.app)
        assert shown.count("a[b] [/foo] [/ [red]x[/]") == 2
        assert "is speaking" in shown
