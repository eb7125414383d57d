"""How alike two texts are, and which words they have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\W_]+(?:[.,'’:/-][^\W_]+)*")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_PERSONS = {
    "i": "you",
    "me": "you",
    "we": "you",
    "us": "you",
    "my": "your",
    "our": "your",
    "mine": "yours",
    "myself": "yourself",
    "was": "were",
    "am": "are",
    "i'm": "you're",
    "we're": "you're",
    "i've": "you've",
    "we've": "you've",
    "i'd": "you'd",
    "i'll": "you'll",
}


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case, without punctuation; amounts and dates stay whole."""
    return tuple(word.replace("’", "'") for word in _WORD.findall(text.casefold()))


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, split at stops, exclamation and question marks."""
    return tuple(part.strip() for part in _SENTENCE.findall(text) if words_of(part))


def likeness(first: str, second: str) -> float:
    """Return how alike two texts are, 0-1, whoever speaks of whom: "I was late" and "You were late" are 1."""
    return SequenceMatcher(None, _neutral(first), _neutral(second), autojunk=False).ratio()


def _neutral(text: str) -> str:
    return " ".join(_PERSONS.get(word, word) for word in words_of(text))


def holds_run(words: Sequence[str], run: Sequence[str]) -> bool:
    """Return whether the words contain the run, in a row."""
    length = len(run)
    return any(tuple(words[at : at + length]) == tuple(run) for at in range(len(words) - length + 1))
