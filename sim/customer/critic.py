"""Guards a model's sentences: what may not be spoken by a customer (DESIGN 4.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_SENTENCE_WORDS = 40
"""Longest sentence a customer is allowed (D)."""
_ROLE_BREAKS = re.compile(
    r"\b(as an ai|language model|an ai assistant|i('m| am) an assistant|how (can|may) i (help|assist) you"
    r"|role-?play|in this scenario|the customer (says|is|would)|stage note|as the customer|my character"
    r"|system prompt|instructions? (say|tell))\b",
    re.IGNORECASE,
)
_REASONING = re.compile(r"</?\s*(think|thinking|reasoning|analysis)\b|<\|", re.IGNORECASE)
_SPEAKS_FOR_TRAINEE = re.compile(
    r"^\s*(trainee|agent|user|assistant|you|advisor|adviser|rep)\s*:", re.IGNORECASE
)
_MARKUP = re.compile(r"```|^\s*#+\s|\*\*|</?[a-z]+>|\[/?[a-z]+\]|^\s*[-*•]\s", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_NORMAL = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Stage:
    """What a sentence is judged against."""

    spoken: Sequence[str]
    """Sentences of this call so far."""
    so_far: int
    """Sentences of this turn so far."""
    max_sentences: int


def _normal(text: str) -> str:
    return _NORMAL.sub(" ", text.lower()).strip()


def objection(sentence: str, stage: Stage) -> str | None:
    """Return why a sentence may not be spoken, in a few words; None when it may."""
    words = sentence.split()
    tests = (
        ("control characters", bool(_CONTROL.search(sentence))),
        ("reasoning tags", bool(_REASONING.search(sentence))),
        ("speaks for the trainee", bool(_SPEAKS_FOR_TRAINEE.match(sentence))),
        ("breaks the role", bool(_ROLE_BREAKS.search(sentence))),
        ("markup", bool(_MARKUP.search(sentence))),
        ("no words", not any(character.isalnum() for character in sentence)),
        ("too long", len(words) > MAX_SENTENCE_WORDS),
        ("too many sentences", stage.so_far >= stage.max_sentences),
        ("loops", _loops(words)),
        ("repeats itself", _is_repeat(sentence, stage.spoken)),
    )
    return next((reason for reason, failed in tests if failed), None)


def _loops(words: Sequence[str]) -> bool:
    trigrams = [tuple(word.lower() for word in words[i : i + 3]) for i in range(len(words) - 2)]
    return len(trigrams) > 3 and len(set(trigrams)) <= len(trigrams) * 0.6


def _is_repeat(sentence: str, spoken: Sequence[str]) -> bool:
    normal = _normal(sentence)
    return len(normal.split()) >= 3 and any(_normal(other) == normal for other in spoken)
