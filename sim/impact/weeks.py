"""Calls in business terms: satisfied, solved at once, complaints, staying; all, by week, medium and skill."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import fmean
from typing import Annotated

import tomli
from pydantic import BaseModel, ConfigDict, Field

from personas.section import Skill
from scoring.skills import SKILLS
from sim.career.played import PlayedCall

MEDIA = ("phone", "video", "chat", "email")
"""In the order in which they are told."""


class ImpactFigures(BaseModel):
    """The figures of the report."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    satisfied_from: Annotated[int, Field(ge=1, le=5)]
    strong_from: Annotated[int, Field(ge=0, le=100)]
    weak_below: Annotated[int, Field(ge=0, le=100)]
    least_calls: Annotated[int, Field(ge=1)]
    reviews: Annotated[int, Field(ge=0)]


FIGURES = ImpactFigures.model_validate(
    tomli.loads((Path(__file__).parent / "impact.toml").read_text(encoding="utf-8"))
)


@dataclass(frozen=True)
class Impact:
    """What came of some calls, at least one."""

    calls: int
    stars: float
    """Mean of 1-5."""
    satisfied: float
    """Share 0-1 with four or five stars (CSAT)."""
    solved: float
    """Share 0-1 solved at first contact, as the customer sees it."""
    complaints: float
    """Share 0-1 that end in a complaint."""
    stays: float
    """Share 0-1 of customers who stay."""
    skills: Mapping[Skill, float | None]
    """Means 0-100 over the calls with an occasion; None without one."""


@dataclass(frozen=True)
class Week:
    """One week, from Monday, UTC."""

    monday: date
    impact: Impact | None
    """None: no call."""
    by_medium: Mapping[str, Impact]

    @property
    def name(self) -> str:
        """The week as ISO 8601 writes it: "2026-W47"."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"


@dataclass(frozen=True)
class SkillImpact:
    """What came of calls that showed a skill well, beside those that did not."""

    skill: Skill
    strong: Impact
    weak: Impact


@dataclass(frozen=True)
class Review:
    """What a customer wrote."""

    day: date
    persona_id: str
    medium: str
    stars: int
    text: str


@dataclass(frozen=True)
class Report:
    """Everything the report tells."""

    all: Impact | None
    """None: there is no call to tell of."""
    modes: Mapping[str, int]
    """Calls by mode."""
    weeks: tuple[Week, ...]
    """Oldest first, without gaps."""
    by_medium: Mapping[str, Impact]
    by_skill: tuple[SkillImpact, ...]
    """Skills with enough calls on either side; the one that makes most difference to satisfaction first."""
    reviews: tuple[Review, ...]
    """Newest first."""


def impact_of(calls: Sequence[PlayedCall]) -> Impact | None:
    """Return what came of some calls; None for none."""
    if not calls:
        return None

    def share(holds: Callable[[PlayedCall], bool]) -> float:
        return sum(map(holds, calls)) / len(calls)

    return Impact(
        calls=len(calls),
        stars=fmean(call.stars for call in calls),
        satisfied=share(lambda call: call.stars >= FIGURES.satisfied_from),
        solved=share(lambda call: call.solved_first_contact),
        complaints=share(lambda call: call.complaint),
        stays=share(lambda call: call.stays),
        skills={skill: _mean(call.skills[skill] for call in calls) for skill in SKILLS},
    )


def _mean(values: Iterable[float | None]) -> float | None:
    found = [value for value in values if value is not None]
    return fmean(found) if found else None


def report_of(calls: Iterable[PlayedCall]) -> Report:
    """Return the report on calls, in any order.

    Left out: calls too short to judge, moments played again, and calls ended by the stop key, after which no
    customer is left to be satisfied.
    """
    told = [call for call in calls if call.judged and call.ending != "stopped"]
    judged = sorted(told, key=lambda call: call.started_utc)
    modes = {mode: sum(call.mode == mode for call in judged) for mode in ("rated", "competition", "practice")}
    return Report(
        all=impact_of(judged),
        modes={mode: count for mode, count in modes.items() if count},
        weeks=_weeks(judged),
        by_medium=_by_medium(judged),
        by_skill=_by_skill(judged),
        reviews=tuple(
            Review(call.started_utc.date(), call.persona_id, call.medium, call.stars, call.review)
            for call in reversed(judged)
            if call.review.strip()
        ),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weeks(calls: Sequence[PlayedCall]) -> tuple[Week, ...]:
    if not calls:
        return ()
    by_monday: dict[date, list[PlayedCall]] = {}
    for call in calls:
        by_monday.setdefault(_monday(call.started_utc.date()), []).append(call)
    first, last = min(by_monday), max(by_monday)
    mondays = [first + timedelta(weeks=place) for place in range((last - first).days // 7 + 1)]
    return tuple(
        Week(monday, impact_of(by_monday.get(monday, [])), _by_medium(by_monday.get(monday, [])))
        for monday in mondays
    )


def _by_medium(calls: Sequence[PlayedCall]) -> dict[str, Impact]:
    found = {medium: impact_of([call for call in calls if call.medium == medium]) for medium in MEDIA}
    return {medium: impact for medium, impact in found.items() if impact is not None}


def _by_skill(calls: Sequence[PlayedCall]) -> tuple[SkillImpact, ...]:
    found = []
    for skill in SKILLS:
        values = [(call, value) for call in calls if (value := call.skills[skill]) is not None]
        strong = impact_of([call for call, value in values if value >= FIGURES.strong_from])
        weak = impact_of([call for call, value in values if value < FIGURES.weak_below])
        if strong and weak and min(strong.calls, weak.calls) >= FIGURES.least_calls:
            found.append(SkillImpact(skill, strong, weak))
    return tuple(sorted(found, key=lambda one: one.weak.satisfied - one.strong.satisfied))
