"""Makes what the first screen, the career and the library tell, from customers and stored calls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from personas.loader import FailedPersona, Library, LoadedPersona
from personas.problems import Problem
from saves.run import RunRow
from scoring.debrief import END_WORDS
from scoring.debrief_text import skill_name
from sim.career.advice import next_choice
from sim.career.counting import UNRATED, Counts, waiting_attempts
from sim.career.daily import todays_call
from sim.career.played import PlayedCall, calls_with, moment, played_calls
from sim.career.ratings_told import COUNTED, LISTED, due_sentence, skill_lines
from sim.career.reasons import reasons
from sim.career.record import TrackRecord, track_record
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
    DailyCall,
    DailyState,
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
    "daily_call",
    "home_view",
    "library_view",
    "next_call",
    "played_before",
    "record_of",
    "unlocked",
    "usual_skills",
]

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def unlocked(library: Library, rows: Sequence[RunRow], builtin: Path) -> frozenset[str]:
    """Return the ids of the customers that may be played from the screens."""
    calls = played_calls(rows)
    return open_ids(library, tiers_of(library, calls, builtin), calls, builtin)


def record_of(
    library: Library, rows: Sequence[RunRow], today_utc: str, builtin: Path, zone: tzinfo | None = None
) -> TrackRecord:
    """Return what the stored calls say at a time (`home_view` explains the arguments)."""
    now = moment(today_utc) or _LONG_AGO
    return track_record(library, played_calls(rows), builtin, now, zone, waiting_attempts(rows))


def home_view(
    library: Library,
    rows: Sequence[RunRow],
    unfinished: Sequence[RunRow],
    today_utc: str,
    builtin: Path,
    zone: tzinfo | None = None,
) -> HomeView:
    """Return what the first screen tells.

    Args:
        library: all customers.
        rows: the stored calls, in any order.
        unfinished: the interrupted ones that were not given up.
        today_utc: the time, ISO 8601.
        builtin: folder of the built-in customers.
        zone: where the trainee is; None for the machine's own.
    """
    record = record_of(library, rows, today_utc, builtin, zone)
    return HomeView(
        interrupted=_interrupted(library, unfinished, today_utc),
        next=next_call(library, record, builtin),
        first_start=not rows and not unfinished,
        broken=len(library.failed),
        daily=daily_call(library, record, rows, builtin),
    )


def next_call(library: Library, record: TrackRecord, builtin: Path) -> NextCall | None:
    """Return the one thing to do next, with its reasons; None when there is nobody."""
    choice = next_choice(library, record, builtin)
    if choice is None:
        return None
    one = library.loaded[choice.persona_id]
    return NextCall(
        choice.persona_id,
        one.persona.customer.name,
        one.persona.customer.short_name,
        one.persona.identity.title,
        medium_word(one.persona.medium.kind),
        reasons(one, choice, record),
        choice.minutes,
        choice.mode,
    )


def daily_call(
    library: Library, record: TrackRecord, rows: Sequence[RunRow], builtin: Path
) -> DailyCall | None:
    """Return today's call and how far one is with it; None where no customer can have it."""
    today = todays_call(library, record.today, builtin)
    if today is None:
        return None
    persona = library.loaded[today.persona_id].persona
    found = DailyCall(
        today.persona_id,
        today.seed,
        persona.customer.name,
        persona.customer.short_name,
        persona.identity.title,
        medium_word(persona.medium.kind),
        DailyState.NEW,
    )
    mine = [
        row
        for row in rows
        if row.seed == today.seed and row.persona_id == today.persona_id and row.parent_run is None
    ]
    done = {call.run_id: call for call in record.calls}
    for row in sorted(mine, key=lambda one: moment(one.started_utc) or _LONG_AGO):
        if row.ended is None and not row.abandoned:
            return replace(found, state=DailyState.BEGUN, run_id=row.run_id)
        call, counts = done.get(row.run_id), record.counts.get(row.run_id)
        if call is not None and counts is not Counts.NO_ATTEMPT:
            result = _result_of(call)
            result += "" if counts is Counts.RATED else f" ({COUNTED[counts]})" if counts else ""
            return replace(found, state=DailyState.DONE, run_id=row.run_id, result=result)
    return found


def played_before(rows: Sequence[RunRow], persona_id: str, seed: int) -> bool:
    """Return whether a customer was tried with this seed: a call that was begun, and not left unanswered."""
    unanswered = {
        call.run_id for call in played_calls(rows) if call.replies == 0 and call.ending in ("left", "stopped")
    }
    return any(
        row.persona_id == persona_id
        and row.seed == seed
        and row.parent_run is None
        and row.run_id not in unanswered
        and not row.abandoned
        for row in rows
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
        rated=row.mode != UNRATED and row.parent_run is None,
    )


def career_view(
    library: Library, rows: Sequence[RunRow], today_utc: str, builtin: Path, zone: tzinfo | None = None
) -> CareerView:
    """Return what the career screen tells (`home_view` explains the arguments)."""
    record = record_of(library, rows, today_utc, builtin, zone)
    calls, tiers = record.calls, record.tiers
    read = {call.run_id: call for call in calls}
    newest_first = sorted(rows, key=lambda row: moment(row.started_utc) or _LONG_AGO, reverse=True)
    return CareerView(
        tiers=tuple(_tier_view(tier, library, record.unlocked, calls) for tier in tiers),
        missing=_missing(tiers),
        trends=trends_of(calls),
        calls=tuple(
            _call_line(row, read.get(row.run_id), library, record.counts.get(row.run_id))
            for row in newest_first
        ),
        today=moment(today_utc),
        skills=skill_lines(record),
        due=due_sentence(record),
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


def _call_line(row: RunRow, call: PlayedCall | None, library: Library, counts: Counts | None) -> CallLine:
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
        counts=LISTED[counts] if counts else "",
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
    return _result_of(calls[0]) if calls else ""


def _result_of(last: PlayedCall) -> str:
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
