"""Folds an event log into turns, from its events alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from personas.acts import Act
from personas.schema import Persona
from scoring import events as ev
from scoring.turn import (
    MILLI,
    Burst,
    Hold,
    Mood,
    Overlap,
    SpokenClause,
    Turn,
    clause_text,
    mood_at_start,
)

__all__ = [
    "MILLI",
    "Burst",
    "CallFold",
    "Hold",
    "Mood",
    "Overlap",
    "SpokenClause",
    "Turn",
    "clause_text",
    "mood_at_start",
]


class CallFold:
    """The state of a conversation, from its events alone."""

    def __init__(self, persona: Persona) -> None:
        self.persona = persona
        self.mood = mood_at_start(persona)
        self.turns: list[Turn] = [Turn(0, self.mood)]
        self.told: dict[str, int] = {}
        """Facts told, with the turn in which they were."""
        self.opened: dict[str, int] = {}
        """Desk items opened, with the time from which they could be read."""
        self.customer_turn = -1
        self.holding_floor = False
        self.ended: ev.Ended | None = None
        self.pace_percent = 100
        self.last_t = 0
        self._burst_start: int | None = None
        self._stopped_at: int | None = None
        self._note: ev.NoteIssued | None = None
        self._stretch = 0
        self._ahead: Turn | None = None
        """The turn to come, begun by a mail that crossed the reply."""
        self._second_mails = frozenset(mail.id for mail in persona.second_mails)

    @property
    def turn(self) -> Turn:
        """The turn that is going on."""
        return self.turns[-1]

    @property
    def composing(self) -> bool:
        """Whether a typing burst is under way."""
        return self._burst_start is not None

    @property
    def all_turns(self) -> tuple[Turn, ...]:
        """The turns, and the one that a mail which crossed the reply has begun."""
        return (*self.turns, *([self._ahead] if self._ahead else []))

    @property
    def stretches(self) -> int:
        """How often the customer has taken the floor; e-mail: how many mails have come."""
        return self._stretch

    @property
    def writing_since(self) -> int | None:
        """When the running burst of typing began, ms; None while no key moves."""
        return self._burst_start

    @property
    def _theirs(self) -> Turn:
        """The turn that the customer's words go to."""
        return self._ahead or self.turn

    def apply_all(self, events: Iterable[ev.Event]) -> CallFold:
        """Fold all events and return the fold itself."""
        for event in events:
            self.apply(event)
        return self

    def apply(self, event: ev.Event) -> None:
        """Fold one event."""
        self.last_t = max(self.last_t, event.t)
        if handler := getattr(self, f"_on_{event.kind}", None):
            handler(event)

    # the customer -----------------------------------------------------------------------------------------

    def _on_note_issued(self, event: ev.NoteIssued) -> None:
        if self.turn.spoken:
            if event.beat in self._second_mails:
                self._ahead = self._ahead or Turn(len(self.turns), self.mood)
            else:
                self._open_turn()
        self._note = event
        self._theirs.notes.append(event)

    def _open_turn(self) -> None:
        self.turn.mood_after = self.mood
        turn, self._ahead = self._ahead or Turn(len(self.turns), self.mood), None
        turn.mood_before = self.mood
        self.turns.append(turn)

    def _on_customer_turn_started(self, event: ev.CustomerTurnStarted) -> None:
        if self.turn.spoken and self._ahead is None:
            self._open_turn()
        self.customer_turn = event.turn
        self.holding_floor = True
        self._stretch += 1
        self._theirs.floor_spans.append((event.t, None))

    def _on_clause_started(self, event: ev.ClauseStarted) -> None:
        self._theirs.clauses.append(
            SpokenClause(
                text=event.text,
                words=event.words,
                start=event.t,
                duration_ms=event.duration_ms,
                turn_end=event.turn_end,
                cue=event.cue,
                facts=event.facts,
                bait=event.bait,
                need=event.need,
                act=self._note.act if self._note else Act.OPEN,
                stretch=self._stretch,
            )
        )

    def _on_clause_ended(self, event: ev.ClauseEnded) -> None:
        turn = self._theirs
        if not turn.clauses or turn.clauses[-1].said_words is not None:
            return
        turn.clauses[-1].end = event.t
        for fact in turn.clauses[-1].facts:
            if fact not in self.told:
                self.told[fact] = turn.number
                turn.facts_told.append(fact)

    def _on_customer_turn_ended(self, event: ev.CustomerTurnEnded) -> None:
        self._release_floor(event.t)

    def _release_floor(self, t: int) -> None:
        self.holding_floor = False
        spans = self._theirs.floor_spans
        if spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], t)

    def _on_customer_cut_off(self, event: ev.CustomerCutOff) -> None:
        self._stop_customer(event.t, event.at_word, event.unsaid_words, event.unsaid_facts, yielded=False)

    def _on_yielded(self, event: ev.Yielded) -> None:
        self._stop_customer(event.t, event.at_word, event.unsaid_words, event.unsaid_facts, yielded=True)

    def _stop_customer(
        self, t: int, at_word: int, unsaid_words: int, unsaid_facts: tuple[str, ...], *, yielded: bool
    ) -> None:
        turn, clauses = self.turn, self._theirs.clauses
        if clauses and clauses[-1].end is None:
            clauses[-1].said_words = at_word
        if turn.overlaps:
            last = turn.overlaps[-1]
            turn.overlaps[-1] = replace(
                last, unsaid_words=unsaid_words, unsaid_facts=unsaid_facts, yielded=yielded, stopped=True
            )
        self._release_floor(t)

    # the trainee ------------------------------------------------------------------------------------------

    def _on_spoke(self, event: ev.Spoke) -> None:
        self._close_burst(event.t)
        turn = self.turn
        if self._over_customer(event.t):
            turn.overlaps.append(self._overlap(event))
        turn.spoken.append(event)

    def _over_customer(self, t: int) -> bool:
        spans = self._theirs.floor_spans
        return self.holding_floor and bool(spans) and spans[-1][0] <= t

    def _overlap(self, event: ev.Spoke) -> Overlap:
        clauses = self._theirs.clauses
        into = event.t - self._theirs.floor_spans[-1][0]
        if not clauses or clauses[-1].end is not None:
            ended = bool(clauses) and clauses[-1].turn_end
            return Overlap(event.t, event.text, -1, 0, 0, ended, 0, (), False, False, into)
        clause = clauses[-1]
        left_ms = min(clause.duration_ms, max(0, clause.start + clause.duration_ms - event.t))
        left_words = -(-clause.words * left_ms // max(1, clause.duration_ms))
        return Overlap(
            event.t,
            event.text,
            len(clauses) - 1,
            left_words,
            left_ms,
            clause.turn_end,
            0,
            (),
            False,
            False,
            into,
        )

    def _on_withdrew(self, event: ev.Withdrew) -> None:
        turn = self.turn
        del turn.spoken[-1:]
        if turn.overlaps:
            turn.withdrawn.append((turn.overlaps.pop(), event.t))
        turn.reading = None
        turn.heard_words = None

    def _on_trainee_cut_off(self, event: ev.TraineeCutOff) -> None:
        self.turn.heard_words = event.at_word

    def _on_composing_started(self, event: ev.ComposingStarted) -> None:
        self._burst_start = event.t

    def _on_composing_resumed(self, event: ev.ComposingResumed) -> None:
        self._burst_start = event.t

    def _on_composing_paused(self, event: ev.ComposingPaused) -> None:
        self._close_burst(event.t)

    def _on_composing_cleared(self, event: ev.ComposingCleared) -> None:
        self._close_burst(event.t)

    def _close_burst(self, t: int) -> None:
        if self._burst_start is not None:
            self.turn.bursts.append(Burst(self._burst_start, max(t, self._burst_start)))
            self._burst_start = None

    def _on_backchannelled(self, event: ev.Backchannelled) -> None:
        self.turn.backchannels.append(event)

    def _on_hold_announced(self, event: ev.HoldAnnounced) -> None:
        self._close_burst(event.t)
        self.turn.holds.append(Hold(event.t, event.text))

    def _on_hold_ended(self, event: ev.HoldEnded) -> None:
        for turn in reversed(self.turns):
            if turn.holds:
                turn.holds[-1].end = event.t
                return

    def _on_desk_opened(self, event: ev.DeskOpened) -> None:
        self.turn.desk.append(event)
        self.opened.setdefault(event.item, event.t + event.loading_ms)

    def _on_mail_opened(self, event: ev.MailOpened) -> None:
        self.turn.mails.append(event)

    def _on_focus_lost(self, event: ev.FocusLost) -> None:
        self.turn.blurs += 1

    # the engine -------------------------------------------------------------------------------------------

    def _on_checks_read(self, event: ev.ChecksRead) -> None:
        self.turn.reading = event

    def _on_mood_moved(self, event: ev.MoodMoved) -> None:
        self.turn.moves.append(event)
        self.mood = self.mood.moved(event)

    def _on_voice_waited(self, event: ev.VoiceWaited) -> None:
        self.turn.stops.append((event.t, event.t + event.ms))

    def _on_clock_stopped(self, event: ev.ClockStopped) -> None:
        self._stopped_at = event.t

    def _on_clock_started(self, event: ev.ClockStarted) -> None:
        if self._stopped_at is not None:
            self.turn.stops.append((self._stopped_at, event.t))
            self._stopped_at = None

    def _on_pace_changed(self, event: ev.PaceChanged) -> None:
        self.pace_percent = event.percent

    def _on_ended(self, event: ev.Ended) -> None:
        self.ended = event
        self._release_floor(event.t)
        if self._ahead is not None:
            self._open_turn()
        self.turn.mood_after = self.mood
