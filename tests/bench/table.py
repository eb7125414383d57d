"""The lines that the benchmarks print."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence


def head() -> None:
    """Print what stands above the figures."""
    print(f"{'what':<52}{'p50 ms':>10}{'p99 ms':>10}   budget")


def row(what: str, times_ms: Sequence[float], budget: str = "") -> None:
    """Print median and 99th percentile of times, ms."""
    ordered = sorted(times_ms)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    print(f"{what:<52}{statistics.median(ordered):>10.2f}{p99:>10.2f}   {budget}", flush=True)


def note(what: str) -> None:
    """Print a line about the figures above it."""
    print(f"  {what}", flush=True)


def timed(act: Callable[[], object]) -> float:
    """Return how long something takes, ms."""
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000
