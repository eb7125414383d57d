"""Speaks one customer turn: voice, critic, a second draw, then the written line (DESIGN 4.4, 4.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from personas.schema import Fact, Persona
from sim.customer.critic import Stage, objection
from sim.customer.note import VoiceRequest
from sim.customer.telling import Telling
from sim.customer.voices.base import Speech, Voice, VoiceError
from sim.customer.voices.sentences import split_sentences

AUTHOR = "author"


@dataclass(frozen=True)
class Said:
    """One sentence that may be spoken."""

    text: str
    voice: str
    """author, written, local or remote."""
    rejected: tuple[str, ...] = ()
    """Why earlier draws were turned down."""
    facts: tuple[str, ...] = ()
    """Facts that are told once it has been said."""


@dataclass
class _Turn:
    request: VoiceRequest
    speech: Speech
    kind: str
    telling: Telling
    accepted: int = 0
    rejected: tuple[str, ...] = ()
    over: bool = False


class Speaker:
    """Gives the sentences of a turn one by one, each one fit to be spoken; never raises, never blocks."""

    def __init__(self, persona: Persona, voice: Voice, written: Voice, log: Callable[[str], None]) -> None:
        """Take the voices.

        Args:
            persona: the customer, for the author's words.
            voice: who speaks first.
            written: who speaks when that fails; must not fail on a persona that passed its check.
            log: receives one line for every failure and every rejection.
        """
        self._persona = persona
        self._voice = voice
        self._written = written
        self._log = log
        self._turn: _Turn | None = None
        self._extra: list[Said] = []

    @property
    def active(self) -> bool:
        """Whether sentences may still come."""
        return self._turn is not None or bool(self._extra)

    def start(self, request: VoiceRequest) -> None:
        """Begin a turn; what an earlier one had left is dropped."""
        self.cancel()
        self._begin(request, self._voice)

    def prepare(self, request: VoiceRequest) -> None:
        """Let the voice get ready for the turn to come."""
        self._voice.prepare(request)

    def cancel(self) -> None:
        """Stop speaking at once."""
        if self._turn is not None:
            self._turn.speech.cancel()
        self._turn = None
        self._extra = []

    def _begin(self, request: VoiceRequest, voice: Voice, rejected: tuple[str, ...] = ()) -> None:
        exact = voice is self._written
        note = request.note
        facts = [self._persona.fact(fact.id) for fact in note.facts]
        try:
            speech = voice.speak(request)
        except VoiceError as error:
            if exact:
                self._log(str(error))
                self._extra = self._authors_words(facts)
            else:
                self._fall_back(request, str(error), rejected)
            return
        self._turn = _Turn(
            request, speech, voice.identity.kind, Telling(facts, exact=exact), rejected=rejected
        )

    def _fall_back(self, request: VoiceRequest, why: str, rejected: tuple[str, ...]) -> None:
        self._log(f"The written line speaks instead: {why}")
        if self._turn is not None:
            self._turn.speech.cancel()
            self._turn = None
        self._begin(request, self._written, rejected)

    def poll(self, timeout_s: float) -> Said | None:
        """Return the next sentence, or None when none came within the time or the turn is over."""
        while True:
            if self._extra:
                return self._extra.pop(0)
            turn = self._turn
            if turn is None:
                return None
            try:
                piece = turn.speech.poll(timeout_s)
            except VoiceError as error:
                self._after_failure(turn, str(error))
                continue
            if piece is None or not (piece.done or piece.text.strip()):
                return None
            said = self._finish(turn) if piece.done else self._hear(turn, piece.text)
            if said is not None:
                return said

    def _after_failure(self, turn: _Turn, why: str) -> None:
        if turn.accepted:
            self._log(f"The voice broke off: {why}")
            self._close(turn)
        else:
            self._fall_back(turn.request, why, turn.rejected)

    def _hear(self, turn: _Turn, sentence: str) -> Said | None:
        if turn.kind != self._written.identity.kind:
            stage = Stage(turn.request.used_lines, turn.accepted, turn.request.note.max_sentences)
            reason = objection(sentence, stage)
            if reason is not None:
                self._reject(turn, sentence, reason)
                return None
        turn.accepted += 1
        turn.request = replace(turn.request, used_lines=(*turn.request.used_lines, sentence))
        said = Said(sentence, turn.kind, turn.rejected, turn.telling.hear(sentence))
        turn.rejected = ()
        return said

    def _reject(self, turn: _Turn, sentence: str, reason: str) -> None:
        self._log(f"Turned down ({reason}): {sentence[:200]!r}")
        turn.speech.cancel()
        if turn.accepted:
            self._close(turn)
            return
        rejected = (*turn.rejected, reason)
        if turn.request.draw == 0:
            self._turn = None
            self._begin(replace(turn.request, draw=1), self._voice, rejected)
        else:
            self._fall_back(turn.request, "two draws were turned down", rejected)

    def _finish(self, turn: _Turn) -> Said | None:
        if not turn.accepted and turn.kind != self._written.identity.kind:
            self._fall_back(turn.request, "the voice said nothing", turn.rejected)
            return None
        self._close(turn)
        return None

    def _close(self, turn: _Turn) -> None:
        """End the turn with the author's own words for every fact that was not told."""
        self._turn = None
        self._extra = self._authors_words(turn.telling.untold)

    def _authors_words(self, facts: Sequence[Fact]) -> list[Said]:
        said = []
        for fact in facts:
            sentences = split_sentences(fact.text)
            said += [Said(sentence, AUTHOR) for sentence in sentences[:-1]]
            said.append(Said(sentences[-1], AUTHOR, facts=(fact.id,)))
        return said
