"""The house behind the screens: calls are begun, kept, gone on with, played again and debriefed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from saves.errors import SavesError
from saves.run import RunFile
from scoring import events as ev
from sim.again import NoSuchMoment
from sim.conversation.conversation import IntentRefused
from sim.customer.voices.base import Voice
from sim.home import PlayError
from sim.preferences import Preferences, load_preferences
from sim.recompute import recompute
from sim.virtual import VirtualCall
from sim.workplace import Sitting, Workplace
from tests.sim.house import House

PRIYA = "hearmeout/priya-nair"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def place(house: House) -> Iterator[Workplace]:
    opened = house.open()
    yield opened
    opened.close()


def voice(place: Workplace, persona_id: str = PRIYA) -> Voice:
    told = threading.Event()
    waiting = place.voice_for(persona_id, told.set)
    assert told.wait(10)
    return waiting.take()


def hear_out(house: House, sitting: Sitting) -> None:
    """Let the clock run until the floor is free or the call is over, a tenth of a second at a time."""
    call = sitting.call
    for _ in range(3000):
        call.tick()
        if call.over or call.conversation.floor_is_free:
            return
        house.clock.s += 0.1
    raise AssertionError("the customer never came to an end")


def say(house: House, sitting: Sitting, text: str) -> None:
    hear_out(house, sitting)
    house.clock.s += 2
    sitting.call.key(house.clock.s, empty=False)
    house.clock.s += 3
    sitting.call.send(house.clock.s, text)
    sitting.call.go_on("feedback")


def begun(house: House, place: Workplace, mode: str = "practice") -> Sitting:
    sitting = place.begin(PRIYA, mode, voice(place))  # type: ignore[arg-type]
    sitting.call.begin()
    return sitting


def left(house: House, place: Workplace, replies: int = 2) -> Sitting:
    """A call of a few replies that the trainee ended."""
    sitting = begun(house, place)
    for _ in range(replies):
        say(house, sitting, "You were charged twice on the third, and sent to an app. What happened next?")
    hear_out(house, sitting)
    sitting.call.end("left")
    place.stop(sitting)
    return sitting


def stored(place: Workplace, sitting: Sitting) -> RunFile:
    return place.store.load(sitting.run_id)


def test_a_call_is_kept_as_it_happens_and_recomputes(house: House, place: Workplace) -> None:
    sitting = left(house, place)

    run = stored(place, sitting)
    assert list(run.events) == sitting.call.conversation.events
    assert run.result is not None and run.result["replies"] == 2
    assert recompute(run).difference is None


def test_the_coach_stops_the_clock_and_no_time_passes(house: House, place: Workplace) -> None:
    sitting = begun(house, place)
    hear_out(house, sitting)
    sitting.call.send(house.clock.s, "Can I take your account number please?")
    assert sitting.call.coach

    stood = sitting.call.now
    house.clock.s += 60
    sitting.call.tick()
    assert sitting.call.now == stood

    sitting.call.go_on("feedback")
    assert not sitting.call.coach
    house.clock.s += 1
    sitting.call.tick()
    assert sitting.call.now == stood + 1000
    assert sitting.call.floor().holder == "customer"


def test_rated_play_says_nothing_between(house: House, place: Workplace) -> None:
    sitting = begun(house, place, "rated")
    hear_out(house, sitting)
    sitting.call.send(house.clock.s, "Can I take your account number please?")

    assert not sitting.call.coach and sitting.call.clock.running


def test_an_interrupted_call_goes_on_where_it_was(house: House, place: Workplace) -> None:
    first = begun(house, place)
    say(house, first, "You were charged twice. What happened on the Thursday?")
    house.clock.s += 1.5
    first.call.tick()
    place.stop(first)
    assert [row.run_id for row in place.store.unfinished()] == [first.run_id]

    run = place.interrupted(first.run_id)
    told = threading.Event()
    waiting = place.voice_to_go_on(run, told.set)
    assert told.wait(10)
    second = place.go_on(run, waiting.take())
    second.call.begin()
    hear_out(house, second)
    assert len([entry for entry in second.call.view.entries if entry.kind == "reply"]) == 1
    second.call.end("left")
    place.stop(second)

    assert recompute(stored(place, second)).difference is None
    with pytest.raises(PlayError, match="is over"):
        place.interrupted(first.run_id)


def test_a_moment_played_again_is_a_call_of_its_own(house: House, place: Workplace) -> None:
    parent = left(house, place)
    run = stored(place, parent)
    told = threading.Event()
    waiting = place.voice_to_go_on(run, told.set)
    assert told.wait(10)

    again = place.again(run, 1, waiting.take())
    again.call.begin()
    say(house, again, "Thirty-five minutes on hold. That must have been maddening. What did he say?")
    again.call.end("left")
    place.stop(again)

    child = stored(place, again)
    assert child.header.parent_run == parent.run_id and child.header.mode == "practice"
    assert child.header.parent_seq is not None
    assert child.events[: child.header.parent_seq + 1] == run.events[: child.header.parent_seq + 1]
    assert recompute(child).difference is None
    assert recompute(stored(place, parent)).difference is None


def test_a_moment_that_was_not_cannot_be_played_again(house: House, place: Workplace) -> None:
    run = stored(place, left(house, place))
    told = threading.Event()
    waiting = place.voice_to_go_on(run, told.set)
    assert told.wait(10)

    with pytest.raises(NoSuchMoment):
        place.again(run, 40, waiting.take())


def test_the_debrief_of_a_stored_call_and_its_story_card(house: House, place: Workplace) -> None:
    sitting = left(house, place)

    view = place.stored_debrief(sitting.run_id)
    path = place.save_story(sitting.run_id, view.turns[0].number)

    assert view.run_id == sitting.run_id and len(view.turns) == 2 and view.can_play_again
    assert view.turns[0].reply in path.read_text(encoding="utf-8")


def test_a_call_that_goes_on_has_no_debrief_yet(house: House, place: Workplace) -> None:
    sitting = begun(house, place)
    place.stop(sitting)

    with pytest.raises(PlayError, match="has not ended"):
        place.stored_debrief(sitting.run_id)


def test_the_practice_call_leaves_no_trace(house: House, place: Workplace) -> None:
    sitting = place.practice_call()
    sitting.call.begin()
    hear_out(house, sitting)
    sitting.call.end("left")
    place.stop(sitting)

    assert place.store.runs() == []
    assert not place.practice_debrief(sitting).can_play_again


def test_a_fast_clock_is_never_rated(tmp_path: Path) -> None:
    house = House(tmp_path, rate=20)
    place = house.open()
    sitting = begun(house, place, "rated")

    assert sitting.call.table.header.mode == "practice"
    place.stop(sitting)
    place.close()


def test_the_pace_counts_from_the_first_clause(house: House, place: Workplace) -> None:
    usual, slow = (place.begin(PRIYA, "rated", voice(place)) for _ in range(2))
    usual.call.begin(100)
    slow.call.begin(50)

    def first(sitting: Sitting) -> ev.ClauseStarted:
        return next(e for e in sitting.call.conversation.events if isinstance(e, ev.ClauseStarted))

    assert first(slow).duration_ms == 2 * first(usual).duration_ms
    for sitting in (usual, slow):
        sitting.call.end("left")
        place.stop(sitting)
        assert recompute(stored(place, sitting)).difference is None


def test_settings_are_stored_and_wrong_ones_refused(house: House, place: Workplace) -> None:
    place.change("pace_percent", 80)

    assert load_preferences(house.data) == (Preferences(voice="written", pace_percent=80), ())
    with pytest.raises(ValueError, match="50 to 200"):
        place.change("pace_percent", 300)


def test_a_stopped_clock_and_a_live_pause_recompute(house: House, place: Workplace) -> None:
    sitting = begun(house, place)
    house.clock.s += 3
    sitting.call.pause("paused")
    house.clock.s += 100
    sitting.call.go_on("paused")
    say(house, sitting, "Right.")
    hear_out(house, sitting)
    house.clock.s += 30
    sitting.call.tick()
    sitting.call.end("left")
    place.stop(sitting)

    assert recompute(stored(place, sitting)).difference is None


def test_untimed_play_waits_for_the_trainee(house: House, tmp_path: Path) -> None:
    house.preferences = Preferences(voice="written", timed=False)
    place = house.open()
    sitting = begun(house, place, "rated")
    call = sitting.call
    call.tick()
    heard = len(call.view.entries)
    house.clock.s += 600
    call.tick()
    assert len(call.view.entries) == heard

    call.listen_on()
    assert len(call.view.entries) > heard
    for _ in range(60):
        call.listen_on()
        if call.conversation.floor_is_free:
            break
    assert call.conversation.floor_is_free and not call.over
    with pytest.raises(IntentRefused):
        call.send(house.clock.s, "  ")
    call.end("left")
    place.stop(sitting)
    assert recompute(stored(place, sitting)).difference is None
    place.close()


def test_what_cannot_be_read_is_said(house: House, place: Workplace) -> None:
    with pytest.raises(SavesError):
        place.stored_debrief("f" * 32)
    with pytest.raises(PlayError, match="no customer"):
        place.persona("nobody/at-all")


def test_a_virtual_clock_sees_the_same_call(house: House, place: Workplace) -> None:
    """The call at the screen and the same call in virtual time are the same events."""
    sitting = begun(house, place, "rated")
    hear_out(house, sitting)
    table = sitting.call.table
    talk = table.conversation(lambda events: None)
    talk.start(0)
    VirtualCall(talk).listen()

    def told(events: list[ev.Event]) -> list[tuple[str, int]]:
        return [(e.text, e.duration_ms) for e in events if isinstance(e, ev.ClauseStarted)]

    assert told(sitting.call.conversation.events) == told(talk.events)
    sitting.call.end("left")
    place.stop(sitting)
