"""When screens are shown, and on which clock."""

from __future__ import annotations

import io

import pytest

from sim.on_screen import can_draw, clock_rate, new_seed


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("streams", "term", "draws"),
    [
        ((Terminal(), Terminal(), Terminal()), "xterm-256color", True),
        ((Terminal(), io.StringIO(), Terminal()), "xterm-256color", False),
        ((io.StringIO(), Terminal(), Terminal()), "xterm-256color", False),
        ((Terminal(), Terminal(), Terminal()), "dumb", False),
        ((Terminal(), Terminal(), Terminal()), "", True),
    ],
)
def test_screens_need_a_terminal_all_around(streams: tuple[io.StringIO, ...], term: str, draws: bool) -> None:
    assert can_draw(streams, {"TERM": term}) is draws


@pytest.mark.parametrize(
    ("set_to", "rate"),
    [
        (None, 1.0),
        ("20", 20.0),
        ("0.5", 0.5),
        ("0", 1.0),
        ("-3", 1.0),
        ("nan", 1.0),
        ("fast", 1.0),
        ("1e9", 1.0),
    ],
)
def test_the_clock_runs_true_unless_a_test_asks_otherwise(set_to: str | None, rate: float) -> None:
    environment = {} if set_to is None else {"HEARMEOUT_CLOCK_RATE": set_to}

    assert clock_rate(environment) == rate


def test_seeds_begin_at_one() -> None:
    assert all(new_seed() >= 1 for _ in range(100))
