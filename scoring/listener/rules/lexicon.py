"""The listener's lexicon, from the files beside it: phrases, meaning groups, word rarity, constants."""

from __future__ import annotations

import hashlib
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

from scoring.listener.rules.data import NAMES_OF_TIME
from scoring.listener.rules.words import Sentence, Speller, Token, stem

_FILES = ("patterns.toml", "words.toml", "constants.toml", "common_words.txt")
_PIECE = re.compile(r"\(|\)\?|\)|\||[^\s()|]+")
_GAP = r"(?:[^ |]+ (?:\| )?)"
_MARKS = {
    "(": "(?:",
    ")": ")",
    ")?": ")?",
    "|": "|",
    "^": r"(?:(?<=^ )|(?<=\| ))",
    "$": r"(?=\||$)",
    "..": _GAP + "{0,3}?",
    "...": _GAP + "{0,9}?",
}
_CUE_LETTERS = re.compile(r"[a-z]{5,}")


SKIPPED = frozenset(
    [
        "a",
        "an",
        "the",
        "my",
        "your",
        "our",
        "his",
        "her",
        "their",
        "me",
        "you",
        "it",
        "him",
        "us",
        "them",
        "this",
        "that",
        "some",
        "any",
        "so",
        "very",
        "just",
    ]
)
"""Words that may stand inside a phrase of a meaning group ("took my money", "took the money")."""


class Hit(NamedTuple):
    """A phrase pattern found in a sentence."""

    probability: float
    first: int
    last: int
    """Token positions in the sentence, inclusive."""
    words: str


class Lined(NamedTuple):
    """A sentence as one string, a space before and after every token, commas as bars; patterns run on it."""

    line: str
    starts: tuple[int, ...]
    """Where each entry of `positions` begins in the line."""
    positions: tuple[int, ...]
    """Token positions in the sentence."""


def lined(sentence: Sentence) -> Lined:
    """Write a sentence as the string that patterns are matched against."""
    parts, starts, positions, length = [" "], [], [], 1
    for position, token in enumerate(sentence.tokens):
        word = "|" if token.kind == "break" else token.word
        parts.append(word + " ")
        starts.append(length)
        positions.append(position)
        length += len(word) + 1
    return Lined("".join(parts), tuple(starts), tuple(positions))


class _Family(NamedTuple):
    unless: re.Pattern[str] | None
    levels: tuple[tuple[float, re.Pattern[str]], ...]


class Lexicon:
    """Everything the rules know about words.

    Pattern notation, one phrase per string: `word` itself, `word*` a beginning, `(a|b c)` one of several,
    `(a|b)?` perhaps, `..` up to three words, `...` up to nine, `@name` one of a class, `^` and `$` the start
    and the end of a clause. A comma may stand between any two words.

    Raises:
        ValueError: A pattern names a class that does not exist, or a section is missing.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.fingerprint = hashlib.sha256("\0".join(texts[name] for name in _FILES).encode()).hexdigest()
        patterns: dict[str, Any] = tomllib.loads(texts["patterns.toml"])
        words: dict[str, Any] = tomllib.loads(texts["words.toml"])
        self._constants: dict[str, dict[str, Any]] = tomllib.loads(texts["constants.toml"])
        self._classes: dict[str, list[str]] = patterns.pop("classes")
        self._families = {name: self._family(body) for name, body in patterns.items()}
        self.function_words = frozenset(" ".join(words["function_words"]).split())
        self.generic = frozenset(stem(word) for word in " ".join(words["generic"]).split())
        self.asking = frozenset(
            stem(word)
            for word in ["long", "many", "much", "often", "time", "date", "day", "amount", "number", "total"]
        )
        self.bands = _bands(texts["common_words.txt"])
        irregular = {form: base for base, forms in words["irregular"].items() for form in forms.split()}
        cues = frozenset(
            _CUE_LETTERS.findall(" ".join(_strings(patterns)) + " ".join(_strings(self._classes)))
        )
        synonyms = frozenset(_CUE_LETTERS.findall(" ".join(words["synonyms"])))
        self.speller = Speller(
            words["slang"], irregular, cues | synonyms, frozenset(self.bands) | set(irregular) | NAMES_OF_TIME
        )
        self.groups_of: dict[tuple[str, ...], tuple[str, ...]] = {}
        for line in words["synonyms"]:
            self._add_group(line)
        self._weights = self.numbers("rarity", "weights")
        self._stem_bands: dict[str, int] = {}
        for word, band in self.bands.items():
            key = self.speller.stem_of(word)
            self._stem_bands[key] = max(band, self._stem_bands.get(key, 0))

    def _add_group(self, line: str) -> None:
        members = [
            tuple(self.speller.stem_of(part) for part in member.split("_") if part not in SKIPPED)
            for member in line.split()
        ]
        for member in dict.fromkeys(members):
            self.groups_of[member] = (*self.groups_of.get(member, ()), "=" + "_".join(members[0]))

    def number(self, section: str, name: str) -> float:
        """A constant of judgement; KeyError where it is missing."""
        return float(self._constants[section][name]["value"])

    def numbers(self, section: str, name: str) -> tuple[float, ...]:
        """A list of constants."""
        return tuple(float(value) for value in self._constants[section][name]["value"])

    def section(self, name: str) -> Mapping[str, float]:
        """All constants of a section by name."""
        return {key: float(entry["value"]) for key, entry in self._constants[name].items()}

    def weight(self, stemmed: str) -> float:
        """How much it says that a word of this stem is shared, 0-1.15: rare words say more."""
        if stemmed in self.generic:
            return self.number("rarity", "generic")
        band = self._stem_bands.get(stemmed)
        return self._weights[-1] if band is None else self._weights[band]

    def find(self, family: str, line: Lined) -> list[Hit]:
        """All hits of a family of patterns in a sentence, most probable first."""
        wanted = self._families[family]
        text = line.line
        if wanted.unless is not None:
            text = wanted.unless.sub(_blanked, text)
        hits = []
        for probability, pattern in wanted.levels:
            for match in pattern.finditer(text):
                first = bisect_right(line.starts, match.start()) - 1
                last = bisect_right(line.starts, max(match.start(), match.end() - 2)) - 1
                words = match.group().replace("|", "").strip()
                hits.append(Hit(probability, max(first, 0), max(last, 0), " ".join(words.split())))
        return hits

    def best(self, family: str, line: Lined) -> Hit | None:
        """The most probable hit of a family."""
        hits = self.find(family, line)
        return hits[0] if hits else None

    def class_words(self, *names: str) -> list[str]:
        """Single words of pattern classes."""
        return [word for name in names for word in self._classes[name] if word.isalpha()]

    def _family(self, body: Mapping[str, Sequence[str]]) -> _Family:
        if not all(isinstance(phrases, list) for phrases in body.values()):
            raise ValueError(
                'patterns.toml: a probability must be written in quotation marks ("0.9" = [...])'
            )
        unless = body.get("unless", ())
        levels = sorted(
            ((float(key), phrases) for key, phrases in body.items() if key != "unless"), reverse=True
        )
        return _Family(
            self._compiled(unless) if unless else None,
            tuple((probability, self._compiled(phrases)) for probability, phrases in levels),
        )

    def _compiled(self, phrases: Sequence[str]) -> re.Pattern[str]:
        return re.compile(r"(?<= )(?:" + "|".join(self._phrase(phrase) for phrase in phrases) + ")")

    def _phrase(self, phrase: str) -> str:
        return "".join(self._piece(piece) for piece in _PIECE.findall(phrase))

    def _piece(self, piece: str) -> str:
        if piece in _MARKS:
            return _MARKS[piece]
        if piece.startswith("@"):
            if piece[1:] not in self._classes:
                raise ValueError(f"patterns.toml: there is no class {piece}; add it to [classes]")
            return "(?:" + "|".join(self._phrase(member) for member in self._classes[piece[1:]]) + ")"
        if piece.endswith("*"):
            return re.escape(piece[:-1]) + r"[^ |]* (?:\| )?"
        return re.escape(piece) + r" (?:\| )?"


def _blanked(match: re.Match[str]) -> str:
    return "".join(char if char in " |" else "_" for char in match.group())


def _strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, Mapping):
        for child in node.values():
            yield from _strings(child)
    elif isinstance(node, Sequence):
        for child in node:
            yield from _strings(child)


def _bands(text: str) -> dict[str, int]:
    bands: dict[str, int] = {}
    band = 0
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        for word in line.split():
            if word.endswith(":"):
                band = int(word[:-1])
            else:
                bands[word] = band
    return bands


@lru_cache(maxsize=1)
def standard_lexicon() -> Lexicon:
    """The lexicon that ships with the program.

    Raises:
        ValueError: One of its files is broken.
    """
    here = resources.files("scoring.listener.rules")
    return Lexicon({name: here.joinpath(name).read_text(encoding="utf-8") for name in _FILES})


def content(token: Token, lexicon: Lexicon) -> bool:
    """Whether a token carries content rather than grammar."""
    return token.kind == "word" and token.word not in lexicon.function_words and len(token.word) > 1
