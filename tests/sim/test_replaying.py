"""Replays: the same view as the call had, at any time, however one gets there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personas.acts import MediumKind
from scoring import events as ev
from sim.call_view import CallView, Holder
from sim.customer.reaction import Setting
from sim.replaying import SPEEDS, Replaying
from sim.virtual import VirtualCall
from tests.sim.calling import begun, table_for
from tests.sim.stage import Stage


@dataclass
class Hand:
    """A clock moved by hand, seconds."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at

    def pass_ms(self, ms: float) -> None:
        self.at += ms / 1000


@cache
def setting_of() -> Setting:
    return table_for().setting


@cache
def played() -> tuple[ev.Event, ...]:
    """A call with Priya: a sign of listening, a reply, a cut that is given back, a wait, the end."""
    talk = begun(table_for())
    call = VirtualCall(talk)
    call.until_clause_ends()
    talk.backchannel(call.now + 20)
    call.listen()
    call.run_to(call.now + 1500)
    talk.compose(call.now, "started")
    call.run_to(call.now + 900)
    talk.compose(call.now, "paused")
    talk.speak(call.now, "So you were charged twice on the third of March. What happened then?")
    call.until_clause_ends()
    talk.speak(call.now + 300, "Can I take your account number?")
    talk.withdraw(call.now + 500)
    call.listen()
    talk.speak(call.now + 700, "That must have been worrying. What did it mean for you?")
    call.listen()
    talk.end(call.now + 50, "left")
    return tuple(talk.events)


def replaying(hand: Hand, *, from_ms: int = 0, speed: float = 1.0) -> Replaying:
    return Replaying(setting_of(), played(), hand, from_ms=from_ms, speed=speed)


def view_at(t: int) -> CallView:
    """The view a call had at a time: all events in front of the first one that is later."""
    setting = setting_of()
    view = CallView(setting.persona, setting.rules, setting.medium, timed=setting.timed)
    for event in played():
        if event.t > t:
            break
        view.apply(event)
    return view


LENGTH = max(event.t for event in played())


def walked(replay: Replaying, step: Callable[[], None]) -> list[float]:
    speeds = []
    for _ in SPEEDS:
        step()
        speeds.append(replay.speed)
    return speeds


def test_it_plays_to_the_end_by_itself_and_then_stands() -> None:
    hand = Hand()
    replay = replaying(hand)
    seen = [len(replay.view.entries)]
    while not replay.over:
        hand.pass_ms(1000)
        replay.tick()
        seen.append(len(replay.view.entries))
    assert seen == sorted(seen) and len(set(seen)) > 8
    assert replay.view.entries == view_at(LENGTH).entries
    assert replay.floor().holder is Holder.OVER
    hand.pass_ms(60_000)
    assert not replay.tick()
    assert replay.now == replay.length_ms == LENGTH
    assert not replay.paused


@given(st.lists(st.integers(-LENGTH // 4, LENGTH + 5000), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_any_way_of_winding_shows_what_the_call_showed_there(stops: list[int]) -> None:
    hand = Hand()
    replay = replaying(hand)
    for stop in stops:
        replay.seek(stop)
        held = max(0, min(stop, LENGTH))
        assert replay.now == held
        assert replay.view.entries == view_at(held).entries
        assert replay.floor() == view_at(held).floor(held)
    hand.pass_ms(700)
    replay.tick()
    assert replay.now == min(LENGTH, held + 700)
    assert replay.view.entries == view_at(replay.now).entries


def test_an_event_stamped_before_the_one_in_front_of_it_comes_with_that_one() -> None:
    setting = setting_of()
    base = played()
    first = next(place for place, event in enumerate(base) if isinstance(event, ev.ClauseEnded))
    late = base[first].t
    sign = ev.Backchannelled(t=late - 400, token="mm-hm", channel="voice")
    after = ev.Backchannelled(t=late + 10, token="oh no", channel="voice", specific=True)
    replay = Replaying(setting, (*base[: first + 1], sign, after), Hand(), from_ms=late - 1)
    assert not [entry for entry in replay.view.entries if entry.text == "mm-hm"]
    replay.seek(late)
    assert [entry.text for entry in replay.view.entries if entry.at == late - 400] == ["mm-hm"]
    assert replay.length_ms == late + 10


@pytest.mark.parametrize("speed", [0.25, 1.0, 3.0, 16.0])
def test_any_speed_runs_so_many_times_as_fast(speed: float) -> None:
    hand = Hand()
    replay = replaying(hand, speed=speed)
    hand.pass_ms(600)
    assert replay.now == int(600 * speed)
    assert replay.speed == speed


def test_the_steps_of_the_speed_and_no_jump_at_a_change() -> None:
    hand = Hand()
    replay = replaying(hand, speed=3.0)
    hand.pass_ms(1000)
    replay.faster()
    assert (replay.speed, replay.now) == (4.0, 3000)
    hand.pass_ms(500)
    assert replay.now == 5000
    assert walked(replay, replay.faster) == [8.0, 16.0, 16.0, 16.0, 16.0, 16.0]
    assert walked(replay, replay.slower) == [*SPEEDS[-2::-1], SPEEDS[0]]
    with pytest.raises(ValueError, match="above 0"):
        replaying(hand, speed=0)


def test_pausing_stands_still_and_winding_leaves_it_standing() -> None:
    hand = Hand()
    replay = replaying(hand)
    hand.pass_ms(2500)
    replay.pause()
    hand.pass_ms(9000)
    replay.tick()
    assert (replay.now, replay.paused) == (2500, True)
    replay.seek(4000)
    hand.pass_ms(1000)
    assert replay.now == 4000
    replay.go_on()
    hand.pass_ms(250)
    assert (replay.now, replay.paused) == (4250, False)


def test_going_on_at_the_end_begins_again_and_winding_back_from_it_plays() -> None:
    hand = Hand()
    replay = replaying(hand, from_ms=LENGTH + 1)
    assert replay.over
    replay.seek(LENGTH - 3000)
    hand.pass_ms(1000)
    assert (replay.now, replay.over) == (LENGTH - 2000, False)
    replay.seek(LENGTH)
    replay.go_on()
    hand.pass_ms(1000)
    replay.tick()
    assert replay.now == 1000
    assert replay.view.entries == view_at(1000).entries


def test_walking_from_turn_to_turn() -> None:
    hand = Hand()
    replay = replaying(hand)
    replay.pause()
    starts = [turn.start for turn in replay.course.turns]
    assert len(starts) == 3 and starts == sorted(starts)
    forth = []
    for _ in range(4):
        replay.next_turn()
        forth.append(replay.now)
    assert forth == [*starts[1:], LENGTH, LENGTH]
    back = []
    for _ in range(4):
        replay.previous_turn()
        back.append(replay.now)
    assert back == [*starts[::-1], 0]
    replay.seek(starts[1] + 5000)
    assert replay.turn == replay.course.turns[1]
    replay.previous_turn()
    assert replay.now == starts[1]
    replay.seek(starts[1] + 1000)
    replay.previous_turn()
    assert replay.now == starts[0]


def test_the_course_holds_talk_replies_and_signs() -> None:
    course = replaying(Hand()).course
    said = [event.t for event in played() if isinstance(event, ev.Spoke)]
    assert course.replies == (said[0], said[2]), "what was taken back is no reply"
    assert len(course.signs) == 1
    assert all(0 <= start <= stop <= course.length_ms for start, stop in course.talk)
    assert len(course.talk) >= 3


def test_a_call_that_never_ended_and_one_without_any_event() -> None:
    setting = setting_of()
    half = played()[: len(played()) // 2]
    replay = Replaying(setting, half, Hand(), from_ms=10**9)
    assert replay.over
    assert replay.now == max(event.t for event in half)
    empty = Replaying(setting, (), Hand())
    assert empty.over and empty.length_ms == 0 and empty.turn is None
    empty.next_turn()
    empty.previous_turn()
    empty.go_on()
    assert empty.now == 0


@pytest.mark.parametrize("medium", [MediumKind.CHAT, MediumKind.VIDEO, MediumKind.EMAIL])
def test_every_medium_comes_back_whole(medium: MediumKind) -> None:
    subject = '\nsubject = "A parcel"' if medium is MediumKind.EMAIL else ""
    stage = Stage(('kind = "phone"', f'kind = "{medium.value}"{subject}')).start()
    for _ in range(2):
        stage.answered()
    whole = CallView(stage.persona, stage.setting.rules, medium, timed=True)
    whole.apply_all(stage.events)
    hand = Hand()
    replay = Replaying(stage.setting, stage.events, hand, speed=16.0)
    while not replay.over:
        hand.pass_ms(200)
        replay.tick()
    assert replay.view.entries == whole.entries
    assert len(replay.course.turns) >= 3
