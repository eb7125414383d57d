"""What the first screen, the career and the library tell: plain data, ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Literal

from sim.career.tiers import Standing
from sim.career.trends import Trend


@dataclass(frozen=True)
class NextCall:
    """The one thing to do next."""

    persona_id: str
    name: str
    short_name: str
    title: str
    medium: str
    """In the screen's words."""
    reason: tuple[str, ...]
    """Sentences."""
    minutes: int
    """How long it will take, about."""
    mode: Literal["practice", "rated"] = "rated"
    """How it is best played."""


class DailyState(StrEnum):
    """How far one is with today's call."""

    NEW = "new"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True)
class DailyCall:
    """Today's call: the same customer and the same draws for everybody."""

    persona_id: str
    seed: int
    name: str
    short_name: str
    title: str
    medium: str
    """In the screen's words."""
    state: DailyState
    run_id: str = ""
    """The call itself, where it was begun."""
    result: str = ""
    """How it ended, in words; "" where it has not."""


@dataclass(frozen=True)
class Interrupted:
    """A call that can be gone on with."""

    run_id: str
    name: str
    short_name: str
    title: str
    medium: str
    ago: str
    """When it was begun, in words; "" where that is not known."""
    others: int
    """How many more calls were interrupted."""
    rated: bool = False
    """Whether giving it up is leaving a call that counts."""


@dataclass(frozen=True)
class HomeView:
    """What the first screen tells."""

    interrupted: Interrupted | None
    """The newest one; it comes before everything else."""
    next: NextCall | None
    """None when there is no customer at all."""
    first_start: bool
    """Whether no call was ever begun."""
    broken: int
    """Customer files that cannot be read."""
    daily: DailyCall | None = None
    """Today's call; None where there is none."""


@dataclass(frozen=True)
class Stop:
    """One customer on the path."""

    persona_id: str
    name: str
    """What the screens call them."""
    standing: Standing


@dataclass(frozen=True)
class TierView:
    """One tier on the path."""

    number: int
    is_open: bool
    is_passed: bool
    stops: tuple[Stop, ...]


class CallState(StrEnum):
    """What a stored call is."""

    ENDED = "ended"
    UNREAD = "not scored"
    """It ended, but its summary is missing or cannot be read."""
    INTERRUPTED = "interrupted"
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class CallLine:
    """One call in the list."""

    run_id: str
    started: datetime | None
    """UTC; None where it is not known."""
    name: str
    title: str
    """"" for a customer who is not in the library any more."""
    medium: str
    state: CallState
    ending: str
    """How it ended, in a word or two."""
    stars: int | None
    score: float | None
    again: bool
    """Whether it is a moment played again."""
    counts: str = ""
    """What it counted for, in a word or two; "" where that is not known."""


@dataclass(frozen=True)
class SkillLine:
    """What one skill's rated calls say, and when it comes back."""

    name: str
    """In the screen's words; the call as a whole stands among them."""
    rating: int
    """Elo points."""
    calls: int
    """Counted calls that the rating rests on; 0: it is where everybody starts."""
    means: str
    """What the figure means, in a few words."""
    sure: str
    """How well it is known, in a few words."""
    due: str
    """When it comes back, in words; "" where it was never practised."""
    is_due: bool


@dataclass(frozen=True)
class CareerView:
    """What the career screen tells."""

    tiers: tuple[TierView, ...]
    missing: str
    """What opens next, and what is missing for it: one to three sentences."""
    trends: tuple[Trend, ...]
    """The four headline skills."""
    calls: tuple[CallLine, ...]
    """Newest first."""
    today: datetime | None = None
    """UTC; days of another year are shown with theirs."""
    skills: tuple[SkillLine, ...] = ()
    """The call as a whole, then the ten skills, the headline four first."""
    due: str = ""
    """The skills that are due today, one sentence; "" for none."""


@dataclass(frozen=True)
class Entry:
    """One customer of the library."""

    persona_id: str
    name: str
    short_name: str
    title: str
    medium: str
    tier: int
    standing: Standing
    opens: tuple[str, ...]
    """What opens a locked one; such an entry keeps the rest to itself."""
    yours: bool
    """From a folder of the user's own."""
    industry: str
    skills: tuple[str, ...]
    """What it trains, in the screen's words."""
    tags: tuple[str, ...]
    author: str
    licence: str
    last: str
    """The last result, in words; "" when never played."""
    path: Path

    @property
    def locked(self) -> bool:
        """Whether it cannot be played yet."""
        return self.standing is Standing.LOCKED


@dataclass(frozen=True)
class BrokenFile:
    """A persona file that cannot be played."""

    name: str
    path: str
    problems: tuple[tuple[str, str], ...]
    """(line and key, what is wrong and what to do) of each."""


@dataclass(frozen=True)
class LibraryView:
    """What the library tells."""

    entries: tuple[Entry, ...]
    """Built-in ones by tier, then the user's own."""
    broken: tuple[BrokenFile, ...]
