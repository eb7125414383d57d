"""Tokens of a text: offsets, lower-case forms with contractions and slang written out, stems, sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import NamedTuple

MAX_CHARS = 40_000
"""Characters of a text that are looked at; what follows is ignored, so that work is bounded."""
MAX_TOKENS = 4_000
"""Words of a text that are looked at."""
_MAX_WORD = 40

_TOKEN = re.compile(
    r"(?P<end>[.?!…]+|\|\||\n+|。|？|！)"
    r"|(?P<break>[,;:()\[\]\"“”]|[-–—](?![\w\d])|[–—])"
    rf"|(?P<word>[^\W\d_]{{1,{_MAX_WORD}}}(?:['’ʼ`´][^\W\d_]{{1,4}}){{0,2}})"
    r"|(?P<number>\d{1,15}(?:[.,:/]\d{1,15}){0,4})"
    r"|(?P<symbol>[£$€%&+])"
)
_HIDDEN = re.compile(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u202a-\u202e\x00-\x08\x0b-\x1f\x7f]")
_SUFFIXES = (("n't", "not"), ("'re", "are"), ("'ve", "have"), ("'ll", "will"), ("'d", "would"), ("'m", "am"))
_BASES = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_IS_AFTER = frozenset(
    [
        "it",
        "that",
        "this",
        "he",
        "she",
        "what",
        "who",
        "where",
        "when",
        "there",
        "here",
        "how",
        "why",
        "everything",
        "nothing",
    ]
)
_FILLERS = frozenset(("um", "uh", "er", "erm", "uhm", "umm", "uhh"))
_VOWELS = frozenset("aeiouy")


class Token(NamedTuple):
    """One word, number, symbol or break of a text."""

    word: str
    """Lower case, written out."""
    stem: str
    kind: str
    """word, number, symbol, break (a comma or its like) or end (of a sentence)."""
    start: int
    end: int
    """Character offsets into the original text."""


class Sentence(NamedTuple):
    """A stretch of tokens up to a sentence's end."""

    tokens: tuple[Token, ...]
    """Without the closing mark; breaks are kept."""
    closing: str
    """The closing mark ('?', '.', '...', '' where the text just stops)."""


def _visible(text: str) -> tuple[str, list[int] | None]:
    """Take zero-width and control characters out; the list maps back to the original offsets."""
    if not _HIDDEN.search(text):
        return text, None
    kept = [index for index, char in enumerate(text) if not _HIDDEN.match(char)]
    return "".join(text[index] for index in kept), kept


def stem(word: str) -> str:
    """Strip endings so that forms of one word meet: charged, charges, charging -> charg."""
    word = word.replace("iz", "is") if "iz" in word[2:] else word
    if len(word) > 3:
        if word.endswith("ies") or word.endswith("ied"):
            word = word[:-3] + "y"
        elif word.endswith("es") and word[-3] in "sxhz":
            word = word[:-2]
        elif word.endswith("s") and word[-2] not in "sui":
            word = word[:-1]
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 2 and _VOWELS & set(word[: -len(ending)]):
            word = word[: -len(ending)]
            break
    if word.endswith("ly") and len(word) > 5:
        word = word[:-2]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in _VOWELS:
        word = word[:-1]
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") else word


class Speller:
    """Writes one surface word out: slang, contractions, and slips of one letter in words that matter.

    Args:
        slang: Surface form to its words ("thx" -> "thanks", "gonna" -> "going to").
        irregular: Form to base word ("rang" -> "ring").
        vocabulary: Words that a slip is mended to; at least five letters each.
        ordinary: Words that are never mended.
    """

    def __init__(
        self,
        slang: Mapping[str, str],
        irregular: Mapping[str, str],
        vocabulary: frozenset[str],
        ordinary: frozenset[str],
    ) -> None:
        self._irregular = irregular
        self._slang = {form: tuple(words.split()) for form, words in slang.items()}
        self._known = vocabulary | ordinary
        self._known_stems = frozenset(stem(word) for word in self._known)
        self._near: dict[str, list[str]] = {}
        for word in sorted(vocabulary):
            if len(word) >= 5:
                for form in _one_less(word):
                    self._near.setdefault(form, []).append(word)
        self.write_out: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=16_384)(self._write_out)
        self.stem_of: Callable[[str], str] = lru_cache(maxsize=16_384)(self._stem_of)

    def _stem_of(self, word: str) -> str:
        return stem(self._irregular.get(word, word))

    def _write_out(self, surface: str) -> tuple[str, ...]:
        word = surface.lower()
        for mark in "’ʼ`´":
            word = word.replace(mark, "'")
        if word in self._slang:
            return self._slang[word]
        if "'" in word:
            return self._contraction(word)
        word = _squeezed(word) if word not in self._known else word
        return self._slang.get(word) or (self._mended(word),)

    def _contraction(self, word: str) -> tuple[str, ...]:
        for suffix, written in _SUFFIXES:
            if word.endswith(suffix) and len(word) > len(suffix):
                base = word[: -len(suffix)]
                return (_BASES.get(base, base), written)
        base, _, ending = word.rpartition("'")
        if ending == "s" and base in _IS_AFTER:
            return (base, "is")
        if base == "let":
            return ("let", "us")
        return (self._mended((base if ending == "s" else word).replace("'", "")),)

    def _mended(self, word: str) -> str:
        if len(word) < 5 or word in self._known or stem(word) in self._known_stems:
            return word
        best = ""
        for form in _one_less(word):
            for candidate in self._near.get(form, ()):
                near = abs(len(candidate) - len(word)) <= 1 and candidate[0] == word[0]
                if near and _one_slip(word, candidate) and (not best or candidate < best):
                    best = candidate
        return best or word


def _one_less(word: str) -> list[str]:
    return [word, *(word[:index] + word[index + 1 :] for index in range(len(word)))]


def _one_slip(left: str, right: str) -> bool:
    """Whether one letter added, dropped, changed or swapped turns one word into the other."""
    if left == right:
        return True
    first = next(
        (i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    a, b = left[first:], right[first:]
    swapped = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return a[1:] == b or a == b[1:] or a[1:] == b[1:] or swapped


def _squeezed(word: str) -> str:
    """Drawn-out letters ("sooooo") to at most two."""
    return re.sub(r"(.)\1{2,}", r"\1", word)


def tokens_of(text: str, speller: Speller) -> tuple[Token, ...]:
    """Split a text into tokens with offsets into it; at most MAX_TOKENS of the first MAX_CHARS."""
    clean, offsets = _visible(text[:MAX_CHARS])
    found: list[Token] = []
    for match in _TOKEN.finditer(clean):
        start, end = match.start(), match.end()
        if offsets is not None:
            start, end = offsets[start], offsets[end - 1] + 1
        kind = match.lastgroup or "word"
        surface = match.group()
        if surface.lower() in _FILLERS:
            continue
        if kind != "word":
            found.append(Token(surface, surface, kind, start, end))
        else:
            found.extend(
                Token(word, speller.stem_of(word), kind, start, end) for word in speller.write_out(surface)
            )
        if len(found) >= MAX_TOKENS:
            break
    return tuple(found[:MAX_TOKENS])


def sentences_of(tokens: tuple[Token, ...]) -> tuple[Sentence, ...]:
    """Group tokens into sentences; a sentence without any word is left out."""
    sentences: list[Sentence] = []
    held: list[Token] = []
    for token in tokens:
        if token.kind != "end":
            held.append(token)
            continue
        if any(kept.kind != "break" for kept in held):
            sentences.append(
                Sentence(tuple(held), "?" if "?" in token.word or "？" in token.word else token.word)
            )
        elif sentences and "?" in token.word and sentences[-1].tokens:
            sentences[-1] = sentences[-1]._replace(closing="?")
        held = []
    if any(kept.kind != "break" for kept in held):
        sentences.append(Sentence(tuple(held), ""))
    return tuple(sentences)
