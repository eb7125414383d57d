"""Draws without a random stream: the same seed, turn and purpose give the same draw on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def draw(seed: int, turn: int, purpose: str) -> int:
    """Return an integer in 0 .. 2**64-1 from sha256(seed, turn, purpose)."""
    digest = hashlib.sha256(f"{seed}\x1f{turn}\x1f{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big")


def pick(options: Sequence[T], seed: int, turn: int, purpose: str) -> T:
    """Return one of the options.

    Raises:
        ValueError: when there are no options.
    """
    if not options:
        raise ValueError(f"nothing to pick from for {purpose!r}")
    return options[draw(seed, turn, purpose) % len(options)]
