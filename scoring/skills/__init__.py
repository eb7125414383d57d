"""The ten skills of one reply, each 0-100 or absent (listening-science 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import get_args

from personas.section import Skill
from scoring.skills.doing import commitments, record
from scoring.skills.engagement import engagement
from scoring.skills.finding import cues, questions
from scoring.skills.hearing import attention, empathy, paraphrasing
from scoring.skills.occasion import Evidence, Occasion, SkillScore
from scoring.skills.timing import interruptions, pauses

__all__ = ["HEADLINE", "SKILLS", "Evidence", "Occasion", "SkillScore", "score_skills"]

SKILLS: tuple[Skill, ...] = get_args(Skill)
"""The ten skills in the order in which they are shown."""

HEADLINE: tuple[Skill, ...] = ("interruptions", "paraphrasing", "empathy", "pauses")
"""The four that stand in front."""

_SCORERS: Mapping[Skill, Callable[[Occasion], SkillScore]] = {
    "interruptions": interruptions,
    "paraphrasing": paraphrasing,
    "empathy": empathy,
    "pauses": pauses,
    "questions": questions,
    "engagement": engagement,
    "attention": attention,
    "cues": cues,
    "record": record,
    "commitments": commitments,
}


def score_skills(occasion: Occasion) -> dict[Skill, SkillScore]:
    """Return all ten skills of a reply, absent ones with value None; without a reply all are absent."""
    if not occasion.turn.spoken:
        return {skill: SkillScore(skill, None) for skill in SKILLS}
    return {skill: _SCORERS[skill](occasion) for skill in SKILLS}
