"""What a call counts for: first attempts at rated calls move ratings, and leaving has its price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from saves.run import RunRow
from sim.career.played import PlayedCall, moment

UNRATED = "practice"
"""The mode that never counts."""
_LEAVING = frozenset({"left", "stopped"})


class Counts(StrEnum):
    """What a call counts for."""

    RATED = "rated"
    LOST = "lost"
    """It was left after the first reply, and not for the first time that day: nothing of 100."""
    EXCUSED = "left"
    """It was left after the first reply; once a day that is not rated."""
    PRACTICE = "practice"
    REPEATED = "played before"
    """Somebody has played this customer with this seed before on this machine."""
    SHORT = "too short"
    """There is too little of it to judge."""
    NO_ATTEMPT = "no attempt"
    """It was left before any reply."""
    MOMENT = "a moment again"

    @property
    def rates(self) -> bool:
        """Whether it moves the ratings."""
        return self in (Counts.RATED, Counts.LOST)


@dataclass(frozen=True)
class Attempt:
    """A call that was begun and has no end: it holds its place, for the first attempt is the first begun."""

    persona_id: str
    seed: int
    started_utc: datetime


def waiting_attempts(rows: Iterable[RunRow]) -> list[Attempt]:
    """Return the interrupted calls that can be gone on with, in the order of the rows."""
    return [
        Attempt(row.persona_id, row.seed, started)
        for row in rows
        if row.ended is None
        and not row.abandoned
        and row.parent_run is None
        and (started := moment(row.started_utc)) is not None
    ]


def days_of(calls: Iterable[PlayedCall], zone: tzinfo | None) -> dict[str, date]:
    """Return the trainee's own day on which each call was begun, by run id.

    Args:
        calls: in any order.
        zone: where the trainee is; None for the machine's own.
    """
    return {call.run_id: local_day(call.started_utc, zone) for call in calls}


def local_day(at: datetime, zone: tzinfo | None) -> date:
    """Return the day of a time where the trainee is; the UTC day at the very ends of the calendar."""
    try:
        return at.astimezone(zone).date()
    except (OverflowError, ValueError, OSError):
        return at.date()


def counts_of(
    calls: Sequence[PlayedCall], days: Mapping[str, date], waiting: Sequence[Attempt] = ()
) -> dict[str, Counts]:
    """Return what each call counts for, by run id, oldest first.

    Only rated and competition calls count, and only the first attempt at a customer and seed: the first that
    was begun, in whatever mode. Leaving before any reply is no attempt. Leaving after the first reply, by the
    stop key too, is unrated once a day, then lost (DESIGN 8). What is too short to judge, and was not left,
    is not rated. A moment played again never is.

    Args:
        calls: the calls that can be read, in any order.
        days: the trainee's own day of each call, by run id.
        waiting: interrupted calls; they count once they end.
    """
    found: dict[str, Counts] = {}
    held: dict[tuple[str, int], datetime] = {}
    for one in waiting:
        key = (one.persona_id, one.seed)
        held[key] = min(held.get(key, one.started_utc), one.started_utc)
    tried: set[tuple[str, int]] = set()
    left_on: set[date] = set()
    for call in sorted(calls, key=lambda one: (one.started_utc, one.run_id)):
        if call.parent_run is not None:
            found[call.run_id] = Counts.MOMENT
            continue
        leaving = call.ending in _LEAVING
        if leaving and call.replies == 0:
            found[call.run_id] = Counts.NO_ATTEMPT
            continue
        key = (call.persona_id, call.seed)
        first = key not in tried and not (key in held and held[key] < call.started_utc)
        tried.add(key)
        found[call.run_id] = _counts(call, days[call.run_id], left_on, first=first, leaving=leaving)
    return found


def _counts(call: PlayedCall, day: date, left_on: set[date], *, first: bool, leaving: bool) -> Counts:
    if call.mode == UNRATED:
        return Counts.PRACTICE
    if not first:
        return Counts.REPEATED
    if leaving:
        if day in left_on:
            return Counts.LOST
        left_on.add(day)
        return Counts.EXCUSED
    return Counts.SHORT if call.too_short or call.score is None else Counts.RATED
