"""Cuts sentences into clauses of at most twelve words: one splitter for every voice (DESIGN 3)."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_WORDS = 12
"""Longest clause (DESIGN 3)."""
_JOINTS = frozenset(
    [
        "and",
        "but",
        "because",
        "so",
        "when",
        "while",
        "which",
        "who",
        "that",
        "if",
        "then",
        "or",
        "although",
        "though",
        "until",
        "since",
        "where",
        "after",
        "before",
    ]
)
_BREAK_AFTER = re.compile(r"[,;:–—]$|\.\.\.$|…$")


@dataclass(frozen=True)
class Clause:
    """A stretch of words said in one go."""

    text: str
    turn_end: bool
    """Whether the customer could stop here."""

    @property
    def words(self) -> int:
        """Number of words, counted by spaces; at least 1."""
        return max(1, len(self.text.split()))


def split_clauses(sentence: str) -> tuple[Clause, ...]:
    """Return the clauses of one sentence; the last one ends a possible turn.

    A clause breaks after a comma, semicolon, colon or dash, else before a joining word, else in the middle,
    so that none has more than twelve words and none is a lone word where that can be avoided.
    """
    words = sentence.split()
    if not words:
        return ()
    pieces = _split(words)
    last = len(pieces) - 1
    return tuple(Clause(" ".join(piece), turn_end=place == last) for place, piece in enumerate(pieces))


def _split(words: list[str]) -> list[list[str]]:
    if len(words) <= MAX_WORDS:
        return [words]
    cut = _best_cut(words)
    return [*_split(words[:cut]), *_split(words[cut:])]


def _best_cut(words: list[str]) -> int:
    middle = len(words) / 2
    places = range(3, len(words) - 2)
    marks = [place for place in places if _BREAK_AFTER.search(words[place - 1])]
    joints = [place for place in places if words[place].lower().strip("'\"") in _JOINTS]
    options = marks or joints or [len(words) // 2]
    return min(options, key=lambda place: (abs(place - middle), place))
