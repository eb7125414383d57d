"""What was said, analysed once: sentences with their content, critical data and clauses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from scoring.listener.rules.data import Datum, data_of
from scoring.listener.rules.lexicon import SKIPPED, Lexicon, Lined, content, lined
from scoring.listener.rules.words import Sentence, sentences_of, tokens_of

_LONGEST_PHRASE = 3
_NEGATIONS = frozenset(
    ["not", "no", "never", "nobody", "none", "nothing", "without", "neither", "nor", "hardly"]
)
_CLAUSE_WORDS = frozenset(["and", "but", "so", "because", "then", "since", "when", "while"])
_CACHED_TURNS = 512
_MOST_LINES = 200


class Concept(NamedTuple):
    """A word or phrase of content; words of one meaning share a key."""

    key: str
    weight: float
    """How much it says that the other side shares it, 0-1.15."""
    stems: tuple[str, ...]
    first: int
    last: int
    """Token positions in the sentence, inclusive."""
    others: tuple[str, ...] = ()
    """Further keys of a word with several meanings ("died" of a person, of a fridge)."""

    def best(self, weights: Mapping[str, float]) -> float | None:
        """The highest weight that any of its keys has among others' weights."""
        held = [weights[key] for key in (self.key, *self.others) if key in weights]
        return max(held, default=None)


class Clause(NamedTuple):
    """Part of a sentence between commas and joining words."""

    keys: tuple[tuple[str, float], ...]
    negative: bool
    first: int
    last: int


class Line(NamedTuple):
    """One analysed sentence."""

    sentence: Sentence
    lined: Lined
    concepts: tuple[Concept, ...]
    data: tuple[Datum, ...]
    clauses: tuple[Clause, ...]

    @property
    def weights(self) -> dict[str, float]:
        """Every key of its concepts with its weight."""
        return {key: concept.weight for concept in self.concepts for key in (concept.key, *concept.others)}

    @property
    def question(self) -> bool:
        """Whether it closes with a question mark."""
        return self.sentence.closing == "?"

    @property
    def words(self) -> int:
        """Number of tokens that are not breaks."""
        return sum(token.kind != "break" for token in self.sentence.tokens)


class Turn(NamedTuple):
    """Everything known about one side's turn."""

    lines: tuple[Line, ...]
    weights: dict[str, float]
    """Concept key to weight."""
    stems: frozenset[str]
    """Stems of content words as they were said."""
    sequence: tuple[str, ...]
    """All words as stems, for finding verbatim runs; critical data are "#"."""


class Analyser:
    """Analyses turns and keeps the latest ones.

    Args:
        lexicon: Words and patterns.
        kept: How many analysed turns are held.
    """

    def __init__(self, lexicon: Lexicon, kept: int = _CACHED_TURNS) -> None:
        self.lexicon = lexicon
        self.turn: Callable[[str], Turn] = lru_cache(maxsize=kept)(self._turn)

    def _turn(self, text: str) -> Turn:
        lines = tuple(
            self._line(sentence) for sentence in sentences_of(tokens_of(text, self.lexicon.speller))
        )
        weights: dict[str, float] = {}
        for line in lines:
            for concept in line.concepts:
                for key in (concept.key, *concept.others):
                    weights[key] = max(concept.weight, weights.get(key, 0.0))
        stems = frozenset(stem for line in lines for concept in line.concepts for stem in concept.stems)
        sequence = tuple(stem for line in lines for stem in sequence_of(line))
        return Turn(lines, weights, stems, sequence)

    def _line(self, sentence: Sentence) -> Line:
        data = data_of(sentence.tokens)
        concepts = self._concepts(sentence, data)
        return Line(sentence, lined(sentence), concepts, data, _clauses(sentence, concepts))

    def _concepts(self, sentence: Sentence, data: Sequence[Datum]) -> tuple[Concept, ...]:
        taken = {position for datum in data for position in range(datum.first, datum.last + 1)}
        walk = [
            position
            for position, token in enumerate(sentence.tokens)
            if token.kind == "word" and position not in taken and token.word not in SKIPPED
        ]
        found: list[Concept] = []
        at = 0
        while at < len(walk):
            step = 1
            for length in range(min(_LONGEST_PHRASE, len(walk) - at), 0, -1):
                positions = walk[at : at + length]
                concept = self._concept(sentence, positions)
                if concept is not None:
                    found.append(concept)
                    step = length
                    break
            at += step
        return tuple(found)

    def _concept(self, sentence: Sentence, positions: Sequence[int]) -> Concept | None:
        tokens = [sentence.tokens[position] for position in positions]
        stems = tuple(token.stem for token in tokens)
        groups = self.lexicon.groups_of.get(stems, ())
        span = (positions[0], positions[-1])
        if len(positions) > 1:
            if not groups or span[1] - span[0] > len(positions) + 1:
                return None
            carrying = [token.stem for token in tokens if content(token, self.lexicon)] or list(stems[:1])
            weight = max(self.lexicon.number("rarity", "grouped_phrase"), *map(self.lexicon.weight, carrying))
            return Concept(groups[0], weight, stems, *span, groups[1:])
        if not content(tokens[0], self.lexicon):
            small = self.lexicon.number("rarity", "grouped_small")
            return Concept(groups[0], small, stems, *span, groups[1:]) if groups else None
        weight = self.lexicon.weight(stems[0])
        if not groups:
            return Concept(stems[0], weight, stems, *span)
        return Concept(
            groups[0], max(weight, self.lexicon.number("rarity", "grouped")), stems, *span, groups[1:]
        )


def _clauses(sentence: Sentence, concepts: Sequence[Concept]) -> tuple[Clause, ...]:
    edges = [
        position
        for position, token in enumerate(sentence.tokens)
        if token.kind == "break" or (token.word in _CLAUSE_WORDS and position > 0)
    ]
    clauses = []
    rest = list(concepts)
    for first, last in zip([0, *edges], [*edges, len(sentence.tokens)], strict=True):
        inside = []
        while rest and rest[0].first < last:
            inside.append(rest.pop(0))
        negative = sum(token.word in _NEGATIONS for token in sentence.tokens[first:last]) % 2 == 1
        if inside:
            keys = dict.fromkeys((concept.key, concept.weight) for concept in inside)
            clauses.append(Clause(tuple(keys), negative, first, max(first, last - 1)))
    return tuple(clauses)


_SHIFT = {
    **dict.fromkeys(["i", "me", "you", "we", "us", "u"], "@person"),
    **dict.fromkeys(["my", "your", "our", "mine", "yours", "ours"], "@own"),
    **dict.fromkeys(["am", "are", "is", "was", "were", "be", "been", "being"], "@be"),
    **dict.fromkeys(["have", "has", "had"], "@have"),
    **dict.fromkeys(["myself", "yourself", "yourselves", "ourselves"], "@self"),
}


def sequence_of(line: Line) -> list[str]:
    """A sentence as stems with persons shifted ("my" and "your" are one) and critical data masked as "#"."""
    masked = {position for datum in line.data for position in range(datum.first, datum.last + 1)}
    written: list[str] = []
    for position, token in enumerate(line.sentence.tokens):
        if position in masked:
            if not written or written[-1] != "#":
                written.append("#")
        elif token.kind == "word":
            written.append(_SHIFT.get(token.word, token.stem))
    return written


class Story(NamedTuple):
    """What the customer has said, the latest turns only."""

    turns: tuple[Turn, ...]
    """Oldest first."""
    weights: dict[str, float]
    """Concept key to what sharing it says; less where only an earlier turn had it."""
    stems: frozenset[str]
    lines: tuple[Line, ...]

    @property
    def last(self) -> Turn | None:
        """The turn that the reply answers."""
        return self.turns[-1] if self.turns else None


def story_of(analyser: Analyser, customer: Sequence[str]) -> Story:
    """Put the latest customer turns together."""
    window = int(analyser.lexicon.number("window", "turns"))
    older = analyser.lexicon.number("restates", "older_turn")
    turns = tuple(analyser.turn(text) for text in customer[-window:])
    weights: dict[str, float] = {}
    for index, turn in enumerate(turns):
        factor = 1.0 if index == len(turns) - 1 else older
        for key, weight in turn.weights.items():
            weights[key] = max(weight * factor, weights.get(key, 0.0))
    stems = frozenset().union(*(turn.stems for turn in turns)) if turns else frozenset()
    lines = tuple(line for turn in turns for line in turn.lines)
    return Story(turns, weights, stems, lines[-_MOST_LINES:])
