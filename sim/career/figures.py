"""The figures of the career, from `career.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import tomli
from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=1)]
Points = Annotated[int, Field(ge=0, le=100)]
Share = Annotated[float, Field(gt=0, lt=1)]
Step = Annotated[int, Field(ge=0, le=100)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TierFigures(_Part):
    """What opens a tier (DESIGN 8)."""

    customers_well: Count
    skills_shown: Annotated[float, Field(gt=0, le=1)]
    success: Points


class EloFigures(_Part):
    """How ratings begin and move."""

    start: int
    tier_start: Annotated[tuple[int, ...], Field(min_length=6, max_length=6, strict=False)]
    k_first: Step
    k_later: Step
    first_calls: Count
    k_customer: Step


class TargetFigures(_Part):
    """What is served: expected success, 0-1, and how often running."""

    success_from: Share
    success_to: Share
    reach: Share
    reach_bored: Share
    reach_still: Share
    streak_calls: Count
    gentle: Share
    still_calls: Count
    stuck_below: Share
    same_running: Count
    whole_every: Annotated[int, Field(ge=2)]
    rated_calls_known: Count


class SpacingFigures(_Part):
    """When a skill comes back: fsrs, and the grades of a review in points, 0-100."""

    retention: Share
    longest_gap_days: Count
    again_below: Points
    hard_below: Points
    easy_from: Points
    review_days: Count


class DailyFigures(_Part):
    """Whom today's call may be with."""

    tiers: Annotated[tuple[int, ...], Field(min_length=1, strict=False)]


class UsualFigures(_Part):
    """What a trainee's usual is."""

    calls: Count


class TrendFigures(_Part):
    """What a plot shows."""

    calls: Count
    range_from: Annotated[int, Field(ge=2)]


class AdviceFigures(_Part):
    """What the advice says."""

    first_customer: str
    minutes: Count
    costs_below: Points


class Figures(_Part):
    """All of them; each is explained, with its source, in `career.toml`."""

    tiers: TierFigures
    elo: EloFigures
    target: TargetFigures
    spacing: SpacingFigures
    daily: DailyFigures
    usual: UsualFigures
    trend: TrendFigures
    advice: AdviceFigures


FIGURES = Figures.model_validate(
    tomli.loads(Path(__file__).with_name("career.toml").read_text(encoding="utf-8"))
)
