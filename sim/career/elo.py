"""Elo ratings: one per skill and one for the call as a whole, against each customer's own difficulties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from personas.section import Skill
from scoring.skills import SKILLS
from sim.career.figures import FIGURES, EloFigures
from sim.career.played import PlayedCall

Rated = Skill | Literal["call"]
"""A skill, or the call as a whole."""
RATED: tuple[Rated, ...] = ("call", *SKILLS)


def expected(rating: float, difficulty: float) -> float:
    """Return the score to be expected, 0-1: `1 / (1 + 10^((D - R) / 400))` (V, listening-science 8)."""
    return float(1 / (1 + 10 ** ((difficulty - rating) / 400)))


@dataclass(frozen=True)
class Rating:
    """What one can do, and how well that is known."""

    value: float
    """Elo points; 400 more is ten times the odds."""
    calls: int
    """Calls that it rests on."""


@dataclass(frozen=True)
class Ratings:
    """Where a trainee and the customers stand, as far as this machine's calls tell."""

    trainee: Mapping[Rated, Rating]
    """One for every skill, and for the call as a whole."""
    customers: Mapping[str, Mapping[Rated, float]]
    """Difficulties of those who were played, by id; what is missing is at the tier's start."""
    rules: EloFigures = FIGURES.elo

    def difficulty(self, persona_id: str, tier: int, what: Rated = "call") -> float:
        """Return how hard a customer of an author's tier is for a skill, or as a whole."""
        return self.customers.get(persona_id, {}).get(what, self.rules.tier_start[tier - 1])

    def success(self, persona_id: str, tier: int, what: Rated = "call") -> float:
        """Return the score to be expected with a customer, 0-1, in a skill or as a whole."""
        return expected(self.trainee[what].value, self.difficulty(persona_id, tier, what))

    def home_tier(self, what: Rated, least: float = FIGURES.target.success_from) -> int:
        """Return the highest tier in which 70 of 100 or more are to be expected at its start; 0 for none."""
        value = self.trainee[what].value
        return sum(expected(value, start) >= least for start in self.rules.tier_start)


def fold_ratings(
    calls: Iterable[tuple[PlayedCall, bool]],
    tier_of: Mapping[str, int],
    rules: EloFigures = FIGURES.elo,
) -> Ratings:
    """Return the ratings that calls lead to; a pure fold, nothing of it is stored.

    `R += K (S - E)` with S = points / 100; K is larger in the first calls of a skill. The customer's
    difficulty moves by the same play, the other way and less. A lost call scores 0 as a whole and in every
    skill that it had an occasion for; a skill without an occasion stays where it was.

    Args:
        calls: calls that count, oldest first, each with whether it is lost.
        tier_of: the author's tier of each customer; calls with anybody else are passed over.
        rules: the figures.
    """
    values: dict[Rated, float] = dict.fromkeys(RATED, float(rules.start))
    counts: dict[Rated, int] = dict.fromkeys(RATED, 0)
    customers: dict[str, dict[Rated, float]] = {}
    for call, lost in calls:
        tier = tier_of.get(call.persona_id)
        if tier is None:
            continue
        start = float(rules.tier_start[tier - 1])
        theirs = customers.setdefault(call.persona_id, {})
        scored: list[tuple[Rated, float]] = [*call.occasions]
        if lost or call.score is not None:
            scored.append(("call", call.score or 0.0))
        for what, points in scored:
            rating, difficulty = values[what], theirs.get(what, start)
            surprise = (0.0 if lost else points / 100) - expected(rating, difficulty)
            step = rules.k_first if counts[what] < rules.first_calls else rules.k_later
            values[what] = rating + step * surprise
            theirs[what] = difficulty - rules.k_customer * surprise
            counts[what] += 1
    return Ratings({what: Rating(values[what], counts[what]) for what in RATED}, customers, rules)
