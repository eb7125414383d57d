"""One screen in an app of its own that remembers what was asked of it; keys with their own times."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from textual import events
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from sim.tui.base import BaseApp
from sim.tui.themes import DARK

M = TypeVar("M", bound=Message)
HOSTILE = "a[b] [/foo] [/ [red]x[/] \x1b[31mred\x1b]0;t\x07 \u202eevil 日本 👩‍👧 [@click=app.quit]q[/]"
"""Text that must be shown, never obeyed: markup, escape codes, direction overrides, wide characters."""


class ShowApp(BaseApp):
    """Shows one screen."""

    def __init__(self, screen: Screen[Any], theme: str = DARK.name, *, reduced: bool = True) -> None:
        super().__init__(theme, reduced=reduced)
        self.shown_screen = screen
        self.intents: list[Message] = []

    def on_mount(self) -> None:
        self.push_screen(self.shown_screen)

    def hook(self, message: Message) -> None:
        """Remember an intent; give it to `run_test(message_hook=app.hook)`."""
        if type(message).__module__ == "sim.tui.intents" and message not in self.intents:
            self.intents.append(message)

    def asked(self, kind: type[M]) -> list[M]:
        """Return the intents of a kind that were sent, oldest first."""
        return [message for message in self.intents if isinstance(message, kind)]


def key(name: str, at: float, character: str | None = None) -> events.Key:
    """Return a key with its own time.

    Args:
        name: Textual's name of the key.
        at: when it was pressed, seconds on the app's clock.
        character: what it types; the name itself for a letter.
    """
    made = events.Key(name, character if character is not None else (name if len(name) == 1 else None))
    made.time = at
    return made


def text_of(app: BaseApp) -> str:
    """Return what the screen shows as plain text, line by line."""
    height = app.size.height
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in lines[:height])


async def until(pilot: Pilot[Any], true: Callable[[], bool], within_s: float = 20.0) -> None:
    """Let the app work until something is true.

    Raises:
        AssertionError: when it has not become true within the time.
    """
    loop = asyncio.get_running_loop()
    end = loop.time() + within_s
    while not true():
        assert loop.time() < end, "it never came true"
        await asyncio.sleep(0.002)
    await pilot._wait_for_screen(timeout=5)


def flat(text: str) -> str:
    """Return a text on one line, so that it matters nowhere how its lines broke."""
    return " ".join(text.split())


async def shown_by(
    screen: Screen[Any], *keys: str, size: tuple[int, int] = (80, 24)
) -> tuple[str, list[Message]]:
    """Return what a screen shows after some keys, and what it asked for."""
    app = ShowApp(screen)
    async with app.run_test(size=size, message_hook=app.hook) as pilot:
        await pilot.pause()
        if keys:
            await pilot.press(*keys)
        await pilot.pause()
        return text_of(app), app.intents
