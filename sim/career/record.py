"""All that a trainee's calls say at one moment: what counts, ratings, what is due, what is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from pathlib import Path

from personas.loader import Library
from personas.section import Skill
from sim.career.counting import Attempt, Counts, counts_of, days_of, local_day
from sim.career.elo import Ratings, fold_ratings
from sim.career.played import PlayedCall
from sim.career.spacing import Review, reviews_of
from sim.career.tiers import Tier, open_ids, tiers_of


@dataclass(frozen=True)
class TrackRecord:
    """What the calls say; a pure fold over them, made anew each time."""

    calls: Sequence[PlayedCall]
    """Newest first."""
    now: datetime
    today: date
    """The trainee's own day."""
    tiers: Sequence[Tier]
    unlocked: frozenset[str]
    """Ids of the customers that may be played."""
    counts: Mapping[str, Counts]
    """By run id."""
    form: Ratings
    """By practice, too: what the next call is chosen by, so that it fits those who only practise. The same as
    the ratings where there is no practice."""
    reviews: Mapping[Skill, Review]
    rated: Sequence[tuple[PlayedCall, bool]]
    """The calls that count, oldest first, each with whether it is lost."""
    tier_of: Mapping[str, int]
    """The author's tier of every customer."""

    @cached_property
    def ratings(self) -> Ratings:
        """By the calls that count; folded when first asked for, because the first screen does without."""
        return fold_ratings(self.rated, self.tier_of)


def track_record(
    library: Library,
    calls: Sequence[PlayedCall],
    builtin: Path,
    now: datetime,
    zone: tzinfo | None = None,
    waiting: Sequence[Attempt] = (),
) -> TrackRecord:
    """Return what the calls say.

    Args:
        library: all customers.
        calls: the calls that can be read, newest first.
        builtin: folder of the built-in customers.
        now: UTC.
        zone: where the trainee is; None for the machine's own.
        waiting: interrupted calls that can be gone on with.
    """
    days = days_of(calls, zone)
    counts = counts_of(calls, days, waiting)
    tiers = tiers_of(library, calls, builtin)
    tier_of = {key: one.persona.identity.tier for key, one in library.loaded.items()}
    oldest_first = sorted(calls, key=lambda one: (one.started_utc, one.run_id))
    rated: list[tuple[PlayedCall, bool]] = []
    played: list[tuple[PlayedCall, bool]] = []
    for call in oldest_first:
        what = counts[call.run_id]
        one = (call, what is Counts.LOST)
        if what.rates:
            rated.append(one)
        if what.rates or (what is Counts.PRACTICE and call.judged):
            played.append(one)
    return TrackRecord(
        calls=calls,
        now=now,
        today=local_day(now, zone),
        tiers=tiers,
        unlocked=open_ids(library, tiers, calls, builtin),
        counts=counts,
        form=fold_ratings(played, tier_of),
        reviews=reviews_of(calls, days),
        rated=rated,
        tier_of=tier_of,
    )
