"""Giving an interrupted call up: for good, and where the call would have counted, as leaving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from saves.errors import SavesError
from scoring import events as ev
from scoring.call_score import score_call
from scoring.rubric import RubricError
from sim.game import StoredTextError, stored_setting

if TYPE_CHECKING:
    from saves.run import RunFile
    from saves.store import Store


def give_up(store: Store, run_id: str) -> None:
    """Note that an interrupted call is not gone on with.

    A rated call that was replied to ends here as stopped by the trainee: else breaking calls off would be a
    way around leaving them (DESIGN 8). Any other one is only put away.

    Raises:
        SavesError: when it cannot be kept.
    """
    ended = _left(store, run_id)
    if ended is None:
        store.abandon(run_id)
        return
    run, event = ended
    setting = stored_setting(run).setting
    store.append(run_id, [event], after=len(run.events) - 1)
    score = score_call(setting.persona, setting.rules, run.header, [*run.events, event])
    store.finish(run_id, score.as_dict())


def _left(store: Store, run_id: str) -> tuple[RunFile, ev.Ended] | None:
    """Return the run and the event that ends it; None where nothing would count, or it cannot be read."""
    try:
        run = store.load(run_id)
        stored_setting(run)
    except (SavesError, StoredTextError, RubricError):
        return None
    replied = any(event.kind == "spoke" for event in run.events)
    if run.header.mode == "practice" or run.header.parent_run is not None or not replied:
        return None
    if any(event.kind == "ended" for event in run.events):
        return None
    return run, ev.Ended(t=max(event.t for event in run.events), reason="stopped")
