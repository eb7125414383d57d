"""The score of one turn: the ten skills and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import fsum
from typing import Protocol

from personas.acts import MediumKind
from personas.schema import Persona
from personas.section import Skill
from scoring.engine_facts import EngineFacts, engine_facts
from scoring.floor import FloorReading, read_floor
from scoring.office_time import ReplyTime, reply_time
from scoring.rubric import RubricRules
from scoring.silence import silence_ms
from scoring.skills import Occasion, SkillScore, score_skills
from scoring.turns import Turn


class PlayedUnder(Protocol):
    """What of a header a score depends on; an event log's `Header` is one."""

    @property
    def medium(self) -> MediumKind:
        """How the two were talking."""
        ...

    @property
    def timed(self) -> bool:
        """Whether anything was timed."""
        ...

    @property
    def pace_percent(self) -> int:
        """The trainee's pace at the start, 100 is the customer's own."""
        ...


@dataclass(frozen=True)
class Conditions:
    """The same, for callers without a header."""

    medium: MediumKind
    timed: bool = True
    pace_percent: int = 100


@dataclass(frozen=True)
class TurnScore:
    """One turn with everything that its score rests on."""

    number: int
    replied_at: int | None
    """When the reply was sent, ms; None for a turn without one, which is kept and not scored."""
    customer: str
    """What could be heard of the customer's words."""
    trainee: str
    floor: FloorReading | None
    silence_ms: int | None
    """Silence before the reply that nothing covers; None untimed or without a reply."""
    checks: dict[str, float | None]
    """The listener's twenty answers; empty where nothing was read."""
    facts: EngineFacts | None
    skills: dict[Skill, SkillScore]
    mood: dict[str, float]
    """Frustration, trust and heard after the turn, 0-100."""
    mood_gain: float
    """By how many points trust and heard rose and frustration fell in this turn, decay by time aside."""
    causes: tuple[str, ...]
    """What moved the mood in this turn, in order."""
    told: tuple[str, ...]
    """Facts told in this turn."""
    score: float | None
    """Mean of the skills that are present, 0-100."""
    occasion: Occasion = field(repr=False, compare=False)
    """What it was judged from."""
    waited: ReplyTime | None = None
    """E-mail, timed: how long the customer waited for a word, in office time."""

    def as_dict(self) -> dict[str, object]:
        """Return the score as plain values for a run file, absent skills left out."""
        waited = {} if self.waited is None else {"waited": asdict(self.waited)}
        return {
            **waited,
            "number": self.number,
            "replied_at": self.replied_at,
            "floor": None if self.floor is None else {**asdict(self.floor), "kind": self.floor.kind.value},
            "silence_ms": self.silence_ms,
            "skills": {
                name: {"value": one.value, "evidence": [_plain(asdict(e)) for e in one.evidence]}
                for name, one in self.skills.items()
                if one.value is not None
            },
            "mood": self.mood,
            "mood_gain": self.mood_gain,
            "causes": list(self.causes),
            "told": list(self.told),
            "score": self.score,
        }


def _plain(evidence: dict[str, object]) -> dict[str, object]:
    span = evidence["span"]
    return {**evidence, "span": list(span) if isinstance(span, tuple) else None}


def mean(values: Sequence[float]) -> float | None:
    """Return the mean rounded to 0.01, None of nothing; the same digits on every machine."""
    return round(fsum(values) / len(values), 2) if values else None


def score_turn(
    persona: Persona,
    rules: RubricRules,
    turn: Turn,
    before: Sequence[Turn],
    told: Mapping[str, int],
    opened: Mapping[str, int],
    *,
    medium: MediumKind,
    timed: bool = True,
    pace_percent: int = 100,
) -> TurnScore:
    """Return the score of a turn.

    Args:
        persona: the customer.
        rules: the rubric.
        turn: the turn; one without a reply is not scored.
        before: the turns before it, oldest first.
        told: facts told, with the number of the turn in which they were; later ones are left aside.
        opened: desk items opened, with the time from which they could be read.
        medium: how the two are talking.
        timed: False in plain play: timing skills are None, the floor is read by clause.
        pace_percent: the trainee's pace at the time of the reply.
    """
    known = {fact: number for fact, number in told.items() if number <= turn.number}
    facts = engine_facts(persona, rules, turn, before, known, opened)
    floor = read_floor(turn, before, facts, rules, medium)
    occasion = Occasion(
        turn, before, facts, floor, persona, rules, medium, timed, known, opened, pace_percent
    )
    skills = score_skills(occasion)
    after = turn.mood_before
    for move in turn.moves:
        after = after.moved(move)
    causes = tuple(cause for move in turn.moves for cause in move.causes)
    by_mail = timed and medium is MediumKind.EMAIL
    return TurnScore(
        number=turn.number,
        replied_at=turn.replied_at,
        customer=turn.customer_text,
        trainee=turn.reply,
        floor=floor,
        silence_ms=silence_ms(turn) if timed else None,
        checks=dict(turn.reading.answers) if turn.reading else {},
        facts=facts if turn.spoken else None,
        skills=skills,
        mood=after.points(),
        mood_gain=_gain(turn),
        causes=causes,
        told=tuple(turn.facts_told),
        score=mean([one.value for one in skills.values() if one.value is not None]),
        occasion=occasion,
        waited=reply_time([*before, turn], persona, rules.mail) if by_mail else None,
    )


def _gain(turn: Turn) -> float:
    moves = [move for move in turn.moves if move.causes != ("time",)]
    return sum(move.trust + move.heard - move.frustration for move in moves) / 1000
