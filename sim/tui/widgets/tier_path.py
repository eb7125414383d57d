"""The six tiers as a path from left to right, with who waits at each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from sim.career.tiers import Standing
from sim.career.views import Stop, TierView
from sim.text import one_line
from sim.tui.widgets.plain_text import Part, plain

MOST_NAMES = 4
"""Names under a tier; the last line counts the rest."""
LEAST_COLUMN = 5
"""Cells of a tier below which nothing can be read."""
_NOBODY_YET = 13
"""Cells that "nobody yet" takes with what is around it."""
_MARKS = {Standing.WELL: "✓ ", Standing.TRIED: "~ ", Standing.NEW: "  ", Standing.LOCKED: "  "}
_NAME_STYLES = {
    Standing.WELL: "$trainee",
    Standing.TRIED: "$foreground",
    Standing.NEW: "$foreground",
    Standing.LOCKED: "$faint",
}


def cut(text: str, cells: int) -> str:
    """Return a text on one line in exactly so many cells, an ellipsis where it was too long."""
    clean = one_line(text)
    if cell_len(clean) > cells:
        return set_cell_size(set_cell_size(clean, max(0, cells - 1)).rstrip() + "…", cells)
    return set_cell_size(clean, cells)


def path_rows(tiers: Sequence[TierView], width: int) -> list[list[Part]]:
    """Return the path's lines, each as texts with styles.

    Args:
        tiers: all of them, the first one first.
        width: columns.
    """
    column = width // len(tiers) if tiers else 0
    if column < LEAST_COLUMN:
        return []
    here = next((tier.number for tier in tiers if tier.is_open and not tier.is_passed), 0)
    rows = [
        [part for tier in tiers for part in _station(tier, here, column, last=tier is tiers[-1])],
        [part for tier in tiers for part in _label(tier, here, column)],
    ]
    names = [_names(tier, column) for tier in tiers]
    for place in range(max(len(one) for one in names)):
        rows.append([_name(one[place] if place < len(one) else ("", ""), column) for one in names])
    return rows


def _station(tier: TierView, here: int, column: int, *, last: bool) -> list[Part]:
    mark = "◉" if tier.number == here else "●" if tier.is_passed else "○"
    way = " " if last else "━" if tier.is_passed else "─"
    style = "$trainee" if tier.is_open else "$faint"
    return [(mark, f"bold {style}"), (way * (column - 1), "$trainee" if tier.is_passed else "$rule")]


def _label(tier: TierView, here: int, column: int) -> list[Part]:
    style = "bold $foreground" if tier.number == here else "$quiet" if tier.is_open else "$faint"
    return [(cut(f"{tier.number} {'open' if tier.is_open else 'locked'}", column), style)]


def _names(tier: TierView, column: int) -> list[tuple[str, str]]:
    if not tier.stops:
        return [("  nobody yet" if column >= _NOBODY_YET else "  nobody", "italic $faint")]
    names = [_named(stop) for stop in tier.stops]
    if len(names) <= MOST_NAMES:
        return names
    return [*names[: MOST_NAMES - 1], (f"  {len(names) - MOST_NAMES + 1} more", "$faint")]


def _named(stop: Stop) -> tuple[str, str]:
    return (f"{_MARKS[stop.standing]}{stop.name}", _NAME_STYLES[stop.standing])


def _name(name: tuple[str, str], column: int) -> Part:
    """Return a name in its column: one cell for its mark, the rest cut, one cell free behind it."""
    text, style = name
    mark, rest = text[:2], text[2:]
    return (f"{mark:<2}{cut(rest, column - 3)} ", style)


class TierPath(Widget):
    """Draws the path over its whole width."""

    DEFAULT_CSS = """
    TierPath {
        height: auto;
        width: 1fr;
    }
    """

    def __init__(self, tiers: Sequence[TierView], **kwargs: Any) -> None:
        """Take the tiers; keywords go to the widget (id, classes, name)."""
        super().__init__(**kwargs)
        self._tiers = tuple(tiers)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return how many lines there are."""
        return len(path_rows(self._tiers, width))

    def render(self) -> Content:
        """Draw at the present width."""
        return Content("\n").join(plain(row) for row in path_rows(self._tiers, self.size.width))
