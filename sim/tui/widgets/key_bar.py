"""A row of keys and what they do; a click on one counts as its press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.containers import Horizontal

from sim.text import one_line
from sim.tui.widgets.key_first import Pressed
from sim.tui.widgets.plain_text import PlainText

GAP = 3
"""Cells between two keys."""


@dataclass(frozen=True)
class KeyShown:
    """One key."""

    key: str
    """Textual's name of it: "f2"."""
    name: str
    """As it stands on a keyboard: "F2"."""
    does: str
    """What it does, in a word or two; may come from a persona's file."""
    strong: bool = False
    """Whether it is the thing to do now."""

    @property
    def cells(self) -> int:
        """Cells that it takes."""
        return cell_len(self.name) + 1 + cell_len(self.does)


def fitted(keys: Sequence[KeyShown], width: int, shortest: int = 8) -> list[KeyShown]:
    """Return the keys that fit into a width: long ones shortened alike, then the last ones left out.

    Args:
        keys: the most important first.
        width: cells there are.
        shortest: cells to which a description may be shortened.
    """
    clean = [KeyShown(key.key, key.name, one_line(key.does), key.strong) for key in keys]
    for longest in range(max([shortest, *(cell_len(key.does) for key in clean)]), shortest - 1, -1):
        cut = [KeyShown(k.key, k.name, shortened(k.does, longest), k.strong) for k in clean]
        if sum(key.cells + GAP for key in cut) - GAP <= width:
            return cut
    return fitted(clean[:-1], width, shortest) if len(clean) > 1 else clean


def shortened(text: str, cells: int) -> str:
    """Return a text cut to so many cells, an ellipsis in place of the rest."""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, max(0, cells - 1)).rstrip() + "…"


class KeyLabel(PlainText):
    """One key of the row."""

    DEFAULT_CSS = """
    KeyLabel {
        width: auto;
        height: 1;
        margin-right: 3;
    }
    """

    shown_key = ""

    def become(self, key: KeyShown) -> None:
        """Show a key."""
        self.shown_key = key.key
        style = "bold $trainee" if key.strong else "$foreground"
        self.show([(key.name, style), (f" {key.does}", "$foreground" if key.strong else "$quiet")])

    def on_click(self, event: events.Click) -> None:
        """Count as a press of the key."""
        event.stop()
        self.post_message(Pressed(self.shown_key, event.time))


class KeyBar(Horizontal):
    """A row of keys."""

    DEFAULT_CSS = """
    KeyBar {
        height: 1;
    }
    """

    def __init__(self, most: int = 8, *, shortest: int = 8, **kwargs: Any) -> None:
        """Make room for keys.

        Args:
            most: keys there may be at most.
            shortest: cells to which a description may be shortened.
            kwargs: id, classes, name of the widget.
        """
        self._labels = [KeyLabel() for _ in range(most)]
        for label in self._labels:
            label.display = False
        super().__init__(*self._labels, **kwargs)
        self._shortest = shortest
        self._keys: tuple[KeyShown, ...] = ()
        self._drawn: tuple[object, ...] = ()

    def show(self, keys: Sequence[KeyShown]) -> None:
        """Show these keys, the most important first."""
        self._keys = tuple(keys)
        self._draw()

    def on_resize(self) -> None:
        """Fit the keys into the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width
        if not width or (width, self._keys) == self._drawn:
            return
        self._drawn = (width, self._keys)
        keys = fitted(self._keys, width, self._shortest)[: len(self._labels)] if self._keys else []
        for place, label in enumerate(self._labels):
            label.display = place < len(keys)
            if place < len(keys):
                label.become(keys[place])
