"""The rubric's sections on skills, outcome and debrief: their numbers, validated."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from scoring.events import EndReason


def _rising(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    if any(left[0] >= right[0] for left, right in pairwise(points)):
        raise ValueError("the first numbers of a curve must rise")
    return points


Points = Annotated[float, Field(ge=0, le=100)]
"""A score, 0-100."""
Share = Annotated[float, Field(ge=0, le=1)]
Curve = Annotated[
    tuple[tuple[Annotated[float, Field(ge=0)], Points], ...], Field(min_length=2), AfterValidator(_rising)
]
"""Pairs of milliseconds and score, joined by straight lines and level beyond both ends."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class InterruptionSkill(_Section):
    """Beside the floor's own points: when there was room to interrupt, and what e-mail counts."""

    least_words: int
    email_all_opened: Points
    email_unopened: Points


class ParaphraseSkill(_Section):
    """What giving back is worth, and when it is due."""

    due_facts: int
    facts_cap: int
    half_share: Share
    nothing: Points
    received: Points
    wrong_cap: Points
    parrot: Points
    parrot_checked: Points
    feeling_only: Points
    one_fact: Points
    half: Points
    complex: Points
    check_bonus: Points
    optional_from: Points
    readback_words: int
    echo_words: int
    joins: tuple[str, ...]


class EmpathySkill(_Section):
    """What care and understanding are worth, tied to the story or not."""

    due_intensity: int
    dismissed: Points
    undone: Points
    passed_over: Points
    attended: Points
    generic: Points
    stock: Points
    stock_least: Points
    apology_again: Points
    specific: Points
    two_strong: Points
    tentative: Points
    tentative_words: tuple[str, ...]


class PauseSkill(_Section):
    """What a silence is worth by what it follows."""

    held: Curve
    question: Curve
    own_question: Curve
    dead_air: Curve
    typed_cap: Points
    announced: Points
    announced_late: Points
    announce_within_ms: int
    answer_credit_from_ms: int


class QuestionSkill(_Section):
    """What a question is worth by its aim, its form and what it builds on."""

    none_though_due: Points
    right_gap: Points
    open_invite: Points
    side_gap: Points
    off_point: Points
    single: Points
    form: Points
    follow_up: Points
    repair: Points
    something_else: Points
    anything_else: Points
    stacked_cap: Points
    leading_cap: Points
    blame_cap: Points
    known_cap: Points
    why_blame: tuple[str, ...]
    something_words: tuple[str, ...]
    anything_words: tuple[str, ...]
    security_words: tuple[str, ...]


class EngagementSkill(_Section):
    """Beside the backchannel rules: misfits, and what a short sign in chat is worth."""

    monotone_from: int
    rate_share: Share
    misfit: Points
    misfit_cap: Points
    over_slope: float
    chat_messages: int
    chat_sign: Points
    chat_no_sign: Points
    chat_left_waiting: Points
    chat_announced: Points


class AttentionSkill(_Section):
    """What the reply shows of having taken in what was said."""

    wrong: Points
    echo: Points
    nothing_used: Points
    something: Points
    first_only: Points
    middle: Points
    full: Points
    unanswered_cap: Points
    last_share: Share
    answer_word_letters: int


class CueSkill(_Section):
    """What was made of a cue beside the words."""

    blocked: Points
    topic_change: Points
    passed: Points
    left_room: Points
    noticed: Points
    explored: Points


class RecordSkill(_Section):
    """What was made of the desk."""

    asked_for_it: Points
    decided_blind: Points
    unused: Points
    looked_up: Points
    read_aloud: Points
    used: Points
    used_checked: Points
    read_aloud_items: int
    asks_for_card: tuple[str, ...]


class CommitmentSkill(_Section):
    """What a promise is worth."""

    beyond: Points
    bare_policy: Points
    vague: Points
    option: Points
    own_act: Points
    by_when: Points
    limit_or_choice: Points
    too_soon_cap: Points
    vague_words: tuple[str, ...]
    when_words: tuple[str, ...]
    limit_words: tuple[str, ...]


class SkillRules(_Section):
    """The ten skills."""

    continuer_max_words: int
    least_replies: int
    interruptions: InterruptionSkill
    paraphrasing: ParaphraseSkill
    empathy: EmpathySkill
    pauses: PauseSkill
    questions: QuestionSkill
    engagement: EngagementSkill
    attention: AttentionSkill
    cues: CueSkill
    record: RecordSkill
    commitments: CommitmentSkill


class OutcomeRules(_Section):
    """How a call ends in business terms; `kept_by_reason` leaves reasons out that keep everything."""

    trust_share: Share
    calm_share: Share
    heard_share: Share
    end_share: Share
    mood_points: Points
    resolved: dict[str, Points]
    solved_by: tuple[str, ...]
    promise_penalty: Points
    prompt_penalty: Points
    cut_penalty: Points
    dead_air_penalty: Points
    late_mail_penalty: Points
    kept_by_reason: dict[EndReason, Share]
    stars_from: Annotated[tuple[Points, ...], Field(min_length=4, max_length=4)]
    least_stars: dict[str, Annotated[int, Field(ge=1, le=5)]]
    complaint_frustration: Points
    complaint_promises: int
    stays_trust: Points
    stays_frustration: Points


class DebriefRules(_Section):
    """How moments are ranked and how much is told of them."""

    shown: int
    score_share: Share
    good_from: Points
    weak_below: Points
    quote_chars: int
    better_chars: int
    line_chars: int
    thought_of: dict[str, str]
