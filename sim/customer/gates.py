"""Which facts may be told now: gates, and what a reply did to open them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from personas.schema import Fact, Gate, Persona, SecondMail
from sim.customer.causes import ReplyMoment
from sim.customer.ledger import Ledger


@dataclass(frozen=True)
class Tellable:
    """Facts by how they may be told, each in the persona's order."""

    asked: tuple[str, ...]
    """Open, or lost and asked for again: the answer to the question put."""
    unlocked: tuple[str, ...]
    """Gated and open now, though nobody asked."""
    free: tuple[str, ...]
    """Never gated, told when there is room."""
    blocked: tuple[str, ...]
    """Touched by a question and still locked."""
    known: tuple[str, ...]
    """Told already and asked for again."""


def opening_facts(persona: Persona) -> frozenset[str]:
    """Return the facts told in the opening."""
    return frozenset(fact for clause in persona.opening.clauses for fact in clause.facts)


def tellable(moment: ReplyMoment, ledger: Ledger) -> Tellable:
    """Return which facts a reply lets the customer tell."""
    in_opening = opening_facts(moment.persona)
    asked: list[str] = []
    unlocked: list[str] = []
    free: list[str] = []
    blocked: list[str] = []
    for fact in moment.persona.facts:
        if fact.id in ledger.told:
            continue
        touched = _asked_for(fact, moment)
        if fact.id in ledger.lost or (fact.id in in_opening and not ledger.opening_open):
            if touched:
                asked.append(fact.id)
        elif fact.gate is None:
            (asked if touched else free).append(fact.id)
        elif _is_open(fact.gate, fact, moment, ledger.told):
            (asked if touched else free if _only_waits(fact.gate) else unlocked).append(fact.id)
        elif touched:
            blocked.append(fact.id)
    free = [fact for fact in free if fact not in in_opening]
    return Tellable(tuple(asked), tuple(unlocked), tuple(free), tuple(blocked), _known(moment, ledger))


def _known(moment: ReplyMoment, ledger: Ledger) -> tuple[str, ...]:
    """Return what was told and is asked for: first what the question names, then what its topic holds.

    What a topic holds is said again once, the latest first; nobody repeats a whole story.
    """
    if not _asks(moment):
        return ()
    named = [fact for fact in moment.reading.facts if fact in ledger.told]
    repeated = {fact for note in ledger.notes for fact in note.repeats}
    around = [
        fact
        for fact in moment.fold.told
        if _asked_for(moment.persona.fact(fact), moment) and fact not in repeated
    ]
    return tuple(dict.fromkeys([*named, *reversed(around)]))


def _only_waits(gate: Gate) -> bool:
    """Return whether a gate asks for nothing but that other facts have been told."""
    needs = (gate.trust, gate.heard, gate.question, gate.reflection, gate.record, gate.silence)
    return all(need is None for need in (*needs, gate.limit, gate.second_mail))


def _asks(moment: ReplyMoment) -> bool:
    return moment.says("asks_open") or moment.says("asks_closed")


def _asked_for(fact: Fact, moment: ReplyMoment) -> bool:
    if not (_asks(moment) or moment.says("invites_more")):
        return False
    return fact.id in moment.reading.facts or bool(set(fact.topics) & set(moment.reading.topics))


def _is_open(gate: Gate, fact: Fact, moment: ReplyMoment, told: Collection[str]) -> bool:
    mood = moment.mood
    levels = (gate.trust is None or mood.trust >= gate.trust * 1000) and (
        gate.heard is None or mood.heard >= gate.heard * 1000
    )
    brought = gate.silence is not None or gate.second_mail is not None
    if not levels or brought or not set(gate.after) <= set(told):
        return False
    return (
        _question_opens(gate, fact, moment)
        and _reflection_opens(gate, fact, moment)
        and (gate.record is None or gate.record in moment.facts.record_used)
        and (gate.limit is None or moment.limited)
    )


def _question_opens(gate: Gate, fact: Fact, moment: ReplyMoment) -> bool:
    if gate.question is None:
        return True
    put = moment.says("asks_open") if gate.question == "open" else _asks(moment)
    return put and _asked_for(fact, moment)


def _reflection_opens(gate: Gate, fact: Fact, moment: ReplyMoment) -> bool:
    if gate.reflection is None:
        return True
    named = gate.reflection in moment.reading.feelings and (
        moment.says("reflects_feeling") or moment.says("specific_empathy")
    )
    return named or (fact.id in moment.reading.facts and moment.says("restates"))


def beat_after(
    persona: Persona, last_fact: str | None, fired: Collection[str], told: Collection[str]
) -> str | None:
    """Return the beat that waits after a fact was told, None when there is none or it has fired."""
    for beat in persona.beats:
        if beat.after == last_fact and beat.id not in fired and not set(beat.reveals) <= set(told):
            return beat.id
    return None


def second_mail_after(persona: Persona, fired: Collection[str], told: Collection[str]) -> SecondMail | None:
    """Return the second mail that comes with the next reply; None when there is none or it has come."""
    due = (mail for mail in persona.second_mails if mail.after in told and mail.id not in fired)
    return next(due, None)
