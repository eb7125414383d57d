"""Where the user's things are and what was asked for; light, because the first paint waits for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sim.text import shown

Mode = Literal["practice", "rated", "competition"]
VoiceKind = Literal["auto", "written", "local", "remote"]


class PlayError(Exception):
    """The call cannot begin; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Home:
    """Where the user's things are, and how to reach the outside."""

    data: Path
    environment: Mapping[str, str]
    now_utc: Callable[[], str]
    monotonic_ms: Callable[[], int]
    new_id: Callable[[], str]
    say: Callable[[str], None]
    """Prints a line for the trainee."""
    warn: Callable[[str], None]
    """Prints a line on standard error."""

    @property
    def models(self) -> Path:
        """Folder of the models."""
        return self.data / "models"

    def log(self, line: str) -> None:
        """Add a line to the log of what goes wrong behind the scenes; no error when that fails."""
        try:
            with (self.data / "log.txt").open("a", encoding="utf-8", errors="replace") as file:
                file.write(f"{self.now_utc()} {shown(line)}\n")
        except OSError:
            return


@dataclass(frozen=True)
class Remote:
    """A server whose model was asked for."""

    url: str
    model: str = ""
    """Its name there; "" for the first one that the server lists."""


@dataclass(frozen=True)
class Wanted:
    """What the user asked for."""

    persona: str
    seed: int
    voice: VoiceKind = "auto"
    model: Path | None = None
    mode: Mode = "practice"
    personas: Path | None = None
    challenge: str | None = None
    remote: Remote | None = None
    """With the voice "remote"."""
    new_words: bool = False
    """Whether written lines of the latest calls are kept back; not where a seed was asked for."""
