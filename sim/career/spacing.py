"""When a skill comes back: one card per skill, scheduled by the `fsrs` library; loaded when first needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import fsum
from typing import TYPE_CHECKING, Literal

from personas.section import Skill
from scoring.skills import SKILLS
from sim.career.figures import FIGURES, SpacingFigures
from sim.career.played import PlayedCall

if TYPE_CHECKING:
    from fsrs import Scheduler

Grade = Literal["again", "hard", "good", "easy"]
GRADES: tuple[Grade, ...] = ("again", "hard", "good", "easy")


@dataclass(frozen=True)
class Review:
    """A skill's latest practice, and when it is due again."""

    skill: Skill
    last: date
    """The trainee's own day."""
    points: float
    """Mean of that day, 0-100."""
    grade: Grade
    due: date


def grade_of(points: float, rules: SpacingFigures = FIGURES.spacing) -> Grade:
    """Return how a review went, from its points, 0-100 (thresholds in `career.toml`, D)."""
    return GRADES[sum(points >= least for least in (rules.again_below, rules.hard_below, rules.easy_from))]


def reviews_of(
    calls: Iterable[PlayedCall], days: Mapping[str, date], rules: SpacingFigures = FIGURES.spacing
) -> dict[Skill, Review]:
    """Return each practised skill's latest review, with the day on which it is due again.

    Every call that can be judged and had an occasion for the skill is practice of it, rated or not; a moment
    played again is none. The calls of one day are one review. The same calls give the same days: no fuzz.

    Args:
        calls: in any order.
        days: the trainee's own day of each call, by run id.
        rules: the figures.
    """
    practised: dict[Skill, dict[date, list[float]]] = {skill: {} for skill in SKILLS}
    for call in calls:
        if call.judged:
            day = days[call.run_id]
            for skill, points in call.occasions:
                practised[skill].setdefault(day, []).append(points)
    return {skill: _review(skill, points, rules) for skill, points in practised.items() if points}


def _review(skill: Skill, points: Mapping[date, list[float]], rules: SpacingFigures) -> Review:
    from fsrs import Card, Rating

    scheduler = _scheduler(rules.retention, rules.longest_gap_days)
    days = sorted(points)[-rules.review_days :]
    # With an id and a day of its own: the library would look at the wall clock for them, and wait for it.
    card = Card(card_id=1, due=_noon(days[0]))
    for day in days:
        mean = fsum(points[day]) / len(points[day])
        rating = Rating(1 + GRADES.index(grade_of(mean, rules)))
        card, _ = scheduler.review_card(card, rating, _noon(day))
    return Review(skill, days[-1], mean, grade_of(mean, rules), card.due.date())


def _noon(day: date) -> datetime:
    """Return a time of a day such that days lie whole days apart."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@cache
def _scheduler(retention: float, longest_gap_days: int) -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=retention,
        learning_steps=(),
        relearning_steps=(),
        maximum_interval=longest_gap_days,
        enable_fuzzing=False,
    )


def warm_up(rules: SpacingFigures = FIGURES.spacing) -> None:
    """Load the library now, so that nobody waits for it later."""
    _scheduler(rules.retention, rules.longest_gap_days)


def due_by(reviews: Mapping[Skill, Review], day: date) -> list[Review]:
    """Return the skills that are due on a day or were before, the longest overdue first."""
    return sorted((one for one in reviews.values() if one.due <= day), key=lambda one: one.due)


def days_until(due: date, today: date) -> int:
    """Return how many days are left, 0 for one that is due."""
    return max(0, (due - today) // timedelta(days=1))
