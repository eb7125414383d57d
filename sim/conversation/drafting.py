"""Typing seen from the conversation: bursts and pauses, never single keys (DESIGN 2 and 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Move = Literal["started", "paused", "resumed", "cleared"]


@dataclass(frozen=True)
class DraftMove:
    """One thing that happened to the draft."""

    t: int
    """ms; a pause lies at its last key."""
    what: Move


class Draft:
    """Turns the keys of a composer into bursts: a burst ends at its last key before a gap."""

    def __init__(self, gap_ms: int) -> None:
        """Begin without a draft.

        Args:
            gap_ms: gaps shorter than this belong to the burst (rubric silence.burst_gap_ms).
        """
        self._gap_ms = gap_ms
        self._last_key: int | None = None
        self._bursting = False

    @property
    def begun(self) -> bool:
        """Whether there is a draft."""
        return self._last_key is not None

    def key(self, t: int, *, empty: bool) -> list[DraftMove]:
        """Take a key that changed the draft.

        Args:
            t: when it was pressed, ms.
            empty: whether the draft is empty after it.
        """
        moves = self.rest(t)
        if empty:
            if self.begun:
                moves.append(DraftMove(t, "cleared"))
            self._last_key = None
            self._bursting = False
            return moves
        if not self._bursting:
            moves.append(DraftMove(t, "resumed" if self.begun else "started"))
            self._bursting = True
        self._last_key = max(t, self._last_key or t)
        return moves

    def rest(self, t: int) -> list[DraftMove]:
        """Let time pass: the burst ends once the gap is long enough, at its last key."""
        if self._bursting and self._last_key is not None and t - self._last_key >= self._gap_ms:
            self._bursting = False
            return [DraftMove(self._last_key, "paused")]
        return []

    def sent(self) -> list[DraftMove]:
        """The draft was sent: the burst ends at its last key."""
        moves = [DraftMove(self._last_key, "paused")] if self._bursting and self._last_key is not None else []
        self._last_key = None
        self._bursting = False
        return moves
