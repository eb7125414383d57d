"""What to play next: one customer, chosen by what is due, what fits, and what opens the next tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from statistics import fmean, median
from typing import Literal

from personas.loader import Library, LoadedPersona
from scoring.skills import SKILLS
from sim.career.counting import UNRATED
from sim.career.elo import Rated
from sim.career.figures import FIGURES, TargetFigures
from sim.career.played import PlayedCall
from sim.career.record import TrackRecord
from sim.career.spacing import Review, due_by
from sim.career.tiers import Standing, Tier, frontier, is_built_in, standing_of

_NEVER = datetime.min.replace(tzinfo=UTC)
Mode = Literal["practice", "rated"]


class Fit(StrEnum):
    """How a customer lies to what a trainee can do."""

    FITS = "fits"
    """70 to 85 of 100 are to be expected."""
    REACH = "reach"
    """A little less, but this one opens the next tier."""
    BORED = "bored"
    """The same, because the last calls were all easy."""
    EASY = "easy"
    """Everybody who is open has become easy."""
    HARD = "hard"
    """Nobody who is open comes easily yet."""
    NEAREST = "nearest"
    """Nobody lies in the band; this one is nearest to it."""


class Streak(StrEnum):
    """What the last calls say by themselves."""

    NONE = "none"
    EASY = "easy"
    """On average they came out above what is served."""
    HARD = "hard"
    """On average they came out far too low."""


@dataclass(frozen=True)
class Prospect:
    """A customer who may be played, as the choice weighs them."""

    persona_id: str
    success: float
    """Score to be expected, 0-1: in the skill in front, else as a whole."""
    opens: bool
    """Whether finishing this call well brings the next tier nearer."""
    yours: bool
    """From a folder of the user's own."""
    last: datetime
    """When last played; the beginning of time for never."""


@dataclass(frozen=True)
class Choice:
    """What to play next, and what spoke for it."""

    persona_id: str
    focus: Review | None
    """The skill that is due; None when none leads."""
    fit: Fit
    success: float
    """Score to be expected, 0-1: in the skill in front, else as a whole."""
    opens: bool
    mode: Mode
    minutes: int
    """How long it will take, about."""


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


def next_choice(
    library: Library, record: TrackRecord, builtin: Path, rules: TargetFigures = FIGURES.target
) -> Choice | None:
    """Return what to play next; None when there is nobody.

    In this order. Whoever was played twice running steps back where somebody else is open. A skill that is
    due and weaker than the trainee's calls as a whole leads, the weakest first: only customers who train it
    are looked at, by what is to be expected in it; every third call none does, for a skill that stays weak
    must not hold the path up. Then who fits: 70 to 85 of 100 to be expected; whoever opens the next tier from
    60 on, unless the last call was lost, or less where nothing was new for long. Among those: who opens the
    next tier, built-in ones, who was not played for longest. Where all are easier, who opens the next tier,
    and of those the hardest; where all are harder, the easiest; else the nearest.

    Ratings follow slowly, so the last three calls speak, too. Did they come out at 85 of 100 or more, on
    average, 50 are enough, and the hardest comes first. Did they come out below 50, only the easiest are
    looked at, with a skill in front only where they train it. Figures in `career.toml`.

    Args:
        library: all customers.
        record: what the calls say.
        builtin: folder of the built-in customers.
        rules: the figures.
    """
    candidates = _rested(_first_or_open(library, record), record.calls, rules)
    if not candidates:
        return None
    streak = _streak(record.calls, rules)
    if streak is Streak.HARD:
        candidates = _gentle(candidates, record, rules)
    focus = _focus(candidates, record, rules)
    if focus is not None:
        candidates = {
            key: one for key, one in candidates.items() if focus.skill in one.persona.identity.skills
        }
    prospects = _prospects(candidates, record, builtin, focus.skill if focus else "call")
    if streak is Streak.EASY:
        prospects = _harder(prospects, rules) or prospects
    reach = rules.reach_bored if streak is Streak.EASY else _reach(record.calls, rules, whole=focus is None)
    chosen, fit = _best(prospects, reach=reach, rules=rules)
    if fit is Fit.REACH and streak is Streak.EASY:
        fit = Fit.BORED
    return Choice(
        persona_id=chosen.persona_id,
        focus=focus,
        fit=fit,
        success=chosen.success,
        opens=chosen.opens,
        mode=_mode(record.calls, chosen, rules),
        minutes=minutes_of(record.calls, chosen.persona_id),
    )


def _first_or_open(library: Library, record: TrackRecord) -> dict[str, LoadedPersona]:
    """Return who may be played; before the first call one to begin with, or the lowest tier that is open."""
    found = {key: one for key, one in library.loaded.items() if key in record.unlocked}
    if record.calls or not found:
        return found
    first = FIGURES.advice.first_customer
    if first in found:
        return {first: found[first]}
    lowest = min(one.persona.identity.tier for one in found.values())
    return {key: one for key, one in found.items() if one.persona.identity.tier == lowest}


def _rested(
    candidates: dict[str, LoadedPersona], calls: Sequence[PlayedCall], rules: TargetFigures
) -> dict[str, LoadedPersona]:
    """Return the candidates without whoever had all of the last calls; all where nobody else is open."""
    latest = [call.persona_id for call in calls if call.parent_run is None][: rules.same_running]
    if len(latest) < rules.same_running or len(set(latest)) > 1:
        return candidates
    return {key: one for key, one in candidates.items() if key != latest[0]} or candidates


def _focus(
    candidates: Mapping[str, LoadedPersona], record: TrackRecord, rules: TargetFigures
) -> Review | None:
    """Return the due skill that leads: weaker than the whole, and trained by somebody."""
    if sum(call.judged for call in record.calls) % rules.whole_every == 0:
        return None
    form = record.form.trainee
    trained = {skill for one in candidates.values() for skill in one.persona.identity.skills}
    weak = [
        one
        for one in due_by(record.reviews, record.today)
        if one.skill in trained and form[one.skill].value < form["call"].value
    ]
    return min(weak, key=lambda one: (form[one.skill].value, SKILLS.index(one.skill)), default=None)


def _prospects(
    candidates: Mapping[str, LoadedPersona], record: TrackRecord, builtin: Path, what: Rated
) -> list[Prospect]:
    here = frontier(record.tiers)
    last: dict[str, datetime] = {}
    for call in record.calls:
        last.setdefault(call.persona_id, call.started_utc)
    return [
        Prospect(
            persona_id=key,
            success=record.form.success(key, one.persona.identity.tier, what),
            opens=here is not None and _opens(key, one, here, record),
            yours=not is_built_in(one, builtin),
            last=last.get(key, _NEVER),
        )
        for key, one in candidates.items()
    ]


def _opens(key: str, one: LoadedPersona, here: Tier, record: TrackRecord) -> bool:
    if key not in here.customers:
        return False
    if here.wanted > 0:
        return standing_of(key, record.unlocked, record.calls) is not Standing.WELL
    return any(skill in here.skills_left for skill in one.persona.identity.skills)


def _best(prospects: Sequence[Prospect], *, reach: float, rules: TargetFigures) -> tuple[Prospect, Fit]:
    low, high = rules.success_from, rules.success_to

    def fits(one: Prospect) -> bool:
        least = reach if one.opens or reach == rules.reach_bored else low
        return least <= one.success <= high

    def off(one: Prospect) -> float:
        return max(low - one.success, one.success - high, 0.0)

    def in_turn(one: Prospect) -> tuple[bool, bool, datetime]:
        return (not one.opens, one.yours, one.last)

    fitting = [one for one in prospects if fits(one)]
    if fitting:
        best = min(fitting, key=in_turn)
        return best, Fit.FITS if best.success >= low else Fit.REACH
    if all(one.success > high for one in prospects):
        return min(prospects, key=lambda one: (not one.opens, round(one.success, 2), one.last)), Fit.EASY
    best = min(prospects, key=lambda one: (round(off(one), 2), *in_turn(one)))
    hard = all(one.success < rules.stuck_below for one in prospects)
    return best, Fit.HARD if hard else Fit.NEAREST


def lately(calls: Sequence[PlayedCall], rules: TargetFigures = FIGURES.target) -> float | None:
    """Return the mean score of the last calls, 0-100; None while there are too few.

    Args:
        calls: newest first.
        rules: how many.
    """
    latest = [call.score for call in calls if call.judged and call.score is not None][: rules.streak_calls]
    return fmean(latest) if len(latest) == rules.streak_calls else None


def _streak(calls: Sequence[PlayedCall], rules: TargetFigures) -> Streak:
    mean = lately(calls, rules)
    if mean is None:
        return Streak.NONE
    if mean >= 100 * rules.success_to:
        return Streak.EASY
    return Streak.HARD if mean < 100 * rules.stuck_below else Streak.NONE


def _gentle(
    candidates: Mapping[str, LoadedPersona], record: TrackRecord, rules: TargetFigures
) -> dict[str, LoadedPersona]:
    """Return the candidates with whom about as much is to be expected as with the easiest, as a whole."""
    success = {key: record.form.success(key, one.persona.identity.tier) for key, one in candidates.items()}
    least = max(success.values()) - rules.gentle
    return {key: one for key, one in candidates.items() if success[key] >= least}


def _harder(prospects: Sequence[Prospect], rules: TargetFigures) -> list[Prospect]:
    """Return the hardest who are not out of reach: first among those who open the next tier."""
    within = [one for one in prospects if rules.reach_bored <= one.success <= rules.success_to]
    within = [one for one in within if one.opens] or within
    hardest = min((one.success for one in within), default=0.0)
    return [one for one in within if one.success <= hardest + rules.gentle]


def _reach(calls: Sequence[PlayedCall], rules: TargetFigures, *, whole: bool) -> float:
    """Return from which expected score on somebody who opens the next tier may be reached for.

    Lower where nobody new was finished well for long; not at all after a call that was lost.

    Args:
        calls: newest first.
        rules: the figures.
        whole: whether no skill leads.
    """
    judged = [call for call in calls if call.judged]
    if judged and not judged[0].finished_well:
        return rules.success_from
    return rules.reach_still if whole and _standstill(judged) >= rules.still_calls else rules.reach


def _standstill(judged: Sequence[PlayedCall]) -> int:
    """Return how many calls ago a customer was finished well for the first time."""
    seen: set[str] = set()
    latest = 0
    for number, call in enumerate(reversed(judged), 1):
        if call.finished_well and call.persona_id not in seen:
            seen.add(call.persona_id)
            latest = number
    return len(judged) - latest


def _mode(calls: Sequence[PlayedCall], chosen: Prospect, rules: TargetFigures) -> Mode:
    """Return how to play: practice first where little is to be expected, never twice running."""
    if not calls:
        return "practice"
    hard = chosen.success < rules.stuck_below
    return "practice" if hard and calls[0].mode != UNRATED else "rated"
