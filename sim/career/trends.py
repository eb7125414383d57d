"""How the skills move: the trainee's usual, the last calls, and the range they lie in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from statistics import quantiles

from personas.section import Skill
from saves.run import RunRow
from scoring.skills import HEADLINE, SKILLS
from sim.career.figures import FIGURES, TrendFigures
from sim.career.played import TIMING, PlayedCall, moment, played_calls


@dataclass(frozen=True)
class Trend:
    """One skill over the last calls."""

    skill: Skill
    values: tuple[float | None, ...]
    """0-100, oldest first; None where a call had no occasion for it."""
    own_range: tuple[float, float] | None
    """Lower and upper quartile of the values; None while there are too few."""

    @property
    def last(self) -> float | None:
        """The latest value there is."""
        return next((value for value in reversed(self.values) if value is not None), None)


@dataclass(frozen=True)
class Weakest:
    """The headline skill that cost most lately."""

    skill: Skill
    points: float
    """Mean, 0-100."""
    calls: int
    """Over how many calls: those of the latest that had an occasion for it."""
    latest: int
    """How many calls were looked at."""


def weakest_of(calls: Sequence[PlayedCall]) -> Weakest | None:
    """Return the weakest headline skill of the last calls; None when none was scored.

    Args:
        calls: newest first.
    """
    usual = usual_of(calls)
    means = mean_skills(usual)
    scored = [(value, skill) for skill in HEADLINE if (value := means[skill]) is not None]
    if not scored:
        return None
    points, skill = min(scored, key=lambda pair: pair[0])
    present = sum(call.skills[skill] is not None for call in usual)
    return Weakest(skill, points, present, len(usual))


def usual_of(calls: Iterable[PlayedCall], most: int = FIGURES.usual.calls) -> list[PlayedCall]:
    """Return the calls that a trainee's usual is taken from: judged, timed, the latest ones.

    Args:
        calls: newest first.
        most: how many at most.
    """
    return [call for call in calls if call.judged and call.timed][:most]


def mean_skills(calls: Sequence[PlayedCall]) -> dict[Skill, float | None]:
    """Return the mean of each skill over the calls in which it was present, 0-100."""
    return {skill: _mean([call.skills[skill] for call in calls]) for skill in SKILLS}


def usual_skills(rows: Sequence[RunRow], before: str = "") -> tuple[dict[Skill, float | None], int]:
    """Return the trainee's usual skills, and over how many calls.

    The mean of the last ten calls that were finished, long enough and timed; a moment played again is none.

    Args:
        rows: stored calls, in any order.
        before: ISO 8601; only calls that began before it count. "" for all; a time that cannot be read: none.
    """
    calls = played_calls(rows)
    if before:
        limit = moment(before)
        calls = [call for call in calls if limit is not None and call.started_utc < limit]
    usual = usual_of(calls)
    return mean_skills(usual), len(usual)


def trends_of(calls: Sequence[PlayedCall], rules: TrendFigures = FIGURES.trend) -> tuple[Trend, ...]:
    """Return the four headline skills over the last calls that can be judged.

    Args:
        calls: newest first.
        rules: how many calls, and from how many values on there is a range.
    """
    latest = [call for call in calls if call.judged][: rules.calls][::-1]
    return tuple(_trend(skill, latest, rules) for skill in HEADLINE)


def _trend(skill: Skill, calls: Sequence[PlayedCall], rules: TrendFigures) -> Trend:
    values = tuple(call.skills[skill] if call.timed or skill not in TIMING else None for call in calls)
    present = [value for value in values if value is not None]
    if len(present) < rules.range_from:
        return Trend(skill, values, None)
    low, _, high = quantiles(present, n=4, method="inclusive")
    return Trend(skill, values, (low, high))


def _mean(values: Iterable[float | None]) -> float | None:
    present = [value for value in values if value is not None]
    return fsum(present) / len(present) if present else None
