"""The clock on the office's wall: from a seed and a time of the call to a time of day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personas.acts import MediumKind
from sim.office_clock import FIRST_START, LAST_START, OfficeClock

CHAT, EMAIL = MediumKind.CHAT, MediumKind.EMAIL
MINUTE = 60_000


@pytest.mark.parametrize(
    ("start", "medium", "call_ms", "shown"),
    [
        ("14:02", CHAT, 0, "14:02"),
        ("14:02", CHAT, 59_999, "14:02"),
        ("14:02", CHAT, 60_000, "14:03"),
        ("14:02", MediumKind.PHONE, 2 * MINUTE, "14:04"),
        ("14:02", CHAT, -5, "14:02"),
        ("09:58", CHAT, 2 * MINUTE, "10:00"),
        ("23:59", CHAT, MINUTE, "00:00"),
        ("14:02", EMAIL, 5_999, "14:02"),
        ("14:02", EMAIL, 6_000, "14:03"),
        ("14:02", EMAIL, 2 * MINUTE, "14:22"),
        ("15:40", EMAIL, 30 * MINUTE, "20:40"),
    ],
)
def test_a_time_of_the_call_is_a_time_of_day(
    start: str, medium: MediumKind, call_ms: int, shown: str
) -> None:
    assert OfficeClock(start, medium).at(call_ms) == shown


@pytest.mark.parametrize(
    ("medium", "from_ms", "to_ms", "minutes", "words"),
    [
        (EMAIL, 0, 0, 0, "under 1 min"),
        (EMAIL, 0, 5_999, 0, "under 1 min"),
        (EMAIL, 0, 6_000, 1, "1 min"),
        (EMAIL, 6_000, 156_000, 25, "25 min"),
        (EMAIL, 0, 65 * 6_000, 65, "1 h 05 min"),
        (EMAIL, 60_000, 0, 0, "under 1 min"),
        (CHAT, 0, 3 * MINUTE, 3, "3 min"),
    ],
)
def test_a_wait_is_told_in_office_time(
    medium: MediumKind, from_ms: int, to_ms: int, minutes: int, words: str
) -> None:
    clock = OfficeClock("14:02", medium)
    assert clock.minutes(from_ms, to_ms) == minutes
    assert clock.waited(from_ms, to_ms) == words


@pytest.mark.parametrize("start", ["", "9:30", "14.02", "24:00", "12:60", "ab:cd", "-1:30", "14:02 "])
def test_what_is_no_time_of_day_is_refused(start: str) -> None:
    with pytest.raises(ValueError, match="no time of day"):
        OfficeClock(start, CHAT)


def test_the_office_never_runs_slower_than_life() -> None:
    with pytest.raises(ValueError, match="1 or faster"):
        OfficeClock("14:02", EMAIL, mail_rate=0)


def test_another_rate_can_be_set_for_mail_only() -> None:
    assert OfficeClock("14:00", EMAIL, mail_rate=60).at(MINUTE) == "15:00"
    assert OfficeClock("14:00", CHAT, mail_rate=60).at(MINUTE) == "14:01"


@given(st.integers(min_value=1, max_value=2**63))
def test_every_seed_begins_within_office_hours_and_always_the_same(seed: int) -> None:
    start = OfficeClock.of_run(seed, EMAIL).start
    assert start == OfficeClock.of_run(seed, EMAIL).start == OfficeClock.of_run(seed, CHAT).at(0)
    hours, minutes = start.split(":")
    assert FIRST_START <= int(hours) * 60 + int(minutes) <= LAST_START


def test_seeds_differ() -> None:
    assert len({OfficeClock.of_run(seed, CHAT).start for seed in range(1, 40)}) > 20
