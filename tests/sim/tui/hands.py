"""A machine's clock moved by hand."""

from __future__ import annotations

START = 100.0
"""Where it stands at the beginning, seconds."""


class Hands:
    """Seconds, as many as it was set to."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> float:
        return self.at
