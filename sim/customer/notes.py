"""Turns a stored decision into what a voice is asked, and adds the words that only the author may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from personas.acts import Act
from personas.schema import OpeningClause, Persona
from scoring import events as ev
from scoring.rubric import RubricRules
from scoring.turns import Mood
from sim.customer.director import EndingKind, ending_of
from sim.customer.ledger import Ledger
from sim.customer.note import Character, FactToVoice, StageNote

MAX_SENTENCES = {Act.PROMPT: 1, Act.BROKEN_OFF: 2, Act.CUT_IN: 1, Act.RESUME: 2, Act.BLOCKED: 2}
"""Sentences for the acts that must stay short; three for the others (field.md 3: one to three)."""


@dataclass(frozen=True)
class Speaking:
    """One customer turn to come."""

    note: StageNote | None
    """What the voice is asked; None when every word is the author's."""
    lead: tuple[str, ...] = ()
    """Author's words before the voice's."""
    tail: tuple[str, ...] = ()
    """Author's words after them."""
    tail_facts: tuple[str, ...] = ()
    """Facts that the tail tells."""
    tail_is_clause: bool = False
    """Whether the tail is one clause said again, which stays whole."""
    opening_from: int | None = None
    """Index of the opening clause from which the opening goes on after the lead; None when it doesn't."""
    ending: EndingKind | None = None
    told: tuple[str, ...] = ()
    """Facts that are told in the author's own words right after the lead."""


def character_of(persona: Persona) -> Character:
    """Return what a voice may always know of a customer."""
    return Character(
        persona_id=persona.identity.id,
        name=persona.customer.name,
        company=persona.desk.company,
        medium=persona.medium.kind,
        language=persona.identity.language,
        manner=persona.customer.manner,
        about=persona.customer.about,
        speech=persona.customer.speech,
        stated=persona.need.stated,
    )


def facts_to_voice(persona: Persona, ids: Sequence[str], *, again: bool = False) -> tuple[FactToVoice, ...]:
    """Return facts as a voice receives them; `again` takes the retelling."""
    return tuple(
        FactToVoice(
            fact.id, fact.again if again else fact.text, tuple(datum.value for datum in fact.critical)
        )
        for fact in (persona.fact(fact_id) for fact_id in ids)
    )


def speaking_of(
    event: ev.NoteIssued,
    persona: Persona,
    mood: Mood,
    rules: RubricRules,
    ledger: Ledger,
    asked: OpeningClause | None = None,
) -> Speaking:
    """Return the customer turn that a stored decision asks for.

    Args:
        event: the decision.
        persona: the customer.
        mood: the mood it was decided in, for the ending.
        rules: the rubric.
        ledger: what was said so far.
        asked: the clause of the opening that the customer let the trainee in for, so that its answer leads.
    """
    ending = ending_of(event, persona, mood, rules)
    opening_next = ledger.opening_next
    if event.act is Act.OPEN:
        return Speaking(None, opening_from=opening_next)
    if ending in ("walked_out", "unsolved"):
        return Speaking(None, tail=(_ending_line(persona, ending),), ending=ending)
    mail = next((mail for mail in persona.second_mails if mail.id == event.beat), None)
    if mail is not None:
        return Speaking(None, lead=(mail.line,), told=event.facts)
    opens = event.act is Act.RESUME and ledger.opening_resumable
    note = _stage_note(event, persona, with_facts=not opens)
    tail = (_ending_line(persona, ending),) if ending else ()
    lead: tuple[str, ...] = ()
    if opens and asked is not None:
        lead = (asked.answer,)
        if asked.need == "redirect":
            opening_next = _back_on_point(persona, opening_next)
    if event.beat:
        lead = tuple(beat.line for beat in persona.beats if beat.id == event.beat and beat.line)
    if opens:
        return Speaking(None if lead else note, lead, opening_from=opening_next)
    if event.act is Act.BROKEN_OFF and persona.customer.on_interruption == "compete" and ledger.broken_clause:
        clause = (ledger.broken_clause,)
        return Speaking(note, tail=clause, tail_facts=ledger.broken_facts, tail_is_clause=True)
    return Speaking(replace(note, led=bool(lead)), lead, tail, ending=ending)


def _back_on_point(persona: Persona, start: int) -> int:
    """Return where the opening goes on after a redirect: at its next fact, else at its last clause."""
    clauses = persona.opening.clauses
    return next((place for place in range(start, len(clauses)) if clauses[place].facts), len(clauses) - 1)


def _ending_line(persona: Persona, kind: EndingKind) -> str:
    return next(ending.line for ending in persona.endings if ending.kind == kind)


def _stage_note(event: ev.NoteIssued, persona: Persona, *, with_facts: bool) -> StageNote:
    offers = [r for r in persona.resolutions if r.id == event.resolution]
    cues = [persona.fact(fact).cue for fact in event.facts] if with_facts else []
    return StageNote(
        turn=event.turn,
        act=event.act,
        intensity=event.intensity,
        medium=persona.medium.kind,
        facts=facts_to_voice(persona, event.facts) if with_facts else (),
        cue=next((cue.text for cue in cues if cue is not None), ""),
        tactic=event.tactic,
        max_sentences=MAX_SENTENCES.get(event.act, 3) + 2 * (len(event.facts) if with_facts else 0),
        touches=offers[0].text if offers else "",
        about=event.resolution or event.blocked or "",
        repeats=facts_to_voice(persona, event.repeats, again=True),
    )
