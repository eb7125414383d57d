"""What every way of showing a conversation has in common: it follows a view and scrolls."""

from __future__ import annotations

from typing import Any

from textual.containers import VerticalScroll
from textual.message import Message

from sim.call_view import CallView


class CallPane(VerticalScroll, can_focus=False):
    """Shows the entries of a call view; stays at the latest until the reader scrolls away."""

    class Scrolled(Message):
        """The reader has scrolled away from the latest entry, or is back at it."""

    def __init__(self, view: CallView, **kwargs: Any) -> None:
        """Take the view; keywords go to the widget (id, classes, name)."""
        super().__init__(**kwargs)
        self.view = view
        self._was_away = False

    def on_mount(self) -> None:
        """Follow what is new."""
        self.anchor()

    @property
    def away(self) -> bool:
        """Whether the reader has scrolled away from the latest entry."""
        return round(self.max_scroll_y - self.scroll_y) > 0 and self._anchor_released

    def to_latest(self) -> None:
        """Go to the latest entry and follow again."""
        self.anchor()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Tell when the reader leaves the latest entry or comes back to it."""
        super().watch_scroll_y(old_value, new_value)
        if self.is_mounted and self.away != self._was_away:
            self._was_away = self.away
            self.post_message(self.Scrolled())

    def draw(self, t: int, *, reduced: bool) -> None:
        """Show the view at a time of the call; called thirty times a second, so only what changed is touched.

        Args:
            t: time of the call, ms.
            reduced: True for reduced motion: nothing moves word by word.
        """
        raise NotImplementedError
