"""The order of DESIGN 5 holds on every built-in customer: on the score and on the outcome, seed by seed."""

from __future__ import annotations

from itertools import pairwise
from statistics import fmean

import pytest

from tests.robots.runs import ROBOTS, SEEDS, Run, customers, run

NEIGHBOURS = list(pairwise(ROBOTS))
SURE = 18
"""Of twenty seeds."""


def measured(one: Run, measure: str) -> float:
    return one.total if measure == "score" else one.points


def values(name: str, customer: str, measure: str) -> list[float]:
    return [measured(run(name, customer, seed), measure) for seed in SEEDS]


def test_the_order_is_the_one_that_was_promised() -> None:
    assert list(ROBOTS) == ["good", "mechanical", "stock", "parrot", "interrupter"]
    assert len(SEEDS) == 20


@pytest.mark.parametrize("measure", ["score", "outcome"])
@pytest.mark.parametrize("customer", customers())
@pytest.mark.parametrize(("better", "worse"), NEIGHBOURS)
def test_neighbours_stand_in_order(customer: str, measure: str, better: str, worse: str) -> None:
    upper, lower = values(better, customer, measure), values(worse, customer, measure)
    assert fmean(upper) > fmean(lower)
    assert sum(up > down for up, down in zip(upper, lower, strict=True)) >= SURE


@pytest.mark.parametrize("measure", ["score", "outcome"])
@pytest.mark.parametrize("customer", customers())
def test_the_good_listener_beats_every_other_on_every_seed(customer: str, measure: str) -> None:
    good = values("good", customer, measure)
    for name in list(ROBOTS)[1:]:
        others = values(name, customer, measure)
        assert all(best > other for best, other in zip(good, others, strict=True)), name


@pytest.mark.parametrize("customer", customers())
def test_passwords_earn_less_than_half_of_listening(customer: str) -> None:
    """Substance beats the password: stock phrases end below half of the good listener's score."""
    assert fmean(values("stock", customer, "score")) < 0.5 * fmean(values("good", customer, "score"))
