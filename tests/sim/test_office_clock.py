"""The clock on the office's wall: from a seed and a time of the call to a time of day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personas.acts import MediumKind
from scoring import events as ev
from scoring.office_time import OfficeTime
from scoring.turns import CallFold
from sim.office_clock import FIRST_START, LAST_START, OfficeClock
from tests.sim.stage import EMAIL, persona_of, rules

MINUTE = 60_000


def clock_of(seed: int, medium: MediumKind, *events: ev.Event) -> OfficeClock:
    fold = CallFold(persona_of(EMAIL)).apply_all(events)
    return OfficeClock.of_run(seed, medium, rules(), fold)


@pytest.mark.parametrize(
    ("start", "call_ms", "shown"),
    [
        ("14:02", 0, "14:02"),
        ("14:02", 59_999, "14:02"),
        ("14:02", 60_000, "14:03"),
        ("14:02", -5, "14:02"),
        ("09:58", 2 * MINUTE, "10:00"),
        ("23:59", MINUTE, "00:00"),
    ],
)
def test_a_time_of_the_call_is_a_time_of_day(start: str, call_ms: int, shown: str) -> None:
    assert OfficeClock(start).at(call_ms) == shown


@pytest.mark.parametrize(
    ("from_ms", "to_ms", "words"),
    [
        (0, 0, "under 1 min"),
        (0, 59_999, "under 1 min"),
        (0, MINUTE, "1 min"),
        (6_000, 25 * MINUTE + 6_000, "25 min"),
        (0, 65 * MINUTE, "1 h 05 min"),
        (MINUTE, 0, "under 1 min"),
    ],
)
def test_a_wait_is_told_in_words(from_ms: int, to_ms: int, words: str) -> None:
    assert OfficeClock("14:02").waited(from_ms, to_ms) == words


@pytest.mark.parametrize("start", ["", "9:30", "14.02", "24:00", "12:60", "ab:cd", "-1:30", "14:02 "])
def test_what_is_no_time_of_day_is_refused(start: str) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        OfficeClock(start)


@pytest.mark.parametrize("medium", [MediumKind.PHONE, MediumKind.VIDEO, MediumKind.CHAT])
def test_outside_mail_the_office_lives_as_we_do(medium: MediumKind) -> None:
    assert clock_of(5, medium).waited(0, 3 * MINUTE) == "3 min"


def test_by_mail_it_tells_the_time_that_is_scored() -> None:
    typing: list[ev.Event] = [ev.ComposingStarted(t=30_000), ev.ComposingPaused(t=60_000)]
    clock = clock_of(5, MediumKind.EMAIL, *typing)
    fold = CallFold(persona_of(EMAIL)).apply_all(typing)
    scored = OfficeTime(fold.turns, fold.persona, rules().mail)
    for t in (0, 10_000, 30_000, 45_000, 60_000, 90_000):
        assert clock.passed(t) == scored.at(t)
    assert clock.waited(0, 30_000) == "15 min", "half a minute of nothing is a quarter of an hour"
    assert clock.waited(30_000, 60_000) == "under 1 min", "writing takes as long as it takes"


def test_it_follows_what_happens() -> None:
    fold = CallFold(persona_of(EMAIL))
    clock = OfficeClock.of_run(5, MediumKind.EMAIL, rules(), fold)
    assert clock.waited(0, 60_000) == "30 min"
    fold.apply(ev.ComposingStarted(t=0))
    assert clock.waited(0, 60_000) == "1 min", "a burst that still runs counts to now"


@given(st.integers(min_value=1, max_value=2**63))
def test_every_seed_begins_within_office_hours_and_always_the_same(seed: int) -> None:
    start = clock_of(seed, MediumKind.EMAIL).start
    assert start == clock_of(seed, MediumKind.EMAIL).at(0) == clock_of(seed, MediumKind.CHAT).at(0)
    hours, minutes = start.split(":")
    assert FIRST_START <= int(hours) * 60 + int(minutes) <= LAST_START


def test_seeds_differ() -> None:
    assert len({clock_of(seed, MediumKind.CHAT).start for seed in range(1, 40)}) > 20
