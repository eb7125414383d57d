from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from saves.store import Store
from tests.saves.samples import STAMP


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "data", stamp=STAMP) as opened:
        yield opened
