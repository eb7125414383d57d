"""What the tests of the local voice share: a request, bounded waiting, a turn heard to its end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from personas.acts import Act, MediumKind
from sim.customer.note import Character, Exchange, FactToVoice, StageNote, VoiceRequest
from sim.customer.voices.base import Speech, VoicePiece
from sim.customer.voices.link import LocalSpeech
from sim.customer.voices.local import LocalVoice

BOUND_S = 60.0
PRIYA = Character("test/priya", "Priya Nair", "Norwell", MediumKind.PHONE, "en", "curt", "a baker")
MakeVoice = Callable[..., LocalVoice]


def request(
    turn: int = 0, *, sentences: int = 3, seed: int = 1, history: int = 0, length: int = 0
) -> VoiceRequest:
    facts = (FactToVoice("twice", "You took £84.20 twice.", ("£84.20",)),)
    note = StageNote(turn, Act.TELL, 2, MediumKind.PHONE, facts, max_sentences=sentences)
    past = tuple(
        Exchange(f"I want my money {place}." + " x" * length, f"Tell me more {place}." + " y" * length)
        for place in range(history)
    )
    return VoiceRequest(PRIYA, note, past, past[-1].trainee if past else "", seed=seed)


def wait_for(predicate: Callable[[], object], bound_s: float = BOUND_S) -> None:
    """Wait until something holds; fail when it does not within the bound."""
    pause = threading.Event()
    end = time.monotonic() + bound_s
    while not predicate():
        assert time.monotonic() < end, "it never came true"
        pause.wait(0.005)


def next_piece(speech: Speech) -> VoicePiece:
    end = time.monotonic() + BOUND_S
    while (piece := speech.poll(0.2)) is None:
        assert time.monotonic() < end, "the voice never went on"
    return piece


def sentences_of(speech: Speech) -> list[str]:
    found = []
    while not (piece := next_piece(speech)).done:
        found.append(piece.text)
    return found


def is_gone(pid: int) -> bool:
    """Whether a process has ended (a dead one that nobody has waited for counts as ended)."""
    try:
        return ") Z" in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def speak(voice: LocalVoice, asked: VoiceRequest) -> LocalSpeech:
    speech = voice.speak(asked)
    assert isinstance(speech, LocalSpeech)
    return speech
