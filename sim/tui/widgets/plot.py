"""A plot in characters: values 0-100 over calls as a line of braille dots, the own range shaded behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from textual.content import Content
from textual.widget import Widget

AXIS_CELLS = 4
"""Columns of the axis: three digits and its line."""
SLOTS = 20
"""Calls that the width stands for; fewer calls leave room on the right."""
_DOT = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Bit of each braille dot, by row and column within its cell."""
_BLANK = 0x2800
_LOWER = " ▁▂▃▄▅▆▇█"
_EIGHTHS = 8

Paint = Literal["line", "edge", "edge-below", "axis", "empty"]


@dataclass(frozen=True)
class Cell:
    """One character of the plot."""

    character: str
    paint: Paint
    """line: dots; edge: the range fills the lower part; edge-below: the upper part; empty: nothing."""
    shaded: bool
    """Whether the range lies behind it: behind most of its dots, or of its area where there are none."""


def plot_cells(
    values: Sequence[float | None],
    own_range: tuple[float, float] | None,
    width: int,
    height: int,
    slots: int = SLOTS,
) -> list[list[Cell]]:
    """Return the plot's characters, row by row from the top.

    Neighbouring values are joined by a line; a gap stays a gap, a value between gaps is a spot of two by two
    dots. The top row of dots is 100, the bottom row 0.

    Args:
        values: 0-100, oldest first; None for a gap. Only the last `slots` are drawn.
        own_range: lower and upper bound of what is shaded; None for no shade.
        width: columns, the axis included.
        height: rows; with an odd number the middle one is 50.
        slots: calls that the width stands for.
    """
    columns = max(0, width - AXIS_CELLS)
    if height < 1 or columns < 1:
        return []
    dots = _dots(values[-slots:], 2 * columns, 4 * height, slots)
    rows = []
    for row in range(height):
        masks = [_mask(dots, row, column) for column in range(columns)]
        rows.append([*_axis(row, height), *_shaded_row(masks, _cover(own_range, row, height))])
    return rows


def dot_row(value: float, rows: int) -> int:
    """Return in which of so many rows of dots a value lies, counted from the top."""
    inside = min(100.0, max(0.0, value))
    return round((100 - inside) / 100 * (rows - 1))


def _dots(values: Sequence[float | None], across: int, down: int, slots: int) -> set[tuple[int, int]]:
    at = [
        None if value is None else (_slot_column(place, across, slots), dot_row(value, down))
        for place, value in enumerate(values)
    ]
    found: set[tuple[int, int]] = set()
    for place, point in enumerate(at):
        if point is None:
            continue
        before = at[place - 1] if place else None
        after = at[place + 1] if place + 1 < len(at) else None
        found |= _spot(point, across, down) if before is None and after is None else {point}
    for one, other in pairwise(at):
        if one is not None and other is not None:
            found |= _line(one, other)
    return found


def _slot_column(place: int, across: int, slots: int) -> int:
    return round(place * (across - 1) / (slots - 1)) if slots > 1 else 0


def _spot(point: tuple[int, int], across: int, down: int) -> set[tuple[int, int]]:
    left, top = min(point[0], across - 2), min(point[1], down - 2)
    return {(left + right, top + below) for right in (0, 1) for below in (0, 1)}


def _line(one: tuple[int, int], other: tuple[int, int]) -> set[tuple[int, int]]:
    (left, start), (right, end) = one, other
    steps = max(abs(right - left), abs(end - start), 1)
    return {
        (round(left + (right - left) * step / steps), round(start + (end - start) * step / steps))
        for step in range(steps + 1)
    }


def _mask(dots: set[tuple[int, int]], row: int, column: int) -> int:
    return sum(
        bit
        for down, bits in enumerate(_DOT)
        for across, bit in enumerate(bits)
        if (2 * column + across, 4 * row + down) in dots
    )


def _axis(row: int, height: int) -> list[Cell]:
    label = {0: "100", height - 1: "0"}.get(row, "50" if 2 * row + 1 == height else "")
    text = f"{label:>3}{'┤' if label else '│'}"
    return [Cell(character, "axis", False) for character in text]


def _cover(own_range: tuple[float, float] | None, row: int, height: int) -> tuple[int, int]:
    """Return which eighths of a row the range covers, from the top: (first, one past the last)."""
    if own_range is None:
        return (0, 0)
    low, high = min(own_range), max(own_range)
    rows = 4 * height
    top, bottom = 2 * dot_row(high, rows), 2 * dot_row(low, rows) + 2
    start = _EIGHTHS * row
    return (max(0, top - start), min(_EIGHTHS, bottom - start))


def _shaded_row(masks: Sequence[int], cover: tuple[int, int]) -> list[Cell]:
    first, last = cover
    covered = max(0, last - first)
    if covered in (0, _EIGHTHS):
        whole = covered == _EIGHTHS
        return [_line_cell(mask, whole) if mask else Cell(" ", "empty", whole) for mask in masks]
    blank = _edge(first, last)
    return [_line_cell(mask, _lies_inside(mask, cover)) if mask else blank for mask in masks]


def _line_cell(mask: int, shaded: bool) -> Cell:
    return Cell(chr(_BLANK + mask), "line", shaded)


def _edge(first: int, last: int) -> Cell:
    """Return a blank cell that the range covers in part."""
    if last == _EIGHTHS:
        return Cell(_LOWER[_EIGHTHS - first], "edge", last - first >= _EIGHTHS // 2)
    if first == 0:
        return Cell(_LOWER[_EIGHTHS - last], "edge-below", last >= _EIGHTHS // 2)
    # A cell has two colours only: a range that begins and ends within a row shades the row.
    return Cell(" ", "empty", True)


def _lies_inside(mask: int, cover: tuple[int, int]) -> bool:
    """Return whether most of a cell's dots lie in the range: a cell has one colour behind its dots."""
    rows = [row for row, bits in enumerate(_DOT) for bit in bits if mask & bit]
    inside = sum(cover[0] <= 2 * row and 2 * row + 2 <= cover[1] for row in rows)
    return 2 * inside >= len(rows)


_STYLES: dict[tuple[Paint, bool], str] = {
    ("line", False): "$trainee",
    ("line", True): "$trainee on $rule",
    ("edge", False): "$rule",
    ("edge", True): "$rule",
    ("edge-below", False): "$background on $rule",
    ("edge-below", True): "$background on $rule",
    ("axis", False): "$faint",
    ("empty", True): "on $rule",
}


class Plot(Widget):
    """Draws one series over the latest calls."""

    DEFAULT_CSS = """
    Plot {
        height: 5;
        width: 1fr;
        min-width: 8;
    }
    """

    def __init__(
        self, values: Sequence[float | None], own_range: tuple[float, float] | None, **kwargs: Any
    ) -> None:
        """Take the data.

        Args:
            values: 0-100, oldest first; None for a gap.
            own_range: what is shaded.
            kwargs: for the widget (id, classes, name).
        """
        super().__init__(**kwargs)
        self._values = tuple(values)
        self._own_range = own_range

    def render(self) -> Content:
        """Draw at the present size."""
        rows = plot_cells(self._values, self._own_range, self.size.width, self.size.height)
        return Content("\n").join(
            Content.assemble(*((cell.character, _STYLES.get((cell.paint, cell.shaded), "")) for cell in row))
            for row in rows
        )
