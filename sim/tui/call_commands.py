"""The commands of the palette that only a call has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

PACE_STEP = 10
"""Percent by which one step changes the customer's pace."""


@runtime_checkable
class Commanded(Protocol):
    """A screen with a call on it."""

    def change_pace(self, step: int) -> None:
        """Change the customer's pace by so many percent."""
        ...

    def action_stop(self) -> None:
        """Ask what stopping shall mean."""
        ...


class CallCommands(Provider):
    """Slower, faster, stop."""

    def _commands(self) -> tuple[tuple[str, Callable[[], None], str], ...]:
        screen = self.screen
        if not isinstance(screen, Commanded):
            return ()
        return (
            ("Slower", lambda: screen.change_pace(-PACE_STEP), "The customer speaks slower (ctrl+down)"),
            ("Faster", lambda: screen.change_pace(PACE_STEP), "The customer speaks faster (ctrl+up)"),
            ("Stop the call", screen.action_stop, "Go on with it later, or hang up (ctrl+c)"),
        )

    async def discover(self) -> Hits:
        """Offer all of them."""
        for name, act, tells in self._commands():
            yield DiscoveryHit(name, act, help=tells)

    async def search(self, query: str) -> Hits:
        """Offer those that fit what was typed."""
        matcher = self.matcher(query)
        for name, act, tells in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), act, help=tells)
