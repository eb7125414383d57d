from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from scoring.silence import Gap, gaps, silence_ms
from scoring.turns import CallFold, Turn
from tests.scoring.builders import Call, mara


def turn_of(call: Call) -> Turn:
    return CallFold(mara()).apply_all(call.events).turns[0]


def only_gap(call: Call) -> Gap:
    (gap,) = gaps(turn_of(call))
    return gap


@pytest.mark.parametrize(
    ("before", "typing", "after", "held", "silent"),
    [
        (3000, 0, 0, 3000, 3000),
        (3000, 8000, 0, 3000, 3000),
        (500, 20_000, 0, 500, 500),
        (500, 2000, 4000, 500, 4500),
    ],
)
def test_typing_is_no_silence(before: int, typing: int, after: int, held: int, silent: int) -> None:
    call = Call().opens().waits(before)
    if typing:
        call.types(typing)
    gap = only_gap(call.waits(after).speaks("I see."))
    assert (gap.held_ms, gap.silent_ms, gap.ended_by) == (held, silent, "trainee")
    assert silence_ms(turn_of(call)) == silent


def test_an_announced_wait_is_no_silence() -> None:
    call = Call().opens().waits(1000)
    call.add(ev.HoldAnnounced(t=call.t, text="A moment, I am opening the visits."))
    call.waits(9000).add(ev.HoldEnded(t=call.t)).waits(500).speaks("Here it is.")
    gap = only_gap(call)
    assert (gap.silent_ms, gap.announced_ms) == (1500, 9000)


def test_a_hold_that_never_ended_covers_the_rest() -> None:
    call = Call().opens()
    call.add(ev.HoldAnnounced(t=call.t, text="A moment.")).waits(9000).speaks("Here it is.")
    assert only_gap(call).silent_ms == 0


def test_the_machines_time_is_no_silence() -> None:
    call = Call().opens()
    call.add(ev.ClockStopped(t=call.t, reason="feedback"))
    call.waits(5000).add(ev.ClockStarted(t=call.t, reason="feedback")).waits(2000).speaks("Yes.")
    gap = only_gap(call)
    assert (gap.held_ms, gap.silent_ms) == (2000, 2000)


def test_overlapping_covers_count_once() -> None:
    call = Call().opens()
    start = call.t
    call.add(ev.HoldAnnounced(t=start, text="A moment.")).types(3000)
    call.add(ev.HoldEnded(t=start + 2000)).waits(1000).speaks("Yes.")
    assert only_gap(call).silent_ms == 1000


def test_a_held_silence_is_ended_by_the_customer() -> None:
    call = Call().says("I stood behind empty shelves.", ["empty_shelves"]).waits(3000)
    call.note(Act.ELABORATE, beat="quiet").begins().clause("There is more.", facts=("the_lease",)).ends()
    call.waits(1000).speaks("The lease.")
    first, second = gaps(turn_of(call))
    assert (first.ended_by, first.held_ms, first.after_fact) == ("customer", 3000, "empty_shelves")
    assert (second.ended_by, second.held_ms, second.after_fact) == ("trainee", 1000, "the_lease")


@pytest.mark.parametrize(("text", "asked"), [("Are you there?", True), ("That is all.", False)])
def test_a_gap_knows_whether_it_follows_a_question(text: str, asked: bool) -> None:
    assert only_gap(Call().says(text).waits(500).speaks("Yes.")).after_question is asked


def test_a_reply_over_the_customer_leaves_no_gap() -> None:
    call = Call().note().begins().clause("one two three four", said=False).waits(400).speaks("ok").cut(3)
    assert gaps(turn_of(call)) == ()
    assert silence_ms(turn_of(call)) == 0


def test_without_a_reply_there_is_no_silence_of_the_trainee() -> None:
    call = Call().opens().waits(9000)
    assert gaps(turn_of(call)) == ()
    assert silence_ms(turn_of(call)) is None


def test_a_turn_that_was_taken_up_without_an_end_does_not_shift_the_others() -> None:
    call = Call().note().begins().clause("One.").waits(100)
    call.begins().clause("Two.").ends().waits(2000).speaks("Yes.")
    assert [(gap.held_ms, gap.ended_by) for gap in gaps(turn_of(call))] == [(2000, "trainee")]


def test_a_reply_at_the_very_end_of_the_turn_left_no_silence() -> None:
    gap = only_gap(Call().opens().speaks("Yes."))
    assert (gap.held_ms, gap.silent_ms, gap.ended_by) == (0, 0, "trainee")
