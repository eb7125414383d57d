"""The one widget that shows text: nothing in it is ever read as markup, no control character gets through."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.content import Content
from textual.widgets import Static

from sim.text import shown

Part = tuple[str, str] | str
"""A text, with the style it is drawn in: "$customer", "dim italic", "" for the widget's own."""


def plain(parts: str | Iterable[Part]) -> Content:
    """Return texts as content: each made fit for a terminal, none read as markup.

    Args:
        parts: one text, or texts with their styles; only the styles come from this program.
    """
    if isinstance(parts, str):
        return Content(shown(parts))
    found = [(part, "") if isinstance(part, str) else part for part in parts]
    return Content.assemble(
        *((shown(text), style) if style else Content(shown(text)) for text, style in found)
    )


class PlainText(Static):
    """Shows text from anywhere: models, personas, trainees, files."""

    def __init__(self, text: str | Iterable[Part] = "", **kwargs: Any) -> None:
        """Take the first text; keywords go to the widget (id, classes, name)."""
        super().__init__(plain(text), markup=False, **kwargs)

    def show(self, text: str | Iterable[Part], *, layout: bool = True) -> None:
        """Show another text.

        Args:
            text: the text, or texts with styles.
            layout: False only where the size cannot change.
        """
        self.update(plain(text), layout=layout)
