"""One protocol for every voice: stream sentences, cancel, close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sim.customer.note import VoiceRequest


class VoiceError(Exception):
    """The voice cannot speak; the message is one sentence for the log and says what to do."""


@dataclass(frozen=True)
class VoiceIdentity:
    """Who spoke, for the header of a run."""

    kind: str
    """written, local or remote."""
    model: str = ""
    """File name or model name; "" for written."""
    model_sha256: str = ""
    sampling: str = ""
    """Sampling settings as one stable line of text, e.g. "temp=0.8 top_p=0.95 min_p=0.05"."""


@dataclass(frozen=True)
class VoicePiece:
    """One piece of what the voice has to say."""

    text: str
    """A whole sentence, or "" when nothing is ready yet or the turn is over."""
    done: bool
    """Whether the turn is over: no piece follows."""


class Speech(Protocol):
    """One turn being voiced."""

    def poll(self, timeout_s: float) -> VoicePiece | None:
        """Return the next finished sentence, or None when none came within the time. Never blocks longer.

        After the last sentence a piece with done=True and text "" is returned.

        Raises:
            VoiceError: when the voice failed in the middle.
        """
        ...

    def cancel(self) -> None:
        """Stop speaking at once; later polls return a done piece. Safe to call twice and after the end."""
        ...


class Voice(Protocol):
    """Turns a stage note into words."""

    @property
    def identity(self) -> VoiceIdentity:
        """Who speaks, for the run's header."""
        ...

    def speak(self, request: VoiceRequest) -> Speech:
        """Start voicing one turn; returns at once.

        Raises:
            VoiceError: when the voice cannot start.
        """
        ...

    def prepare(self, request: VoiceRequest) -> None:
        """Get ready for the next turn while the trainee thinks; only shortens the wait, may do nothing.

        Args:
            request: the coming request as far as it is known: its history counts, its note does not.
        """
        ...

    def close(self) -> None:
        """Give everything back: processes, files, memory. Safe to call twice."""
        ...
