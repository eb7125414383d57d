"""Folds an event log into turns: all the customer said since the last reply, and that reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from personas.acts import Act
from personas.schema import Persona
from scoring import events as ev

MILLI = 1000
"""Mood is counted in thousandths of a point, so that no machine rounds differently."""


@dataclass(frozen=True)
class Mood:
    """How the customer feels, in thousandths of a point of 0-100."""

    frustration: int
    trust: int
    heard: int

    def moved(self, change: ev.MoodMoved) -> Mood:
        """Return the mood after a change, each value held within 0-100 points."""
        return Mood(
            _within(self.frustration + change.frustration),
            _within(self.trust + change.trust),
            _within(self.heard + change.heard),
        )

    def points(self) -> dict[str, float]:
        """Return the three values as points of 0-100."""
        return {
            "frustration": self.frustration / 1000,
            "trust": self.trust / 1000,
            "heard": self.heard / 1000,
        }


def _within(value: int) -> int:
    return max(0, min(100 * MILLI, value))


def mood_at_start(persona: Persona) -> Mood:
    """Return the mood that the persona file sets."""
    start = persona.mood
    return Mood(start.frustration * MILLI, start.trust * MILLI, start.heard * MILLI)


@dataclass
class SpokenClause:
    """One clause of the customer as it came out."""

    text: str
    words: int
    start: int
    duration_ms: int
    turn_end: bool
    cue: str | None
    facts: tuple[str, ...]
    bait: bool
    need: str | None
    act: Act
    end: int | None = None
    """When it had been said; None while it is being said or when it was broken off."""
    said_words: int | None = None
    """Words said, where it was broken off."""


@dataclass(frozen=True)
class Burst:
    """A stretch of typing, from its first key to its last."""

    start: int
    end: int


@dataclass
class Hold:
    """An announced wait."""

    start: int
    text: str
    end: int | None = None


@dataclass(frozen=True)
class Overlap:
    """A reply sent while the customer held the floor, and what it cut."""

    t: int
    text: str
    clause: int
    """Index of the running clause within the turn's clauses; -1 between clauses."""
    left_words: int
    """Words of the running clause not yet said."""
    left_ms: int
    """Time to the end of the running clause."""
    at_turn_end: bool
    """Whether a possible turn end was no further away than the end of the running clause."""
    unsaid_words: int
    """All words planned and not said, as far as known."""
    unsaid_facts: tuple[str, ...]
    yielded: bool
    """Whether the customer let the trainee in."""
    stopped: bool
    """Whether the customer stopped at all, or simply finished."""
    into_ms: int | None = None
    """How long the customer had held the floor when the reply came."""


@dataclass
class Turn:
    """All the customer said since the last reply, and that reply."""

    number: int
    mood_before: Mood
    clauses: list[SpokenClause] = field(default_factory=list)
    notes: list[ev.NoteIssued] = field(default_factory=list)
    floor_spans: list[tuple[int, int | None]] = field(default_factory=list)
    """When the customer held the floor: start and end of every stretch."""
    facts_told: list[str] = field(default_factory=list)
    backchannels: list[ev.Backchannelled] = field(default_factory=list)
    bursts: list[Burst] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    desk: list[ev.DeskOpened] = field(default_factory=list)
    mails: list[ev.MailOpened] = field(default_factory=list)
    stops: list[tuple[int, int]] = field(default_factory=list)
    """Stretches in which the clock stood still."""
    blurs: int = 0
    spoken: list[ev.Spoke] = field(default_factory=list)
    """The replies that stand; more than one when the trainee added to it before the customer reacted."""
    overlaps: list[Overlap] = field(default_factory=list)
    withdrawn: list[tuple[Overlap, int]] = field(default_factory=list)
    """Overlaps given back, with the time at which that happened."""
    heard_words: int | None = None
    """Words of the reply the customer listened to before cutting in."""
    reading: ev.ChecksRead | None = None
    moves: list[ev.MoodMoved] = field(default_factory=list)
    mood_after: Mood | None = None

    @property
    def reply(self) -> str:
        """The trainee's words, one line per message; "" when there was no reply."""
        return "\n".join(spoke.text for spoke in self.spoken)

    @property
    def customer_text(self) -> str:
        """All that was said and could be heard, broken clauses ending in a dash."""
        return " ".join(clause_text(clause) for clause in self.clauses if clause.said_words != 0)

    @property
    def replied_at(self) -> int | None:
        """When the reply was first sent, ms; None without one."""
        return self.spoken[0].t if self.spoken else None

    @property
    def acts(self) -> tuple[Act, ...]:
        """What the customer did in this turn, in order."""
        return tuple(note.act for note in self.notes)


def clause_text(clause: SpokenClause) -> str:
    """Return the words of a clause that were said; a broken one ends in a dash and stays broken."""
    if clause.said_words is None or clause.said_words >= clause.words:
        return clause.text
    return " ".join(clause.text.split()[: clause.said_words]) + " -"


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

    @property
    def turn(self) -> Turn:
        """The turn that is going on."""
        return self.turns[-1]

    @property
    def composing(self) -> bool:
        """Whether a typing burst is under way."""
        return self._burst_start is not None

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
            self._open_turn()
        self._note = event
        self.turn.notes.append(event)

    def _open_turn(self) -> None:
        self.turn.mood_after = self.mood
        self.turns.append(Turn(len(self.turns), self.mood))

    def _on_customer_turn_started(self, event: ev.CustomerTurnStarted) -> None:
        if self.turn.spoken:
            self._open_turn()
        self.customer_turn = event.turn
        self.holding_floor = True
        self.turn.floor_spans.append((event.t, None))

    def _on_clause_started(self, event: ev.ClauseStarted) -> None:
        self.turn.clauses.append(
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
            )
        )

    def _on_clause_ended(self, event: ev.ClauseEnded) -> None:
        if not self.turn.clauses:
            return
        clause = self.turn.clauses[-1]
        if clause.said_words is not None:
            return
        clause.end = event.t
        for fact in clause.facts:
            if fact not in self.told:
                self.told[fact] = self.turn.number
                self.turn.facts_told.append(fact)

    def _on_customer_turn_ended(self, event: ev.CustomerTurnEnded) -> None:
        self._release_floor(event.t)

    def _release_floor(self, t: int) -> None:
        self.holding_floor = False
        spans = self.turn.floor_spans
        if spans and spans[-1][1] is None:
            spans[-1] = (spans[-1][0], t)

    def _on_customer_cut_off(self, event: ev.CustomerCutOff) -> None:
        self._stop_customer(event.t, event.at_word, event.unsaid_words, event.unsaid_facts, yielded=False)

    def _on_yielded(self, event: ev.Yielded) -> None:
        self._stop_customer(event.t, event.at_word, event.unsaid_words, event.unsaid_facts, yielded=True)

    def _stop_customer(
        self, t: int, at_word: int, unsaid_words: int, unsaid_facts: tuple[str, ...], *, yielded: bool
    ) -> None:
        turn = self.turn
        if turn.clauses and turn.clauses[-1].end is None:
            turn.clauses[-1].said_words = at_word
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
        return self.holding_floor and bool(self.turn.floor_spans) and self.turn.floor_spans[-1][0] <= t

    def _overlap(self, event: ev.Spoke) -> Overlap:
        clauses = self.turn.clauses
        into = event.t - self.turn.floor_spans[-1][0]
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
        self.turn.mood_after = self.mood
