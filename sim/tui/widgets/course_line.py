"""A whole conversation on one line, to scale: who spoke when, and how far the replay is."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.message import Message

from sim.replaying import Course
from sim.tui.widgets.plain_text import Part, PlainText

TALK, REPLY, SIGN, QUIET, HERE = "━", "◆", "▪", "─", "┃"
_PLAYED = {TALK: "$customer", REPLY: "bold $trainee", SIGN: "$trainee", QUIET: "$faint", HERE: "bold"}
_TO_COME = {TALK: "$customer-dim", REPLY: "$trainee-dim", SIGN: "$trainee-dim", QUIET: "$rule", HERE: "bold"}


def course_cells(course: Course, width: int) -> str:
    """Return one mark for each of so many cells: a reply hides a sign, and a sign hides talk."""
    if width <= 0:
        return ""
    cells = [QUIET] * width
    for start, stop in course.talk:
        for cell in range(cell_of(start, course, width), cell_of(stop, course, width) + 1):
            cells[cell] = TALK
    for mark, times in ((SIGN, course.signs), (REPLY, course.replies)):
        for t in times:
            cells[cell_of(t, course, width)] = mark
    return "".join(cells)


def cell_of(t: int, course: Course, width: int) -> int:
    """Return the cell, from 0, that a time of the conversation, ms, falls into."""
    return max(0, min(width - 1, t * width // max(1, course.length_ms)))


def time_of(cell: int, course: Course, width: int) -> int:
    """Return the time of the conversation, ms, at which a cell begins."""
    return -(-max(0, cell) * course.length_ms // max(1, width))


def course_parts(cells: str, here: int) -> list[Part]:
    """Return the marks with their styles: what was played is bright, what is to come is dim.

    Args:
        cells: one mark for each cell.
        here: the cell that is shown now.
    """
    marks = [*cells[:here], HERE, *cells[here + 1 :]] if cells else []
    parts: list[tuple[str, str]] = []
    for place, mark in enumerate(marks):
        style = (_PLAYED if place <= here else _TO_COME)[mark]
        if parts and parts[-1][1] == style:
            parts[-1] = (parts[-1][0] + mark, style)
        else:
            parts.append((mark, style))
    return list(parts)


class CourseLine(PlainText):
    """The line itself; a click on it asks for the time that lies there."""

    DEFAULT_CSS = """
    CourseLine {
        height: 1;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    class Sought(Message):
        """A time of the conversation was clicked."""

        def __init__(self, ms: int) -> None:
            """Take the time, ms."""
            super().__init__()
            self.ms = ms

    def __init__(self, course: Course, **kwargs: Any) -> None:
        """Take the conversation; keywords go to the widget."""
        super().__init__("", **kwargs)
        self._course = course
        self._cells = ""
        self._drawn = (-1, -1)
        self._t = 0

    def draw(self, t: int) -> None:
        """Show the replay at a time of the conversation, ms."""
        self._t = t
        width = self.content_size.width
        here = cell_of(t, self._course, width)
        if not width or (width, here) == self._drawn:
            return
        if width != len(self._cells):
            self._cells = course_cells(self._course, width)
        self._drawn = (width, here)
        self.show(course_parts(self._cells, here), layout=False)

    def on_resize(self) -> None:
        """Draw for the new width."""
        self.draw(self._t)

    def on_click(self, event: events.Click) -> None:
        """Ask for the time under the pointer."""
        at = event.get_content_offset(self)
        if at is not None:
            event.stop()
            self.post_message(self.Sought(time_of(at.x, self._course, self.content_size.width)))
