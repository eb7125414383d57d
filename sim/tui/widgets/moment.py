"""One moment of a call in words: theirs, yours, what it showed, what could have been said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from rich.cells import cell_len, set_cell_size
from textual.containers import VerticalScroll
from textual.content import Content

from scoring.debrief import Debrief
from scoring.debrief_text import clock
from scoring.skills.wording import capital
from sim.debriefing import DebriefView, Ranked, TurnRow, came_in
from sim.text import shown
from sim.tui.widgets.plain_text import Part, PlainText

GUTTER = 13
"""Cells of the labels at the left."""
SPACE_HINT = 21
"""Cells that the hint at the Space bar takes."""
MEASURE = 84
"""Cells after which a line is hard to read."""
_ORDINALS = {1: "best", 2: "second", 3: "third"}


def wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many cells, broken between words; at least one line."""
    lines = [line.plain.rstrip() for line in Content(shown(text)).wrap(max(2, width))]
    return lines or [""]


@dataclass(frozen=True)
class Block:
    """A labelled text, in lines."""

    label: str
    style: str
    lines: tuple[str, ...]
    keeps: Literal["start", "end"] = "start"
    """Which end of it is kept where there is no room for all."""
    first: str = ""
    """The style of the first `firsts` lines, where it is another."""
    firsts: int = 0

    def cut_to(self, count: int, width: int) -> Block:
        """Return the block with at most so many lines, and a mark where it was cut."""
        if len(self.lines) <= count:
            return self
        if self.keeps == "end":
            kept = list(self.lines[-count:])
            kept[0] = _fitting("…" + kept[0], width)
        else:
            kept = list(self.lines[:count])
            kept[-1] = _fitting(kept[-1] + " …", width, mark="…")
        return replace(self, lines=tuple(kept))


def _fitting(line: str, width: int, mark: str = "") -> str:
    """Return a line that was lengthened by a mark, with words taken from its middle where it is too long."""
    while cell_len(line) > width and " " in line.strip("… "):
        body = line.removeprefix("…").removesuffix(" …")
        body = body.rsplit(" ", 1)[0] if mark else body.split(" ", 1)[1]
        line = f"{body} …" if mark else f"…{body}"
    return line if cell_len(line) <= width else set_cell_size(line, max(1, width))


_PLANS: tuple[tuple[int, ...], ...] = (
    (9, 9, 9, 9, 9),
    (6, 6, 6, 6, 3),
    (4, 4, 4, 4, 3),
    (3, 3, 3, 3, 2),
    (2, 3, 3, 3, 2),
    (2, 2, 3, 3, 2),
    (2, 2, 2, 3, 2),
    (2, 2, 2, 2, 2),
    (1, 2, 2, 2, 1),
    (1, 1, 2, 2, 1),
    (1, 1, 1, 2, 1),
    (1, 1, 1, 1, 1),
    (1, 1, 1, 1, 0),
    (0, 1, 1, 1, 0),
)
"""Lines for their words, yours, what it showed, the better line, the thought; the first that fits is used."""


def fitted(blocks: Sequence[Block], height: int | None, width: int) -> list[Block]:
    """Return blocks that take at most so many lines together; None for all of them whole."""
    if height is None:
        return list(blocks)
    kept = list(blocks)
    for plan in (None, *_PLANS):
        kept = [
            block if plan is None else block.cut_to(lines, width)
            for block, lines in zip(blocks, plan or (0,) * len(blocks), strict=True)
            if block.lines and (plan is None or lines)
        ]
        if sum(len(block.lines) for block in kept) <= height:
            break
    return kept


def blocks_of(row: TurnRow, debrief: Debrief, width: int) -> list[Block]:
    """Return the five parts of a moment, those without words without lines.

    Args:
        row: the turn.
        debrief: how the customer is called.
        width: cells of a line after the label.
    """
    they = capital(debrief.they)

    def lines(text: str) -> tuple[str, ...]:
        return tuple(wrapped(text, width)) if text.strip() else ()

    entry = () if row.clean else lines(came_in(row.floor))
    showed = (*entry, *(line for says in row.showed for line in lines(says)))
    reply = "\n".join(line for line in row.reply.split("\n") if line.strip())
    return [
        Block(f"{they} said", "$customer", lines(_quoted(row.said)), keeps="end"),
        Block("You said", "$trainee", lines(_quoted(reply))),
        Block(
            "It showed",
            "$foreground",
            showed,
            first="bold $alarm" if row.cut else "$foreground",
            firsts=len(entry),
        ),
        Block("Better", "bold $foreground", lines(_quoted(row.better))),
        Block(f"{they} thought", "italic $customer", lines(row.thought)),
    ]


def _quoted(text: str) -> str:
    text = text.strip()
    return f"“{text}”" if text else ""


def place_of(ranked: Ranked, view: DebriefView) -> str:
    """Return what a moment is among the others: "the best of 5 wins"."""
    wins = ranked.kind == "win"
    whole = len(view.debrief.wins if wins else view.debrief.losses)
    if whole == 1:
        return "+ what won most" if wins else "− what cost most"
    words = _ORDINALS.get(ranked.place, f"no. {ranked.place}")
    if wins:
        return f"+ {words} of {whole} that won"
    return f"− {'worst' if ranked.place == 1 else words} of {whole} that cost"


def moment_head(row: TurnRow, view: DebriefView, ranked: Ranked | None, width: int) -> list[tuple[str, str]]:
    """Return the line over a moment: when, what it weighs, which reply it was, the silence before it.

    Args:
        row: the turn.
        view: the debrief.
        ranked: its place among the moments; None where it has none.
        width: cells; what comes last is left out first.
    """
    number = view.turns.index(row) + 1
    parts: list[tuple[str, str]] = [(clock(row.at_ms), "bold $foreground")]
    if ranked is not None:
        parts.append((place_of(ranked, view), "bold $foreground"))
    parts.append((f"reply {number} of {len(view.turns)}", "$quiet"))
    if row.silence:
        parts.append((row.silence.rstrip("."), "$quiet"))
    line: list[tuple[str, str]] = []
    for text, style in parts:
        width -= cell_len(text) + 3
        if line and width < -3:
            break
        line += [("   ", ""), (text, style)] if line else [(text, style)]
    return line


class MomentPane(VerticalScroll, can_focus=False):
    """Shows one moment: as much of it as there is room for, or all of it to scroll through."""

    DEFAULT_CSS = """
    MomentPane {
        scrollbar-size-vertical: 1;
    }
    MomentPane > PlainText {
        height: auto;
        width: 1fr;
    }
    """

    def __init__(self, view: DebriefView, **kwargs: Any) -> None:
        """Take the debrief; keywords go to the widget."""
        super().__init__(**kwargs)
        self._view = view
        self._row: TurnRow | None = None
        self._ranked: Ranked | None = None
        self._text = PlainText()
        self.all_words = False
        """Whether nothing is shortened."""
        self.shortened = False
        """Whether something is not shown."""

    def compose(self):  # type: ignore[no-untyped-def]
        """Yield the one text."""
        yield self._text

    def walk(self, row: TurnRow | None, ranked: Ranked | None) -> None:
        """Show a turn; None where there was no reply in the whole call."""
        self._row, self._ranked = row, ranked
        self.scroll_home(animate=False)
        self._draw()

    def show_all(self, all_words: bool) -> None:
        """Show all the words, or as many as there is room for."""
        self.all_words = all_words
        self._draw()

    def on_resize(self) -> None:
        """Fit the words to the room."""
        self._draw()

    def on_mount(self) -> None:
        """Draw what was walked to before."""
        self._draw()

    def _draw(self) -> None:
        width = min(MEASURE, self.size.width - 1)
        if width < GUTTER + 4 or self.size.height < 1:
            return
        if self._row is None:
            self._text.show(self._nothing())
            return
        room = None if self.all_words else max(1, self.size.height - 1)
        blocks = blocks_of(self._row, self._view.debrief, width - GUTTER)
        kept = fitted(blocks, room, width - GUTTER)
        shown_lines = sum(len(block.lines) for block in kept)
        airy = room is None or shown_lines + len(kept) <= room
        self.shortened = shown_lines < sum(len(block.lines) for block in blocks)
        kept_free = SPACE_HINT if self.shortened or self.all_words else 0
        head = moment_head(self._row, self._view, self._ranked, width - kept_free)
        parts: list[Part] = [*head, *self._ways(width - sum(cell_len(text) for text, _ in head))]
        for block in kept:
            if airy:
                parts.append("\n")
            parts += self._block(block)
        self._text.show(parts)

    def _ways(self, room: int) -> list[Part]:
        """Return the keys that show more, as far as there is room for them."""
        ways = []
        if self.shortened or self.all_words:
            ways.append(("Space", "fewer words" if self.all_words else "all the words"))
        if self._view.held_back and self._ranked is not None:
            ways.append(("M", "more"))
        parts: list[Part] = []
        for key, says in ways:
            room -= cell_len(f"   {key} {says}")
            if room < 0:
                break
            parts += ["   ", (key, "bold $foreground"), (f" {says}", "$quiet")]
        return parts

    def _block(self, block: Block) -> list[Part]:
        parts: list[Part] = []
        for number, line in enumerate(block.lines):
            label = block.label if number == 0 else ""
            style = block.first if number < block.firsts else block.style
            parts += ["\n", (set_cell_size(label, GUTTER), "$quiet"), (line, style)]
        return parts

    def _nothing(self) -> list[Part]:
        name = self._view.debrief.short_name
        return [
            ("You said nothing in this call.", "bold $foreground"),
            ("\n\n"),
            (
                f"There is no moment to walk. What {name} said is in the line above; R plays it again.",
                "$quiet",
            ),
        ]
