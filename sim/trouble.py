"""Which errors a user can meet, and the sentence for each."""

from __future__ import annotations

from saves.errors import SavesError
from scoring.rubric import RubricError
from sim.again import NoSuchMoment
from sim.game import StoredTextError
from sim.home import PlayError
from sim.plain import Stopped
from sim.script import ScriptError

UNDERSTOOD = (PlayError, SavesError, StoredTextError, RubricError, NoSuchMoment)
"""Errors whose message is a sentence for the user."""


def sentence_of(error: Exception) -> str | None:
    """Return what to tell the user; "" when nothing need be said, None for an error that is ours."""
    if isinstance(error, Stopped):
        return ""
    if isinstance(error, ScriptError):
        return f"The script stops at {error}. Nothing was saved."
    return str(error) if isinstance(error, UNDERSTOOD) else None
