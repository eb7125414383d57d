"""The figures of the career, from `career.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import tomli
from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=1)]
Points = Annotated[int, Field(ge=0, le=100)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TierFigures(_Part):
    """What opens a tier (DESIGN 8)."""

    customers_well: Count
    skills_shown: Annotated[float, Field(gt=0, le=1)]
    success: Points


class UsualFigures(_Part):
    """What a trainee's usual is."""

    calls: Count


class TrendFigures(_Part):
    """What a plot shows."""

    calls: Count
    range_from: Annotated[int, Field(ge=2)]


class AdviceFigures(_Part):
    """What the advice says."""

    minutes: Count
    costs_below: Points


class Figures(_Part):
    """All of them; each is explained, with its source, in `career.toml`."""

    tiers: TierFigures
    usual: UsualFigures
    trend: TrendFigures
    advice: AdviceFigures


FIGURES = Figures.model_validate(
    tomli.loads(Path(__file__).with_name("career.toml").read_text(encoding="utf-8"))
)
