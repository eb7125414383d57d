"""When a skill comes back: days, grades, and nothing but the calls decides."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personas.section import Skill
from saves.run import RunRow
from sim.career.counting import days_of
from sim.career.figures import FIGURES
from sim.career.played import played_calls
from sim.career.spacing import Review, due_by, grade_of, reviews_of
from tests.sim.career.samples import row, summary

FIRST = date(2026, 3, 1)


def reviewed(rows: Sequence[RunRow]) -> dict[Skill, Review]:
    calls = played_calls(rows)
    return reviews_of(calls, days_of(calls, UTC))


def on(day: date, points: float | None, number: int = 0, **changes: Any) -> RunRow:
    """A call on a day, with these points in pauses only."""
    at = datetime(day.year, day.month, day.day, 8 + number, tzinfo=UTC)
    made = row("Priya", 0, summary(values=None, pauses=points, **changes))
    return replace(made, run_id=f"{day.toordinal() * 10 + number:032x}", started_utc=at.isoformat())


@pytest.mark.parametrize(
    ("points", "grade"),
    [(0, "again"), (39.9, "again"), (40, "hard"), (54, "hard"), (55, "good"), (84.9, "good"), (85, "easy")],
)
def test_the_grade_of_a_review(points: float, grade: str) -> None:
    assert grade_of(points) == grade


def gaps(points: float, reviews: int) -> list[int]:
    """Days until the skill is due again, when each review comes on its day."""
    rows: list[RunRow] = []
    day, found = FIRST, []
    for _ in range(reviews):
        rows.append(on(day, points))
        due = reviewed(rows)["pauses"].due
        found.append((due - day).days)
        day = due
    return found


def test_good_reviews_come_back_after_one_three_eight_and_fourteen_days() -> None:
    assert gaps(70.0, 5) == [1, 3, 8, 14, 14]


def test_hard_and_missed_ones_come_back_sooner() -> None:
    assert gaps(20.0, 4) == [1, 1, 1, 1]
    assert sum(gaps(50.0, 5)) < sum(gaps(70.0, 5)) < sum(gaps(90.0, 5))
    assert max(gaps(95.0, 8)) == FIGURES.spacing.longest_gap_days


def test_the_calls_of_a_day_are_one_review() -> None:
    two = reviewed([on(FIRST, 40.0, 0), on(FIRST, 90.0, 5)])["pauses"]

    assert (two.points, two.grade) == (65.0, "good")
    assert two == replace(reviewed([on(FIRST, 65.0)])["pauses"], points=65.0)


def test_practice_is_practice_but_a_moment_again_and_a_short_call_are_none() -> None:
    assert set(reviewed([row("Priya", 0, summary(values=None, pauses=60.0))])) == {"pauses"}
    assert reviewed([row("Priya", 0, parent_run="a" * 32), on(FIRST, 60.0, too_short=True)]) == {}
    assert reviewed([on(FIRST, None)]) == {}
    assert set(reviewed([row("Priya", 0, summary(timed=False))])).isdisjoint({"pauses", "interruptions"})


def test_what_is_due_is_due_until_it_is_practised() -> None:
    reviews = reviewed([on(FIRST, 60.0)])

    assert due_by(reviews, FIRST) == []
    for later in (1, 2, 60):
        assert [one.skill for one in due_by(reviews, FIRST + timedelta(days=later))] == ["pauses"]


@given(st.lists(st.tuples(st.integers(1, 20), st.floats(0, 100)), min_size=1, max_size=60))
def test_the_same_calls_give_the_same_day_and_old_ones_move_it_no_more(
    history: list[tuple[int, float]],
) -> None:
    day, rows = FIRST, []
    for gap, points in history:
        day += timedelta(days=gap)
        rows.append(on(day, points))
    review = reviewed(rows)["pauses"]

    assert review == reviewed(rows[::-1])["pauses"]
    assert 1 <= (review.due - review.last).days <= FIGURES.spacing.longest_gap_days
    whole = reviews_of(
        played_calls(rows),
        days_of(played_calls(rows), UTC),
        FIGURES.spacing.model_copy(update={"review_days": 999}),
    )
    assert abs((whole["pauses"].due - review.due).days) <= 1


def test_ten_good_days_cannot_be_worked_out_wrongly_by_the_hour() -> None:
    days = [FIRST + timedelta(days=at) for at in range(10)]
    early = reviewed([on(day, 70.0, 0) for day in days])["pauses"]
    mixed = reviewed([on(day, 70.0, (at * 7) % 12) for at, day in enumerate(days)])["pauses"]

    assert early == mixed and all(later > sooner for sooner, later in pairwise(days))


def test_the_library_is_loaded_only_when_a_skill_is_scheduled() -> None:
    code = "import sys, sim.career.outlook, sim.workplace; print('fsrs' in sys.modules)"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert child.stdout.strip() == "False"
