"""Where the trainee writes: Enter speaks, ctrl+j begins a new line, pasted characters are counted."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from sim.text import shown
from sim.tui.widgets.key_first import KeyFirst
from sim.tui.widgets.pasted import PastedChars

NEW_LINE = frozenset({"ctrl+j", "shift+enter", "ctrl+enter", "alt+enter"})


class Composer(KeyFirst, TextArea):
    """A draft of one to five rows."""

    class KeyMoved(Message):
        """A key or a paste has changed the draft."""

        def __init__(self, time: float, empty: bool) -> None:
            """Take the time of the key in seconds, and whether the draft is empty after it."""
            super().__init__()
            self.time = time
            self.empty = empty

    class Sent(Message):
        """Enter was pressed; the draft has been taken out."""

        def __init__(self, time: float, text: str, pasted_chars: int) -> None:
            """Take the time of the key in seconds, the text, and how many of its characters were pasted."""
            super().__init__()
            self.time = time
            self.text = text
            self.pasted_chars = pasted_chars

    def __init__(self, placeholder: str = "", *, reduced: bool = False, **kwargs: Any) -> None:
        """Begin empty.

        Args:
            placeholder: what stands there while it is empty.
            reduced: True for reduced motion: the cursor does not blink.
            kwargs: id, classes, name of the widget.
        """
        super().__init__(
            soft_wrap=True,
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
            placeholder=placeholder,
            **kwargs,
        )
        self.cursor_blink = not reduced
        self._pressed_at = 0.0
        self._pasting = False
        self._pasted = PastedChars()

    async def _on_key(self, event: events.Key) -> None:
        # Handled here and now, in the order in which the keys were pressed: a binding that is found only once
        # the key has bubbled up to the app is carried out after the keys behind it.
        if self.gives_away(event):
            return
        self._pressed_at = event.time
        if event.key == "enter":
            self._take(event)
            self.send(event.time)
        elif event.key in NEW_LINE:
            self._take(event)
            self._type("\n")
        elif event.key == "space" and event.character is None:
            # Some terminals report the space bar as a key without a character.
            self._take(event)
            self._type(" ")
        elif bindings := self._bindings.key_to_bindings.get(event.key):
            self._take(event)
            await self.run_action(bindings[0].action)

    @staticmethod
    def _take(event: events.Key) -> None:
        event.stop()
        event.prevent_default()

    def _type(self, text: str) -> None:
        self._replace_via_keyboard(text, *self.selection)

    def send(self, time: float) -> None:
        """Take the draft out and send it; an empty one is sent too.

        Args:
            time: when, seconds.
        """
        text, pasted = self.text, self._pasted.count
        if text:
            self.take_out()
        self.post_message(self.Sent(time, text, pasted))

    def take_out(self) -> str:
        """Empty the draft without telling anybody; return what it was."""
        text = self.text
        self.load_text("")
        self._pasted.forget()
        return text

    def put_back(self, text: str) -> None:
        """Put a text that could not be sent before what has been written since."""
        if text:
            self.load_text(text + self.text)
            self._pasted.become(self.text)
            self.move_cursor(self.document.end)

    async def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self._pressed_at = event.time
        self.paste_text(shown(event.text))

    def action_paste(self) -> None:
        """Paste what was copied inside the program."""
        self.paste_text(shown(self.app.clipboard))

    def paste_text(self, text: str) -> None:
        """Insert a text that was not typed."""
        self._pasting = True
        try:
            if text and (result := self._replace_via_keyboard(text, *self.selection)):
                self.move_cursor(result.end_location)
        finally:
            self._pasting = False

    def edit(self, edit: Edit) -> EditResult:
        """Carry out an edit and tell of it."""
        result = super().edit(edit)
        self._moved()
        return result

    def undo(self) -> None:
        """Take the last edits back."""
        super().undo()
        self._moved()

    def redo(self) -> None:
        """Carry out again what was taken back."""
        super().redo()
        self._moved()

    def _moved(self) -> None:
        self._pasted.become(self.text, pasting=self._pasting)
        self.post_message(self.KeyMoved(self._pressed_at, not self.text))
