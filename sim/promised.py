"""What was promised to a customer in the call before: looked up in the stored calls when a sequel begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from personas.schema import Persona
from saves.errors import SavesError
from scoring.promises import promises_of
from scoring.rubric import RubricError
from scoring.turns import CallFold
from sim.game import StoredTextError, stored_setting

if TYPE_CHECKING:
    from saves.store import Store


def promised_before(store: Store, persona: Persona) -> Mapping[str, bool]:
    """Return the offers of the latest call with the customer that a sequel goes on from.

    That is the latest one that came to an end; calls stopped by the stop key, moments played again and calls
    that cannot be read are passed over. Nothing is remembered where there is none.

    Args:
        store: the stored calls.
        persona: the customer of the call to come.

    Returns:
        By resolution: whether it was promised (True) or only mentioned.

    Raises:
        SavesError: when the list of calls cannot be read.
    """
    before = persona.identity.sequel_of
    if before is None or not persona.recalls:
        return {}
    for row in store.runs(persona_id=before, whole=False):
        if row.ended in (None, "stopped") or row.parent_run is not None:
            continue
        try:
            run = store.load(row.run_id)
            setting = stored_setting(run).setting
        except (SavesError, StoredTextError, RubricError):
            continue
        return promises_of(setting.persona, setting.rules, CallFold(setting.persona).apply_all(run.events))
    return {}
