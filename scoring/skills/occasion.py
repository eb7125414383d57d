"""What every skill is judged from: one reply with all that led to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from personas.acts import Act, MediumKind
from personas.schema import Fact, Persona
from personas.section import Skill
from scoring import events as ev
from scoring.engine_facts import EngineFacts, count_phrases, cues_of, plain_words, yes
from scoring.floor import INTERRUPTIONS, FloorReading
from scoring.listener.base import Span
from scoring.rubric import RubricRules
from scoring.rubric_scores import Curve
from scoring.skills.wording import Pronouns, pronouns
from scoring.turns import SpokenClause, Turn


@dataclass(frozen=True)
class Evidence:
    """What a score rests on."""

    says: str
    """In a few words, without a full stop; pronouns fit the customer."""
    quote: str = ""
    """The trainee's own words, where words decided."""
    at_ms: int | None = None
    span: Span | None = None
    """Where the quote stands in the reply as it was heard."""


@dataclass(frozen=True)
class SkillScore:
    """One skill in one reply."""

    skill: Skill
    value: float | None
    """0-100; None where there was no occasion."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Occasion:
    """One reply and everything that its skills are judged from."""

    turn: Turn
    before: Sequence[Turn]
    facts: EngineFacts
    floor: FloorReading | None
    persona: Persona
    rules: RubricRules
    medium: MediumKind
    timed: bool = True
    told: Mapping[str, int] = field(default_factory=dict)
    """Facts told up to this turn, with the number of the turn in which they were."""
    opened: Mapping[str, int] = field(default_factory=dict)
    """Desk items opened up to this turn, with the time from which they could be read."""
    pace_percent: int = 100
    """The trainee's pace; silences are judged as at 100."""

    @cached_property
    def reading(self) -> ev.ChecksRead:
        """The listener's answers; empty when nothing was read."""
        return self.turn.reading or ev.ChecksRead(t=0, answers={})

    @property
    def was_read(self) -> bool:
        """Whether the listener answered on this reply."""
        return self.turn.reading is not None

    def yes(self, check: str) -> bool:
        """Return whether a check was answered with yes."""
        return yes(self.reading.answers, check, self.rules.checks.threshold)

    @cached_property
    def says(self) -> Pronouns:
        """The customer's pronouns."""
        return pronouns(self.persona)

    @cached_property
    def heard(self) -> str:
        """The reply as far as the customer listened."""
        return heard_words(self.turn)

    @cached_property
    def by_id(self) -> dict[str, Fact]:
        """The persona's facts."""
        return {fact.id: fact for fact in self.persona.facts}

    def phrases(self, wanted: Iterable[str]) -> int:
        """Return how many of some phrases the reply holds."""
        return count_phrases(self.heard, wanted)

    def evidence(self, says: str, *checks: str) -> Evidence:
        """Return evidence that quotes the words on which the first of some checks rests."""
        for check in checks:
            for low, high in self.reading.spans.get(check, ()):
                if 0 <= low < high <= len(self.heard):
                    return Evidence(says, self.heard[low:high], self.turn.replied_at, (low, high))
        return Evidence(says, "", self.turn.replied_at)

    def score(self, skill: Skill, value: float, *evidence: Evidence) -> SkillScore:
        """Return a score held within 0-100 and rounded to 0.01."""
        return SkillScore(skill, round(max(0.0, min(100.0, float(value))), 2), evidence)

    @property
    def interrupted(self) -> bool:
        """Whether the customer was cut off by this reply."""
        return self.floor is not None and self.floor.kind in INTERRUPTIONS

    @cached_property
    def continuer(self) -> bool:
        """Whether the reply only hands the turn back: short, and leaving room."""
        return is_continuer(self.turn, self.rules)

    @property
    def tested(self) -> bool:
        """Whether the customer asked for proof of having been heard."""
        return Act.TEST in self.turn.acts

    @property
    def echo(self) -> bool:
        """Whether the reply is the customer's own words again; critical data read back are none."""
        return self.facts.echo

    @property
    def hollow(self) -> bool:
        """Whether the reply is a stock phrase that takes up nothing told: a password without substance."""
        return self.facts.stock_phrases > 0 and not set(self.reading.facts) & set(self.told)

    @property
    def gives_back(self) -> bool:
        """Whether something told comes back, be it in passing."""
        touched = {fact.id for fact in self.owed} & set(self.reading.facts)
        return (self.yes("restates") or bool(touched)) and not self.hollow

    @property
    def offers(self) -> bool:
        """Whether a fix is put forward; an open question or a check on what was given back is none yet."""
        checks = self.yes("checks_understanding") and not self.reading.resolutions
        return self.yes("gives_solution") and not self.yes("asks_open") and not checks

    @cached_property
    def owed(self) -> tuple[Fact, ...]:
        """Facts told since the last reply that was more than a continuer, oldest first."""
        return owed_facts(self.turn, self.before, self.by_id, self.rules)

    @cached_property
    def feelings_shown(self) -> tuple[str, ...]:
        """Feelings that showed since the last reply that was more than a continuer: facts' and cues'."""
        told = [fact.feeling for fact in self.owed if fact.feeling]
        known = cues_of(self.persona)
        cues = [known[clause.cue].feeling for clause in self.turn.clauses if clause.cue in known]
        return tuple(dict.fromkeys([*told, *(feeling for feeling in cues if feeling)]))

    def scaled(self, ms: float) -> float:
        """Return a stretch of silence as it would have been at the customer's own pace."""
        return ms * self.pace_percent / 100


def heard_words(turn: Turn) -> str:
    """Return a turn's reply as far as the customer listened, as the listener read it."""
    if turn.heard_words is None:
        return turn.reply
    return " ".join(turn.reply.split()[: turn.heard_words])


def is_continuer(turn: Turn, rules: RubricRules) -> bool:
    """Return whether a turn's reply is short and leaves the customer room to go on."""
    words = plain_words(turn.reply).split()
    if not words or len(words) > rules.skills.continuer_max_words:
        return False
    answers = turn.reading.answers if turn.reading else {}
    room = yes(answers, "invites_more", rules.checks.threshold)
    return room or count_phrases(turn.reply, rules.phrases.hands_back) > 0


def owed_facts(
    turn: Turn, before: Sequence[Turn], by_id: Mapping[str, Fact], rules: RubricRules
) -> tuple[Fact, ...]:
    """Return the facts told in a turn and in the turn before it, where that was answered by a continuer."""
    told = list(turn.facts_told)
    if before and before[-1].spoken and is_continuer(before[-1], rules):
        told = [*before[-1].facts_told, *told]
    return tuple(by_id[fact] for fact in told if fact in by_id)


def said_clauses(turn: Turn) -> list[SpokenClause]:
    """Return the clauses of which at least one word was said."""
    return [clause for clause in turn.clauses if clause.said_words != 0]


def on_curve(curve: Curve, x: float) -> float:
    """Return the height of a curve: straight between its points, level beyond its ends."""
    if x <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if x <= right:
            return low + (high - low) * (x - left) / (right - left)
    return curve[-1][1]
