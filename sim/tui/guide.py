"""What a lesson is to the screen of a call."""

from __future__ import annotations

from typing import Protocol

from sim.live import LiveCall


class Guide(Protocol):
    """A lesson that watches the call."""

    def line(self, call: LiveCall) -> str:
        """Return the instruction that stands now; "" for none."""
        ...
