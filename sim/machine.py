"""What only the outside knows of a sitting: clocks, chance, and what the command line asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sim.home import Remote, VoiceKind


@dataclass(frozen=True)
class Machine:
    """What only the outside knows: clocks, chance, and what the command line asked for."""

    now: Callable[[], float]
    """Monotonic seconds, the clock that stamps the keys."""
    seed: Callable[[], int]
    """A new seed, at least 1."""
    rate: float = 1.0
    """Milliseconds of a call per real one; 1 but for tests."""
    personas: Path | None = None
    """A further folder of persona files."""
    voice: VoiceKind | None = None
    """The voice asked for; None for the settings' own."""
    model: Path | None = None
    challenge: str | None = None
    remote: Remote | None = None
    """The server whose model speaks, with the voice "remote"."""
