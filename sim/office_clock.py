"""The clock on the wall of the office that answers chat and e-mail: for the eye, nothing is scored by it."""

from __future__ import annotations

from personas.acts import MediumKind
from personas.draws import draw

FIRST_START, LAST_START = 9 * 60 + 5, 15 * 60 + 40
"""Minutes of the day between which a conversation may begin, so that an ordinary one ends within the day."""
MAIL_RATE = 10
"""Simulated seconds per second of an e-mail conversation (D: 2 minutes of writing are 20 of the office)."""
_DAY_MIN = 24 * 60


class OfficeClock:
    """Turns the time of a conversation into a time of day, the same for everybody who plays the same seed."""

    def __init__(self, start: str, medium: MediumKind, *, mail_rate: int = MAIL_RATE) -> None:
        """Set the clock.

        Args:
            start: time of day at which the conversation begins, "HH:MM".
            medium: e-mail runs faster than life; chat, phone and video do not.
            mail_rate: simulated seconds per second in e-mail, at least 1.

        Raises:
            ValueError: when start is no time of day, or the rate is below 1.
        """
        if mail_rate < 1:
            raise ValueError(f"the office clock runs at 1 or faster, not {mail_rate}")
        self._start_s = 60 * _minutes(start)
        self.rate = mail_rate if medium is MediumKind.EMAIL else 1
        """Simulated seconds per second of the conversation."""

    @classmethod
    def of_run(cls, seed: int, medium: MediumKind) -> OfficeClock:
        """Return the clock of a run: its start lies within office hours and follows from the seed alone."""
        minutes = FIRST_START + draw(seed, 0, "office clock") % (LAST_START - FIRST_START + 1)
        return cls(_written(minutes), medium)

    @property
    def start(self) -> str:
        """The time of day at which the conversation begins, "HH:MM"."""
        return self.at(0)

    def at(self, call_ms: int) -> str:
        """Return the time of day at a time of the conversation, ms, as "HH:MM"."""
        return _written((self._start_s + self._seconds(call_ms)) // 60)

    def minutes(self, from_ms: int, to_ms: int) -> int:
        """Return how many whole minutes of the office pass between two times of the conversation, ms."""
        return max(0, self._seconds(to_ms) - self._seconds(from_ms)) // 60

    def waited(self, from_ms: int, to_ms: int) -> str:
        """Return the same in words: "under 1 min", "25 min", "1 h 05 min"."""
        minutes = self.minutes(from_ms, to_ms)
        if minutes < 1:
            return "under 1 min"
        return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"

    def _seconds(self, call_ms: int) -> int:
        return max(0, call_ms) * self.rate // 1000


def _minutes(clock: str) -> int:
    hours, colon, minutes = clock.partition(":")
    if colon and len(clock) == 5 and hours.isdecimal() and minutes.isdecimal():
        found = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and found < _DAY_MIN:
            return found
    raise ValueError(f"{clock!r} is no time of day; write it as 14:02")


def _written(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
