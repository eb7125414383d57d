"""Silence: the time in which nobody speaks and no key moves, and what it was for (listening-science 1.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from personas.schema import Fact, Persona
from scoring.turns import Burst, Turn


@dataclass(frozen=True)
class Gap:
    """One stretch between the end of the customer's talk and whatever came next."""

    start: int
    end: int
    ended_by: str
    """trainee or customer."""
    held_ms: int
    """Silence before the first key moved: what the customer hears as waiting."""
    silent_ms: int
    """All of it that no typing, no announced wait and no stopped clock covers."""
    after_fact: str | None
    """The last fact told before it."""
    after_question: bool
    """Whether the customer had ended on a question."""
    announced_ms: int
    """Time within an announced wait."""


def is_weighty(fact: Fact, persona: Persona) -> bool:
    """Return whether a silence after this fact has a use: it was hard to tell, or there is more behind it."""
    waits = any(beat.after == fact.id for beat in persona.beats)
    return fact.peak or waits or (fact.gate is not None and fact.feeling is not None)


def _covered(start: int, end: int, spans: Iterable[tuple[int, int]]) -> int:
    total, reach = 0, start
    for low, high in sorted(spans):
        low, high = max(low, reach), min(high, end)
        if high > low:
            total += high - low
            reach = high
    return total


def _hold_spans(turn: Turn, end: int) -> list[tuple[int, int]]:
    return [(hold.start, end if hold.end is None else hold.end) for hold in turn.holds]


def _first_key(bursts: Iterable[Burst], start: int, end: int) -> int:
    inside = [max(start, burst.start) for burst in bursts if burst.end > start and burst.start < end]
    return min([*inside, end])


def gaps(turn: Turn) -> tuple[Gap, ...]:
    """Return the stretches of a turn in which the floor was free, oldest first."""
    found = []
    nexts: list[int | None] = [low for low, _ in turn.floor_spans[1:]]
    for (_, start), later in zip(turn.floor_spans, [*nexts, None], strict=False):
        if start is None:
            continue
        end, by = (later, "customer") if later is not None else (turn.replied_at, "trainee")
        cut = later is not None or bool(turn.overlaps)
        if end is None or end < start or (end == start and cut):
            continue
        found.append(_gap(turn, start, end, by))
    return tuple(found)


def _gap(turn: Turn, start: int, end: int, by: str) -> Gap:
    typing = [(burst.start, burst.end) for burst in turn.bursts]
    holds = _hold_spans(turn, end)
    stops = list(turn.stops)
    before = [clause for clause in turn.clauses if clause.start < start and clause.end is not None]
    told = [fact for clause in before for fact in clause.facts]
    first = _first_key(turn.bursts, start, end)
    held_cover = _covered(start, first, [*holds, *stops])
    return Gap(
        start=start,
        end=end,
        ended_by=by,
        held_ms=first - start - held_cover,
        silent_ms=end - start - _covered(start, end, [*typing, *holds, *stops]),
        after_fact=told[-1] if told else None,
        after_question=bool(before) and before[-1].text.rstrip().endswith("?"),
        announced_ms=_covered(start, end, holds),
    )


def silence_ms(turn: Turn) -> int | None:
    """Return the silence before the reply, over all gaps of the turn; None when there was no reply."""
    if turn.replied_at is None:
        return None
    return sum(gap.silent_ms for gap in gaps(turn))
