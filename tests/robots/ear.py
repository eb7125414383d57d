"""What a trainee can see and hear of a call, and nothing else: the only thing robots look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from personas.schema import Cue, Fact, Persona, RecordItem
from scoring.engine_facts import cues_of, plain_words
from scoring.turns import SpokenClause
from sim.virtual import VirtualCall

_LONG = 4
_SENTENCE = re.compile(r"(?<=[.?!])\s+")


def content(text: str) -> set[str]:
    """Words of a text that carry something: four letters and more."""
    return {word for word in plain_words(text).split() if len(word) >= _LONG}


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [part for part in _SENTENCE.split(text.strip()) if part]


@dataclass(frozen=True)
class Ear:
    """A call as it shows itself to the one who answers it.

    A fact counts as known from the moment its clause has been said; what is locked never passes through here.
    """

    call: VirtualCall
    persona: Persona

    @property
    def spoken_medium(self) -> bool:
        """Whether this is a voice: phone or video."""
        return self.persona.medium.kind.is_spoken

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.call.conversation.over

    @property
    def clauses(self) -> list[SpokenClause]:
        """What the customer has said since the last reply, clause by clause."""
        turn = self.call.conversation.fold.turn
        return [] if turn.spoken else [clause for clause in turn.clauses if clause.said_words != 0]

    @property
    def just_said(self) -> str:
        """The customer's words since the last reply."""
        return " ".join(clause.text for clause in self.clauses)

    @property
    def all_said(self) -> str:
        """Everything the customer has said."""
        turns = self.call.conversation.fold.turns
        return " ".join(clause.text for turn in turns for clause in turn.clauses if clause.end is not None)

    def told_now(self) -> list[Fact]:
        """Facts told since the last reply, oldest first."""
        turn = self.call.conversation.fold.turn
        return [] if turn.spoken else [self.persona.fact(fact) for fact in turn.facts_told]

    def told(self) -> list[Fact]:
        """All facts told, oldest first."""
        fold = self.call.conversation.fold
        return [self.persona.fact(fact) for turn in fold.turns for fact in turn.facts_told]

    def cues(self) -> list[Cue]:
        """What could be heard or seen beside the words since the last reply."""
        known = cues_of(self.persona)
        return [known[clause.cue] for clause in self.clauses if clause.cue in known]

    def asked_me(self) -> bool:
        """Whether the customer's last words were a question."""
        return self.just_said.rstrip().endswith("?")

    def tokens(self) -> tuple[str, ...]:
        """The short responses that the moment offers."""
        return self.call.conversation.tokens().tokens

    def loaded(self) -> list[RecordItem]:
        """Desk items that are open and can be read now."""
        opened = self.call.conversation.fold.opened
        items = self.persona.desk.items
        return [item for item in items if item.id in opened and opened[item.id] <= self.call.now]
