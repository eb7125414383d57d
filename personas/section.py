"""What every part of a persona file shares: strict sections and the types of their values."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,40}$")]
PersonaId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,40}/[a-z0-9][a-z0-9-]{0,60}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Percent = Annotated[int, Field(ge=0, le=100)]
Skill = Literal[
    "interruptions",
    "paraphrasing",
    "empathy",
    "pauses",
    "questions",
    "engagement",
    "attention",
    "cues",
    "record",
    "commitments",
]
"""The ten skills, in the order in which they are shown."""


class Section(BaseModel):
    """Base of every section: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)
