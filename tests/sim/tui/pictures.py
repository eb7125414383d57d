"""Draws the README's pictures anew: `python -m tests.sim.tui.pictures`."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from tests.sim.tui.calls import Sitting
from tests.sim.tui.stills import Still, debrief

FOLDER = Path(__file__).resolve().parents[3] / "sim" / "tui" / "pictures"
SIZES = {"call": (112, 30), "debrief": (140, 38)}
_FONT_FACES = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


def call() -> Still:
    """Priya's call, some way in: a reply, what it opened, a sign of listening, the record open."""
    sitting = Sitting(mode="rated", reduced=True)

    async def listening(pilot: Pilot[Any]) -> None:
        sitting.app.reduced = False
        await sitting.wait(pilot, 12.4)
        await sitting.press(pilot, "tab")
        await sitting.press(pilot, "f6", "enter")
        await sitting.hear_out(pilot)
        await sitting.press(pilot, "f6", "f6")
        await sitting.type(
            pilot, "Twice in one day, and then an app instead of an answer. What happened then?"
        )
        await sitting.press(pilot, "enter")
        await sitting.wait(pilot, 8.2)
        await sitting.press(pilot, "f2")
        await sitting.wait(pilot, 1.3)

    return Still(sitting.app, listening)


PICTURES = {"call": call, "debrief": debrief}


async def picture(name: str) -> str:
    """Return a picture as SVG that needs no font from elsewhere."""
    one = PICTURES[name]()
    async with one.app.run_test(size=SIZES[name]) as pilot:
        await one.act(pilot)
        await pilot.pause()
        svg = one.app.export_screenshot()
    alone = _FONT_FACES.sub("", svg).replace("Fira Code", "DejaVu Sans Mono, Menlo, Consolas, monospace")
    alone = re.sub(r"<!--.*?-->\s*", "", alone)
    return re.sub(r"terminal-\d+", f"picture-{name}", alone)


async def _draw() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in PICTURES:
        (FOLDER / f"{name}.svg").write_text(await picture(name), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(_draw())
