"""Words that the career's sentences share: numbers, days, endings, media."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sim.career.played import moment

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PLURAL_SKILLS = frozenset({"interruptions", "pauses", "questions", "commitments"})
_MEDIA = {"email": "e-mail"}
_UNITS = (("year", 31_536_000), ("month", 2_592_000), ("day", 86_400), ("hour", 3600), ("minute", 60))
"""Seconds of each, largest first."""


PRACTICE: dict[str, str] = {
    "interruptions": "letting people finish",
    "paraphrasing": "paraphrasing",
    "empathy": "empathy",
    "pauses": "leaving pauses",
    "questions": "asking well",
    "engagement": "showing that you listen",
    "attention": "attention",
    "cues": "reading cues",
    "record": "using the record",
    "commitments": "promising what you can keep",
}
"""What one practises, by skill."""


def number(count: int) -> str:
    """Return a count as a word up to ten, as digits beyond."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def counted(count: int, thing: str) -> str:
    """Return "one call", "three calls"."""
    return f"{number(count)} {thing}{'' if count == 1 else 's'}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def it_or_them(skill: str) -> str:
    """Return the pronoun that stands for a skill's name."""
    return "them" if skill in _PLURAL_SKILLS else "it"


def medium_word(medium: str) -> str:
    """Return how a medium is called on the screen."""
    return _MEDIA.get(medium, str(medium))


def ago(iso: str, today_utc: str) -> str:
    """Return how long ago something was, in words; "" when one of the times cannot be read."""
    then, now = moment(iso), moment(today_utc)
    if then is None or now is None:
        return ""
    return ago_of(then, now)


def ago_of(then: datetime, now: datetime) -> str:
    """Return how long ago something was, in words; a clock set back counts as just now."""
    seconds = (now - then).total_seconds()
    if seconds < 60:
        return "just now"
    unit, length = next(pair for pair in _UNITS if seconds >= pair[1])
    count = int(seconds // length)
    return f"{'an' if unit == 'hour' else 'a'} {unit} ago" if count == 1 else f"{number(count)} {unit}s ago"


def days_ago(days: int) -> str:
    """Return how many of the trainee's own days ago something was: "today", "yesterday", "four days ago"."""
    if days <= 0:
        return "today"
    return "yesterday" if days == 1 else f"{number(days)} days ago"


def in_days(days: int) -> str:
    """Return when something comes: "today", "tomorrow", "in four days"."""
    if days <= 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {number(days)} days"


def is_or_are(skill: str) -> str:
    """Return the verb that goes with a skill's name."""
    return "are" if skill in _PLURAL_SKILLS else "is"
