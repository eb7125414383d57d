"""A workplace in a folder of its own, with a clock that moves only when told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from sim.home import Home
from sim.preferences import Preferences
from sim.workplace import Machine, Workplace


@dataclass
class HandClock:
    """Monotonic seconds that a test moves."""

    s: float = 1000.0

    def __call__(self) -> float:
        return self.s


@dataclass
class House:
    """Everything a workplace is built from."""

    data: Path
    clock: HandClock = field(default_factory=HandClock)
    said: list[str] = field(default_factory=list)
    preferences: Preferences = field(default_factory=lambda: Preferences(voice="written"))
    rate: float = 1.0
    personas: Path | None = None
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    def home(self) -> Home:
        return Home(
            data=self.data,
            environment={},
            now_utc=lambda: f"2026-01-{2 + int(self.clock.s // 86_400):02d}T10:00:00+00:00",
            monotonic_ms=lambda: round(self.clock.s * 1000),
            new_id=lambda: f"{next(self._names):032x}",
            say=self.said.append,
            warn=self.said.append,
        )

    def open(self) -> Workplace:
        machine = Machine(now=self.clock, seed=lambda: 7, rate=self.rate, personas=self.personas)
        return Workplace(self.home(), self.preferences, machine)
