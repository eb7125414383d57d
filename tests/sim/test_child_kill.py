"""The voice's process killed at random points: the call goes on, nothing that had to be said is missing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from personas.draws import draw
from personas.loader import LoadedPersona, builtin_folder, load_file
from personas.manners import load_manners
from saves.run import RunFile
from scoring import events as ev
from scoring.listener.registry import LISTENERS
from scoring.rubric import shipped_rubric
from sim.customer.note import VoiceRequest
from sim.customer.voices.base import Speech, VoiceIdentity, VoicePiece
from sim.customer.voices.local import LocalVoice
from sim.game import Origin, lay_table
from sim.recompute import recompute
from sim.virtual import VirtualCall

POLL_S = 0.01
MOST_POLLS = 12
MOST_REPLIES = 12


class _KilledSpeech:
    def __init__(self, inner: Speech, voice: LocalVoice, after: int) -> None:
        self._inner = inner
        self._voice = voice
        self._left = after

    def poll(self, timeout_s: float) -> VoicePiece | None:
        self._left -= 1
        if self._left == 0 and self._voice.child_pid is not None:
            os.kill(self._voice.child_pid, signal.SIGKILL)
        return self._inner.poll(min(timeout_s, POLL_S))

    def cancel(self) -> None:
        self._inner.cancel()


class _DoomedVoice:
    """A local voice whose child is killed in every other turn, after a drawn number of polls.

    Every other one, because a voice that loses two children in a row gives up.
    """

    def __init__(self, inner: LocalVoice, seed: int) -> None:
        self._inner = inner
        self._seed = seed
        self.turns = 0
        self.kills = 0

    @property
    def identity(self) -> VoiceIdentity:
        return self._inner.identity

    def speak(self, request: VoiceRequest) -> Speech:
        self.turns += 1
        speech = self._inner.speak(request)
        if self.turns % 2 == self._seed % 2:
            return speech
        self.kills += 1
        return _KilledSpeech(speech, self._inner, 1 + draw(self._seed, self.turns, "kill") % MOST_POLLS)

    def prepare(self, request: VoiceRequest) -> None:
        self._inner.prepare(request)

    def close(self) -> None:
        self._inner.close()


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_call_survives_its_voice_dying(seed: int, tiny_model: Path, tmp_path: Path) -> None:
    loaded = load_file(builtin_folder() / "priya-nair.toml")
    assert isinstance(loaded, LoadedPersona)
    log: list[str] = []
    voice = _DoomedVoice(LocalVoice(tiny_model, log=tmp_path / "voice.log"), seed)
    table = lay_table(
        loaded,
        load_manners().loaded,
        shipped_rubric(),
        LISTENERS["rules"](),
        voice,
        Origin("0" * 32, seed, "2026-01-01T00:00:00+00:00", 0),
        mode="rated",
        timed=True,
        log=log.append,
    )
    conversation = table.conversation(lambda events: None)
    call = VirtualCall(conversation)
    try:
        conversation.start(0)
        call.listen()
        for number in range(MOST_REPLIES):
            if conversation.over:
                break
            told = [fact for fact in loaded.persona.facts if fact.id in conversation.fold.told]
            topics = loaded.persona.topics
            question = topics[number % len(topics)].questions[number // len(topics)]
            conversation.speak(call.now + 3000, f"{told[-1].heard_as} {question}")
            call.listen()
    finally:
        voice.close()
    assert voice.kills >= 3
    assert log
    assert any(
        event.voice == "local" for event in conversation.events if isinstance(event, ev.SentenceVoiced)
    )
    turns = [turn for turn in conversation.fold.turns if turn.notes]
    assert all(turn.customer_text for turn in turns)
    for note in (event for event in conversation.events if isinstance(event, ev.NoteIssued)):
        assert set(note.facts) <= set(conversation.fold.told)
    run = RunFile(table.header, tuple(conversation.events), table.materials)
    assert recompute(run).difference is None
