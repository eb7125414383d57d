"""The six tiers: which customers are open, and what opens the next ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path

from personas.loader import Library, LoadedPersona
from personas.section import Skill
from scoring.debrief_text import skill_name
from scoring.skills import SKILLS
from scoring.skills.wording import capital
from sim.career.figures import FIGURES, TierFigures
from sim.career.played import PlayedCall
from sim.career.wording import counted, listed, number

TIERS = range(1, 7)
"""Persona files know six (schema 1)."""


class Standing(StrEnum):
    """How far one is with a customer."""

    NEW = "new"
    TRIED = "tried"
    WELL = "finished well"
    LOCKED = "locked"


@dataclass(frozen=True)
class Tier:
    """One tier, and what it still asks for before the next one opens."""

    number: int
    customers: tuple[str, ...]
    """Ids of the built-in customers, in the library's order."""
    well: tuple[str, ...]
    """Those that were finished well."""
    is_open: bool
    wanted: int
    """Customers still to be finished well."""
    skills_wanted: int
    """Skills still to be tried with success."""
    skills_left: tuple[Skill, ...]
    """Skills of this tier that were not tried with success yet."""

    @property
    def is_passed(self) -> bool:
        """Whether it opens the next one; a tier without customers is passed as soon as it is open."""
        return self.is_open and self.wanted <= 0 and self.skills_wanted <= 0


def is_built_in(loaded: LoadedPersona, builtin: Path) -> bool:
    """Return whether a customer came with the program; all others are the user's own."""
    return builtin in loaded.path.parents


def tiers_of(
    library: Library, calls: Sequence[PlayedCall], builtin: Path, rules: TierFigures = FIGURES.tiers
) -> tuple[Tier, ...]:
    """Return the six tiers.

    A tier opens after two different customers of the tier before were finished well, with at least 60 % of
    the skills tried and 50 % success in them; never by volume (DESIGN 8; figures in `career.toml`, D).
    Read here so: *finished well* is won or settled, long enough to be judged, no moment played again; *the
    skills* are those that the tier's customers train; one is *tried with success* when its score in some
    call of that tier that was finished well reached the points for success. So no further call ever closes
    what was open, and playing the same customer again counts once. Where a tier has fewer customers than
    asked for, all there are. The user's own customers open nothing, whatever tier they name.

    Args:
        library: all customers.
        calls: the calls that can be read, in any order.
        builtin: folder of the built-in customers.
        rules: the figures.
    """
    found: list[Tier] = []
    for at in TIERS:
        is_open = found[-1].is_passed if found else True
        found.append(_tier(at, library, calls, builtin, is_open=is_open, rules=rules))
    return tuple(found)


def _tier(
    at: int,
    library: Library,
    calls: Sequence[PlayedCall],
    builtin: Path,
    *,
    is_open: bool,
    rules: TierFigures,
) -> Tier:
    here = {
        key: one.persona.identity.skills
        for key, one in library.loaded.items()
        if one.persona.identity.tier == at and is_built_in(one, builtin)
    }
    good = [call for call in calls if call.persona_id in here and call.finished_well]
    done = {call.persona_id for call in good}
    well = tuple(key for key in here if key in done)
    trained = [skill for skill in SKILLS if any(skill in skills for skills in here.values())]
    left = tuple(skill for skill in trained if not _succeeded(skill, good, rules))
    asked = ceil(len(trained) * rules.skills_shown - 1e-9)
    return Tier(
        number=at,
        customers=tuple(here),
        well=well,
        is_open=is_open,
        wanted=max(0, min(rules.customers_well, len(here)) - len(well)),
        skills_wanted=max(0, asked - (len(trained) - len(left))),
        skills_left=left,
    )


def _succeeded(skill: Skill, calls: Iterable[PlayedCall], rules: TierFigures) -> bool:
    values = (call.skills[skill] for call in calls)
    return any(value is not None and value >= rules.success for value in values)


def finished_well(calls: Iterable[PlayedCall]) -> frozenset[str]:
    """Return the ids of the customers that were finished well."""
    return frozenset(call.persona_id for call in calls if call.finished_well)


def needs(loaded: LoadedPersona) -> tuple[str, ...]:
    """Return the ids of the customers to be finished well before this one, beside the tier's own rule."""
    identity = loaded.persona.identity
    before = [*identity.requires, *([identity.sequel_of] if identity.sequel_of else [])]
    return tuple(dict.fromkeys(before))


def missing_needs(loaded: LoadedPersona, well: frozenset[str]) -> tuple[str, ...]:
    """Return the ids of those that were not finished well yet."""
    return tuple(one for one in needs(loaded) if one not in well)


def open_ids(
    library: Library, tiers: Sequence[Tier], calls: Sequence[PlayedCall], builtin: Path
) -> frozenset[str]:
    """Return the ids of the customers that may be played from the screens.

    The user's own always may, so that an author can try them; who was finished well stays open.
    """
    well = finished_well(calls)
    is_open = {tier.number: tier.is_open for tier in tiers}
    return frozenset(
        key
        for key, one in library.loaded.items()
        if key in well
        or not is_built_in(one, builtin)
        or (is_open[one.persona.identity.tier] and not missing_needs(one, well))
    )


def standing_of(persona_id: str, unlocked: frozenset[str], calls: Sequence[PlayedCall]) -> Standing:
    """Return how far one is with a customer."""
    mine = [call for call in calls if call.persona_id == persona_id and call.parent_run is None]
    if any(call.finished_well for call in mine):
        return Standing.WELL
    if persona_id not in unlocked:
        return Standing.LOCKED
    return Standing.TRIED if mine else Standing.NEW


# in words -------------------------------------------------------------------------------------------------


def frontier(tiers: Sequence[Tier]) -> Tier | None:
    """Return the tier that still asks for something; None when all are open."""
    return next((one for one in tiers if one.is_open and not one.is_passed), None)


def opened_next(tier: Tier, tiers: Sequence[Tier]) -> int:
    """Return which tier a tier opens: the next one with customers, for empty ones are passed at once."""
    return next((one.number for one in tiers[tier.number :] if one.customers), tier.number + 1)


def opens(tier: Tier, tiers: Sequence[Tier]) -> str:
    """Return what opens the tier after this one, one sentence; "" when nothing is missing or none follows."""
    if tier.number == len(tiers):
        return ""
    following = opened_next(tier, tiers)
    if tier.wanted > 0:
        more = "more " if tier.well else ""
        who = f"{capital(number(tier.wanted))} {more}tier-{tier.number} customer"
        who, verb = (who, "opens") if tier.wanted == 1 else (f"{who}s", "open")
        return f"{who} finished well {verb} tier {following}{_with_skills(tier)}."
    if tier.skills_wanted > 0:
        return (
            f"Tier {following} opens once a tier-{tier.number} call that ends well shows "
            f"{_which(tier)} at {FIGURES.tiers.success} or more."
        )
    return ""


def _with_skills(tier: Tier) -> str:
    if tier.skills_wanted <= 0:
        return ""
    if not tier.well:
        return f", with {counted(tier.skills_wanted, 'skill')} at {FIGURES.tiers.success} or more"
    return f", with {_which(tier)} at {FIGURES.tiers.success} or more"


def _which(tier: Tier) -> str:
    names = [skill_name(skill) for skill in tier.skills_left]
    if tier.skills_wanted >= len(names):
        return listed(names)
    return f"{number(tier.skills_wanted)} of {listed(names, 'or')}"


def locked_by(
    loaded: LoadedPersona, library: Library, tiers: Sequence[Tier], well: frozenset[str]
) -> tuple[str, ...]:
    """Return what opens a locked customer, one sentence each; nothing for one that is open."""
    tier = loaded.persona.identity.tier
    said: list[str] = []
    if not tiers[tier - 1].is_open:
        said.append(_way_to(tier, tiers))
    missing = missing_needs(loaded, well)
    if missing:
        who = listed([_called(library.loaded, one) for one in missing])
        said.append(f"{who} must have been finished well first.")
    return tuple(said)


def _way_to(tier: int, tiers: Sequence[Tier]) -> str:
    here = frontier(tiers)
    if here is None:
        return ""
    said = opens(here, tiers)
    return said if opened_next(here, tiers) >= tier else f"{said} Tier {tier} comes after that."


def _called(loaded: Mapping[str, LoadedPersona], persona_id: str) -> str:
    one = loaded.get(persona_id)
    return one.persona.customer.name if one else f"{persona_id} (a customer that is not in your library)"
