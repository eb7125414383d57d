"""The timeline of a conversation: who spoke when, over whom, what each silence was, the mood under it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from personas.acts import MediumKind
from scoring.call_score import CallScore
from scoring.engine_facts import plain_words
from scoring.floor import INTERRUPTIONS, FloorKind, overlap_kind
from scoring.rubric import RubricRules
from scoring.silence import Gap, gaps, is_weighty
from scoring.turn_score import TurnScore
from scoring.turns import MILLI, Overlap, SpokenClause, Turn

Stretch = tuple[int, int]
"""Start and end, ms."""


class SilenceKind(StrEnum):
    """What a silence was."""

    HELD = "held"
    """Right after something that was hard to tell, left open before a key moved: waiting was listening."""
    DEAD = "dead"
    """So long and so unexplained that the customer asks whether anybody is there."""
    PLAIN = "plain"


@dataclass(frozen=True)
class Span:
    """A stretch of the call that belongs to a turn."""

    start_ms: int
    end_ms: int
    turn: int

    @property
    def length_ms(self) -> int:
        """How long it lasted."""
        return self.end_ms - self.start_ms


@dataclass(frozen=True)
class Talk(Span):
    """A clause of the customer, as far as it was said (e-mail: a mail arrives whole, in no time)."""

    broken: bool = False
    """Whether it was broken off before its last word."""


@dataclass(frozen=True)
class Utterance(Span):
    """Words of the trainee: from sending, a word at a time, never beyond the customer's next start.

    What is written (chat, e-mail) takes no time to say.
    """

    withdrawn: bool = False
    """Whether it was taken back."""


@dataclass(frozen=True)
class OverTalk(Span):
    """The trainee came in while the customer spoke; from the sending to where one of them stopped."""

    kind: FloorKind
    words_early: int
    """Words that were planned and not said, as far as known."""

    @property
    def cut(self) -> bool:
        """Whether the customer feels cut off by it."""
        return self.kind in INTERRUPTIONS


@dataclass(frozen=True)
class Silence(Span):
    """A stretch in which nobody spoke, no key moved, no wait was announced and the clock ran."""

    kind: SilenceKind


@dataclass(frozen=True)
class Wait(Span):
    """An announced wait."""

    text: str


@dataclass(frozen=True)
class Sign:
    """A sign of listening."""

    at_ms: int
    turn: int
    token: str
    specific: bool
    fits: bool


@dataclass(frozen=True)
class Lookup:
    """An item of the record was asked for."""

    at_ms: int
    turn: int
    item: str
    ready_ms: int
    """From when it could be read."""


@dataclass(frozen=True)
class MoodStep:
    """The mood from a time on, points of 0-100."""

    at_ms: int
    frustration: float
    trust: float
    heard: float


@dataclass(frozen=True)
class TurnSpan(Span):
    """A turn: from its first word to the first word of the next."""

    replied_ms: int | None
    """When the reply was sent; None without one."""


@dataclass(frozen=True)
class Timeline:
    """A whole call to scale; every list is in the order of time, all times in ms from the start."""

    length_ms: int
    """From the start to the last event, stopped clock included."""
    medium: MediumKind
    timed: bool
    talk: tuple[Talk, ...]
    utterances: tuple[Utterance, ...]
    typing: tuple[Span, ...]
    overlaps: tuple[OverTalk, ...]
    silences: tuple[Silence, ...]
    """Spoken media in timed play: all; chat: only waits in which the customer would ask; else none."""
    signs: tuple[Sign, ...]
    waits: tuple[Wait, ...]
    stops: tuple[Span, ...]
    """Where the clock stood still or the machine needed time."""
    lookups: tuple[Lookup, ...]
    mood: tuple[MoodStep, ...]
    """The first at 0; each holds until the next."""
    turns: tuple[TurnSpan, ...]
    """Without a gap from 0 to the end."""

    def turn_at(self, t: int) -> TurnSpan:
        """Return the turn in which a time lies; the nearest one for times outside the call."""
        found = self.turns[0]
        for turn in self.turns:
            if turn.start_ms <= t:
                found = turn
        return found

    def mood_at(self, t: int) -> MoodStep:
        """Return the mood at a time."""
        found = self.mood[0]
        for step in self.mood:
            if step.at_ms <= t:
                found = step
        return found


def timeline_of(call: CallScore) -> Timeline:
    """Return the timeline of a scored conversation; pure.

    Args:
        call: the score; its fold holds every time that is drawn.
    """
    drawing = _Drawing(call)
    length = drawing.length
    turns = call.turns
    return Timeline(
        length_ms=length,
        medium=call.medium,
        timed=call.timed,
        talk=tuple(talk for turn in turns for talk in drawing.talk(turn.occasion.turn)),
        utterances=tuple(said for turn in turns for said in drawing.utterances(turn.occasion.turn)),
        typing=tuple(span for turn in turns for span in drawing.typing(turn.occasion.turn)),
        overlaps=tuple(over for turn in turns for over in drawing.overlaps(turn)),
        silences=tuple(silence for turn in turns for silence in drawing.silences(turn)),
        signs=tuple(
            Sign(sign.t, turn.number, sign.token, sign.specific, sign.fits)
            for turn in call.fold.turns
            for sign in sorted(turn.backchannels, key=lambda sign: sign.t)
        ),
        waits=tuple(wait for turn in turns for wait in drawing.waits(turn.occasion.turn)),
        stops=tuple(
            Span(low, high, turn.number)
            for turn in call.fold.turns
            for low, high in sorted(drawing.within(turn.stops))
        ),
        lookups=tuple(
            Lookup(item.t, turn.number, item.item, item.t + item.loading_ms)
            for turn in call.fold.turns
            for item in turn.desk
        ),
        mood=tuple(_mood(call)),
        turns=drawing.turns,
    )


class _Drawing:
    """What all the parts of one call share."""

    def __init__(self, call: CallScore) -> None:
        self.call = call
        self.length = call.fold.last_t
        self.rules: RubricRules = call.turns[0].occasion.rules
        self.turns = tuple(_turn_spans(call.fold.turns, self.length))

    def within(self, stretches: Iterable[Stretch]) -> Iterator[Stretch]:
        """Yield stretches held within the call, those with a length."""
        for low, high in stretches:
            low, high = max(0, low), min(high, self.length)
            if high > low:
                yield low, high

    def floor_end(self, turn: Turn, t: int) -> int:
        """Return when the customer's stretch of talk that was running at a time ended."""
        ends = [self.length if high is None else high for low, high in turn.floor_spans if low <= t]
        return ends[-1] if ends else self.length

    def talk(self, turn: Turn) -> Iterator[Talk]:
        nexts = [clause.start for clause in turn.clauses[1:]]
        for clause, following in zip(turn.clauses, [*nexts, self.length], strict=False):
            if clause.said_words != 0 or clause.end is not None:
                yield self._clause(turn, clause, following)

    def _clause(self, turn: Turn, clause: SpokenClause, following: int) -> Talk:
        if clause.end is not None:
            return Talk(clause.start, clause.end, turn.number)
        stopped = min(self.floor_end(turn, clause.start), clause.start + clause.duration_ms, following)
        whole = clause.said_words is not None and clause.said_words >= clause.words
        return Talk(clause.start, max(clause.start, stopped), turn.number, broken=not whole)

    def utterances(self, turn: Turn) -> Iterator[Utterance]:
        said = [(spoke.t, spoke.text, None) for spoke in turn.spoken]
        taken_back = [(overlap.t, overlap.text, back) for overlap, back in turn.withdrawn]
        found = sorted([*said, *taken_back], key=lambda one: one[0])
        nexts = [t for t, _, _ in found[1:]]
        for (t, text, back), following in zip(found, [*nexts, self.length], strict=False):
            end = min(t + self._saying_ms(text), following, self._next_start(turn, t))
            if back is not None:
                end = min(end, back)
            yield Utterance(t, max(t, end), turn.number, withdrawn=back is not None)

    def _next_start(self, turn: Turn, t: int) -> int:
        here = [low for low, _ in turn.floor_spans if low > t]
        later = [low for other in self.call.fold.turns[turn.number + 1 :] for low, _ in other.floor_spans]
        return min([*here, *later, self.length])

    def _saying_ms(self, text: str) -> int:
        if not self.call.medium.is_spoken:
            return 0
        return len(plain_words(text).split()) * self.rules.pace.word_ms

    def typing(self, turn: Turn) -> Iterator[Span]:
        for low, high in sorted(self.within((burst.start, burst.end) for burst in turn.bursts)):
            yield Span(low, high, turn.number)

    def overlaps(self, score: TurnScore) -> Iterator[OverTalk]:
        turn = score.occasion.turn
        found = [(overlap, self._kind(score, overlap)) for overlap in turn.overlaps]
        found += [(overlap, FloorKind.GIVEN_BACK) for overlap, _ in turn.withdrawn]
        for overlap, kind in sorted(found, key=lambda one: one[0].t):
            until = self.floor_end(turn, overlap.t)
            said = next((u.end_ms for u in self.utterances(turn) if u.start_ms == overlap.t), until)
            end = min(until, said)
            yield OverTalk(overlap.t, max(overlap.t, end), turn.number, kind, overlap.unsaid_words)

    def _kind(self, score: TurnScore, overlap: Overlap) -> FloorKind:
        turn = score.occasion.turn
        if score.floor is not None and overlap is turn.overlaps[-1]:
            return score.floor.kind
        if not overlap.stopped:
            return FloorKind.TERMINAL
        return overlap_kind(overlap, turn, score.occasion.facts, self.rules, self.call.medium)

    def waits(self, turn: Turn) -> Iterator[Wait]:
        for hold in turn.holds:
            replies = [spoke.t for spoke in turn.spoken if spoke.t >= hold.start]
            unended = min([*replies, self.turns[turn.number].end_ms])
            end = unended if hold.end is None else hold.end
            for low, high in self.within([(hold.start, end)]):
                yield Wait(low, high, turn.number, hold.text)

    def silences(self, score: TurnScore) -> Iterator[Silence]:
        turn, call = score.occasion.turn, self.call
        if not call.timed or call.medium is MediumKind.EMAIL:
            return
        for gap in gaps(turn):
            if any(gap.start <= back <= gap.end for _, back in turn.withdrawn):
                continue
            kinds = self._kinds(score, gap)
            waits = [(wait.start_ms, wait.end_ms) for wait in self.waits(turn)]
            typed = [(burst.start, burst.end) for burst in turn.bursts]
            for low, high in _uncovered((gap.start, gap.end), [*waits, *typed, *turn.stops]):
                first = not any(burst.end > gap.start and burst.start < low for burst in turn.bursts)
                kind = kinds[0] if first else kinds[1]
                if call.medium.is_spoken or kind is SilenceKind.DEAD:
                    yield Silence(low, high, turn.number, kind)

    def _kinds(self, score: TurnScore, gap: Gap) -> tuple[SilenceKind, SilenceKind]:
        """Return what a gap's silence is before the first key, and what it is after it."""
        occasion, silence = score.occasion, self.rules.silence
        spoken = self.call.medium.is_spoken
        limit = silence.still_there_ms if spoken else silence.chat_still_there_ms
        if occasion.scaled(gap.silent_ms) >= limit:
            return SilenceKind.DEAD, SilenceKind.DEAD
        held = occasion.scaled(gap.held_ms) >= silence.held_from_ms
        if held and not gap.after_question and _after_something_hard(score, gap):
            return SilenceKind.HELD, SilenceKind.PLAIN
        return SilenceKind.PLAIN, SilenceKind.PLAIN


def _after_something_hard(score: TurnScore, gap: Gap) -> bool:
    """Return whether the stretch of talk that a gap follows told something hard to say."""
    occasion, turn = score.occasion, score.occasion.turn
    fact = occasion.by_id.get(gap.after_fact or "")
    if fact is None or fact.id not in turn.facts_told or not is_weighty(fact, occasion.persona):
        return False
    began = max((low for low, high in turn.floor_spans if high == gap.start), default=0)
    return any(clause.start >= began for clause in turn.clauses if fact.id in clause.facts)


def _uncovered(whole: Stretch, covers: Iterable[Stretch]) -> Iterator[Stretch]:
    """Yield what of a stretch no other one covers, oldest first."""
    reach, end = whole
    for low, high in sorted(covers):
        low, high = max(low, reach), min(high, end)
        if high <= low:
            continue
        if low > reach:
            yield reach, low
        reach = high
    if reach < end:
        yield reach, end


def _turn_spans(turns: list[Turn], length: int) -> Iterator[TurnSpan]:
    starts = [0]
    for before, turn in pairwise(turns):
        spoken = max([starts[-1], *(spoke.t for spoke in before.spoken)])
        begins = turn.floor_spans[0][0] if turn.floor_spans else spoken
        starts.append(min(length, max(starts[-1], begins)))
    for turn, start, end in zip(turns, starts, [*starts[1:], length], strict=True):
        yield TurnSpan(start, end, turn.number, turn.replied_at)


def _mood(call: CallScore) -> Iterator[MoodStep]:
    turns = call.fold.turns
    mood, reach = turns[0].mood_before, 0
    steps = {0: mood}
    for turn in turns:
        for move in turn.moves:
            mood, reach = mood.moved(move), max(reach, move.t)
            steps[reach] = mood
    for t, step in steps.items():
        yield MoodStep(t, step.frustration / MILLI, step.trust / MILLI, step.heard / MILLI)
