"""Words on their way out: planned clauses and the one being said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from personas.acts import MediumKind
from personas.schema import Beat, OpeningClause, Persona, SecondMail
from sim.conversation.clauses import split_clauses
from sim.customer.speaker import Said
from sim.customer.voices.sentences import split_sentences


@dataclass(frozen=True)
class Planned:
    """A clause that will be said."""

    text: str
    turn_end: bool
    cue: str | None = None
    facts: tuple[str, ...] = ()
    bait: bool = False
    need: Literal["repair", "redirect"] | None = None

    @property
    def words(self) -> int:
        """Number of words, at least 1."""
        return max(1, len(self.text.split()))


@dataclass(frozen=True)
class Running:
    """The clause being said."""

    clause: Planned
    start: int
    end: int

    def words_left(self, t: int) -> int:
        """Return how many of its words are not yet said at a time, rounded up."""
        left = min(max(0, self.end - t), self.end - self.start)
        return -(-self.clause.words * left // max(1, self.end - self.start))


def opening_clauses(persona: Persona, start: int) -> tuple[Planned, ...]:
    """Return the author's opening from a clause on."""
    return tuple(_planned(clause) for clause in persona.opening.clauses[start:])


def _planned(clause: OpeningClause) -> Planned:
    cue = clause.cue.text if clause.cue else None
    return Planned(clause.text, clause.end, cue, clause.facts, clause.bait, clause.need)


def sentence_clauses(said: Said, persona: Persona, medium: MediumKind) -> tuple[Planned, ...]:
    """Return a voiced sentence as clauses; what it tells is told with its last one. Chat sends it whole."""
    if medium in (MediumKind.CHAT, MediumKind.EMAIL):
        pieces: tuple[Planned, ...] = (Planned(said.text, turn_end=True),)
    else:
        pieces = tuple(Planned(piece.text, piece.turn_end) for piece in split_clauses(said.text))
    if not pieces:
        return ()
    last = len(pieces) - 1
    cues = dict(zip(range(last, -1, -1), reversed(_cues(said, persona)), strict=False))
    return tuple(
        replace(piece, facts=said.facts if place == last else (), cue=cues.get(place))
        for place, piece in enumerate(pieces)
    )


def _cues(said: Said, persona: Persona) -> list[str]:
    """Return what shows beside a sentence, one cue a clause: the last with what the sentence tells."""
    cues = [fact.cue for fact in persona.facts if fact.id in said.facts]
    beats: list[Beat | SecondMail] = [*persona.beats, *persona.second_mails]
    cues += [beat.cue for beat in beats if split_sentences(beat.line)[-1:] == [said.text]]
    return [cue.text for cue in cues if cue is not None]
