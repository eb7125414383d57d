"""A voice is opened beside the screen, handed over once, and never left behind."""

from __future__ import annotations

import threading

import pytest

from sim.customer.voices.base import Voice, VoiceError
from sim.voice_waiting import VoiceInWaiting
from tests.sim.stage import ScriptedVoice, obedient

LONG_S = 10.0


class Closing(ScriptedVoice):
    def __init__(self) -> None:
        super().__init__(obedient)
        self.closed = threading.Event()

    def close(self) -> None:
        self.closed.set()


def test_it_is_ready_when_told_and_belongs_to_who_takes_it() -> None:
    told, voice = threading.Event(), Closing()
    waiting = VoiceInWaiting(lambda: voice, told.set)

    assert told.wait(LONG_S)
    assert waiting.ready
    assert waiting.take() is voice
    waiting.close()
    assert not voice.closed.is_set()


def test_what_opening_raised_comes_to_who_takes_it() -> None:
    def fail() -> Voice:
        raise VoiceError("The model cannot be read.")

    told = threading.Event()
    waiting = VoiceInWaiting(fail, told.set)

    assert told.wait(LONG_S) and waiting.ready
    with pytest.raises(VoiceError, match="cannot be read"):
        waiting.take()


def test_a_voice_nobody_takes_is_closed() -> None:
    told, voice = threading.Event(), Closing()
    waiting = VoiceInWaiting(lambda: voice, told.set)
    assert told.wait(LONG_S)

    waiting.close()

    assert voice.closed.is_set()


def test_giving_up_does_not_wait_for_one_that_is_loading_and_closes_it_later() -> None:
    go, told, voice = threading.Event(), threading.Event(), Closing()

    def slowly() -> Voice:
        assert go.wait(LONG_S)
        return voice

    waiting = VoiceInWaiting(slowly, told.set)
    waiting.close()
    assert not waiting.ready and not voice.closed.is_set()

    go.set()
    assert told.wait(LONG_S) and voice.closed.is_set()
