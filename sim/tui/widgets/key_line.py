"""A line of keys and what they do, the main one first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from textual.containers import Horizontal

from sim.tui.widgets.key_hint import KeyHint

Key = tuple[str, str, str]
"""As it stands on the keyboard, what it does, the screen's action behind it ("" for none)."""


class KeyLine(Horizontal):
    """Keys beside each other."""

    DEFAULT_CSS = """
    KeyLine {
        height: 1;
        overflow: hidden;
    }
    KeyLine KeyHint {
        width: auto;
        margin-right: 3;
    }
    """

    def __init__(self, keys: Sequence[Key] = (), *, main: bool = False, **kwargs: Any) -> None:
        """Take the keys.

        Args:
            keys: the most important first.
            main: whether the first is the thing to do, and drawn so.
            kwargs: for the widget (id, classes, name).
        """
        self._main = main
        super().__init__(*self._made(keys), **kwargs)

    async def show(self, keys: Sequence[Key]) -> None:
        """Show other keys."""
        async with self.batch():
            await self.remove_children()
            await self.mount(*self._made(keys))

    def _made(self, keys: Sequence[Key]) -> Iterable[KeyHint]:
        for place, (key, says, action) in enumerate(keys):
            hint = KeyHint(key, says, action)
            if self._main and place == 0:
                hint.show([(key, "bold $trainee"), (f" {says}", "$foreground")])
            yield hint
