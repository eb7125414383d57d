"""One setting: its name, its value, and a sentence on what it does."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from sim.tui.setting_rows import Setting
from sim.tui.widgets.plain_text import PlainText


class _Part(PlainText):
    """A part of the row that does something when it is clicked."""

    def __init__(self, step: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._step = step

    def on_click(self, event: events.Click) -> None:
        """Tell the row."""
        row = self.query_ancestor(SettingRow)
        event.stop()
        row.touch(self._step)


class SettingRow(Vertical):
    """A row of the settings screen."""

    class Touched(Message):
        """A row was clicked."""

        def __init__(self, place: int, step: int) -> None:
            """Name it.

            Args:
                place: of the row, from 0.
                step: -1 or 1 where its value is to change.
            """
            super().__init__()
            self.place = place
            self.step = step

    def __init__(self, setting: Setting, place: int) -> None:
        """Take what the row shows."""
        super().__init__()
        self._setting = setting
        self.place = place
        self._chosen = False

    def compose(self) -> ComposeResult:
        """Name and value beside each other, the sentence below."""
        with Horizontal(classes="setting"):
            yield _Part(0, classes="name")
            yield _Part(-1, classes="step")
            yield _Part(1, classes="value")
        yield _Part(0, classes="tells quiet")

    def on_mount(self) -> None:
        """Draw it."""
        self._draw()

    def show(self, setting: Setting) -> None:
        """Show another value."""
        self._setting = setting
        self._draw()

    def mark(self, chosen: bool) -> None:
        """Mark the row as the chosen one, or not."""
        self._chosen = chosen
        self.set_class(chosen, "-chosen")
        self._draw()

    def touch(self, step: int) -> None:
        """Count as clicked."""
        self.post_message(self.Touched(self.place, step if self._setting.values else 0))

    def on_click(self) -> None:
        """Count as clicked, beside its parts."""
        self.touch(0)

    def _draw(self) -> None:
        if not self.is_mounted:
            return
        setting, chosen = self._setting, self._chosen
        can_change = chosen and bool(setting.values)
        name = [("› " if chosen else "  ", "bold $trainee"), (setting.title, "bold" if chosen else "")]
        value = [(setting.shows, "bold $trainee" if can_change else "")]
        self._part("name").show(name)
        self._part("step").show([("‹ " if can_change else "  ", "$quiet")])
        self._part("value").show([*value, (" ›" if can_change else "", "$quiet")])
        self._part("tells").show(setting.tells)

    def _part(self, name: str) -> PlainText:
        return self.query_one(f".{name}", PlainText)
