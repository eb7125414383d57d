"""Sequels: what was promised in one call comes back in the next with the same customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from personas.schema import Desk, MoodAtStart, Opening, OpeningClause, Persona, Recall
from scoring.events import Recalled
from scoring.rubric import SequelRules
from sim.conversation.clauses import split_clauses
from sim.customer.voices.sentences import split_sentences

_WORST_FIRST = ("broken", "kept", "unknown")


def recalled(persona: Persona, promised: Mapping[str, bool], rules: SequelRules) -> tuple[Recalled, ...]:
    """Return what the customer of a sequel remembers, the worst first, at most as many as the rubric says.

    Args:
        persona: the customer of the sequel.
        promised: the offers of the call before, and whether each was promised or only mentioned.
        rules: the rubric's.
    """
    found = [
        Recalled(promise=one.promise, came=one.came if promised[one.promise] else "unknown")
        for one in persona.recalls
        if one.promise in promised
    ]
    found.sort(key=lambda one: _WORST_FIRST.index(one.came))
    return tuple(found[: rules.most_recalled])


def as_sequel(persona: Persona, remembered: Sequence[Recalled], rules: SequelRules) -> Persona:
    """Return a customer who remembers: their mood at the start, their opening, the desk's card.

    A broken promise weighs far more than a kept one, and a second kept one adds next to nothing
    (listening-science 4.4, Gneezy & Epley 2014; sizes in the rubric, D). A stored run is read the same way.

    Args:
        persona: the customer as their file has them.
        remembered: what they remember.
        rules: the rubric's.
    """
    recalls = {one.promise: one for one in persona.recalls}
    known = [one for one in remembered if one.promise in recalls]
    if not known:
        return persona
    return persona.model_copy(
        update={
            "mood": _mood(persona.mood, known, rules),
            "opening": _opening(persona.opening, [_said(recalls[one.promise], one) for one in known]),
            "desk": _desk(persona.desk, [_noted(recalls[one.promise], one) for one in known]),
        }
    )


def _mood(mood: MoodAtStart, remembered: Sequence[Recalled], rules: SequelRules) -> MoodAtStart:
    came = [one.came for one in remembered]
    kept = came.count("kept")
    trust = came.count("broken") * rules.broken_trust + came.count("unknown") * rules.unknown_trust
    if kept:
        trust += rules.kept_trust + (kept - 1) * rules.further_kept_trust
    frustration = came.count("broken") * rules.broken_frustration
    return mood.model_copy(
        update={
            "trust": _within(mood.trust + trust),
            "frustration": _within(mood.frustration + frustration),
        }
    )


def _within(value: int) -> int:
    return max(0, min(100, value))


def _said(recall: Recall, one: Recalled) -> str:
    return recall.unsure if one.came == "unknown" else recall.line


def _opening(opening: Opening, lines: Sequence[str]) -> Opening:
    """Return the opening with the lines behind its first possible end: after the greeting."""
    clauses = list(opening.clauses)
    place = next((at for at, clause in enumerate(clauses) if clause.end), 0) + 1
    pieces = [
        OpeningClause(text=piece.text, end=piece.turn_end)
        for line in lines
        for said in split_sentences(line)
        for piece in split_clauses(said)
    ]
    return opening.model_copy(update={"clauses": (*clauses[:place], *pieces, *clauses[place:])})


def _noted(recall: Recall, one: Recalled) -> str:
    if one.came == "unknown":
        return f"Mentioned last time, not promised: {recall.text}"
    return f"You promised last time: {recall.text}"


def _desk(desk: Desk, noted: Sequence[str]) -> Desk:
    return desk.model_copy(update={"card": (*desk.card, *noted)})
