"""Every screen looks as it looked when somebody last looked at it: both themes, small and wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sim.tui.stills import SIZES, STILLS, THEMES, still


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", STILLS)
def test_it_looks_as_it_did(name: str, theme: str, size: str, snap_compare: Callable[..., bool]) -> None:
    one = still(name, theme)

    assert snap_compare(one.app, terminal_size=SIZES[size], run_before=one.act)
