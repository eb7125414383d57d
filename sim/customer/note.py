"""The stage note: what the director wants said, as the voices receive it."""

from __future__ import annotations

from dataclasses import dataclass, field

from personas.acts import Act, MediumKind


@dataclass(frozen=True)
class FactToVoice:
    """One fact the customer may tell now."""

    id: str
    text: str
    """The author's own first-person wording."""
    critical: tuple[str, ...] = ()
    """Values that must come out exact: dates, amounts, references, names."""


@dataclass(frozen=True)
class Exchange:
    """What was said, oldest first: the customer's words as voiced and the trainee's reply to them."""

    customer: str
    trainee: str


@dataclass(frozen=True)
class StageNote:
    """One instruction to the voice. It holds nothing that may not be said: locked facts are never here."""

    turn: int
    """Number of the customer's turn, from 0."""
    act: Act
    intensity: int
    """0 calm .. 5 furious."""
    medium: MediumKind
    facts: tuple[FactToVoice, ...] = ()
    """Facts that may be told now, in this order."""
    cue: str = ""
    """What the trainee hears or sees beside the words, already chosen."""
    tactic: str = ""
    """How the customer goes about it, in the author's words ("sarcasm")."""
    max_sentences: int = 3
    touches: str = ""
    """What the reply offered or asked, in plain words ("a refund of the second charge"), or ""."""
    led: bool = False
    """Whether the author's own words come right before these, so that no reaction is needed."""
    about: str = ""
    """Id of the offer or the locked fact the act is about, for the author's written lines; in no prompt."""
    repeats: tuple[FactToVoice, ...] = ()
    """Facts already told that the trainee asked for again."""


@dataclass(frozen=True)
class Character:
    """What a voice may always know of the customer. No fact, no need, nothing locked."""

    persona_id: str
    name: str
    company: str
    medium: MediumKind
    language: str
    manner: str
    about: str
    speech: tuple[str, ...] = ()
    stated: str = ""
    """The complaint as the customer states it."""


@dataclass(frozen=True)
class VoiceRequest:
    """Everything one turn's generation starts from."""

    character: Character
    note: StageNote
    history: tuple[Exchange, ...] = ()
    """Finished exchanges, oldest first; voices bound it themselves."""
    last_reply: str = ""
    """The trainee's words the customer is answering; "" at the opening."""
    seed: int = 1
    """At least 1: llama-cpp-python replaces 0 by a random seed."""
    draw: int = 0
    """0 for the first try, 1 for the new draw after the critic's no."""
    used_lines: tuple[str, ...] = field(default=())
    """Written lines already spoken in this call, in order."""
