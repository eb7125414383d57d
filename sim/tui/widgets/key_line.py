"""A line of keys and what they do; each can be clicked, too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.containers import Horizontal

from sim.tui.widgets.plain_text import PlainText


class KeyWords(PlainText):
    """One key and what it does."""

    def __init__(self, key: str, words: str, action: str) -> None:
        """Take what is shown, and the screen's action behind it.

        Args:
            key: as it stands on the keyboard.
            words: what it does.
            action: name of the screen's action; "" for none.
        """
        super().__init__([(key, "bold $foreground"), (f" {words}", "$quiet")])
        self._action = action

    async def on_click(self) -> None:
        """Do what the key does."""
        if self._action:
            await self.app.run_action(self._action, self.screen)


class KeyLine(Horizontal):
    """Keys beside each other, the first one first."""

    DEFAULT_CSS = """
    KeyLine {
        height: 1;
        overflow: hidden;
    }
    KeyLine KeyWords {
        width: auto;
        margin-right: 3;
    }
    """

    def __init__(self, keys: Iterable[tuple[str, str, str]], **kwargs: Any) -> None:
        """Take the keys.

        Args:
            keys: (key, words, action of the screen) of each.
            kwargs: for the widget (id, classes, name).
        """
        super().__init__(*(KeyWords(*one) for one in keys), **kwargs)

    async def show(self, keys: Iterable[tuple[str, str, str]]) -> None:
        """Show other keys."""
        async with self.batch():
            await self.remove_children()
            await self.mount(*(KeyWords(*one) for one in keys))
