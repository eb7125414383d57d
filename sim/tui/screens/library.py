"""The library: all customers, what opens the locked ones, and the files that cannot be played."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from sim.career.tiers import Standing
from sim.career.views import BrokenFile, Entry, LibraryView
from sim.tui.base import BaseApp
from sim.tui.intents import BriefingWanted, PlaceWanted
from sim.tui.widgets.key_line import KeyLine
from sim.tui.widgets.plain_text import Part, PlainText, plain
from sim.tui.widgets.tier_path import cut

_MEDIUM, _TIER, _STATE = 7, 7, 14
"""Cells of a line of the list beside title and name."""
_NOBODY = "There is no customer here, and no file of one. The program's own should be here: install it again."


class LibraryScreen(Screen[None]):
    """Lists the customers, and tells about the one that is chosen."""

    CSS_PATH = "library.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (112, "-wide")]  # noqa: RUF012 - the base's
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (24, "-short"), (30, "-tall")]  # noqa: RUF012 - the base's
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("right", "read_on", "Read on", show=False),
        Binding("left", "to_list", "To the list", show=False),
        Binding("f1", "help", "Help", show=False),
    ]

    def __init__(self, view: LibraryView) -> None:
        """Take what is told."""
        super().__init__()
        self._view = view
        self._rows: tuple[Entry | BrokenFile, ...] = (*view.entries, *view.broken)

    def compose(self) -> ComposeResult:
        """Lay out the list and what is told about one of its lines."""
        with Vertical(id="page"):
            yield PlainText("Library", id="heading", classes="strong")
            with Container(id="below"):
                yield OptionList(id="list", compact=True)
                with VerticalScroll(id="details"):
                    yield PlainText(id="about")
            yield KeyLine(
                (
                    ("Enter", "briefing", "open"),
                    ("→", "read on", "read_on"),
                    ("Esc", "back", "back"),
                    ("F1", "help", "help"),
                ),
                id="keys",
            )

    def on_mount(self) -> None:
        """Fill the list and give it the keys."""
        self._fill()
        if self._rows:
            self._list.highlighted = 0
        else:
            self.query_one("#about", PlainText).show(_NOBODY)
        self._list.focus()

    def on_resize(self) -> None:
        """Fit the list's columns, once it has its new width."""
        self.call_after_refresh(self._fill)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#list", OptionList)

    @property
    def _row(self) -> Entry | BrokenFile | None:
        at = self._list.highlighted
        return None if at is None or at >= len(self._rows) else self._rows[at]

    def _fill(self) -> None:
        width = max(1, self._list.scrollable_content_region.width)
        at = self._list.highlighted
        self._list.set_options([Option(plain(row_parts(row, width)).truncate(width)) for row in self._rows])
        self._list.highlighted = at

    @on(OptionList.OptionHighlighted)
    def _tell_about(self) -> None:
        row = self._row
        if row is None:
            return
        told = entry_parts(row) if isinstance(row, Entry) else broken_parts(row)
        self.query_one("#about", PlainText).show(list(told))
        self.query_one("#details", VerticalScroll).scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Ask for the briefing of a customer; of a locked one, say what opens it."""
        row = self._row
        if isinstance(row, BrokenFile):
            self._say(f"{row.name} cannot be played until what is told here is mended.")
        elif row is not None and row.locked:
            self._say(" ".join(row.opens) or f"{row.short_name} is not open yet.")
        elif row is not None:
            self.post_message(BriefingWanted(row.persona_id))

    def action_read_on(self) -> None:
        """Give the keys to what is told, so that the arrows scroll it."""
        self.query_one("#details", VerticalScroll).focus()

    def action_to_list(self) -> None:
        """Give the keys back to the list."""
        self._list.focus()

    def action_help(self) -> None:
        """Ask for the help."""
        self.post_message(PlaceWanted("help"))

    def action_back(self) -> None:
        """Leave the screen."""
        self.dismiss(None)

    def _say(self, sentence: str) -> None:
        if isinstance(self.app, BaseApp):
            self.app.tell(sentence)


def state_words(entry: Entry) -> str:
    """Return where one stands with a customer, in a word or two."""
    if not entry.yours:
        return entry.standing.value
    return "yours" if entry.standing is Standing.NEW else f"yours, {_SHORT[entry.standing]}"


_SHORT = {Standing.TRIED: "tried", Standing.WELL: "well", Standing.LOCKED: "locked"}
_STATE_STYLES = {
    Standing.NEW: "",
    Standing.TRIED: "",
    Standing.WELL: "$trainee",
    Standing.LOCKED: "$faint",
}


def row_parts(row: Entry | BrokenFile, width: int) -> list[Part]:
    """Return one line of the list.

    Args:
        row: a customer or a broken file.
        width: cells of the line.
    """
    free = max(2, width - _MEDIUM - _TIER - _STATE)
    title = free * 3 // 5
    if isinstance(row, BrokenFile):
        count = len(row.problems)
        return [
            (cut(row.name, free), "$alarm"),
            (f" {'one mistake' if count == 1 else f'{count} mistakes'}", "$quiet"),
        ]
    quiet = "$faint" if row.locked else "$quiet"
    return [
        (f"{cut(row.title, title - 1)} ", "$faint" if row.locked else "bold"),
        (f"{cut(row.name, free - title - 1)} ", "$faint" if row.locked else "$customer"),
        (cut(row.medium, _MEDIUM), quiet),
        (cut(f"tier {row.tier}", _TIER), quiet),
        (cut(state_words(row), _STATE), _STATE_STYLES[row.standing]),
    ]


def entry_parts(entry: Entry) -> Iterator[Part]:
    """Return what is told about a customer; of a locked one, only what opens it."""
    yield (entry.title, "bold")
    yield "\n"
    yield (entry.name, "$customer")
    known = [entry.medium, f"tier {entry.tier}"] + ([] if entry.locked else [entry.industry])
    yield (f"  {' · '.join(known)}\n\n", "$quiet")
    if entry.locked:
        yield ("Locked. ", "bold")
        yield " ".join(entry.opens)
        return
    yield from _line("Trains", ", ".join(entry.skills))
    yield from _line("About", ", ".join(entry.tags))
    yield from _line("Last call", entry.last or "none yet")
    yield from _line("Written by", f"{entry.author}, {entry.licence}")
    if entry.yours:
        yield from _line("Your file", str(entry.path))


def _line(label: str, text: str) -> Iterator[Part]:
    if text:
        yield (f"{label:<12}", "$quiet")
        yield f"{text}\n"


def broken_parts(broken: BrokenFile) -> Iterator[Part]:
    """Return everything that is wrong with a file."""
    yield (broken.name, "bold")
    yield " cannot be played.\n"
    yield (f"{broken.path}\n", "$quiet")
    for place, wrong in broken.problems:
        yield (f"\n{place or 'the whole file'}\n", "bold $alarm")
        yield f"{wrong}\n"
