from __future__ import annotations

from pathlib import Path

import pytest

from tests.sim.calling import GOOD_CALL


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A file with a good call in it."""
    path = tmp_path / "call.txt"
    path.write_text(GOOD_CALL, encoding="utf-8")
    return path


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"
