"""The trainee's own notes, beside the desk where there is room; nobody else reads them."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.widgets import TextArea

from sim.text import shown
from sim.tui.widgets.key_first import KeyFirst


class Notes(KeyFirst, TextArea):
    """A page to write on."""

    def __init__(self, *, reduced: bool = False, **kwargs: Any) -> None:
        """Begin empty; keywords go to the widget."""
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
            placeholder="Names, dates, what was felt.",
            **kwargs,
        )
        self.cursor_blink = not reduced

    async def _on_key(self, event: events.Key) -> None:
        if not self.gives_away(event) and event.key == "space" and event.character is None:
            event.stop()
            event.prevent_default()
            self.insert(" ")

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert(shown(event.text))
