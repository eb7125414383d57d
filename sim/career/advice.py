"""What to practise next, and why: one customer, with a reason drawn from the trainee's own calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from personas.loader import Library, LoadedPersona
from personas.section import Skill
from scoring.debrief_text import skill_name
from scoring.skills import HEADLINE, SKILLS
from scoring.skills.wording import capital, pronouns
from sim.career.figures import FIGURES
from sim.career.played import PlayedCall, calls_with
from sim.career.tiers import Standing, Tier, frontier, is_built_in, opens, standing_of
from sim.career.trends import mean_skills, usual_of
from sim.career.wording import PRACTICE, ago_of, it_or_them, listed, number

_NEVER = datetime.min.replace(tzinfo=UTC)
_FIRST = "A first call to begin with: hear what happened before you mend it."
_ENDED = {
    "unsolved": "Your last call with {who} ended without an answer.",
    "walked_out": "In your last call {who} walked out.",
    "left": "You left your last call with {who} before its end.",
    "stopped": "You stopped your last call with {who}.",
}


@dataclass(frozen=True)
class Weakest:
    """The headline skill that cost most lately."""

    skill: Skill
    points: float
    """Mean, 0-100."""
    calls: int
    """Over how many calls: those of the latest that had an occasion for it."""
    latest: int
    """How many calls were looked at."""


@dataclass(frozen=True)
class Advice:
    """What to play next."""

    persona_id: str
    reason: tuple[str, ...]
    """One to three sentences."""
    minutes: int
    """How long it will take, about."""


def weakest_of(calls: Sequence[PlayedCall]) -> Weakest | None:
    """Return the weakest headline skill of the last calls; None when none was scored.

    Args:
        calls: newest first.
    """
    usual = usual_of(calls)
    means = mean_skills(usual)
    scored = [(value, skill) for skill in HEADLINE if (value := means[skill]) is not None]
    if not scored:
        return None
    points, skill = min(scored, key=lambda pair: pair[0])
    present = sum(call.skills[skill] is not None for call in usual)
    return Weakest(skill, points, present, len(usual))


def minutes_of(calls: Sequence[PlayedCall], persona_id: str) -> int:
    """Return about how long a call takes: the middle of the own calls, with this customer if there are any.

    Args:
        calls: in any order.
        persona_id: the customer.
    """
    judged = [call for call in calls if call.judged]
    lengths = [call.length_ms for call in judged if call.persona_id == persona_id]
    lengths = lengths or [call.length_ms for call in judged]
    return max(1, round(median(lengths) / 60_000)) if lengths else FIGURES.advice.minutes


def advice_for(
    library: Library,
    calls: Sequence[PlayedCall],
    tiers: Sequence[Tier],
    unlocked: frozenset[str],
    builtin: Path,
    now: datetime,
) -> Advice | None:
    """Return what to play next; None when there is nobody.

    An open customer who was never finished well comes first: lowest tier first, then one that trains the
    weakest headline skill of the last calls. Where only skills are missing for the next tier: a customer of
    the tier that asks for them. The user's own customers come after the built-in ones. When all were finished
    well: one that trains the weakest skill, longest not played.

    Args:
        library: all customers.
        calls: the calls that can be read, newest first.
        tiers: the six tiers.
        unlocked: ids of the customers that may be played.
        builtin: folder of the built-in customers.
        now: UTC.
    """
    weakest = weakest_of(calls)
    candidates = {key: one for key, one in library.loaded.items() if key in unlocked}
    if not candidates:
        return None
    ahead = [key for key in candidates if standing_of(key, unlocked, calls) is not Standing.WELL]
    built_in = [key for key in ahead if is_built_in(candidates[key], builtin)]
    here = frontier(tiers)
    asking = [key for key in here.customers if key in candidates] if here else []

    def new_first(key: str) -> tuple[int, bool, int]:
        one = candidates[key]
        return (one.persona.identity.tier, not _trains(one, weakest), _place(one, weakest))

    def longest_ago(key: str) -> tuple[bool, datetime, int]:
        one, mine = candidates[key], calls_with(calls, key)
        return (not _trains(one, weakest), mine[0].started_utc if mine else _NEVER, _place(one, weakest))

    if built_in or (ahead and not asking):
        chosen = min(built_in or ahead, key=new_first)
    else:
        chosen = min(asking or candidates, key=longest_ago)
    reason = _reason(candidates[chosen], calls, weakest, now)
    if here and chosen in here.well:
        reason = (*reason[:-1], opens(here, tiers))
    return Advice(chosen, reason, minutes_of(calls, chosen))


def _trains(one: LoadedPersona, weakest: Weakest | None) -> bool:
    return weakest is not None and weakest.skill in one.persona.identity.skills


def _place(one: LoadedPersona, weakest: Weakest | None) -> int:
    """Return how far in front a customer trains the weakest skill, 0 first; the same for all who do not."""
    skills = one.persona.identity.skills
    return skills.index(weakest.skill) if weakest is not None and weakest.skill in skills else len(SKILLS)


def _reason(
    one: LoadedPersona, calls: Sequence[PlayedCall], weakest: Weakest | None, now: datetime
) -> tuple[str, ...]:
    who = one.persona.customer.short_name
    said = [_weak(weakest)] if weakest is not None and _trains(one, weakest) else []
    if not calls:
        return (*said, _FIRST, f"With {who} you practise {_skills(one, weakest)}.")
    mine = calls_with(calls, one.persona.identity.id)
    said.append(_last_time(mine[0], who, now) if mine else f"You have not talked to {who} yet.")
    return (*said, f"With {pronouns(one.persona).them} you practise {_skills(one, weakest)}.")


def _weak(weakest: Weakest) -> str:
    points = f"{weakest.points:.0f} of 100"
    over = _over(weakest)
    name = capital(skill_name(weakest.skill))
    if weakest.points < FIGURES.advice.costs_below:
        return f"{name} cost you most {over}: {points}."
    return f"Of the four headline skills {name.lower()} came out lowest {over}, at {points}."


def _over(weakest: Weakest) -> str:
    calls = "call" if weakest.calls == 1 else f"{number(weakest.calls)} calls"
    if weakest.calls == weakest.latest:
        return f"in your last {calls}"
    return f"in the last {calls} that asked for {it_or_them(weakest.skill)}"


def _last_time(last: PlayedCall, who: str, now: datetime) -> str:
    if last.finished_well:
        return f"You last talked to {who} {ago_of(last.started_utc, now)}."
    if last.too_short and last.ending not in ("left", "stopped"):
        return f"Your last call with {who} was too short to learn from."
    return _ENDED.get(last.ending, "Your last call with {who} could not be judged.").replace("{who}", who)


def _skills(one: LoadedPersona, weakest: Weakest | None) -> str:
    """Return the two skills a customer trains first, the weakest in front."""
    skills = list(one.persona.identity.skills)
    if weakest is not None and weakest.skill in skills:
        skills.remove(weakest.skill)
        skills.insert(0, weakest.skill)
    return listed([PRACTICE[skill] for skill in skills[:2]])
