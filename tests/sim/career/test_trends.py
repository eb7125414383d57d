from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.skills import HEADLINE, SKILLS
from sim.career.played import played_calls
from sim.career.trends import Trend, trends_of, usual_skills
from tests.sim.career.samples import interrupted, row, summary


def pauses_of(*values: float | None) -> Trend:
    """The trend of pauses over calls with these values, oldest first."""
    rows = [row("Priya", at, summary(pauses=value)) for at, value in enumerate(values)]
    return next(trend for trend in trends_of(played_calls(rows)) if trend.skill == "pauses")


def test_the_usual_is_the_mean_of_the_last_ten() -> None:
    rows = [row("Priya", at, summary(empathy=float(at))) for at in range(14)]

    usual, calls = usual_skills(rows)

    assert calls == 10 and usual["empathy"] == fmean(range(4, 14)) and usual["pauses"] == 60.0


def test_without_calls_there_is_no_usual() -> None:
    assert usual_skills([]) == (dict.fromkeys(SKILLS), 0)


def test_only_finished_long_timed_first_plays_count() -> None:
    rows = [
        row("Priya", 0, summary(values=30.0)),
        row("Priya", 1, summary(values=90.0, too_short=True)),
        row("Priya", 2, summary(values=90.0, timed=False)),
        row("Priya", 3, summary(values=90.0), parent_run="a" * 32),
        interrupted("Priya", 4),
        row("Priya", 5, {"skills": {"pauses": 90.0}}),
    ]

    assert usual_skills(rows) == (dict.fromkeys(SKILLS, 30.0), 1)


def test_a_skill_is_averaged_over_the_calls_that_asked_for_it() -> None:
    rows = [row("Priya", at, summary(pauses=value)) for at, value in enumerate([20.0, None, 40.0])]

    usual, calls = usual_skills(rows)

    assert (usual["pauses"], calls) == (30.0, 3)


@pytest.mark.parametrize(
    ("before", "calls"),
    [
        ("", 3),
        ("2026-03-02T12:00:00+00:00", 1),
        ("2026-03-02T12:00:01+00:00", 2),
        ("2026-03-02T13:00:00+02:00", 1),
        ("2026-02-28T00:00:00", 0),
        ("2027-01-01", 3),
        ("soon", 0),
    ],
)
def test_only_calls_before_a_time_count(before: str, calls: int) -> None:
    assert usual_skills([row("Priya", at) for at in range(3)], before)[1] == calls


def test_the_trend_has_the_last_twenty_calls_oldest_first() -> None:
    trend = pauses_of(*map(float, range(25)))

    assert trend.values == tuple(map(float, range(5, 25)))
    assert trend.own_range == (9.75, 19.25)
    assert trend.last == 24.0


@pytest.mark.parametrize(
    ("values", "own_range", "last"),
    [
        ((), None, None),
        ((None, None), None, None),
        ((40.0,), None, 40.0),
        ((10.0, 20.0, 30.0), None, 30.0),
        ((10.0, 20.0, 30.0, None), None, 30.0),
        ((10.0, None, 20.0, 30.0, 40.0), (17.5, 32.5), 40.0),
        ((50.0, 50.0, 50.0, 50.0), (50.0, 50.0), 50.0),
    ],
)
def test_the_own_range_needs_a_few_values(
    values: tuple[float | None, ...], own_range: tuple[float, float] | None, last: float | None
) -> None:
    trend = pauses_of(*values)

    assert (trend.values, trend.own_range, trend.last) == (values, own_range, last)


def test_untimed_calls_say_nothing_of_timing() -> None:
    trends = trends_of(played_calls([row("Priya", 0, summary(timed=False))]))

    assert {trend.skill: trend.last for trend in trends} == {
        "interruptions": None,
        "paraphrasing": 60.0,
        "empathy": 60.0,
        "pauses": None,
    }
    assert [trend.skill for trend in trends] == list(HEADLINE)


@given(st.lists(st.floats(0, 100), min_size=4, max_size=20))
def test_the_range_lies_within_the_values(values: list[float]) -> None:
    own_range = pauses_of(*values).own_range

    assert own_range is not None
    low, high = own_range
    assert min(values) - 1e-9 <= low <= high + 1e-9 and high <= max(values) + 1e-9
