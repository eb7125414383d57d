"""Loads the rubric: every weight and threshold of the game, validated."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import tomli
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from scoring.rubric_scores import DebriefRules, OutcomeRules, SkillRules

SUPPORTED_VERSIONS = frozenset({"2"})
"""Versions of the rules that this code can recompute."""
OLDER_VERSIONS = frozenset({"1"})
"""Versions whose calls can still be shown."""
SHIPPED = Path(__file__).with_name("rubric.toml")


class RubricError(Exception):
    """The rubric cannot be used; the message says where and why."""


class _Rules(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PaceRules(_Rules):
    """How fast the customer talks."""

    word_ms: int
    clause_pause_ms: int
    anger_speedup: float
    max_wpm: int
    chat_typing_wpm: int
    chat_read_ms: int
    gap_ms: dict[str, int]
    untimed_word_ms: int


class FloorPoints(_Rules):
    """Points 0-100 by kind of floor event."""

    clean: int
    terminal: int
    rapport: int
    both_began: int
    repair_at_end: int
    repair: int
    repair_needed: int
    given_back: int
    intrusive_at_end: int
    intrusive: int
    power: int
    handed_back_bonus: int
    repeat_penalty: int
    pile_up_penalty: int
    prompt_silence: int


class FloorRules(_Rules):
    """When a reply over the customer is an interruption, and of which kind."""

    clean_ms: int
    terminal_words: int
    terminal_ms: int
    yield_ms: int
    onset_ms: int
    power_cut_fraction: float
    video_tolerance_ms: int
    rapport_max_words: int
    repair_max_words: int
    pile_up_ms: int
    back_in_minute_ms: int
    points: FloorPoints


class SilenceRules(_Rules):
    """What a silence is worth where."""

    burst_gap_ms: int
    long_gap_ms: int
    held_from_ms: int
    held_to_ms: int
    held_sweet_to_ms: int
    rushed_ms: int
    after_question_free_ms: int
    after_question_late_ms: int
    still_there_ms: int
    dead_air_ms: int
    chat_still_there_ms: int
    hold_grace_ms: int
    leaves_after_prompts: int


def _falling_steps(steps: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if any(left[0] >= right[0] or left[1] < right[1] for left, right in pairwise(steps)):
        raise ValueError("hours must rise and shares must not")
    return steps


class MailRules(_Rules):
    """E-mail: how the office's clock runs, and what a late answer is."""

    rate: Annotated[int, Field(ge=1)]
    """Seconds of the office per second in which no key moves and nothing just opened is being read."""
    reading_wpm: Annotated[int, Field(ge=1)]
    late_h: Annotated[float, Field(gt=0)]
    very_late_h: Annotated[float, Field(gt=0)]
    holding_h: Annotated[float, Field(gt=0)]
    satisfied: Annotated[
        tuple[tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(ge=0, le=1)]], ...],
        Field(min_length=1),
        AfterValidator(_falling_steps),
    ]
    """Hours within which a reply comes, and the share of people whom that satisfies."""


class BackchannelRules(_Rules):
    """Rate and placement of "mm-hm"."""

    window_before_ms: int
    window_after_ms: int
    full_per_min: tuple[float, float]
    zero_score: int
    over_per_min: float
    over_score: int
    floor_score: int
    monotone_cap: int
    monotone_variation: float
    min_turn_ms: int
    specific: int
    generic: int
    none: int


class CheckRules(_Rules):
    """From which probability an answer counts as yes."""

    threshold: Annotated[float, Field(gt=0, lt=1)]


class Phrases(_Rules):
    """Short phrases that engine facts look for."""

    hands_back: tuple[str, ...]
    goes_on_oneself: tuple[str, ...]
    repair: tuple[str, ...]
    stock: tuple[str, ...]
    two_options: tuple[str, ...]
    holding: tuple[str, ...]
    looked_up: tuple[str, ...]


class Move(_Rules):
    """Levels -3..3 by which one cause moves the customer."""

    frustration: Annotated[int, Field(ge=-3, le=3)]
    trust: Annotated[int, Field(ge=-3, le=3)]
    heard: Annotated[int, Field(ge=-3, le=3)]


class MoodRules(_Rules):
    """How the customer's mood moves."""

    weak: int
    moderate: int
    strong: int
    trust_loss: int
    decay_per_min: float
    solution_gate_heard: int
    solution_gate_factor: float
    backchannels_per_turn: int
    peak_pull: float
    said_before_words: int
    full_helps: int
    further_helps_factor: float
    abuse_passes_from: Annotated[int, Field(ge=1)]
    moves: dict[str, Move]


class DirectorRules(_Rules):
    """Thresholds of the director's table."""

    intensity_from: Annotated[tuple[int, ...], Field(min_length=5, max_length=5)]
    soften_every: int
    leaves_at: int
    leaves_trust: int
    leaves_trust_frustration: int
    accept_trust: int
    accept_heard: int
    settle_trust: int
    settle_heard: int
    tell_free_facts: int
    answer_facts: int
    weigh_before_settling: int
    test_every: int
    elaborate_heard: int
    test_trust_below: int
    won_frustration_below: int


class SequelRules(_Rules):
    """How the promises of a call weigh in the next one; points of 0-100 on the mood at its start."""

    most_recalled: int
    broken_trust: int
    broken_frustration: int
    kept_trust: int
    further_kept_trust: int
    unknown_trust: int


class RubricRules(_Rules):
    """The rubric file as a whole."""

    version: str
    pace: PaceRules
    floor: FloorRules
    silence: SilenceRules
    mail: MailRules
    backchannel: BackchannelRules
    checks: CheckRules
    phrases: Phrases
    mood: MoodRules
    director: DirectorRules
    sequel: SequelRules
    skills: SkillRules
    outcome: OutcomeRules
    debrief: DebriefRules


@dataclass(frozen=True)
class Rubric:
    """The rules together with the text they were read from."""

    rules: RubricRules
    text: str
    sha256: str


def parse_rubric(text: str, name: str) -> Rubric:
    """Return the rubric written in a text.

    Raises:
        RubricError: when it is not TOML or a value is missing, unknown or out of range; names all of them.
    """
    try:
        rules = RubricRules.model_validate(_completed(tomli.loads(text)))
    except tomli.TOMLDecodeError as error:
        raise RubricError(
            f"{name} is not valid TOML: {error}. Restore the rubric that came with the game."
        ) from error
    except ValidationError as error:
        places = ", ".join(".".join(str(part) for part in item["loc"]) for item in error.errors())
        raise RubricError(f"{name}: these rules are missing, unknown or out of range: {places}.") from error
    return Rubric(rules, text, hashlib.sha256(text.encode()).hexdigest())


def _completed(data: dict[str, Any]) -> dict[str, Any]:
    """Return older rules with what they did not know of yet, so that calls played under them can be shown.

    Nothing in such a call can have asked for it. They are not recomputed: that takes their own version.
    """
    if data.get("version") not in OLDER_VERSIONS:
        return data
    return _filled(data, tomli.loads(SHIPPED.read_text(encoding="utf-8")))


def _filled(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    filled = {**new, **old}
    for key, value in old.items():
        if isinstance(value, dict) and isinstance(new.get(key), dict):
            filled[key] = _filled(value, new[key])
    return filled


@cache
def shipped_rubric() -> Rubric:
    """Return the rubric that ships with the game."""
    return parse_rubric(SHIPPED.read_text(encoding="utf-8"), SHIPPED.name)
