"""One customer turn from decision to last word: waits for the voice, speaks, can be stopped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from personas.acts import MediumKind
from personas.schema import Persona
from scoring import events as ev
from sim.conversation.speech import Planned, Running, opening_clauses, sentence_clauses
from sim.customer.note import VoiceRequest
from sim.customer.notes import Speaking
from sim.customer.reaction import Reaction
from sim.customer.speaker import AUTHOR, Said, Speaker
from sim.customer.voices.sentences import split_sentences


@dataclass(frozen=True)
class Unsaid:
    """What a stop leaves unsaid."""

    said_words: int
    """Words of the running clause that were said."""
    words: int
    """Words planned and not said, as far as known."""
    facts: tuple[str, ...]
    """Facts planned and not told, as far as known."""


@dataclass
class _Coming:
    reaction: Reaction
    speaking: Speaking
    decided: int
    ready: int | None
    """When the first words were there; None while they are awaited."""
    first: list[Said]


class Delivery:
    """The customer's mouth: at most one turn at a time."""

    def __init__(
        self,
        persona: Persona,
        medium: MediumKind,
        speaker: Speaker,
        emit: Callable[[ev.Event], None],
        clause_ms: Callable[[int], int],
        pause_ms: Callable[[], int],
    ) -> None:
        """Prepare.

        Args:
            persona: the customer.
            medium: decides how sentences are cut.
            speaker: gives the sentences.
            emit: receives every event, in order.
            clause_ms: how long a clause of so many words takes now.
            pause_ms: the pause between two clauses now.
        """
        self._persona = persona
        self._medium = medium
        self._speaker = speaker
        self._emit = emit
        self._clause_ms = clause_ms
        self._pause_ms = pause_ms
        self._coming: _Coming | None = None
        self._queue: deque[Planned] = deque()
        self._running: Running | None = None
        self._next_start = 0
        self._last_end = 0
        self._opening_from: int | None = None
        self._tail: tuple[str, ...] = ()
        self._tail_facts: tuple[str, ...] = ()
        self._tail_is_clause = False
        self._starved_at: int | None = None
        self.ending: str | None = None
        """The ending that this turn brings."""
        self.on = False
        """Whether the customer holds the floor."""

    @property
    def coming(self) -> bool:
        """Whether a turn was decided and has not begun."""
        return self._coming is not None

    @property
    def running(self) -> Running | None:
        """The clause being said."""
        return self._running

    @property
    def more_planned(self) -> bool:
        """Whether anything follows the running clause, as far as known."""
        return bool(self._queue or self._tail or self._speaker.active) or self._opening_from is not None

    @property
    def starved(self) -> bool:
        """Whether nothing can happen before the voice gives a sentence."""
        return self._starved_at is not None

    def decide(self, reaction: Reaction, speaking: Speaking, request: VoiceRequest | None, t: int) -> None:
        """Take a decision; its events are emitted once its first words are there."""
        self._speaker.cancel()
        waits = request is not None and not speaking.lead
        self._coming = _Coming(reaction, speaking, t, None if waits else t, [])
        self._starved_at = t if waits else None
        if request is not None:
            self._speaker.start(request)
        self.take(t, 0.0)

    def prepare(self, request: VoiceRequest) -> None:
        """Let the voice get ready for the turn to come."""
        self._speaker.prepare(request)

    def due(self) -> int | None:
        """Return when the turn next moves, ms; None while it waits for words or there is no turn."""
        if self.starved:
            return None
        if self._coming is not None:
            return self._coming.ready
        if not self.on:
            return None
        return self._running.end if self._running else self._next_start

    def take(self, t: int, timeout_s: float) -> None:
        """Take the sentences that are ready, waiting at most so long for one when nothing else can happen."""
        while self._speaker.active and (self._coming is not None or self.on):
            if self._coming is not None and not self.starved:
                return
            said = self._speaker.poll(timeout_s if self.starved else 0.0)
            if said is None:
                if self._speaker.active:
                    return
                break
            self._arrived(said, t)
        if self.starved and not self._speaker.active:
            self._arrived(None, t)

    def _arrived(self, said: Said | None, t: int) -> None:
        waited_from = self._starved_at
        self._starved_at = None
        if self._coming is not None:
            self._coming.ready = max(self._coming.decided, t)
            self._coming.first = [said] if said else []
            return
        if waited_from is not None and t > waited_from:
            self._emit(ev.VoiceWaited(t=waited_from, ms=t - waited_from))
        self._next_start = max(self._next_start, t)
        if said is not None:
            self._voice(said, t)

    def _author(self, sentences: Sequence[str], facts: tuple[str, ...], t: int) -> None:
        for place, sentence in enumerate(sentences, 1):
            self._voice(Said(sentence, AUTHOR, facts=facts if place == len(sentences) else ()), t)

    def _voice(self, said: Said, t: int) -> None:
        self._emit(ev.SentenceVoiced(t=t, text=said.text, voice=said.voice, rejected=said.rejected))
        self._queue.extend(sentence_clauses(said, self._persona, self._medium))

    def happen(self, t: int) -> bool:
        """Do what is due now; return whether the turn has ended with it."""
        if self._coming is not None:
            self._begin(t)
        elif self._running is not None:
            self._emit(ev.ClauseEnded(t=self._running.end))
            self._last_end = self._running.end
            self._next_start = self._running.end + self._pause_ms()
            self._running = None
            if not self.more_planned:
                self._next_start = self._last_end
        else:
            return self._next(t)
        return False

    def _begin(self, t: int) -> None:
        assert self._coming is not None
        coming, self._coming = self._coming, None
        for move in coming.reaction.moves:
            self._emit(move)
        self._emit(coming.reaction.note)
        if t > coming.decided:
            self._emit(ev.VoiceWaited(t=coming.decided, ms=t - coming.decided))
        self._emit(ev.CustomerTurnStarted(t=t, turn=coming.reaction.note.turn))
        self.on = True
        self._queue.clear()
        self._next_start = self._last_end = t
        self._opening_from = coming.speaking.opening_from
        self._tail = coming.speaking.tail
        self._tail_facts = coming.speaking.tail_facts
        self._tail_is_clause = coming.speaking.tail_is_clause
        self.ending = coming.speaking.ending
        for text in coming.speaking.lead:
            self._author(split_sentences(text), (), t)
        for fact in coming.speaking.told:
            self._author(split_sentences(self._persona.fact(fact).text), (fact,), t)
        for said in coming.first:
            self._voice(said, t)
        self.take(t, 0.0)

    def _next(self, t: int) -> bool:
        """Start the next clause, fetch what follows, or end the turn."""
        if not self._queue and self._speaker.active:
            self._starved_at = t
            self.take(t, 0.0)
            if self.starved:
                return False
        if not self._queue and self._opening_from is not None:
            self._queue.extend(opening_clauses(self._persona, self._opening_from))
            self._opening_from = None
        elif not self._queue and self._tail:
            for text in self._tail:
                sentences = [text] if self._tail_is_clause else split_sentences(text)
                self._author(sentences, self._tail_facts, t)
            self._tail = ()
        if self._queue:
            self._start_clause(t)
            return False
        self._emit(ev.CustomerTurnEnded(t=self._last_end))
        self.on = False
        return True

    def _start_clause(self, t: int) -> None:
        clause = self._queue.popleft()
        length = self._clause_ms(clause.words)
        self._running = Running(clause, t, t + length)
        self._emit(
            ev.ClauseStarted(
                t=t,
                text=clause.text,
                words=clause.words,
                duration_ms=length,
                turn_end=clause.turn_end,
                cue=clause.cue,
                facts=clause.facts,
                bait=clause.bait,
                need=clause.need,
            )
        )

    def unsaid(self, t: int) -> Unsaid:
        """Return what would be left unsaid if the customer stopped now."""
        running = self._running
        left = running.words_left(t) if running else 0
        rest = [*self._queue]
        if self._opening_from is not None:
            rest += opening_clauses(self._persona, self._opening_from)
        clauses = [*([running.clause] if running else []), *rest]
        return Unsaid(
            said_words=running.clause.words - left if running else 0,
            words=left + sum(clause.words for clause in rest),
            facts=tuple(dict.fromkeys(fact for clause in clauses for fact in clause.facts)),
        )

    def stop(self) -> None:
        """Stop speaking at once and forget what was not said."""
        self._speaker.cancel()
        self._coming = None
        self._queue.clear()
        self._running = None
        self._opening_from = None
        self._tail = ()
        self._starved_at = None
        self.ending = None
        self.on = False
