"""Voices made for a test and closed after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.customer.voices.local import LocalVoice
from tests.sim.voices.voicing import MakeVoice
from tests.tiny_model import write_tiny_model


@pytest.fixture
def make_voice(tmp_path: Path) -> Iterator[MakeVoice]:
    voices: list[LocalVoice] = []

    def make(model: Path, **settings: object) -> LocalVoice:
        settings.setdefault("log", tmp_path / "child.log")
        settings.setdefault("n_threads", 1)
        voices.append(LocalVoice(model, **settings))  # type: ignore[arg-type]
        return voices[-1]

    yield make
    for voice in voices:
        voice.close()


@pytest.fixture
def voice(make_voice: MakeVoice, tiny_model: Path) -> LocalVoice:
    return make_voice(tiny_model)


@pytest.fixture(scope="session")
def talker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model with a long context that never ends its turn by itself."""
    path = tmp_path_factory.mktemp("model") / "talker.gguf"
    return write_tiny_model(path, context=16384, ends=False)
