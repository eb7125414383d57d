"""The written voice: the author's lines and the library's, always there, identical for everybody."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from personas.acts import Act, band_of
from personas.draws import pick
from personas.manners import Manners, lines_for
from personas.schema import Persona
from sim.customer.note import StageNote, VoiceRequest
from sim.customer.voices.base import VoiceError, VoiceIdentity, VoicePiece
from sim.customer.voices.sentences import split_sentences


class SentenceList:
    """A turn whose sentences are all there from the start."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self._left = list(sentences)

    def poll(self, timeout_s: float) -> VoicePiece:
        """Return the next sentence at once; a done piece after the last."""
        if self._left:
            return VoicePiece(self._left.pop(0), done=False)
        return VoicePiece("", done=True)

    def cancel(self) -> None:
        """Drop what is left."""
        self._left.clear()


NEAREST = 4
"""Lines drawn from at the least, the persona's own first, then the manner's, then the common ones (D)."""


class WrittenVoice:
    """Speaks a persona's written lines: a reaction, then the author's words for the facts."""

    def __init__(self, persona: Persona, manners: Manners, heard: Collection[str] = ()) -> None:
        """Take the lines.

        Args:
            persona: the customer.
            manners: shared lines by name.
            heard: sentences of the trainee's latest calls with them; such a line comes only when no other is
                left. Empty where everybody shall hear the same.
        """
        self._persona = persona
        self._manners = manners
        self._heard = frozenset(heard)

    @property
    def identity(self) -> VoiceIdentity:
        """The written voice has no model."""
        return VoiceIdentity("written")

    def speak(self, request: VoiceRequest) -> SentenceList:
        """Return the turn's sentences: one line that was not used yet, then every fact of the note.

        Raises:
            VoiceError: when the persona has no line for the act.
        """
        note = request.note
        facts = [fact.text for fact in (*note.repeats, *note.facts)]
        line = [] if note.led and facts else [self.line(note, request)]
        return SentenceList([s for text in (*line, *facts) for s in split_sentences(text)])

    def line(self, note: StageNote, request: VoiceRequest) -> str:
        """Return the reaction that opens the turn.

        Raises:
            VoiceError: when the persona has no line for the act.
        """
        shared = lines_for(self._persona, self._manners, note.act, band_of(note.intensity))
        about = self._about(note)
        unheard = [tuple(line for line in pool if not self._was_heard(line)) for pool in (about, shared)]
        for pool in (*unheard, about, shared):
            fresh = tuple(line for line in pool if not _is_used(line, request.used_lines))
            if fresh:
                near = fresh[: max(NEAREST, len(fresh) // 2)]
                return pick(near, request.seed, note.turn, f"line:{request.draw}")
        if not (shared or about):
            raise VoiceError(
                f"{self._persona.identity.id} has no written line for '{note.act}' "
                f"at intensity {note.intensity}; add one under [lines.{note.act}]."
            )
        return pick(shared or about, request.seed, note.turn, "line again")

    def _was_heard(self, line: str) -> bool:
        return all(sentence in self._heard for sentence in split_sentences(line))

    def _about(self, note: StageNote) -> tuple[str, ...]:
        if note.act is Act.BLOCKED:
            return tuple(f.blocked for f in self._persona.facts if f.id == note.about and f.blocked)
        for offer in self._persona.resolutions:
            if offer.id == note.about:
                return {Act.ACCEPT: offer.accept, Act.REFUSE: offer.refuse}.get(note.act, ())
        return ()

    def prepare(self, request: VoiceRequest) -> None:
        """Nothing needs preparing."""

    def close(self) -> None:
        """Nothing is held."""


def _is_used(line: str, used: Sequence[str]) -> bool:
    return all(sentence in used for sentence in split_sentences(line))
