"""Prints what robots reach: `python -m tests.robots.table [--without] [--customer priya]`, seeds 1 to 20."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from statistics import fmean

from scoring.skills import SKILLS
from tests.robots.good import HABITS
from tests.robots.runs import ROBOTS, SEEDS, Run, customers, run, run_without

HEAD = f"{'':13} score points stars replies  {' '.join(f'{skill[:6]:>6}' for skill in SKILLS)}  endings"


def line(name: str, runs: list[Run]) -> str:
    """One robot against one customer, as means."""
    endings = Counter(one.outcome.ending for one in runs)
    skills = []
    for skill in SKILLS:
        values = [value for one in runs if (value := one.score.skills[skill]) is not None]
        skills.append(f"{fmean(values):6.1f}" if values else f"{'-':>6}")
    score, points = fmean(one.total for one in runs), fmean(one.points for one in runs)
    stars = fmean(one.outcome.csat_stars for one in runs)
    replies = fmean(one.score.replies for one in runs)
    ended = ", ".join(f"{kind} {count}" for kind, count in endings.most_common())
    return f"{name:13} {score:5.1f} {points:6.1f} {stars:5.1f} {replies:7.1f}  {' '.join(skills)}  {ended}"


def lines(names: list[str], play: Callable[[str, str, int], Run], wanted: str = "") -> Iterator[str]:
    """The whole table, or the customers whose id holds a text."""
    for customer in (one for one in customers() if wanted in one):
        yield f"\n{customer}\n{HEAD}"
        for name in names:
            yield line(name, [play(name, customer, seed) for seed in SEEDS])


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description="What robots reach against the built-in customers.")
    options.add_argument("--without", action="store_true", help="the good listener, one habit taken away")
    options.add_argument("--customer", default="", help="only customers whose id holds this")
    asked = options.parse_args()
    names, play = (list(HABITS), run_without) if asked.without else (list(ROBOTS), run)
    for text in lines(names, play, asked.customer):
        print(text, flush=True)


if __name__ == "__main__":
    main()
