"""The score of a whole conversation, recomputed from its events alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from personas.acts import MediumKind
from personas.schema import Persona
from personas.section import Skill
from scoring import events as ev
from scoring.outcome import Outcome, outcome_of
from scoring.rubric import RubricRules
from scoring.skills import HEADLINE, SKILLS
from scoring.turn_score import PlayedUnder, TurnScore, mean, score_turn
from scoring.turns import CallFold


@dataclass(frozen=True)
class CallScore:
    """What a conversation was worth, turn by turn and as a whole."""

    medium: MediumKind
    timed: bool
    turns: tuple[TurnScore, ...]
    skills: dict[Skill, float | None]
    """Mean of each skill over the turns in which it was present, 0-100."""
    score: float | None
    """Mean of the skills present, 0-100."""
    headline: dict[Skill, float | None]
    """Interruptions, paraphrasing, empathy, pauses."""
    replies: int
    too_short: bool
    """Whether there were too few replies to judge the call by."""
    outcome: Outcome | None
    """None while it has not ended."""
    length_ms: int
    """From the start to the last event, stopped clock and waits for the machine aside."""
    fold: CallFold = field(repr=False, compare=False)
    """The folded events."""

    def as_dict(self) -> dict[str, object]:
        """Return the score as plain values for a run file; the same events give the same JSON anywhere."""
        return {
            "medium": self.medium.value,
            "timed": self.timed,
            "score": self.score,
            "skills": dict(self.skills),
            "replies": self.replies,
            "too_short": self.too_short,
            "length_ms": self.length_ms,
            "outcome": self.outcome.as_dict() if self.outcome else None,
            "turns": [turn.as_dict() for turn in self.turns],
        }


def score_call(
    persona: Persona, rules: RubricRules, header: PlayedUnder, events: Iterable[ev.Event]
) -> CallScore:
    """Score a conversation; pure, and the same digits on any machine.

    Args:
        persona: the customer.
        rules: the rubric.
        header: medium, timed and pace; an event log's header will do.
        events: all events, in the order in which they were stored.
    """
    fold = CallFold(persona)
    fold.pace_percent = header.pace_percent
    paces: dict[int, int] = {}
    for event in events:
        if isinstance(event, ev.Spoke):
            paces.setdefault(fold.turn.number, fold.pace_percent)
        fold.apply(event)
    return score_fold(persona, rules, header, fold, paces)


def score_fold(
    persona: Persona, rules: RubricRules, header: PlayedUnder, fold: CallFold, paces: dict[int, int]
) -> CallScore:
    """Score a conversation that has been folded.

    Args:
        persona: the customer.
        rules: the rubric.
        header: medium, timed and pace.
        fold: the conversation.
        paces: the trainee's pace by turn; the header's where a turn is missing.
    """
    turns = tuple(
        score_turn(
            persona,
            rules,
            turn,
            fold.turns[:place],
            fold.told,
            fold.opened,
            medium=header.medium,
            timed=header.timed,
            pace_percent=paces.get(turn.number, header.pace_percent),
        )
        for place, turn in enumerate(fold.turns)
    )
    skills = {skill: _over_turns(skill, turns) for skill in SKILLS}
    replies = sum(bool(turn.spoken) for turn in fold.turns)
    return CallScore(
        medium=header.medium,
        timed=header.timed,
        turns=turns,
        skills=skills,
        score=mean([value for value in skills.values() if value is not None]),
        headline={skill: skills[skill] for skill in HEADLINE},
        replies=replies,
        too_short=replies < rules.skills.least_replies,
        outcome=outcome_of(persona, rules, fold, turns, header),
        length_ms=_length(fold),
        fold=fold,
    )


def _over_turns(skill: Skill, turns: tuple[TurnScore, ...]) -> float | None:
    values = [turn.skills[skill].value for turn in turns]
    return mean([value for value in values if value is not None])


def _length(fold: CallFold) -> int:
    stopped = sum(max(0, high - low) for turn in fold.turns for low, high in turn.stops)
    return max(0, fold.last_t - stopped)
