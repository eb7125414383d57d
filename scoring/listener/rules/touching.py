"""Which of the customer's facts, topics, feelings and resolutions a reply touches."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from scoring.listener.base import Touchable, TouchKind
from scoring.listener.rules.data import Datum, same_value
from scoring.listener.rules.restating import Source
from scoring.listener.rules.turns import Analyser, Line, Turn

_KEPT = 32


class _Phrase(NamedTuple):
    weights: dict[str, float]
    data: tuple[Datum, ...]
    words: tuple[str, ...]


class _Scope(NamedTuple):
    """The sentences in which something may be touched, put together."""

    weights: dict[str, float]
    data: tuple[Datum, ...]
    joined: str


class _Prepared(NamedTuple):
    touchable: Touchable
    phrases: tuple[_Phrase, ...]
    groups: tuple[tuple[_Phrase, ...], ...]
    values: tuple[_Phrase, ...]


class Toucher:
    """Finds what a reply touches; prepares each set of touchables once.

    Args:
        analyser: Analyses phrases as it does turns.
    """

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser
        self._prepared: Callable[[tuple[Touchable, ...]], tuple[_Prepared, ...]] = lru_cache(maxsize=_KEPT)(
            self._prepare
        )

    def touched(
        self, touchables: Sequence[Touchable], reply: Turn, offering: frozenset[int] = frozenset()
    ) -> dict[TouchKind, tuple[str, ...]]:
        """Ids touched by kind, in the order of the touchables.

        With `any_of`, one member of every group must be met. Without it, one of the `values` or enough of the
        content of one phrase; words that many of the touchables share count little.

        Args:
            touchables: what may be touched.
            reply: the reply, analysed.
            offering: sentences that offer or promise. A resolution is touched in one of them and the sentence
                after it; what was only given back is no offer. Where none offers, the whole reply counts.
        """
        if not touchables:
            return {}
        whole = _scope(reply.lines)
        offers = [_scope(reply.lines[place : place + 2]) for place in sorted(offering)] or [whole]
        found: dict[TouchKind, list[str]] = {}
        for entry in self._prepared(tuple(touchables)):
            scopes = offers if entry.touchable.kind == "resolution" else [whole]
            if any(self._meets(entry, scope) for scope in scopes):
                found.setdefault(entry.touchable.kind, []).append(entry.touchable.id)
        return {kind: tuple(ids) for kind, ids in found.items()}

    def names(self, touchables: Sequence[Touchable], line: Line) -> bool:
        """Whether a sentence holds one of the authors' own phrases, word for word."""
        joined = _scope((line,)).joined
        prepared = self._prepared(tuple(touchables))
        phrases = (member for entry in prepared for group in entry.groups for member in group)
        return any(member.words and f" {' '.join(member.words)} " in joined for member in phrases)

    def sources(self, touchables: Sequence[Touchable], known: frozenset[str]) -> list[Source]:
        """The critical data of the facts told so far, with the words of those facts."""
        found: list[Source] = []
        for entry in self._prepared(tuple(touchables)) if touchables else ():
            if entry.touchable.kind == "fact" and entry.touchable.id in known:
                weights = {key: weight for phrase in entry.phrases for key, weight in phrase.weights.items()}
                data = dict.fromkeys(
                    datum for phrase in (*entry.values, *entry.phrases) for datum in phrase.data
                )
                found.extend(Source(datum, weights, entry.touchable.id) for datum in data)
        return found

    def data(self, touchables: Sequence[Touchable]) -> list[Datum]:
        """All critical data that any touchable names."""
        prepared = self._prepared(tuple(touchables)) if touchables else ()
        return [
            datum for entry in prepared for phrase in (*entry.values, *entry.phrases) for datum in phrase.data
        ]

    def _prepare(self, touchables: tuple[Touchable, ...]) -> tuple[_Prepared, ...]:
        keys = [
            {key for phrase in touchable.phrases for key in self._analyser.turn(phrase).weights}
            for touchable in touchables
        ]
        spread: dict[str, int] = {}
        for held in keys:
            for key in sorted(held):
                spread[key] = spread.get(key, 0) + 1

        def phrase(text: str) -> _Phrase:
            turn = self._analyser.turn(text)
            weights = {
                key: weight * self._rarity(spread.get(key, 1), len(touchables))
                for key, weight in turn.weights.items()
            }
            data = tuple(datum for line in turn.lines for datum in line.data)
            return _Phrase(weights, data, tuple(_stems(turn.lines)))

        return tuple(
            _Prepared(
                touchable,
                tuple(phrase(text) for text in touchable.phrases),
                tuple(tuple(phrase(word) for word in group) for group in touchable.any_of),
                tuple(phrase(value) for value in touchable.values),
            )
            for touchable in touchables
        )

    @staticmethod
    def _rarity(spread: int, total: int) -> float:
        """1 for a word of one touchable only, falling to 0 for one that all share."""
        return 1.0 if total < 3 or spread <= 1 else math.log(total / spread) / math.log(total)

    def _meets(self, entry: _Prepared, scope: _Scope) -> bool:
        least = self._analyser.lexicon.number("touch", "phrase")
        if entry.groups:
            return all(any(_occurs(member, scope, least) for member in group) for group in entry.groups)
        if any(_occurs(value, scope, least) for value in entry.values):
            return True
        return any(self._overlaps(phrase, scope) for phrase in entry.phrases)

    def _overlaps(self, phrase: _Phrase, scope: _Scope) -> bool:
        k = self._analyser.lexicon.section("touch")
        specific = self._analyser.lexicon.number("rarity", "specific")
        total = sum(phrase.weights.values())
        total += sum(k["count"] if datum.kind == "count" else specific for datum in phrase.data)
        met = sum(
            min(weight, scope.weights[key]) for key, weight in phrase.weights.items() if key in scope.weights
        )
        for datum in phrase.data:
            same = [other for other in scope.data if same_value(datum, other)]
            if datum.kind != "count":
                met += specific if same else 0.0
            elif same:
                counted = any(set(datum.units) & set(other.units) for other in same)
                met += k["count"] * (2 if counted else 1)
        return met >= k["floor"] * min(1.0, total) and met >= k["share"] * min(total, k["cap"]) and met > 0.2


def _stems(lines: Sequence[Line]) -> list[str]:
    return [token.stem for line in lines for token in line.sentence.tokens if token.kind != "break"]


def _scope(lines: Sequence[Line]) -> _Scope:
    weights: dict[str, float] = {}
    for line in lines:
        for key, weight in line.weights.items():
            weights[key] = max(weight, weights.get(key, 0.0))
    data = tuple(datum for line in lines for datum in line.data)
    return _Scope(weights, data, f" {' '.join(_stems(lines))} ")


def _same(datum: Datum, other: Datum) -> bool:
    """One value; a count counts the same thing, as far as both say what they count."""
    counts = datum.kind == other.kind == "count" and bool(datum.units and other.units)
    return same_value(datum, other) and (not counts or bool(set(datum.units) & set(other.units)))


def _occurs(member: _Phrase, scope: _Scope, least: float) -> bool:
    """A word, phrase or value: by its data where it has some, else by its meaning, else word for word.

    A phrase goes by its meaning only where that weighs at least so much: "make it right" is not any "make".
    """
    if member.data:
        return all(any(_same(datum, other) for other in scope.data) for datum in member.data)
    telling = len(member.words) == 1 or sum(member.weights.values()) >= least
    if telling and member.weights and all(key in scope.weights for key in member.weights):
        return True
    return bool(member.words) and f" {' '.join(member.words)} " in scope.joined
