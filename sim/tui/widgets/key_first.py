"""Keys of the call come first: a focused widget hands them to the screen, with the time of the press."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from textual import events
from textual.message import Message

if TYPE_CHECKING:
    from textual.widget import Widget as _Widget
else:
    # No widget itself: a widget takes its styles from the first of its bases that is one.
    _Widget = object


@runtime_checkable
class ClaimsKeys(Protocol):
    """A screen that some keys belong to, whatever has the focus."""

    def claims(self, key: str) -> bool:
        """Return whether a key is the screen's now."""
        ...


class Pressed(Message):
    """A key of the screen was pressed, or its label was clicked."""

    def __init__(self, key: str, time: float) -> None:
        """Take the key.

        Args:
            key: Textual's name of it.
            time: when it was pressed, seconds on the clock that stamps the events.
        """
        super().__init__()
        self.key = key
        self.time = time


class KeyFirst(_Widget):
    """Mixed in before a focusable widget: keys that the screen claims never reach that widget.

    A priority binding would do nearly the same, but it runs ahead of keys that the widget has not handled
    yet, and it does not know when its key was pressed.
    """

    def gives_away(self, event: events.Key) -> bool:
        """Hand a key to the screen when it is the screen's; return whether it was."""
        screen = self.screen
        if not (isinstance(screen, ClaimsKeys) and screen.claims(event.key)):
            return False
        event.stop()
        event.prevent_default()
        self.post_message(Pressed(event.key, event.time))
        return True

    def on_key(self, event: events.Key) -> None:
        """Pass on a key that the screen claims."""
        self.gives_away(event)
