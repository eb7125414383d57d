"""What the trainee has heard a customer say lately, so that the next call does not say it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring import events as ev

if TYPE_CHECKING:
    from saves.store import Store

CALLS = 2
"""Calls before this one: three in a row then repeat no line as long as there are others."""


def lines_heard(store: Store, persona_id: str, calls: int = CALLS) -> frozenset[str]:
    """Return every sentence that a customer has said in the latest calls with them.

    Args:
        store: the stored calls.
        persona_id: the customer.
        calls: how many calls count, the newest first.

    Raises:
        SavesError: when the list of calls cannot be read.
    """
    from saves.errors import SavesError

    heard: set[str] = set()
    for row in store.runs(calls, persona_id=persona_id, whole=False):
        try:
            events = store.events(row.run_id)
        except SavesError:
            continue
        heard |= {event.text for event in events if isinstance(event, ev.SentenceVoiced)}
    return frozenset(heard)
