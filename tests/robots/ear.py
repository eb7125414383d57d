"""What a trainee can see and hear of a call, and nothing else: the only thing robots look at."""

from __future__ import annotations

import re
from dataclasses import dataclass

from personas.acts import MediumKind
from personas.schema import Cue, Fact, Persona, RecordItem
from scoring.engine_facts import cues_of, plain_words
from scoring.mails import mail_id, opened_at, received
from scoring.turns import SpokenClause, Turn
from sim.virtual import VirtualCall

READING_WPM = 238
"""How fast a mail is read (listening-science 1.4, V)."""
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
    def by_mail(self) -> bool:
        """Whether the two write mails, which are read once they were opened."""
        return self.persona.medium.kind is MediumKind.EMAIL

    def open_mails(self) -> bool:
        """Open every mail that lies unopened and read it; return whether there was one."""
        fold = self.call.conversation.fold
        found = False
        while self.by_mail and not self.over:
            opened = opened_at(fold.turns)
            new = next((mail for mail in received(fold.turns) if mail.id not in opened), None)
            if new is None:
                break
            found = True
            self.call.conversation.open_mail(self.call.now, new.id)
            self.call.run_to(self.call.now + new.words * 60_000 // READING_WPM)
        return found

    def look(self) -> str:
        """Open what has come and say nothing to it."""
        self.open_mails()
        return ""

    def _was_read(self, clause: SpokenClause) -> bool:
        opened = opened_at(self.call.conversation.fold.turns) if self.by_mail else {}
        return not self.by_mail or mail_id(clause.stretch) in opened

    def _facts(self, turn: Turn) -> list[Fact]:
        read = {fact for clause in turn.clauses if self._was_read(clause) for fact in clause.facts}
        return [self.persona.fact(fact) for fact in turn.facts_told if fact in read]

    @property
    def over(self) -> bool:
        """Whether the call has ended."""
        return self.call.conversation.over

    @property
    def clauses(self) -> list[SpokenClause]:
        """What the customer has said since the last reply, clause by clause."""
        turn = self.call.conversation.fold.turn
        said = [] if turn.spoken else [clause for clause in turn.clauses if clause.said_words != 0]
        return [clause for clause in said if self._was_read(clause)]

    @property
    def just_said(self) -> str:
        """The customer's words since the last reply."""
        return " ".join(clause.text for clause in self.clauses)

    @property
    def all_said(self) -> str:
        """Everything the customer has said."""
        turns = self.call.conversation.fold.turns
        said = [clause for turn in turns for clause in turn.clauses if clause.end is not None]
        return " ".join(clause.text for clause in said if self._was_read(clause))

    def told_now(self) -> list[Fact]:
        """Facts told since the last reply, oldest first."""
        turn = self.call.conversation.fold.turn
        return [] if turn.spoken else self._facts(turn)

    def told(self) -> list[Fact]:
        """All facts told, oldest first."""
        fold = self.call.conversation.fold
        return [fact for turn in fold.turns for fact in self._facts(turn)]

    def cues(self) -> list[Cue]:
        """What could be heard or seen beside the words since the last reply."""
        known = cues_of(self.persona)
        return [known[clause.cue] for clause in self.clauses if clause.cue in known]

    def asked_me(self) -> bool:
        """Whether the customer's last words were a question."""
        return self.just_said.rstrip().endswith("?")

    def was_crossed(self) -> bool:
        """Whether something was said since the last reply that nobody has to take."""
        limit = self.persona.limit
        return limit is not None and any(line in self.just_said for line in limit.crossing)

    def tokens(self) -> tuple[str, ...]:
        """The short responses that the moment offers."""
        return self.call.conversation.tokens().tokens

    def loaded(self) -> list[RecordItem]:
        """Desk items that are open and can be read now."""
        opened = self.call.conversation.fold.opened
        items = self.persona.desk.items
        return [item for item in items if item.id in opened and opened[item.id] <= self.call.now]
