"""The ten skills of a call, each beside what is usual for this trainee."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size

from scoring.skills.wording import capital, shortened
from sim.debriefing import DebriefView, SkillRow
from sim.tui.widgets.moment import wrapped
from sim.tui.widgets.plain_text import Part, PlainText

NAME, VALUE, USUAL, GAP = 18, 4, 6, 1
"""Cells of the columns of the table."""
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEADLINES = ((3, False, " all ten"), (2, False, " all ten"), (2, False, ""), (2, True, ""), (1, True, ""))
"""Ways to set the headline skills, roomiest first: space between, names shortened, words after F2."""


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
            parts.append(("│", "bold $background on $trainee" if place < full else "bold $foreground"))
        else:
            parts.append((glyph, "$trainee" if glyph != " " else ""))
    return parts


def against(value: float | None, usual: float | None) -> str:
    """Return how a value stands to one's usual in a mark: "▲", "▼", "="; "" where they cannot be compared."""
    if value is None or usual is None:
        return ""
    difference = round(value) - round(usual)
    return "=" if difference == 0 else "▲" if difference > 0 else "▼"


def compared(row: SkillRow) -> str:
    """Return how a skill stands to one's usual: a mark and the difference; "" where nothing is usual."""
    mark = against(row.value, row.usual)
    if row.value is None or row.usual is None or mark == "=":
        return mark
    return f"{mark} {abs(round(row.value) - round(row.usual))}"


def headline_line(view: DebriefView, width: int) -> list[Part]:
    """Return the four headline skills in one line, each with a mark against one's usual.

    Args:
        view: the debrief.
        width: cells; names are shortened where there is no room for them.
    """
    parts, space, more = _headline(view, "", short=True), 0, ""
    for between, short, more in _HEADLINES:
        parts = _headline(view, " " * between, short=short)
        space = width - sum(cell_len(text) for text, _ in parts) - cell_len(f"F2{more}")
        if space >= 2:
            break
    return [*parts, (" " * max(1, space), ""), ("F2", "bold $foreground"), (more, "$quiet")]


def _headline(view: DebriefView, between: str, *, short: bool) -> list[tuple[str, str]]:
    parts: list[tuple[str, str]] = []
    for row in view.skills:
        if row.headline:
            name = row.name.lower()
            name = f"{name[:5]}." if short and cell_len(name) > 7 else name
            mark = against(row.value, row.usual)
            parts += [
                (between if parts else "", ""),
                (f"{name} ", "$quiet"),
                ("–" if row.value is None else f"{row.value:.0f}", "bold $foreground"),
                (f" {mark}" if mark else "", "$foreground" if mark == "▲" else "$quiet"),
            ]
    return parts


def skill_lines(view: DebriefView, width: int, *, brief: bool = False) -> list[list[Part]]:
    """Return the table of the ten skills in lines.

    Args:
        view: the debrief.
        width: cells.
        brief: True to keep every skill on one line; else its evidence may take two.
    """
    cells = 10 if width >= 90 else 6
    usual = USUAL if view.usual_calls else 0
    left = NAME + VALUE + cells + 1 + GAP + usual
    found: list[list[Part]] = []
    for row in view.skills:
        says = _evidence(row, max(8, width - left), brief=brief)
        found.append(
            [
                (set_cell_size(row.name, NAME), "bold $foreground" if row.headline else "$foreground"),
                (
                    ("–" if row.value is None else f"{row.value:.0f}").rjust(VALUE - 1) + " ",
                    "bold $foreground",
                ),
                *bar(row.value, row.usual, cells),
                (" " * GAP + set_cell_size(compared(row), usual), "$quiet"),
                (says[0], "$foreground" if row.value is not None else "$quiet"),
            ]
        )
        found += [[(" " * left, ""), (more, "$foreground")] for more in says[1:]]
    return found


def _evidence(row: SkillRow, width: int, *, brief: bool) -> list[str]:
    if row.value is None:
        return ["no occasion"]
    says, where = row.rests_on.rstrip("."), f" ({row.where})" if row.where else ""
    for text in (f"{says}{where}", says):
        lines = wrapped(text, width)
        if len(lines) <= (1 if brief else 2):
            return lines
    return wrapped(shortened(says, width if brief else 2 * width - 8), width)


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
        notes.append(f"▲ above, ▼ below your usual │, {calls}.")
    else:
        notes.append("Your first call; from the next one on, your usual stands beside these.")
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
        lines.append([])
        for note in skill_notes(self._view):
            lines += [[(line, "$quiet")] for line in wrapped(note, width)]
        self.show(joined(lines))
