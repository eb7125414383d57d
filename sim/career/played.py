"""One played call as the career sees it, read from its stored summary; what cannot be read is no call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from personas.section import Skill
from saves.run import RunRow
from scoring.skills import SKILLS

Ending = Literal["won", "settled", "unsolved", "walked_out", "left", "stopped"]
WELL: frozenset[Ending] = frozenset({"won", "settled"})
"""Endings in which the customer took an answer; won: and felt heard."""
TIMING: frozenset[Skill] = frozenset({"interruptions", "pauses"})
"""Skills that say nothing comparable where nothing ran by itself: the floor is then scored by clause."""
Value = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class _Stored(BaseModel):
    """What is read of a part of the summary; what a later version adds is passed over."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _StoredOutcome(_Stored):
    ending: Ending
    csat_stars: Annotated[int, Field(ge=1, le=5)]
    solved_first_contact: bool
    complaint: bool = False
    stays: bool = True
    review: str = ""


class _StoredSummary(_Stored):
    timed: bool
    score: Value | None
    skills: dict[str, Value | None]
    replies: Annotated[int, Field(ge=0)]
    too_short: bool
    length_ms: Annotated[int, Field(ge=0)]
    outcome: _StoredOutcome


@dataclass(frozen=True)
class PlayedCall:
    """A call that was played to some end, and its summary."""

    run_id: str
    persona_id: str
    started_utc: datetime
    medium: str
    """phone, video, chat or email."""
    mode: str
    """practice, rated or competition."""
    timed: bool
    """False where nothing ran by itself, so that skills of timing say nothing."""
    ended: str
    """Why it ended: solved, closed, walked_out, patience, left or stopped."""
    ending: Ending
    score: float | None
    """Mean of the skills present, 0-100."""
    skills: dict[Skill, float | None]
    """All ten, 0-100; None without an occasion."""
    stars: int
    """1-5."""
    solved_first_contact: bool
    replies: int
    too_short: bool
    """Whether there were too few replies to judge the call by."""
    length_ms: int
    parent_run: str | None
    """The call of which this one plays a moment again."""
    seed: int = 0
    """What its draws came from; customer and seed make it the same call for anybody."""
    complaint: bool = False
    stays: bool = True
    review: str = ""
    """What the customer wrote afterwards."""

    @property
    def judged(self) -> bool:
        """Whether it says something of the trainee: long enough, and no moment played again."""
        return not self.too_short and self.parent_run is None

    @property
    def finished_well(self) -> bool:
        """Whether the customer took an answer in a call that can be judged."""
        return self.judged and self.ending in WELL

    @property
    def occasions(self) -> list[tuple[Skill, float]]:
        """The skills that it had an occasion for, and their points; of timing only where a clock ran."""
        return [
            (skill, value)
            for skill, value in self.skills.items()
            if value is not None and (self.timed or skill not in TIMING)
        ]


def played_call(row: RunRow) -> PlayedCall | None:
    """Return a stored call, or None when it has not ended or its summary cannot be read."""
    started = moment(row.started_utc)
    if row.ended is None or started is None or not isinstance(row.result, Mapping):
        return None
    try:
        stored = _StoredSummary.model_validate(dict(row.result))
    except ValidationError:
        return None
    return PlayedCall(
        run_id=row.run_id,
        persona_id=row.persona_id,
        started_utc=started,
        medium=row.medium,
        mode=row.mode,
        timed=stored.timed,
        ended=row.ended,
        ending=stored.outcome.ending,
        score=stored.score,
        skills={skill: stored.skills.get(skill) for skill in SKILLS},
        stars=stored.outcome.csat_stars,
        solved_first_contact=stored.outcome.solved_first_contact,
        replies=stored.replies,
        too_short=stored.too_short,
        length_ms=stored.length_ms,
        parent_run=row.parent_run,
        seed=row.seed,
        complaint=stored.outcome.complaint,
        stays=stored.outcome.stays,
        review=stored.outcome.review,
    )


def played_calls(rows: Iterable[RunRow]) -> list[PlayedCall]:
    """Return the calls that can be read, newest first."""
    found = [call for row in rows if (call := played_call(row)) is not None]
    return sorted(found, key=lambda call: call.started_utc, reverse=True)


def calls_with(calls: Sequence[PlayedCall], persona_id: str) -> list[PlayedCall]:
    """Return the calls with one customer, moments played again aside, in the same order."""
    return [call for call in calls if call.persona_id == persona_id and call.parent_run is None]


def moment(iso: str) -> datetime | None:
    """Return a stored time in UTC; None when it is none."""
    try:
        found = datetime.fromisoformat(iso)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
