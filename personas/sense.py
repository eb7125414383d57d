"""The figures by which persona files are checked, from `sense.toml`."""

from __future__ import annotations

from pathlib import Path

import tomli
from pydantic import BaseModel, ConfigDict


class Sense(BaseModel):
    """Thresholds of the checks; each is explained, with its source, in `sense.toml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    opening_least_s: float
    opening_most_s: float
    opening_least_words: int
    opening_most_words: int
    clause_pause_s: float
    clause_words: int
    facts_least: int
    gated_facts_least: int
    gate_kinds_least: int
    crossing_words: int
    bare_threats: tuple[str, ...]
    lines_per_band: int
    reachable_most: int
    slow_item_least_s: int
    slow_item_most_s: int
    same_need: float
    same_words: float
    leak_words: int
    leak_letters: int


SENSE = Sense.model_validate(tomli.loads(Path(__file__).with_name("sense.toml").read_text(encoding="utf-8")))
