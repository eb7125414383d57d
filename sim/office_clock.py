"""The clock on the wall of the office that answers chat and e-mail, as a time of day for the eye."""

from __future__ import annotations

from collections.abc import Callable

from personas.acts import MediumKind
from personas.draws import draw
from scoring.office_time import OfficeTime, in_words
from scoring.rubric import RubricRules
from scoring.turns import CallFold

FIRST_START, LAST_START = 9 * 60 + 5, 15 * 60 + 40
"""Minutes of the day between which a conversation may begin, so that an ordinary one ends within the day."""
_DAY_MIN = 24 * 60
Passed = Callable[[int], int]
"""From a time of the conversation to the office time passed since its start, both in ms."""


def as_in_life(call_ms: int) -> int:
    """Return the office time of a conversation in which a second is a second: phone, video, chat."""
    return max(0, call_ms)


class OfficeClock:
    """Turns the time of a conversation into a time of day, the same for everybody who plays the same seed."""

    def __init__(self, start: str, passed: Passed = as_in_life) -> None:
        """Set the clock.

        Args:
            start: time of day at which the conversation begins, "HH:MM".
            passed: how the office's time runs; it may change with what has happened.

        Raises:
            ValueError: when start is no time of day.
        """
        self._start_min = _minutes(start)
        self.passed = passed
        """Office time since the start, ms, at a time of the conversation, ms."""

    @classmethod
    def of_run(cls, seed: int, medium: MediumKind, rules: RubricRules, fold: CallFold) -> OfficeClock:
        """Return the clock of a run: its start lies within office hours and follows from the seed alone.

        Args:
            seed: of the run.
            medium: e-mail runs by the rubric's mail section (`OfficeTime`), any other like life.
            rules: the rubric.
            fold: what has happened so far; it is asked again each time.
        """
        minutes = FIRST_START + draw(seed, 0, "office clock") % (LAST_START - FIRST_START + 1)
        passed = _by_mail(rules, fold) if medium is MediumKind.EMAIL else as_in_life
        return cls(_written(minutes), passed)

    @property
    def start(self) -> str:
        """The time of day at which the conversation begins, "HH:MM"."""
        return _written(self._start_min)

    def at(self, call_ms: int) -> str:
        """Return the time of day at a time of the conversation, ms, as "HH:MM"."""
        return _written(self._start_min + self.passed(call_ms) // 60_000)

    def waited(self, from_ms: int, to_ms: int) -> str:
        """Return what passes between two times of the conversation, ms: "under 1 min", "1 h 05 min"."""
        return in_words(self.passed(to_ms) - self.passed(from_ms))


def _by_mail(rules: RubricRules, fold: CallFold) -> Passed:
    def passed(call_ms: int) -> int:
        return OfficeTime(fold.all_turns, fold.persona, rules.mail, fold.writing_since).at(call_ms)

    return passed


def _minutes(clock: str) -> int:
    hours, colon, minutes = clock.partition(":")
    if colon and len(clock) == 5 and hours.isdecimal() and minutes.isdecimal():
        found = int(hours) * 60 + int(minutes)
        if int(minutes) < 60 and found < _DAY_MIN:
            return found
    raise ValueError(f"{clock!r} is no time of day; write it as 14:02")


def _written(minutes: int) -> str:
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
