"""Which facts a voice has told by the sentences it spoke, and which the author must add (DESIGN 3)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from personas.schema import Fact
from sim.customer.voices.sentences import split_sentences

MODEL_COVERAGE = 0.5
"""Share of a fact's content words that a model's sentences must hold to have told it (D)."""
_WORD = re.compile(r"[\w£$€%.:]*\w")
_STEM = 5
_SHORT = 3


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:_STEM] for word in _WORD.findall(text.lower()) if len(word) > _SHORT)


def _holds(text: str, value: str) -> bool:
    """Return whether a value stands in a text as a whole: not 8 May in 18 May, not £84 in £84.20."""
    exact = rf"(?<!\w){re.escape(value.lower())}(?!\w|[.,:]\d)"
    return re.search(exact, text.lower()) is not None


class Telling:
    """Follows one customer turn, sentence by sentence, and says which facts each sentence completes."""

    def __init__(self, facts: Sequence[Fact], *, exact: bool) -> None:
        """Start a turn.

        Args:
            facts: what may be told in this turn, in order.
            exact: whether the voice speaks the author's words, so that a fact is told with its last sentence.
        """
        self._facts = list(facts)
        self._exact = exact
        self._said = ""

    def hear(self, sentence: str) -> tuple[str, ...]:
        """Return the ids of the facts that this sentence completes."""
        self._said = f"{self._said} {sentence}"
        done = [fact for fact in self._facts if self._is_told(fact)]
        self._facts = [fact for fact in self._facts if fact not in done]
        return tuple(fact.id for fact in done)

    @property
    def untold(self) -> tuple[Fact, ...]:
        """Facts that the sentences so far have not told."""
        return tuple(self._facts)

    def _is_told(self, fact: Fact) -> bool:
        if self._exact:
            return " ".join(split_sentences(fact.text)) in self._said
        data = all(
            any(_holds(self._said, value) for value in (datum.value, *datum.synonyms))
            for datum in fact.critical
        )
        stems = _stems(fact.text)
        covered = len(stems & _stems(self._said)) / max(1, len(stems))
        return data and covered >= MODEL_COVERAGE
