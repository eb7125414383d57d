"""Every screen looks as it looked when somebody last looked at it: both themes, small and wide."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.sim.tui.pictures import FOLDER, PICTURES, picture
from tests.sim.tui.stills import SIZES, STILLS, THEMES, still


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", STILLS)
def test_it_looks_as_it_did(name: str, theme: str, size: str, snap_compare: Callable[..., bool]) -> None:
    one = still(name, theme)

    assert snap_compare(one.app, terminal_size=SIZES[size], run_before=one.act)


@pytest.mark.parametrize("name", PICTURES)
async def test_the_readme_shows_the_screens_as_they_are(name: str) -> None:
    """Where this fails because a screen has changed on purpose: python -m tests.sim.tui.pictures."""
    shown = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")

    assert shown == await picture(name)
    assert "http" not in shown.replace("http://www.w3.org/2000/svg", "")
