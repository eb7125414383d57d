"""The ten skills of a call, each beside what is usual for this trainee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size

from scoring.skills.wording import capital
from sim.debriefing import DebriefView, SkillRow
from sim.tui.widgets.moment import wrapped
from sim.tui.widgets.plain_text import Part, PlainText

NAME, VALUE, USUAL, GAP = 18, 4, 13, 2
"""Cells of the columns of the table."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def bar(value: float | None, usual: float | None, cells: int) -> list[Part]:
    """Return a bar with a tick where one's usual lies, `cells` wide and one more for a tick at the end.

    Args:
        value: 0-100; None for an empty bar.
        usual: 0-100; None for no tick.
        cells: what 100 takes.
    """
    eighths = round((value or 0) / 100 * cells * 8)
    full, rest = divmod(eighths, 8)
    glyphs = list(("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(cells + 1))
    tick = None if usual is None else min(cells, int(usual / 100 * cells))
    parts: list[Part] = []
    for place, glyph in enumerate(glyphs):
        if place == tick:
            parts.append(
                (
                    "┃" if place < full else "│",
                    "bold $foreground on $trainee-dim" if place < full else "$quiet",
                )
            )
        else:
            parts.append((glyph, "$trainee" if glyph != " " else ""))
    return parts


def against(value: float | None, usual: float | None) -> str:
    """Return how a value stands to one's usual in a mark: "▲", "▼", "="; "" where they cannot be compared."""
    if value is None or usual is None:
        return ""
    difference = round(value) - round(usual)
    return "=" if difference == 0 else "▲" if difference > 0 else "▼"


def compared(row: SkillRow, usual_calls: int) -> str:
    """Return how a skill stands to one's usual in words."""
    if not usual_calls:
        return "first call"
    if row.usual is None:
        return "first time"
    if row.value is None:
        return f"usual {row.usual:.0f}"
    difference = round(row.value) - round(row.usual)
    if difference == 0:
        return "= as usual"
    return f"{against(row.value, row.usual)} {abs(difference)} {'above' if difference > 0 else 'below'}"


def headline_line(view: DebriefView, width: int) -> list[Part]:
    """Return the four headline skills in one line, each with a mark against one's usual.

    Args:
        view: the debrief.
        width: cells; names are shortened where there is no room for them.
    """
    rows = [row for row in view.skills if row.headline]
    names = [row.name.lower() for row in rows]
    ends = " · all ten F2"
    full = sum(cell_len(name) + 9 for name in names)
    if full + cell_len(ends) > width:
        names = [f"{name[:6]}." if len(name) > 7 else name for name in names]
    parts: list[Part] = []
    for name, row in zip(names, rows, strict=True):
        parts.append(("   " if parts else "", ""))
        mark = against(row.value, row.usual)
        parts.append((f"{name} ", "$quiet"))
        parts.append(("–" if row.value is None else f"{row.value:.0f}", "bold $foreground"))
        parts.append((f" {mark}" if mark else "", "$trainee" if mark == "▲" else "$quiet"))
    used = sum(cell_len(part if isinstance(part, str) else part[0]) for part in parts)
    if used + cell_len("F2 all ten") + 2 <= width:
        parts.append((" " * (width - used - cell_len("F2 all ten")), ""))
        parts += [("F2", "bold $foreground"), (" all ten", "$quiet")]
    return parts


def skill_lines(view: DebriefView, width: int, *, brief: bool = False) -> list[list[Part]]:
    """Return the table of the ten skills in lines.

    Args:
        view: the debrief.
        width: cells.
        brief: True to keep every skill on one line, its evidence shortened.
    """
    cells = 10 if width >= 76 else 6
    left = NAME + VALUE + cells + 1 + GAP + USUAL
    found: list[list[Part]] = []
    for row in view.skills:
        says = _evidence(row, width - left)
        if brief and len(says) > 1:
            says = [set_cell_size(says[0], max(1, width - left - 2)).rstrip(" ,.;") + " …"]
        first: list[Part] = [
            (set_cell_size(row.name, NAME), "bold $foreground" if row.headline else "$foreground"),
            (("–" if row.value is None else f"{row.value:.0f}").rjust(VALUE - 1) + " ", "bold $foreground"),
            *bar(row.value, row.usual, cells),
            (" " * GAP + set_cell_size(compared(row, view.usual_calls), USUAL), "$quiet"),
            (says[0], "$foreground" if row.value is not None else "$quiet"),
        ]
        found.append(first)
        found += [[(" " * left, ""), (more, "$foreground")] for more in says[1:]]
    return found


def _evidence(row: SkillRow, width: int) -> list[str]:
    if row.value is None:
        return ["no occasion"]
    where = f" ({row.where})" if row.where else ""
    return wrapped(f"{row.rests_on.rstrip('.')}{where}" if row.rests_on else "", max(8, width))


def skill_notes(view: DebriefView) -> list[str]:
    """Return what must be known about the numbers, a sentence each."""
    debrief = view.debrief
    notes = []
    if debrief.too_short:
        notes.append("The call was too short to judge by these numbers.")
    if view.usual_calls:
        calls = (
            "your last call" if view.usual_calls == 1 else f"the mean of your last {view.usual_calls} calls"
        )
        notes.append(f"│ is your usual: {calls}.")
    return [*notes, *(capital(note) for note in debrief.notes)]


def joined(lines: Sequence[Sequence[Part]]) -> list[Part]:
    """Return lines as one text."""
    parts: list[Part] = []
    for number, line in enumerate(lines):
        parts += ["\n", *line] if number else line
    return parts


class HeadlineSkills(PlainText):
    """The four headline skills in one line."""

    def __init__(self, view: DebriefView, **kwargs: Any) -> None:
        """Take the debrief; keywords go to the widget."""
        super().__init__(**kwargs)
        self._view = view

    def on_resize(self) -> None:
        """Draw to the new width."""
        if self.size.width:
            self.show(headline_line(self._view, self.size.width), layout=False)


class SkillTable(PlainText):
    """All ten skills, each with a bar, one's usual, and what it rests on most."""

    DEFAULT_CSS = """
    SkillTable {
        height: auto;
    }
    """

    def __init__(self, view: DebriefView, **kwargs: Any) -> None:
        """Take the debrief; keywords go to the widget."""
        super().__init__(**kwargs)
        self._view = view
        self._brief = False

    def set_brief(self, brief: bool) -> None:
        """Keep every skill on one line, or do not."""
        if brief != self._brief:
            self._brief = brief
            self._draw()

    def on_resize(self) -> None:
        """Draw to the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.size.width
        if width < 20:
            return
        lines = skill_lines(self._view, width, brief=self._brief)
        for note in skill_notes(self._view):
            lines.append([])
            lines += [[(line, "$quiet")] for line in wrapped(note, width)]
        self.show(joined(lines))
