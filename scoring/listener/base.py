"""What a listener is given, what it answers, and the names of the twenty checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

CheckName = Literal[
    "acknowledges",
    "restates",
    "parrots",
    "reflects_feeling",
    "warmth",
    "specific_empathy",
    "dismisses",
    "apologises",
    "asks_open",
    "asks_closed",
    "checks_understanding",
    "stacks_questions",
    "blames_or_leads",
    "re_asks",
    "contradicts",
    "gives_solution",
    "commits",
    "overpromises",
    "cites_policy_bare",
    "invites_more",
]
"""The codebook's twenty yes/no checks, in its order."""

CHECKS: tuple[CheckName, ...] = get_args(CheckName)

Span = tuple[int, int]
"""Character offsets into the reply, end exclusive."""


@dataclass(frozen=True)
class Answer:
    """The answer to one check."""

    probability: float | None
    """Probability of yes, 0-1; None where the check cannot apply."""
    spans: tuple[Span, ...] = ()
    """The words of the reply that carried the answer; empty for a no."""
    reason: str = ""
    """Which rule or feature decided, in a few words."""


TouchKind = Literal["fact", "topic", "feeling", "resolution", "cue", "record"]


@dataclass(frozen=True)
class Touchable:
    """Something of this customer that a reply can touch."""

    kind: TouchKind
    id: str
    phrases: tuple[str, ...]
    """Wordings that mean it: the author's text, gist, paraphrase, questions, names."""
    any_of: tuple[tuple[str, ...], ...] = ()
    """Groups of words; where given, one word (or phrase) of every group must appear for a rule to say yes."""
    values: tuple[str, ...] = ()
    """Canonical values and synonyms of critical data ("£84.20", "eighty-four pounds twenty")."""


@dataclass(frozen=True)
class ReadingContext:
    """Everything that a reply is read with."""

    customer: Sequence[str]
    """The customer's turns so far, oldest first; the last one is what the reply answers."""
    trainee: Sequence[str] = ()
    """The trainee's earlier replies, oldest first."""
    touchables: Sequence[Touchable] = ()
    """What may be touched; empty where no persona is at hand (rows of a file)."""
    known: frozenset[str] = frozenset()
    """Ids of facts the customer has told so far."""


@dataclass(frozen=True)
class Reading:
    """What a listener made of one reply."""

    answers: Mapping[CheckName, Answer]
    """All twenty checks."""
    touched: Mapping[TouchKind, tuple[str, ...]] = field(default_factory=dict)
    """Ids touched, by kind, in the order of the touchables."""
    wrong: tuple[str, ...] = ()
    """Ids of told facts that the reply states wrongly."""


class Listener(Protocol):
    """Reads replies; the same reply in the same context always gives the same answers."""

    @property
    def name(self) -> str:
        """Short name: rules, trained."""
        ...

    @property
    def fingerprint(self) -> str:
        """Hash over everything the answers depend on (rule version, weights)."""
        ...

    def read(self, context: ReadingContext, reply: str) -> Reading:
        """Answer the twenty checks on a reply and say what it touches. Never raises on text."""
        ...

    def close(self) -> None:
        """Give back what is held. Safe to call twice."""
        ...
