"""Fixtures that several rooms use."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.tiny_model import write_tiny_model

# How fast examples are made says something about the machine, nothing about the program.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# A shell that runs tests in the background ignores Ctrl+C for them, and every program they start would too.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GGUF model of random weights with a chat template, half a megabyte."""
    return write_tiny_model(tmp_path_factory.mktemp("model") / "tiny.gguf")
