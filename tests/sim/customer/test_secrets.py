"""Locked facts stay locked, whatever the listener answers, in any number of turns."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from personas.acts import Act
from scoring import events as ev
from scoring.listener.base import CHECKS
from scoring.turns import Mood
from tests.personas.samples import Change
from tests.sim.stage import GATED_FACTS, OPENING_FACTS, Says, Stage, rules, told

LONG = " ".join(f"word{n}" for n in range(70))


def mood(frustration: int, trust: int, heard: int = 0) -> Change:
    return ("frustration = 55\ntrust = 30", f"frustration = {frustration}\ntrust = {trust}\nheard = {heard}")


TOPICS, FEELINGS = ("delivery", "driver", "contents"), ("ignored", "grief")
OFFERS, RECORDS = ("search_today", "voucher", "promise"), ("tracking",)
TEXTS = ("Right.", "Sorry, go on.", "Did you say eight four?", LONG, "Either this or that.")


def some(*ids: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(ids), unique=True, max_size=2).map(tuple)


ANSWERS = st.builds(
    Says,
    yes=st.lists(st.sampled_from(CHECKS), unique=True, max_size=5).map(frozenset),
    facts=some(*OPENING_FACTS, *GATED_FACTS),
    topics=some(*TOPICS),
    feelings=some(*FEELINGS),
    resolutions=some(*OFFERS),
    records=some(*RECORDS),
)
STEPS = st.tuples(
    ANSWERS, st.sampled_from(TEXTS), st.sampled_from(["after", "after", "over", "silence", "desk"])
)
MOODS = st.builds(mood, st.integers(10, 70), st.integers(10, 90), st.integers(0, 90))


def play(stage: Stage, steps: list[tuple[Says, str, str]]) -> None:
    for number, (said, text, when) in enumerate(steps):
        if when != "over":
            stage.listen()
        if when == "silence":
            stage.wait(3_500)
        if stage.talk.over:
            return
        if when == "desk":
            stage.talk.open_desk(stage.now, "tracking")
            stage.wait(12_500)
        if stage.talk.over:
            return
        stage.say(said, f"{text} {number}")
        stage.wait(700)
    stage.listen()


def gate_was_open(stage: Stage, fact_id: str, place: int) -> bool:
    """Return whether a decision may name a gated fact, from the events before it, gate by gate."""
    note = stage.events[place]
    assert isinstance(note, ev.NoteIssued)
    fold = Stage().talk.fold
    fold.persona = stage.persona
    fold.mood = Mood(
        *(
            value * 1000
            for value in (stage.persona.mood.frustration, stage.persona.mood.trust, stage.persona.mood.heard)
        )
    )
    fold.apply_all(stage.events[:place])
    offered_before = any(
        fact_id in earlier.facts for earlier in stage.events[:place] if isinstance(earlier, ev.NoteIssued)
    )
    if offered_before:
        return True
    reading = fold.turn.reading
    if fact_id == "depot":
        return "tracking" in fold.opened and any(
            turn.reading is not None and "tracking" in turn.reading.records for turn in fold.turns
        )
    if fact_id == "clock":
        return note.beat == "after_brother" and "brother" in fold.told
    if reading is None:
        return False
    yes = {check for check, value in reading.answers.items() if value == 1.0}
    if fact_id == "brother":
        return fold.mood.trust >= 35_000 and "asks_open" in yes
    guessed = "restates" in yes and "alone" in reading.facts
    named = any(
        turn.reading is not None
        and "grief" in turn.reading.feelings
        and 1.0 in (turn.reading.answers["reflects_feeling"], turn.reading.answers["specific_empathy"])
        for turn in fold.turns
    )
    return fold.mood.heard >= 40_000 and (named or guessed)


@settings(max_examples=150, deadline=None)
@given(MOODS, st.lists(STEPS, min_size=1, max_size=9), st.sampled_from(["yield", "compete"]))
def test_locked_facts_stay_locked_and_nothing_is_told_twice(
    start: Change, steps: list[tuple[Says, str, str]], when_cut: str
) -> None:
    compete = ('on_interruption = "yield"', f'on_interruption = "{when_cut}"')
    stage = Stage(start, compete).start()
    play(stage, steps)
    spoken = told(stage.events)
    assert len(spoken) == len(set(spoken))
    known: set[str] = set()
    for place, event in enumerate(stage.events):
        if not isinstance(event, ev.NoteIssued):
            continue
        known = set(told(stage.events[:place]))
        assert not known & set(event.facts)
        assert set(event.repeats) <= known
        if event.act in (Act.ANSWER, Act.TELL, Act.ELABORATE) and event.beat is None:
            assert len(event.facts) <= rules().director.answer_facts
        for fact in set(event.facts) & set(GATED_FACTS):
            assert gate_was_open(stage, fact, place), (fact, event)
    offered = {fact for note in stage.of(ev.NoteIssued) for fact in note.facts}
    assert set(spoken) <= offered


@settings(max_examples=100, deadline=None)
@given(MOODS, st.lists(STEPS, min_size=1, max_size=9), st.booleans())
def test_no_voice_ever_holds_what_is_locked(
    start: Change, steps: list[tuple[Says, str, str]], model: bool
) -> None:
    stage = Stage(start, play=(lambda _: ["Well, then."]) if model else None).start()
    play(stage, steps)
    open_facts: set[str] = set(OPENING_FACTS)
    notes = {note.turn: note for note in stage.of(ev.NoteIssued)}
    for note in stage.of(ev.NoteIssued):
        open_facts |= set(note.facts)
    locked = [fact for fact in stage.persona.facts if fact.id not in open_facts]
    secrets = [
        stage.persona.need.real,
        *(text for fact in locked for text in (fact.text, fact.again, fact.gist)),
    ]
    for asked in stage.requests:
        shown = repr(asked)
        assert not [secret for secret in secrets if secret in shown]
        if asked.note.turn in notes and asked.note.facts:
            assert {fact.id for fact in asked.note.facts} <= set(notes[asked.note.turn].facts) | open_facts
