"""What a conversation is folded into: all the customer said since the last reply, and that reply."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    stretch: int = 0
    """Number of the customer's stretch of talk it belongs to, counted from 1 over the call: one mail, where
    they write."""


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
