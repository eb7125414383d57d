from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from personas.acts import Act, MediumKind
from scoring import events as ev
from sim.call_view import CallView, Entry, EntryKind, Holder, SilenceTone
from tests.sim.stage import persona_of, rules

CLAUSE = "You had my parcel, and then you did not"


def view(medium: MediumKind = MediumKind.PHONE, *, timed: bool = True) -> CallView:
    return CallView(persona_of(), rules(), medium, timed=timed)


def begun(t: int = 0) -> list[ev.Event]:
    return [ev.NoteIssued(t=t, turn=0, act=Act.OPEN, intensity=2), ev.CustomerTurnStarted(t=t, turn=0)]


def clause(t: int = 0, text: str = CLAUSE, ms: int = 900, **more: object) -> ev.ClauseStarted:
    words = len(text.split())
    return ev.ClauseStarted.model_validate(
        {"t": t, "text": text, "words": words, "duration_ms": ms, "turn_end": True, **more}
    )


def finished(**more: Any) -> list[ev.Event]:
    return [*begun(), clause(**more), ev.ClauseEnded(t=900), ev.CustomerTurnEnded(t=900)]


def told(events: Sequence[ev.Event], **keywords: Any) -> CallView:
    made = view(**keywords)
    made.apply_all(events)
    return made


def texts(made: CallView, kind: EntryKind) -> list[str]:
    return [entry.text for entry in made.entries if entry.kind is kind]


# the transcript -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("t", "said"), [(0, 1), (99, 1), (100, 2), (450, 5), (899, 9), (900, 9), (5000, 9)])
def test_a_clause_is_said_word_by_word(t: int, said: int) -> None:
    made = told([*begun(), clause()])
    assert made.running is not None
    assert made.running.spoken_words(t) == said


def test_a_clause_that_takes_no_time_is_said_at_once() -> None:
    assert Entry(EntryKind.CLAUSE, "Now", 0, 0, words=1, done=False).spoken_words(0) == 1


def test_a_cue_stands_before_its_clause_as_an_entry_of_its_own() -> None:
    made = told([*begun(), clause(cue="a short breath")])
    assert [entry.kind for entry in made.entries] == [EntryKind.CUE, EntryKind.CLAUSE]


def test_between_clauses_none_is_running() -> None:
    assert told([*begun(), clause(), ev.ClauseEnded(t=900)]).running is None


def test_a_clause_that_was_cut_stays_broken() -> None:
    cut = ev.CustomerCutOff(t=300, at_word=3, unsaid_words=6)
    made = told([*begun(), clause(), ev.Spoke(t=300, text="But"), cut])
    broken = made.entries[0]
    assert broken.broken
    assert broken.spoken_words(9000) == 3
    assert made.running is None


def test_a_call_stopped_in_the_middle_of_a_clause_breaks_it_where_it_stood() -> None:
    made = told([*begun(), clause(), ev.Ended(t=350, reason="left")])
    assert made.entries[0].said_words == 4
    assert texts(made, EntryKind.EVENT) == ["The call is over."]


def test_who_lets_the_trainee_in_is_told() -> None:
    yielded = ev.Yielded(t=300, at_word=3, unsaid_words=6)
    made = told([*begun(), clause(), ev.Spoke(t=300, text="Sorry, which day?"), yielded])
    assert texts(made, EntryKind.EVENT) == [f"{persona_of().customer.short_name} lets you in."]


def test_a_reply_that_was_taken_back_is_marked() -> None:
    cut = ev.CustomerCutOff(t=300, at_word=3, unsaid_words=6)
    made = told([*begun(), clause(), ev.Spoke(t=300, text="But"), cut, ev.Withdrew(t=900)])
    reply = next(entry for entry in made.entries if entry.kind is EntryKind.REPLY)
    assert reply.withdrawn


def test_a_long_reply_is_broken_where_the_customer_cut_in() -> None:
    made = told(
        [*finished(), ev.Spoke(t=2000, text="one two three four"), ev.TraineeCutOff(t=2000, at_word=2)]
    )
    reply = next(entry for entry in made.entries if entry.kind is EntryKind.REPLY)
    assert (reply.broken, reply.said_words) == (True, 2)


@pytest.mark.parametrize(
    ("channel", "shown"),
    [("voice", "mm-hm"), ("typed", "mm-hm"), ("nod", "you nod"), ("face", "your face shows it")],
)
def test_a_sign_is_told_as_it_was_given(channel: ev.Channel, shown: str) -> None:
    made = told([*finished(), ev.Backchannelled(t=950, token="mm-hm", channel=channel)])
    assert texts(made, EntryKind.TOKEN) == [shown]


def test_every_change_is_counted() -> None:
    made = view()
    for event in [*finished(), ev.Spoke(t=2000, text="Yes?")]:
        before = made.changes
        made.apply(event)
        assert made.changes > before or event.kind == "note_issued"


def test_stretches_of_talk_are_numbered() -> None:
    again: list[ev.Event] = [ev.CustomerTurnStarted(t=3000, turn=1), clause(t=3000)]
    made = told([*finished(), ev.Spoke(t=2000, text="Go on."), *again])
    assert [entry.speech for entry in made.entries] == [1, 0, 2]


# the floor ------------------------------------------------------------------------------------------------


def test_who_has_the_floor() -> None:
    made = view()
    assert made.floor(0).holder is Holder.COMING
    made.apply_all([*begun(), clause()])
    assert made.floor(10).holder is Holder.CUSTOMER
    made.apply_all([ev.ClauseEnded(t=900), ev.CustomerTurnEnded(t=900)])
    assert made.floor(1000).holder is Holder.FREE
    made.apply(ev.HoldAnnounced(t=1500, text="One moment"))
    assert made.floor(1600).holder is Holder.HOLD
    made.apply(ev.HoldEnded(t=4000))
    assert made.floor(4100).holder is Holder.FREE
    made.apply(ev.Spoke(t=5000, text="Here it is"))
    assert made.floor(5100).holder is Holder.COMING
    made.apply(ev.Ended(t=6000, reason="left"))
    assert made.floor(6100).holder is Holder.OVER


def test_after_the_floor_was_given_back_no_silence_runs() -> None:
    cut = ev.CustomerCutOff(t=300, at_word=3, unsaid_words=6)
    made = told([*begun(), clause(), ev.Spoke(t=300, text="But"), cut, ev.Withdrew(t=900)])
    assert made.floor(1200).holder is Holder.COMING
    made.apply(ev.CustomerTurnStarted(t=1300, turn=1))
    assert made.floor(1300).holder is Holder.CUSTOMER


def test_silence_grows_to_the_time_at_which_they_ask() -> None:
    made = told(finished())
    limit = rules().silence.still_there_ms
    shares = [made.floor(900 + part * limit // 4).quiet_share for part in range(6)]
    assert shares == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]


def test_long_silence_turns_dead() -> None:
    made = told(finished())
    sweet = rules().silence.held_sweet_to_ms
    assert made.floor(900 + sweet - 1).tone is SilenceTone.PLAIN
    assert made.floor(900 + sweet).tone is SilenceTone.DEAD


def test_silence_after_something_hard_to_tell_is_meant() -> None:
    persona = persona_of()
    weighty = next(beat.after for beat in persona.beats)
    assert told(finished(facts=(weighty,))).floor(2000).tone is SilenceTone.MEANT


def test_a_slower_pace_leaves_more_time() -> None:
    made = told([ev.PaceChanged(t=0, percent=50), *finished()])
    assert made.floor(900 + rules().silence.still_there_ms).quiet_share == 0.5


def test_moving_keys_are_no_silence() -> None:
    made = told([*finished(), ev.ComposingStarted(t=2000)])
    assert (made.floor(3000).typing, made.floor(3000).quiet_ms) == (True, 0)
    made.apply(ev.ComposingPaused(t=3000))
    assert made.floor(4000).quiet_ms == 1000


def test_a_sign_starts_the_line_again_but_not_the_silence() -> None:
    made = told([*finished(), ev.Backchannelled(t=4900, token="mm-hm", channel="voice")])
    floor = made.floor(5900)
    assert (floor.quiet_ms, floor.quiet_share) == (5000, 0.1)


Make = Callable[[], CallView]


@pytest.mark.parametrize(
    "make", [lambda: view(timed=False), lambda: view(MediumKind.EMAIL)], ids=["untimed", "mail"]
)
def test_where_nothing_is_timed_no_silence_is_shown(make: Make) -> None:
    made = make()
    made.apply_all(finished())
    floor = made.floor(60_000)
    assert (floor.holder, floor.quiet_ms, floor.quiet_share) == (Holder.FREE, 0, 0.0)


def test_a_chat_is_patient() -> None:
    made = view(MediumKind.CHAT)
    made.apply_all(finished())
    assert made.floor(900 + rules().silence.chat_still_there_ms // 2).quiet_share == 0.5
