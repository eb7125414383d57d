from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from scoring.turns import CallFold, Mood, mood_at_start
from tests.scoring.builders import Call, mara


def fold(call: Call) -> CallFold:
    return CallFold(mara()).apply_all(call.events)


def test_a_call_without_events_has_one_empty_turn() -> None:
    empty = fold(Call())
    assert [turn.number for turn in empty.turns] == [0]
    assert empty.turn.reply == ""
    assert empty.turn.replied_at is None
    assert empty.mood == mood_at_start(mara()) == Mood(60_000, 30_000, 5_000)


def test_a_fact_is_told_when_its_clause_has_been_said() -> None:
    call = (
        Call().note(Act.OPEN).begins().clause("and it is the second time", said=False, facts=("died_twice",))
    )
    assert fold(call).told == {}
    call.t += 2000
    call.add(ev.ClauseEnded(t=call.t))
    assert fold(call).told == {"died_twice": 0}
    assert fold(call).turn.facts_told == ["died_twice"]


def test_a_fact_said_again_is_told_only_once() -> None:
    call = Call().says("Twice now.", ["died_twice"]).speaks("ok").says("Twice.", ["died_twice"])
    assert fold(call).told == {"died_twice": 0}
    assert fold(call).turn.facts_told == []


@pytest.mark.parametrize("how", ["cut", "yields"])
def test_a_stopped_clause_keeps_the_words_that_were_said_and_tells_nothing(how: str) -> None:
    call = Call().note().begins().clause("It stopped on the eleventh", said=False, facts=("died_twice",))
    call.waits(800).speaks("what")
    (call.cut if how == "cut" else call.yields)(3, at_word=2)
    late = ev.ClauseEnded(t=call.t + 100)
    turn = fold(call.add(late)).turn
    assert turn.customer_text == "It stopped -"
    assert turn.facts_told == []
    assert [(o.yielded, o.stopped, o.unsaid_words) for o in turn.overlaps] == [(how == "yields", True, 3)]
    assert turn.floor_spans == [(0, 800)]


def test_a_reply_opens_a_new_turn_only_with_what_comes_next() -> None:
    call = Call().opens().speaks("I see.").speaks("Go on.").read("acknowledges")
    assert len(fold(call).turns) == 1
    assert fold(call).turn.reply == "I see.\nGo on."
    call.moved(-3, 2, 4, "restated")
    after = fold(call.waits(300).says("Right.", act=Act.SOFTEN))
    first, second = after.turns
    assert first.reading is not None
    assert first.mood_after == second.mood_before == Mood(57_000, 32_000, 9_000)
    assert second.acts == (Act.SOFTEN,)


def test_mood_stays_within_bounds() -> None:
    call = Call().moved(90, -90, 0, "dismissed")
    assert fold(call).mood == Mood(100_000, 0, 5_000)
    assert fold(call).mood.points() == {"frustration": 100.0, "trust": 0.0, "heard": 5.0}


def test_a_withdrawn_reply_does_not_count() -> None:
    call = Call().note().begins().clause("It stopped on the eleventh of May", said=False).waits(400)
    call.speaks("So").cut(6)
    call.waits(700).add(ev.Withdrew(t=call.t))
    turn = fold(call).turn
    assert turn.reply == ""
    assert turn.overlaps == []
    assert [t for _, t in turn.withdrawn] == [1100]


def test_a_key_stamped_before_its_clause_leaves_no_more_than_the_clause() -> None:
    call = Call().note().begins().waits(1000).clause("three words here", said=False)
    call.add(ev.Spoke(t=900, text="hm"))
    (overlap,) = fold(call).turn.overlaps
    assert (overlap.left_words, overlap.left_ms) == (3, 1200)


@pytest.mark.parametrize(
    ("at", "words", "ms"),
    [(0, 5, 2000), (1, 5, 1999), (400, 4, 1600), (1999, 1, 1), (2000, 0, 0)],
)
def test_words_left_are_rounded_up(at: int, words: int, ms: int) -> None:
    call = Call().note().begins().clause("one two three four five", said=False).waits(at).speaks("x")
    (overlap,) = fold(call).turn.overlaps
    assert (overlap.left_words, overlap.left_ms, overlap.clause) == (words, ms, 0)


def test_between_two_clauses_nothing_of_a_clause_is_left() -> None:
    call = Call().note().begins().clause("That is that.", turn_end=True).waits(100).speaks("ok")
    (overlap,) = fold(call).turn.overlaps
    assert (overlap.clause, overlap.left_words, overlap.at_turn_end, overlap.stopped) == (-1, 0, True, False)


def test_typing_is_kept_as_bursts_and_sending_ends_one() -> None:
    call = Call().opens().types(1500).waits(2500)
    start = call.t
    call.add(ev.ComposingResumed(t=call.t)).waits(900).speaks("Right.")
    bursts = fold(call).turn.bursts
    assert [burst.end - burst.start for burst in bursts] == [1500, 900]
    assert bursts[1].start == start


def test_desk_items_can_be_read_once_loaded_and_holds_close() -> None:
    call = Call().opens()
    opened = call.t
    call.add(ev.DeskOpened(t=opened, item="visits", loading_ms=12_000))
    call.add(ev.HoldAnnounced(t=opened, text="One moment.")).waits(5000).add(ev.HoldEnded(t=call.t))
    call.add(ev.DeskOpened(t=call.t, item="visits", loading_ms=12_000))
    state = fold(call)
    assert state.opened == {"visits": opened + 12_000}
    assert [(hold.start, hold.end) for hold in state.turn.holds] == [(opened, opened + 5000)]


def test_time_the_machine_needed_and_stopped_clocks_are_kept() -> None:
    call = Call().opens()
    at = call.t
    call.add(ev.VoiceWaited(t=at, ms=700)).add(ev.ClockStopped(t=at + 800, reason="feedback"))
    call.add(ev.ClockStarted(t=at + 2000, reason="feedback"))
    assert fold(call).turn.stops == [(at, at + 700), (at + 800, at + 2000)]


def test_words_after_the_customer_cut_in_were_not_heard() -> None:
    call = Call().opens().speaks("one two three four").add(ev.TraineeCutOff(t=0, at_word=2))
    assert fold(call).turn.heard_words == 2


def test_the_end_frees_the_floor() -> None:
    call = Call().note().begins().clause("Enough.", said=False).ended("walked_out", "walked_out")
    state = fold(call)
    assert not state.holding_floor
    assert state.ended is not None
    assert state.turn.floor_spans == [(0, 0)]
