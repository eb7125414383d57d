"""What the director remembers of a call, folded from its events alone."""

from __future__ import annotations

from collections.abc import Iterable

from personas.acts import Act
from personas.schema import Persona
from scoring import events as ev

_OPENING_STAYS = frozenset({Act.OPEN, Act.RESUME, Act.PROMPT, Act.CUT_IN})
"""Acts after which the rest of the opening is still to come; any other means that the talk has moved on."""


class Ledger:
    """The director's memory: what is lost, what is pending, which offers were made, where the opening is."""

    def __init__(self, persona: Persona) -> None:
        self.persona = persona
        self.notes: list[ev.NoteIssued] = []
        self.opening_next = 0
        """Index of the first opening clause not said."""
        self.opening_open = True
        """Whether the rest of the opening may still be told."""
        self.told: set[str] = set()
        self.lost: set[str] = set()
        """Facts cut off: told only when a question asks for them."""
        self.pending: tuple[str, ...] = ()
        """Facts of the last note that are still the customer's to tell."""
        self.broken_clause: str | None = None
        """Text of the clause that was broken off last."""
        self.broken_facts: tuple[str, ...] = ()
        """Facts that clause would have told."""
        self.cut_facts: tuple[str, ...] = ()
        """Facts that the cut which can still be mended left unsaid."""
        self.cut_in_opening = False
        """Whether that cut broke the opening."""
        self.said_since_note = False
        """Whether a clause of the last note's turn has begun."""
        self.cut_open = False
        """Whether the last thing that happened to the customer's talk was a cut that can still be mended."""
        self.weighed: dict[str, int] = {}
        """Offers answered so far, by resolution, with how often."""
        self.replies = 0
        self.prompts = 0
        """Times in a row the customer asked whether the trainee is there."""
        self.sentences: list[str] = []
        """Everything voiced, for the critic and the written lines."""
        self.limit_set = False
        """Whether a fair limit was set."""
        self.limit_taken = False
        """Whether the customer has begun to say how they take it."""
        self._clause: ev.ClauseStarted | None = None
        self._opening_place: int | None = None

    def apply_all(self, events: Iterable[ev.Event]) -> Ledger:
        """Fold all events and return the ledger itself."""
        for event in events:
            self.apply(event)
        return self

    def apply(self, event: ev.Event) -> None:
        """Fold one event."""
        handler = getattr(self, f"_on_{event.kind}", None)
        if handler is not None:
            handler(event)

    @property
    def intensity(self) -> int | None:
        """Intensity of the last note; None before the first."""
        return self.notes[-1].intensity if self.notes else None

    @property
    def beats_fired(self) -> frozenset[str]:
        """Beats whose silence was held."""
        return frozenset(note.beat for note in self.notes if note.beat)

    @property
    def opening_resumable(self) -> bool:
        """Whether the opening goes on when the customer has the floor again."""
        left = self.opening_next < len(self.persona.opening.clauses)
        return left and (self.opening_open or (self.cut_open and self.cut_in_opening))

    def turns_since(self, act: Act) -> int:
        """Return how many notes ago an act was last issued; a large number when never."""
        for back, note in enumerate(reversed(self.notes)):
            if note.act is act:
                return back
        return 10_000

    def _on_note_issued(self, event: ev.NoteIssued) -> None:
        self.notes.append(event)
        self.said_since_note = False
        self.pending = tuple(fact for fact in event.facts if fact not in self.told)
        if event.resolution is not None:
            self.weighed[event.resolution] = self.weighed.get(event.resolution, 0) + 1
        if event.act is Act.PROMPT:
            self.prompts += 1
        if event.act is Act.RESUME:
            self.opening_open = self.opening_resumable
        elif event.act not in _OPENING_STAYS:
            self.opening_open = False
        if event.act not in (Act.BROKEN_OFF, Act.PROMPT):
            self.cut_open = False
        self.lost -= set(event.facts)

    def _on_sentence_voiced(self, event: ev.SentenceVoiced) -> None:
        self.sentences.append(event.text)

    def _on_clause_started(self, event: ev.ClauseStarted) -> None:
        self._clause = event
        self.said_since_note = True
        taken = self.persona.limit.taken if self.persona.limit and self.limit_set else ()
        self.limit_taken |= any(" ".join(text.split()).startswith(event.text) for text in taken)
        clauses = self.persona.opening.clauses
        left = range(self.opening_next, len(clauses))
        self._opening_place = next((place for place in left if clauses[place].text == event.text), None)

    def _on_clause_ended(self, event: ev.ClauseEnded) -> None:
        if self._clause is None:
            return
        self.told |= set(self._clause.facts)
        self.lost -= set(self._clause.facts)
        self.pending = tuple(fact for fact in self.pending if fact not in self.told)
        if self._opening_place is not None:
            self.opening_next = self._opening_place + 1
            self.opening_open &= self.opening_next < len(self.persona.opening.clauses)
        self._clause = None
        self._opening_place = None

    def _on_customer_cut_off(self, event: ev.CustomerCutOff) -> None:
        self.broken_clause = self._clause.text if self._clause else None
        self.broken_facts = self._clause.facts if self._clause else ()
        unsaid = tuple(fact for fact in event.unsaid_facts if fact not in self.told)
        self.lost |= set(unsaid)
        self.cut_facts = (*self.cut_facts, *unsaid) if self.cut_open else unsaid
        self.cut_in_opening = self.opening_open or (self.cut_open and self.cut_in_opening)
        self.pending = ()
        self.opening_open = False
        self.cut_open = True
        self._clause = None

    def _on_yielded(self, event: ev.Yielded) -> None:
        self.broken_clause = self._clause.text if self._clause else None
        self._clause = None

    def _on_mood_moved(self, event: ev.MoodMoved) -> None:
        self.limit_set |= "limit_set" in event.causes

    def _on_spoke(self, event: ev.Spoke) -> None:
        self.replies += 1
        self.prompts = 0

    def _on_withdrew(self, event: ev.Withdrew) -> None:
        self.replies -= 1
        if not self.cut_open:
            return
        self.opening_open = self.opening_resumable
        self.pending = tuple(dict.fromkeys(fact for fact in self.cut_facts if fact not in self.told))
        self.lost -= set(self.pending)
        self.cut_open = False

    def _on_backchannelled(self, event: ev.Backchannelled) -> None:
        self.prompts = 0

    def _on_hold_announced(self, event: ev.HoldAnnounced) -> None:
        self.prompts = 0
