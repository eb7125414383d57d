"""The rule-based listener: reads a reply by hand-made phrases, word groups and published formulas."""

from __future__ import annotations

import hashlib

from scoring.listener.base import Reading, ReadingContext
from scoring.listener.rules.lexicon import Lexicon, standard_lexicon
from scoring.listener.rules.reading import read_reply
from scoring.listener.rules.touching import Toucher
from scoring.listener.rules.turns import Analyser

RULES_VERSION = "2"
"""Raised whenever the code of the rules changes an answer."""


class RuleListener:
    """Answers the twenty checks by rules; needs no model and no network.

    Args:
        rules_version: Version of the code, part of the fingerprint.
        lexicon: Words, phrases and constants; the ones that ship with the program by default.
        kept_turns: How many analysed turns are held in memory.
    """

    def __init__(
        self, rules_version: str = RULES_VERSION, lexicon: Lexicon | None = None, kept_turns: int = 512
    ) -> None:
        self._lexicon = lexicon or standard_lexicon()
        self._analyser = Analyser(self._lexicon, kept_turns)
        self._toucher = Toucher(self._analyser)
        whole = f"rules {rules_version} {self._lexicon.fingerprint}"
        self._fingerprint = hashlib.sha256(whole.encode()).hexdigest()

    @property
    def name(self) -> str:
        """Always "rules"."""
        return "rules"

    @property
    def fingerprint(self) -> str:
        """Hash over the rules' version and every file of the lexicon."""
        return self._fingerprint

    def read(self, context: ReadingContext, reply: str) -> Reading:
        """Answer the twenty checks on a reply and say what it touches.

        Work is bounded: the first 4,000 words of a text, the latest twenty customer turns.
        """
        return read_reply(self._analyser, self._toucher, context, reply)

    def close(self) -> None:
        """Nothing is held open."""


__all__ = ["RULES_VERSION", "RuleListener"]
