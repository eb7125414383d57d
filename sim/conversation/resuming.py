"""What an interrupted program left open, brought to an end so that the conversation can go on."""

from __future__ import annotations

from scoring import events as ev
from scoring.turns import CallFold


def closing_events(fold: CallFold, now: int) -> list[ev.Event]:
    """Return what ends a draft, the customer's turn and a wait at the last known time, and the pause.

    Args:
        fold: the conversation so far.
        now: when it goes on, ms; the time until then counts for nobody.
    """
    last, holds = fold.last_t, fold.turn.holds
    found: list[ev.Event] = []
    if fold.composing:
        found.append(ev.ComposingCleared(t=last))
    if fold.holding_floor:
        found.append(ev.CustomerTurnEnded(t=last))
    if holds and holds[-1].end is None:
        found.append(ev.HoldEnded(t=last))
    found.append(ev.ClockStopped(t=last, reason="suspended"))
    found.append(ev.ClockStarted(t=now, reason="suspended"))
    return found
