"""A key and what it does, on the screen; a click does the same."""

from __future__ import annotations

from typing import Any

from sim.tui.widgets.plain_text import PlainText


class KeyHint(PlainText):
    """One key of the key line."""

    def __init__(self, keys: str, says: str, action: str, long: str = "", **kwargs: Any) -> None:
        """Name a key.

        Args:
            keys: as they are called: "F2", "←→".
            says: what they do.
            action: the screen's action that a click runs; "" for none.
            long: the same in more words, where there is room.
            kwargs: go to the widget.
        """
        super().__init__(**kwargs)
        self._keys, self._says, self._long = keys, says, long or says
        self._action = action
        self.set_roomy(False)

    def set_roomy(self, roomy: bool) -> None:
        """Use more words, or fewer."""
        self.show([(self._keys, "bold $foreground"), (f" {self._long if roomy else self._says}", "$quiet")])

    async def on_click(self) -> None:
        """Do what the key does."""
        if self._action:
            await self.screen.run_action(self._action)
