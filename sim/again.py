"""Playing a moment again: the part of a call that stands, and what the new call is called."""

from __future__ import annotations

from collections.abc import Sequence

from personas.schema import Persona
from scoring import events as ev
from scoring.turns import CallFold

_OWN_MOVES = (ev.ComposingStarted, ev.ComposingPaused, ev.ComposingResumed, ev.ComposingCleared)


class NoSuchMoment(Exception):
    """The call has no reply of that number; the message says so."""


def until_reply(persona: Persona, events: Sequence[ev.Event], turn: int) -> tuple[ev.Event, ...]:
    """Return the events of a call up to the moment before a turn's reply was begun.

    Args:
        persona: the customer.
        events: all events of the call.
        turn: number of the turn, counted from 0.

    Raises:
        NoSuchMoment: when that turn has no reply.
    """
    fold = CallFold(persona)
    for place, event in enumerate(events):
        if isinstance(event, ev.Spoke) and fold.turn.number == turn:
            return tuple(events[: _draft_begun(events, place)])
        fold.apply(event)
    raise NoSuchMoment(f"This call has no reply number {turn + 1}.")


def _draft_begun(events: Sequence[ev.Event], reply: int) -> int:
    """Return where the draft of a reply was begun, if that lies after the customer's last word."""
    place = reply
    for earlier in range(reply - 1, -1, -1):
        if not isinstance(events[earlier], (*_OWN_MOVES, ev.ClockStopped, ev.ClockStarted)):
            break
        if isinstance(events[earlier], _OWN_MOVES):
            place = earlier
    return place
