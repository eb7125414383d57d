"""Keeps a conversation's events while it is played; what cannot be stored waits, and the call goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from saves.errors import SavesError
from scoring.events import Event

if TYPE_CHECKING:
    from saves.store import Store


class Keeper:
    """Stores events in order; a failure is told once and tried again with the next batch."""

    def __init__(self, store: Store, run_id: str, tell: Callable[[str], None], kept: int = 0) -> None:
        """Take the store.

        Args:
            store: where the run was begun.
            run_id: the run.
            tell: receives one sentence when storing begins to fail, and one when it works again.
            kept: events that are stored already.
        """
        self._store = store
        self._run_id = run_id
        self._tell = tell
        self._waiting: list[Event] = []
        self._kept = kept
        self._failing = False

    @property
    def waiting(self) -> int:
        """Events that are not stored yet."""
        return len(self._waiting)

    def keep(self, events: Sequence[Event]) -> None:
        """Store these events and all that wait; never raises."""
        self._waiting.extend(events)
        self.retry()

    def retry(self) -> bool:
        """Try to store what waits; return whether nothing waits any more."""
        if not self._waiting:
            return True
        try:
            last = self._store.append(self._run_id, self._waiting, after=self._kept - 1)
        except SavesError as error:
            if not self._failing:
                self._tell(f"{error} The call goes on; what is not saved is tried again.")
            self._failing = True
            return False
        self._kept = last + 1
        self._waiting.clear()
        if self._failing:
            self._tell("Saving works again; nothing is missing.")
        self._failing = False
        return True

    def finish(self, result: Mapping[str, Any]) -> bool:
        """Store the summary and return whether all is stored; when that fails, say so.

        The scores can be computed again from the events.
        """
        if not self.retry():
            self._tell("This call could not be saved to its end.")
            return False
        try:
            self._store.finish(self._run_id, result)
        except SavesError as error:
            self._tell(f"{error} The scores of this call were not kept; its events were.")
            return False
        return True
