"""Some weeks of the simulated year of `make bench`: nobody is stuck, nobody is bored, ratings converge."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from statistics import fmean

from tests.bench.year import (
    Player,
    World,
    Year,
    longest,
    longest_run_with_one,
    longest_standstill,
    pairs_of,
    play_all,
    rank_correlation,
    thirty_customers,
    told,
)
from tests.sim.career.samples import BUILTIN

WEEKS = 8


@cache
def weeks() -> dict[str, Year]:
    """The first weeks of all five players, played once."""
    years = play_all(World(thirty_customers(), BUILTIN), days=7 * WEEKS)
    return {year.player.name: year for year in years}


def test_ratings_converge() -> None:
    years = list(weeks().values())

    assert rank_correlation(pairs_of(years)) >= 0.9
    assert all(rank_correlation(pairs_of([year])) >= 0.7 for year in years)
    for year in years:
        first, last = year.errors[1], year.errors[WEEKS]
        assert last < max(60.0, 0.7 * first), year.player.name


def test_nobody_is_stuck() -> None:
    for name, year in weeks().items():
        if name != "struggling":
            assert longest(year, lambda one: one.truth < 0.5) <= 3, name
            assert len(year.opened) >= 3, name
            assert longest_standstill(year) <= 40, name


def test_for_whom_everybody_is_too_hard_still_wins_practises_and_learns() -> None:
    year = weeks()["struggling"]
    half = year.served[len(year.served) // 2 :]

    assert max(one.best_open for one in year.served[:10]) < 0.5
    assert any(call.finished_well for call in year.calls)
    assert fmean(one.choice.mode == "practice" for one in half) > 0.25
    assert all("rated" in (one.choice.mode, other.choice.mode) for one, other in pairwise(half))
    player = year.player
    assert fmean(player.ability.values()) > fmean(
        Player(player.name, player.start, player.seed).ability.values()
    )


def test_nobody_is_bored() -> None:
    for name, year in weeks().items():
        too_easy = longest(year, lambda one: one.truth > 0.9 and one.least_open < one.truth - 0.1)
        assert too_easy <= 6, name
        assert longest_run_with_one(year) <= 2, name


def test_the_better_ones_get_further() -> None:
    tiers = [len(year.opened) for year in weeks().values()]

    assert tiers == sorted(tiers) and tiers[-1] >= 5


def test_the_table_tells_each_player() -> None:
    lines = told("title", list(weeks().values()))

    assert lines[0] == "title" and len(lines) == 2 + 5 + 1
    assert [line.split()[0] for line in lines[2:7]] == list(weeks())
