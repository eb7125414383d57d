"""Makes what the first screen, the career and the library tell, from customers and stored calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from personas.loader import FailedPersona, Library, LoadedPersona
from personas.problems import Problem
from saves.run import RunRow
from scoring.debrief import END_WORDS
from scoring.debrief_text import skill_name
from sim.career.advice import advice_for
from sim.career.played import PlayedCall, calls_with, moment, played_calls
from sim.career.tiers import (
    Standing,
    Tier,
    finished_well,
    frontier,
    is_built_in,
    locked_by,
    open_ids,
    opened_next,
    opens,
    standing_of,
    tiers_of,
)
from sim.career.trends import trends_of, usual_skills
from sim.career.views import (
    BrokenFile,
    CallLine,
    CallState,
    CareerView,
    Entry,
    HomeView,
    Interrupted,
    LibraryView,
    NextCall,
    Stop,
    TierView,
)
from sim.career.wording import ago, counted, medium_word

__all__ = [
    "CareerView",
    "HomeView",
    "LibraryView",
    "career_view",
    "home_view",
    "library_view",
    "unlocked",
    "usual_skills",
]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def unlocked(library: Library, rows: Sequence[RunRow], builtin: Path) -> frozenset[str]:
    """Return the ids of the customers that may be played from the screens."""
    calls = played_calls(rows)
    return open_ids(library, tiers_of(library, calls, builtin), calls, builtin)


def home_view(
    library: Library, rows: Sequence[RunRow], unfinished: Sequence[RunRow], today_utc: str, builtin: Path
) -> HomeView:
    """Return what the first screen tells.

    Args:
        library: all customers.
        rows: the stored calls, in any order.
        unfinished: the interrupted ones that were not given up.
        today_utc: the time, ISO 8601.
        builtin: folder of the built-in customers.
    """
    calls = played_calls(rows)
    tiers = tiers_of(library, calls, builtin)
    open_now = open_ids(library, tiers, calls, builtin)
    advice = advice_for(library, calls, tiers, open_now, builtin, moment(today_utc) or _LONG_AGO)
    chosen = None
    if advice is not None:
        persona = library.loaded[advice.persona_id].persona
        chosen = NextCall(
            advice.persona_id,
            persona.customer.name,
            persona.customer.short_name,
            persona.identity.title,
            medium_word(persona.medium.kind),
            advice.reason,
            advice.minutes,
        )
    return HomeView(
        interrupted=_interrupted(library, unfinished, today_utc),
        next=chosen,
        first_start=not rows and not unfinished,
        broken=len(library.failed),
    )


def _interrupted(library: Library, unfinished: Sequence[RunRow], today_utc: str) -> Interrupted | None:
    if not unfinished:
        return None
    row = max(unfinished, key=lambda one: moment(one.started_utc) or _LONG_AGO)
    one = library.loaded.get(row.persona_id)
    return Interrupted(
        row.run_id,
        one.persona.customer.name if one else row.persona_id,
        one.persona.customer.short_name if one else row.persona_id,
        one.persona.identity.title if one else "",
        medium_word(row.medium),
        ago(row.started_utc, today_utc),
        len(unfinished) - 1,
    )


def career_view(library: Library, rows: Sequence[RunRow], today_utc: str, builtin: Path) -> CareerView:
    """Return what the career screen tells.

    Args:
        library: all customers.
        rows: the stored calls, in any order.
        today_utc: the time, ISO 8601.
        builtin: folder of the built-in customers.
    """
    calls = played_calls(rows)
    tiers = tiers_of(library, calls, builtin)
    open_now = open_ids(library, tiers, calls, builtin)
    read = {call.run_id: call for call in calls}
    newest_first = sorted(rows, key=lambda row: moment(row.started_utc) or _LONG_AGO, reverse=True)
    return CareerView(
        tiers=tuple(_tier_view(tier, library, open_now, calls) for tier in tiers),
        missing=_missing(tiers),
        trends=trends_of(calls),
        calls=tuple(_call_line(row, read.get(row.run_id), library) for row in newest_first),
        today=moment(today_utc),
    )


def _tier_view(
    tier: Tier, library: Library, open_now: frozenset[str], calls: Sequence[PlayedCall]
) -> TierView:
    stops = tuple(
        Stop(key, library.loaded[key].persona.customer.short_name, standing_of(key, open_now, calls))
        for key in tier.customers
    )
    return TierView(tier.number, tier.is_open, tier.is_passed, stops)


def _missing(tiers: Sequence[Tier]) -> str:
    here = frontier(tiers)
    said = opens(here, tiers) if here else ""
    if here is None or not said:
        return "Every tier is open to you."
    waiting = tiers[opened_next(here, tiers) - 1].customers
    return said if waiting else f"{said} Nobody is there yet."


def _call_line(row: RunRow, call: PlayedCall | None, library: Library) -> CallLine:
    one = library.loaded.get(row.persona_id)
    state = _state(row, call)
    return CallLine(
        run_id=row.run_id,
        started=moment(row.started_utc),
        name=one.persona.customer.name if one else row.persona_id,
        title=one.persona.identity.title if one else "",
        medium=medium_word(row.medium),
        state=state,
        ending=END_WORDS[call.ending] if call else state.value,
        stars=call.stars if call else None,
        score=call.score if call else None,
        again=row.parent_run is not None,
    )


def _state(row: RunRow, call: PlayedCall | None) -> CallState:
    if call is not None:
        return CallState.ENDED
    if row.ended is not None:
        return CallState.UNREAD
    return CallState.GIVEN_UP if row.abandoned else CallState.INTERRUPTED


def library_view(library: Library, rows: Sequence[RunRow], builtin: Path) -> LibraryView:
    """Return what the library tells.

    Args:
        library: all customers, and the files that failed.
        rows: the stored calls, in any order.
        builtin: folder of the built-in customers.
    """
    calls = played_calls(rows)
    tiers = tiers_of(library, calls, builtin)
    open_now = open_ids(library, tiers, calls, builtin)
    well = finished_well(calls)
    entries = [
        _entry(
            one,
            standing_of(key, open_now, calls),
            locked_by(one, library, tiers, well) if key not in open_now else (),
            calls_with(calls, key),
            yours=not is_built_in(one, builtin),
        )
        for key, one in library.loaded.items()
    ]
    entries.sort(key=lambda entry: (entry.yours, entry.tier))
    return LibraryView(tuple(entries), tuple(_broken(library.failed)))


def _entry(
    one: LoadedPersona,
    standing: Standing,
    locked: tuple[str, ...],
    calls: Sequence[PlayedCall],
    *,
    yours: bool,
) -> Entry:
    identity, customer = one.persona.identity, one.persona.customer
    return Entry(
        persona_id=identity.id,
        name=customer.name,
        short_name=customer.short_name,
        title=identity.title,
        medium=medium_word(one.persona.medium.kind),
        tier=identity.tier,
        standing=standing,
        opens=locked,
        yours=yours,
        industry=identity.industry,
        skills=tuple(skill_name(skill) for skill in identity.skills),
        tags=identity.tags,
        author=identity.author,
        licence=identity.licence,
        last=_last_result(calls),
        path=one.path,
    )


def _last_result(calls: Sequence[PlayedCall]) -> str:
    if not calls:
        return ""
    last = calls[0]
    parts = [END_WORDS[last.ending], counted(last.stars, "star")]
    if last.score is not None:
        parts.append(f"{last.score:.0f} of 100")
    return ", ".join(parts) + (", too short to judge" if last.too_short else "")


def _broken(failed: Iterable[FailedPersona]) -> Iterable[BrokenFile]:
    for one in failed:
        yield BrokenFile(one.path.name, str(one.path), tuple(_told(problem) for problem in one.problems))


def _told(problem: Problem) -> tuple[str, str]:
    place = [f"line {problem.line}"] if problem.line else []
    place += [problem.key] if problem.key else []
    return ", ".join(place), f"{problem.reason}. {problem.to_do}"
