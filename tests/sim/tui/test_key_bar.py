from __future__ import annotations

import pytest
from rich.cells import cell_len

from sim.tui.widgets.key_bar import GAP, KeyShown, fitted, shortened

KEYS = [
    KeyShown("tab", "Tab", "mm-hm"),
    KeyShown("f2", "F2", "Eleven years."),
    KeyShown("f3", "F3", "日本日本日本日本"),
]


def width(keys: list[KeyShown]) -> int:
    return sum(key.cells + GAP for key in keys) - GAP


def test_what_fits_is_shown_whole() -> None:
    assert fitted(KEYS, 80) == KEYS


@pytest.mark.parametrize("room", range(20, 60))
def test_long_ones_are_shortened_then_the_last_ones_left_out(room: int) -> None:
    shown = fitted(KEYS, room)
    assert width(shown) <= room or len(shown) == 1
    assert [key.key for key in shown] == [key.key for key in KEYS[: len(shown)]]


def test_line_breaks_in_what_a_key_does_are_taken_out() -> None:
    assert fitted([KeyShown("f2", "F2", "two\nlines\x1b[31m")], 40)[0].does == "two lines[31m"


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日本語", 4, "日…"), ("a b c", 3, "a…")],
)
def test_shortened_text_ends_in_an_ellipsis(text: str, cells: int, expected: str) -> None:
    assert shortened(text, cells) == expected
    assert cell_len(shortened(text, cells)) <= cells
