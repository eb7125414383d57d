"""What a chat window shows, in the order in which it appeared; no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from scoring.turns import Overlap, Turn
from sim.call_view import CallView, Entry, EntryKind

BURST_MS = 180_000
"""Messages of one party further apart than this begin a new burst, with a name and a time of its own."""
REST_MS = 1_000
"""So long after a message the typing sign still stands, at rest, while the customer has more to say."""

_MESSAGES = (EntryKind.CLAUSE, EntryKind.REPLY, EntryKind.HOLD)
_YOURS = (EntryKind.REPLY, EntryKind.HOLD, EntryKind.TOKEN)


class Side(StrEnum):
    """Where a line of the chat stands."""

    THEIRS = "theirs"
    YOURS = "yours"
    MIDDLE = "middle"


class Sign(StrEnum):
    """What the typing sign does."""

    OFF = "off"
    TYPING = "typing"
    RESTING = "resting"
    """Between two messages of a burst."""


@dataclass(frozen=True)
class ChatLine:
    """One message, sign of listening, cue or event that has appeared."""

    entry: Entry
    side: Side
    at: int
    """When it appeared, ms: a message of the customer does so when it has been typed."""
    opens: bool
    """Whether it opens a burst."""


class ChatFlow:
    """Gives out the lines of a chat as they appear; remembers what it has given out."""

    def __init__(self, view: CallView) -> None:
        self._view = view
        self._seen = 0
        self._typed: list[Entry] = []
        self._last: tuple[Side, int] | None = None

    def news(self) -> list[ChatLine]:
        """Return the lines that have appeared since the last call, in the order in which they did.

        A cue appears with the message it belongs to; what was never sent never appears.
        """
        fresh = [*self._typed, *self._view.entries[self._seen :]]
        self._seen, self._typed = len(self._view.entries), []
        appeared: list[tuple[int, Entry]] = []
        cues: list[Entry] = []
        for entry in fresh:
            if entry.kind is EntryKind.CUE:
                cues.append(entry)
            elif entry.kind is not EntryKind.CLAUSE:
                appeared.append((entry.at, entry))
            elif entry.said_words is None:
                message = [*cues, entry]
                if entry.done:
                    appeared += [(entry.at + entry.duration_ms, each) for each in message]
                else:
                    self._typed = message
                cues = []
            else:
                cues = []
        return [self._line(entry, at) for at, entry in sorted(appeared, key=lambda found: found[0])]

    def _line(self, entry: Entry, at: int) -> ChatLine:
        side = _side(entry)
        if entry.kind not in _MESSAGES:
            if entry.kind is EntryKind.EVENT:
                self._last = None
            return ChatLine(entry, side, at, opens=False)
        before, self._last = self._last, (side, at)
        opens = before is None or before[0] is not side or at - before[1] > BURST_MS
        return ChatLine(entry, side, at, opens)

    def mark(self, entry: Entry) -> str:
        """Return what is said under one of the trainee's messages: what sending it did; "" for nothing."""
        if entry.kind is EntryKind.HOLD:
            return "you asked for a moment"
        if entry.withdrawn:
            return "taken back"
        turn = self._view.fold.turns[entry.turn]
        overlap = next((o for o in turn.overlaps if (o.t, o.text) == (entry.at, entry.text)), None)
        if overlap is None or not _sign_stood(turn, overlap):
            return ""
        customer = self._view.persona.customer
        did = "stopped" if overlap.stopped else "typed on"
        return f"sent while {customer.short_name} was typing; {customer.they} {did}"

    def sign(self, t: int) -> Sign:
        """Return what the typing sign does at a time, ms."""
        if not self._view.fold.holding_floor:
            return Sign.OFF
        if self._view.running is not None:
            return Sign.TYPING
        ends = [clause.end for clause in self._view.fold.turn.clauses if clause.end is not None]
        return Sign.RESTING if ends and t - ends[-1] <= REST_MS else Sign.OFF


def _side(entry: Entry) -> Side:
    if entry.kind is EntryKind.CLAUSE:
        return Side.THEIRS
    return Side.YOURS if entry.kind in _YOURS else Side.MIDDLE


def _sign_stood(turn: Turn, overlap: Overlap) -> bool:
    if overlap.clause >= 0:
        return True
    ends = [clause.end for clause in turn.clauses if clause.end is not None and clause.end <= overlap.t]
    return bool(ends) and overlap.t - ends[-1] <= REST_MS
