"""The ratings: one line for each skill, what the figure means, how well it is known, when it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from sim.career.views import SkillLine
from sim.tui.widgets.plain_text import Part, PlainText
from sim.tui.widgets.tier_path import cut

_EXPLAINED = (
    "A rating says how hard a customer may be: you are at home in a tier where 70 of 100 or more can be "
    "expected of you. Everybody starts at 1000. Only your first attempt at a rated call moves it; up to ten "
    "calls it is rough. A skill comes back when it is due, practice or not. Leaving a rated call after a "
    "reply is excused once a day; then it counts as lost."
)
_NAME, _RATING, _MEANS, _SURE = 20, 6, 22, 15
"""Cells of the columns; what is left is for when the skill comes back."""
_ROOMY = 72
"""Cells from which there is room for what the figure means."""


class RatingsTable(VerticalScroll):
    """Shows the ratings of the call as a whole and of the ten skills."""

    DEFAULT_CSS = """
    RatingsTable PlainText {
        height: auto;
    }
    RatingsTable #rows {
        text-wrap: nowrap;
        margin-bottom: 1;
    }
    """

    def __init__(self, lines: Sequence[SkillLine], **kwargs: Any) -> None:
        """Take the lines.

        Args:
            lines: the call as a whole first.
            kwargs: for the widget (id, classes, name).
        """
        super().__init__(**kwargs)
        self._lines = lines

    def compose(self) -> ComposeResult:
        """Lay out the table and what it means."""
        yield PlainText(id="rows")
        yield PlainText(_EXPLAINED, classes="quiet")

    def on_resize(self) -> None:
        """Fit the columns."""
        width = self.scrollable_content_region.width
        rows = [rating_parts(line, width) for line in self._lines]
        joined: list[Part] = []
        for row in rows:
            joined += [*row, "\n"]
        self.query_one("#rows", PlainText).show(joined[:-1])


def rating_parts(line: SkillLine, width: int) -> list[Part]:
    """Return one line of the table: skill, rating, meaning where there is room, calls, when it is due.

    Args:
        line: what is told.
        width: cells of the table.
    """
    known = "bold" if line.calls else "$faint"
    means = cut(line.means, _MEANS) if width >= _ROOMY else ""
    due = "bold $trainee" if line.is_due else "$quiet"
    return [
        (cut(line.name, _NAME), "" if line.calls else "$quiet"),
        (f"{line.rating:<{_RATING}}", known),
        (means, "$quiet"),
        (cut(line.sure, _SURE), "$quiet"),
        (line.due, due),
    ]
