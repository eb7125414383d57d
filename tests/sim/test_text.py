"""Foreign text on a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.text import LONGEST, one_line, shown


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("plain £ text, [bold]as it is[/bold]", "plain £ text, [bold]as it is[/bold]"),
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x9b31mred", "31mred"),
        ("\x1b]0;title\x07", "]0;title"),
        ("a\u202eb\u2066c\u200fd\u061ce", "abcde"),
        ("a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u3164h", "abcdefgh"),
        ("\U000e0041\U000e0042tagged", "tagged"),
        ("half \ud83d of an emoji", "half  of an emoji"),
        ("a\tb", "a b"),
        ("one\r\ntwo\rthree\u2028four\x85five\x0csix", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("null\x00byte\x7f", "nullbyte"),
        ("\u2764\ufe0f e\u0301", "\u2764\ufe0f e\u0301"),
    ],
)
def test_what_is_shown(raw: str, clean: str) -> None:
    assert shown(raw) == clean


@given(st.text(st.characters(codec=None, categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Lu", "Po"]), max_size=60))
def test_no_text_moves_the_cursor_or_turns_the_line(raw: str) -> None:
    clean = shown(raw)
    assert all(
        letter == "\n" or letter.isprintable() or unicodedata.category(letter) == "Zs" or letter.isalnum()
        for letter in clean
        if unicodedata.category(letter) not in ("Cf",)
    )
    assert not any(unicodedata.bidirectional(letter) in _TURNING for letter in clean)
    assert "\n" not in one_line(raw)
    assert shown(clean) == clean
    clean.encode("utf-8")


_TURNING = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def test_a_text_without_end_is_cut_and_counted() -> None:
    text = shown("x" * (LONGEST + 12_345))
    assert text.endswith("[... 12345 more characters]")
    assert len(text) < LONGEST + 100
