"""Today's call: one customer and one seed a day, the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from personas.draws import draw
from personas.loader import Library
from personas.schema import Identity
from sim.career.figures import FIGURES, DailyFigures
from sim.career.tiers import is_built_in

LARGEST_SEED = 2**31 - 1


@dataclass(frozen=True)
class Today:
    """The call of a day."""

    day: date
    persona_id: str
    seed: int


def todays_call(
    library: Library, day: date, builtin: Path, rules: DailyFigures = FIGURES.daily
) -> Today | None:
    """Return the call of a day; None where no customer can have it.

    The same for everybody whose program has the same built-in customers: nothing but the date decides, by
    `personas.draws`. All built-in customers of the first three tiers take part, in every medium, but for
    sequels, which go on from a call that everybody had differently. Nobody is locked: a trainee of the first
    day and one of the second year must have the same call to talk about, and above the third tier a newcomer
    could only lose. In each round of so many days as there are customers, everybody comes once, in an order
    drawn anew.

    Args:
        library: all customers.
        day: the trainee's own day.
        builtin: folder of the built-in customers.
        rules: the figures.
    """
    people = sorted(
        key
        for key, one in library.loaded.items()
        if is_built_in(one, builtin) and _for_everybody(one.persona.identity, rules)
    )
    if not people:
        return None
    number = day.toordinal()
    return Today(day, _order(people, number // len(people))[number % len(people)], _seed(number))


def _for_everybody(identity: Identity, rules: DailyFigures) -> bool:
    return identity.tier in rules.tiers and identity.sequel_of is None


def _order(people: Sequence[str], cycle: int) -> list[str]:
    return sorted(people, key=lambda key: draw(cycle, 0, f"daily {key}"))


def _seed(number: int) -> int:
    return draw(number, 0, "daily seed") % LARGEST_SEED + 1
