"""Ratings: the formula, who moves and how far, and what is to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saves.run import RunRow
from sim.career.elo import Ratings, expected, fold_ratings
from sim.career.figures import FIGURES
from sim.career.played import played_calls
from tests.sim.career.samples import row, summary

TIERS = {"house/priya": 1, "house/ben": 3}
START = FIGURES.elo.tier_start[0]


def folded(rows: Sequence[RunRow], lost: Sequence[int] = ()) -> Ratings:
    calls = played_calls(rows)[::-1]
    return fold_ratings([(call, at in lost) for at, call in enumerate(calls)], TIERS)


def only(**skills: Any) -> dict[str, Any]:
    """A call with an occasion for these skills only."""
    return summary(values=None, score=50.0, **skills)


@pytest.mark.parametrize(
    ("above", "success"), [(301, 0.85), (191, 0.75), (147, 0.70), (0, 0.5), (-147, 0.30), (400, 10 / 11)]
)
def test_what_is_expected_at_a_distance(above: float, success: float) -> None:
    assert expected(1000 + above, 1000) == pytest.approx(success, abs=5e-4)


def test_a_newcomer_meets_the_first_tier_in_the_middle_of_the_target() -> None:
    target = FIGURES.target
    middle = (target.success_from + target.success_to) / 2
    nobody = folded([])

    assert nobody.success("house/new", 1) == pytest.approx(middle, abs=5e-3)
    assert [round(nobody.success("house/new", tier), 2) for tier in range(1, 7)] == [
        0.78, 0.63, 0.46, 0.30, 0.18, 0.10,
    ]  # fmt: skip
    assert nobody.home_tier("call") == 1


def test_one_call_moves_trainee_and_customer_apart_or_together() -> None:
    rules = FIGURES.elo
    surprise = 0.9 - expected(rules.start, START)
    ratings = folded([row("Priya", 0, only(pauses=90.0))])

    assert ratings.trainee["pauses"].value == pytest.approx(rules.start + rules.k_first * surprise)
    assert ratings.difficulty("house/priya", 1, "pauses") == pytest.approx(
        START - rules.k_customer * surprise
    )
    assert ratings.difficulty("house/priya", 1, "empathy") == START
    assert ratings.trainee["empathy"].value == rules.start and ratings.trainee["empathy"].calls == 0


def test_the_step_is_halved_after_ten_calls() -> None:
    rows = [row("Priya", at, only(pauses=90.0)) for at in range(12)]
    values = [folded(rows[:count]).trainee["pauses"].value for count in range(13)]
    steps = [later - sooner for sooner, later in pairwise(values)]

    assert steps[9] > 1.8 * steps[10] and steps[8] > steps[9] > 0


def test_a_lost_call_is_nothing_of_100_and_leaves_other_skills_alone() -> None:
    good = only(pauses=95.0)
    before = folded([])
    lost = folded([row("Priya", 0, good)], lost=[0])

    surprise = -expected(FIGURES.elo.start, START)
    for what in ("call", "pauses"):
        assert lost.trainee[what].value == pytest.approx(FIGURES.elo.start + 40 * surprise)
    assert lost.trainee["empathy"] == before.trainee["empathy"]


def test_a_lost_call_without_any_occasion_costs_the_whole_only() -> None:
    lost = folded([row("Priya", 0, summary("left", values=None, too_short=True))], lost=[0])

    assert lost.trainee["call"].value < 1000 and lost.trainee["call"].calls == 1
    assert all(lost.trainee[skill].calls == 0 for skill in ("pauses", "empathy", "record"))


def test_somebody_who_is_not_in_the_library_any_more_moves_nothing() -> None:
    assert folded([row("Gone", 0)]).trainee == folded([]).trainee


def test_untimed_calls_say_nothing_of_timing() -> None:
    ratings = folded([row("Priya", 0, summary(values=90.0, timed=False))])

    assert ratings.trainee["pauses"].calls == ratings.trainee["interruptions"].calls == 0
    assert ratings.trainee["empathy"].calls == 1


a_score = st.tuples(st.sampled_from(["Priya", "Ben"]), st.none() | st.floats(0, 100), st.booleans())


@given(st.lists(a_score, max_size=20))
def test_ratings_stay_within_reason_and_a_better_score_never_hurts(
    calls: list[tuple[str, float | None, bool]],
) -> None:
    rows = [row(name, at, summary(values=value)) for at, (name, value, _) in enumerate(calls)]
    lost = [at for at, (_, _, was) in enumerate(calls) if was]
    ratings = folded(rows, lost)
    assert all(0 < one.value < 2000 for one in ratings.trainee.values())

    better = [*rows, row("Ben", 30, summary(values=80.0))], [*rows, row("Ben", 30, summary(values=20.0))]
    high, low = (folded(one, lost) for one in better)
    assert high.trainee["call"].value > low.trainee["call"].value
    assert high.difficulty("house/ben", 3) < low.difficulty("house/ben", 3)
