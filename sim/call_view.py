"""What a screen shows of a call: a fold over its events, without any drawing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from personas.acts import MediumKind
from personas.schema import Persona
from scoring import events as ev
from scoring.rubric import RubricRules
from scoring.silence import is_weighty
from scoring.turns import CallFold


class EntryKind(StrEnum):
    """What one entry of the transcript is."""

    CLAUSE = "clause"
    """The customer's words: a clause (phone, video), a whole message (chat), part of a mail (e-mail)."""
    CUE = "cue"
    """What one hears, sees or notices beside the words."""
    REPLY = "reply"
    """The trainee's words."""
    TOKEN = "token"
    """The trainee's sign of listening."""
    HOLD = "hold"
    """The announcement of a wait."""
    EVENT = "event"
    """What happened, told in a sentence: cut off, given back, let in, hung up."""


_SIGNS = {"nod": "you nod", "face": "your face shows it"}
"""How signs without words are told."""


@dataclass
class Entry:
    """One entry of the transcript; only the last clause of all still changes."""

    kind: EntryKind
    text: str
    at: int
    """When it began, ms."""
    turn: int
    """The turn it belongs to; a turn is all the customer said since the last reply, and that reply."""
    words: int = 0
    duration_ms: int = 0
    """How long it takes to say; chat: to type."""
    done: bool = True
    """Whether it has been said to its end."""
    said_words: int | None = None
    """Words said of a clause that was broken off; None where it was not."""
    speech: int = 0
    """Number of the stretch of customer's talk it belongs to, from 1; 0 for the trainee's."""
    withdrawn: bool = False
    """A reply that was taken back."""

    @property
    def broken(self) -> bool:
        """Whether it was broken off before its last word."""
        return self.said_words is not None and self.said_words < self.words

    def spoken_words(self, t: int) -> int:
        """Return how many of its words have been said at a time, ms; a word counts once it has begun."""
        if self.said_words is not None:
            return self.said_words
        if self.done or self.duration_ms <= 0 or t >= self.at + self.duration_ms:
            return self.words
        passed = max(0, t - self.at)
        return min(self.words, 1 + passed * self.words // self.duration_ms)


class Holder(StrEnum):
    """Who has the floor."""

    CUSTOMER = "customer"
    COMING = "coming"
    """The reply is sent, or the call begins: the customer is about to speak."""
    FREE = "free"
    """Nobody speaks: it is the trainee's turn."""
    HOLD = "hold"
    """A wait was announced."""
    OVER = "over"


class SilenceTone(StrEnum):
    """What a silence is worth at this place."""

    PLAIN = "plain"
    MEANT = "meant"
    """Right after something that was hard to tell: waiting is listening."""
    DEAD = "dead"
    """So long that the customer is about to ask whether anybody is there."""


@dataclass(frozen=True)
class FloorView:
    """The floor at one time."""

    holder: Holder
    quiet_ms: int = 0
    """How long nobody has spoken and no key has moved; 0 while somebody does, and where nothing is timed."""
    quiet_share: float = 0.0
    """The same as a share of the silence after which the customer asks who is there, 0-1."""
    tone: SilenceTone = SilenceTone.PLAIN
    typing: bool = False
    """Whether the trainee's keys are moving."""


class CallView:
    """Folds events into a transcript, the floor, and the desk; replays and calls look the same to it."""

    def __init__(self, persona: Persona, rules: RubricRules, medium: MediumKind, *, timed: bool) -> None:
        self.persona = persona
        self.rules = rules
        self.medium = medium
        self.timed = timed
        self.fold = CallFold(persona)
        self.entries: list[Entry] = []
        self.changes = 0
        """Counts the changes of the transcript: a screen redraws what is new when it moves."""
        self._speech = 0
        self._quiet_from = 0
        self._sign_at = 0
        self._given_back = False

    @property
    def running(self) -> Entry | None:
        """The clause being said; None between clauses."""
        for entry in reversed(self.entries):
            if entry.kind is EntryKind.CLAUSE:
                return None if entry.done or entry.said_words is not None else entry
        return None

    def apply_all(self, events: Iterable[ev.Event]) -> None:
        """Fold events, in the order in which they were stored."""
        for event in events:
            self.apply(event)

    def apply(self, event: ev.Event) -> None:
        """Fold one event."""
        self.fold.apply(event)
        if handler := getattr(self, f"_on_{event.kind}", None):
            handler(event)

    def floor(self, t: int) -> FloorView:
        """Return who has the floor at a time, ms, and what the silence is."""
        fold = self.fold
        if fold.ended is not None:
            return FloorView(Holder.OVER)
        typing = fold.composing
        if fold.holding_floor:
            return FloorView(Holder.CUSTOMER, typing=typing)
        if fold.turn.spoken or self._given_back or not fold.turn.floor_spans:
            return FloorView(Holder.COMING, typing=typing)
        if fold.turn.holds and fold.turn.holds[-1].end is None:
            return FloorView(Holder.HOLD, typing=typing)
        if typing or not self.timed or self.medium is MediumKind.EMAIL:
            return FloorView(Holder.FREE, typing=typing)
        return self._silence(t)

    def _silence(self, t: int) -> FloorView:
        silence = self.rules.silence
        quiet = max(0, t - self._quiet_from)
        chat = self.medium is MediumKind.CHAT
        limit = silence.chat_still_there_ms if chat else silence.still_there_ms
        limit = round(limit * max(1.0, 100 / self.fold.pace_percent))
        counted = max(0, t - max(self._quiet_from, self._sign_at))
        share = min(1.0, counted / limit)
        if share >= silence.held_sweet_to_ms / silence.still_there_ms:
            tone = SilenceTone.DEAD
        elif not chat and self._after_disclosure():
            tone = SilenceTone.MEANT
        else:
            tone = SilenceTone.PLAIN
        return FloorView(Holder.FREE, quiet, share, tone)

    def _after_disclosure(self) -> bool:
        told = [fact for clause in self.fold.turn.clauses if clause.end is not None for fact in clause.facts]
        known = {fact.id: fact for fact in self.persona.facts}
        return bool(told) and told[-1] in known and is_weighty(known[told[-1]], self.persona)

    # entries ----------------------------------------------------------------------------------------------

    def _add(self, kind: EntryKind, text: str, t: int) -> Entry:
        entry = Entry(kind, text, t, self.fold.all_turns[-1].number)
        self.entries.append(entry)
        self.changes += 1
        return entry

    def _on_customer_turn_started(self, _: ev.CustomerTurnStarted) -> None:
        self._speech += 1
        self._given_back = False
        self.changes += 1

    def _on_clause_started(self, event: ev.ClauseStarted) -> None:
        if event.cue:
            self._add(EntryKind.CUE, event.cue, event.t).speech = self._speech
        entry = self._add(EntryKind.CLAUSE, event.text, event.t)
        entry.words, entry.duration_ms, entry.done = event.words, event.duration_ms, False
        entry.speech = self._speech

    def _on_clause_ended(self, _: ev.ClauseEnded) -> None:
        running = self.running
        if running is not None:
            running.done = True
            self.changes += 1

    def _on_customer_turn_ended(self, event: ev.CustomerTurnEnded) -> None:
        self._broken_off(event.t)
        self._quiet_from = event.t
        self.changes += 1

    def _broken_at(self, word: int) -> None:
        running = self.running
        if running is not None:
            running.said_words = word
            self.changes += 1

    def _broken_off(self, t: int) -> None:
        """End the clause being said where it stands: the program or the trainee stopped the call."""
        if self.running is not None:
            self._broken_at(self.running.spoken_words(t))

    def _on_customer_cut_off(self, event: ev.CustomerCutOff) -> None:
        self._broken_at(event.at_word)

    def _on_yielded(self, event: ev.Yielded) -> None:
        self._broken_at(event.at_word)
        if self.medium.is_spoken:
            self._event(f"{self._name} lets you in.", event.t)

    def _on_spoke(self, event: ev.Spoke) -> None:
        self._add(EntryKind.REPLY, event.text, event.t).words = len(event.text.split())

    def _on_withdrew(self, event: ev.Withdrew) -> None:
        last = next((entry for entry in reversed(self.entries) if entry.kind is EntryKind.REPLY), None)
        if last is not None:
            last.withdrawn = True
        self._given_back = True
        if self.medium.is_spoken:
            self._event("You give the floor back.", event.t)

    def _on_trainee_cut_off(self, event: ev.TraineeCutOff) -> None:
        reply = next(entry for entry in reversed(self.entries) if entry.kind is EntryKind.REPLY)
        reply.said_words = event.at_word
        self._event(f"{self._name} cuts in on you.", event.t)

    def _on_backchannelled(self, event: ev.Backchannelled) -> None:
        self._add(EntryKind.TOKEN, _SIGNS.get(event.channel, event.token), event.t)
        self._sign_at = event.t

    def _on_hold_announced(self, event: ev.HoldAnnounced) -> None:
        self._add(EntryKind.HOLD, event.text, event.t)

    def _on_hold_ended(self, event: ev.HoldEnded) -> None:
        self._quiet_from = max(self._quiet_from, event.t)
        self._event("You are back.", event.t)

    def _on_composing_paused(self, event: ev.ComposingPaused) -> None:
        self._quiet_from = max(self._quiet_from, event.t)

    def _on_composing_cleared(self, event: ev.ComposingCleared) -> None:
        self._quiet_from = max(self._quiet_from, event.t)

    def _on_hung_up(self, event: ev.HungUp) -> None:
        leaves = {MediumKind.CHAT: "leaves the chat", MediumKind.EMAIL: "will not write again"}
        self._event(f"{self._name} {leaves.get(self.medium, 'hangs up')}.", event.t)

    def _on_ended(self, event: ev.Ended) -> None:
        self._broken_off(event.t)
        if event.reason != "walked_out":
            what = {MediumKind.CHAT: "chat", MediumKind.EMAIL: "exchange"}.get(self.medium, "call")
            self._event(f"The {what} is over.", event.t)

    def _event(self, text: str, t: int) -> None:
        self._add(EntryKind.EVENT, text, t)

    @property
    def _name(self) -> str:
        return self.persona.customer.short_name
