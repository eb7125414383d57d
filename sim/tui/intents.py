"""What screens ask of the app: messages that carry data, never widgets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from textual.message import Message

Place = Literal["career", "library", "settings", "help"]


@dataclass
class PlaceWanted(Message):
    """Another screen is wanted, over this one."""

    place: Place


@dataclass
class BriefingWanted(Message):
    """A customer was chosen: what is known before the call is wanted."""

    persona_id: str
    seed: int | None = None
    """Today's call has its own, and is rated; None for a call like any other."""


@dataclass
class CallWanted(Message):
    """The call with a customer shall begin."""

    persona_id: str
    mode: Literal["practice", "rated"]


@dataclass
class PracticeWanted(Message):
    """The two-minute practice call of the help shall begin."""


@dataclass
class GoOnWanted(Message):
    """An interrupted call shall go on."""

    run_id: str


@dataclass
class GiveUpWanted(Message):
    """An interrupted call shall not be gone on with; it is kept."""

    run_id: str


@dataclass
class CallClosed(Message):
    """The trainee has left a call's screen."""

    debrief: bool
    """Whether its debrief is wanted."""


@dataclass
class DebriefWanted(Message):
    """The debrief of a stored call is wanted."""

    run_id: str


@dataclass
class ReplayWanted(Message):
    """A stored call shall be played again on the screen, from a time on."""

    run_id: str
    from_ms: int = 0


@dataclass
class AgainWanted(Message):
    """A moment shall be played again: a new call that branches off before a turn's reply."""

    run_id: str
    turn: int


@dataclass
class StoryWanted(Message):
    """A moment shall be saved as a story card."""

    run_id: str
    turn: int


@dataclass
class PreferenceChanged(Message):
    """A setting was changed."""

    name: str
    value: object
