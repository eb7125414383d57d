"""The call to scale: who spoke, over whom, what the silences were, the mood under it; one turn is walked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.message import Message

from scoring.debrief_text import clock
from scoring.timeline import MoodStep, SilenceKind, Span, Timeline, TurnSpan
from sim.text import one_line
from sim.tui.widgets.plain_text import Part, PlainText

NARROWEST, BROADEST = 8, 12
"""Cells before the first of a row, by the customer's name."""
ZOOM_HINT = 10
"""Cells of the hint at the zoom keys."""
FINEST_MS = 250
"""A cell is never less than this."""
Cell = tuple[str, str]
"""A glyph and its style."""
BLANK: Cell = (" ", "")
_LEVELS = "▁▂▃▄▅▆▇█"
_HALVES = {(False, False): " ", (True, False): "▌", (False, True): "▐", (True, True): "█"}
_SILENCE: dict[SilenceKind, Cell] = {
    SilenceKind.PLAIN: ("·", "$quiet"),
    SilenceKind.HELD: ("━", "$trainee"),
    SilenceKind.DEAD: ("!", "bold $alarm"),
}
_CUT: Cell = ("╳", "bold $alarm")
_BROKEN: Cell = ("╱", "bold $alarm")
_OVER: Cell = ("▒", "$trainee")
_SAID: Cell = ("█", "$trainee")
_TYPED: Cell = ("░", "$trainee-dim")
_SIGN: Cell = ("•", "bold $trainee")
_FITS: Cell = ("◆", "bold $trainee")
_MISFIT: Cell = ("◇", "bold $foreground")
_DESK: Cell = ("□", "$quiet")
_WAIT: Cell = ("═", "$trainee-dim")
_STOP: Cell = ("┊", "$faint")


@dataclass(frozen=True)
class Scale:
    """Which stretch of the call the cells show."""

    left_ms: float
    cell_ms: float
    cells: int

    @property
    def right_ms(self) -> float:
        """The end of the last cell."""
        return self.left_ms + self.cell_ms * self.cells

    def cell(self, t: float) -> int:
        """Return the cell of a time; below 0 or too high for times outside."""
        return int((t - self.left_ms) // self.cell_ms)

    def time(self, cell: int) -> int:
        """Return the time in the middle of a cell, ms."""
        return round(self.left_ms + (cell + 0.5) * self.cell_ms)


def scale_of(timeline: Timeline, cells: int, zoom: int, around: Span) -> Scale:
    """Return the scale that shows a call, or the part of it around a turn.

    Args:
        timeline: the call.
        cells: how many there are.
        zoom: 1 shows all; 2 half of it, and so on.
        around: what stays in sight.
    """
    cells = max(1, cells)
    length = max(1, timeline.length_ms)
    window = length / zoom
    middle = (around.start_ms + around.end_ms) / 2
    left = max(0.0, min(middle - window / 2, length - window))
    return Scale(left, window / cells, cells)


def deepest(timeline: Timeline, cells: int) -> int:
    """Return how far it can be zoomed in, a power of two."""
    zoom = 1
    while timeline.length_ms / (2 * zoom) / max(1, cells) >= FINEST_MS:
        zoom *= 2
    return zoom


# rows -----------------------------------------------------------------------------------------------------


def _fill(row: list[Cell], scale: Scale, spans: Iterable[Span], cell: Cell, *, least: float = 0.0) -> None:
    """Draw spans over whole cells; those shorter than a share of a cell are left out."""
    for span in spans:
        if span.length_ms < least * scale.cell_ms:
            continue
        first = scale.cell(span.start_ms)
        last = max(first, scale.cell(max(span.start_ms, span.end_ms - 1)))
        for place in range(max(0, first), min(len(row), last + 1)):
            row[place] = cell


def _mark(row: list[Cell], scale: Scale, t: int, cell: Cell) -> None:
    place = scale.cell(min(t, scale.right_ms - 1))
    if 0 <= place < len(row):
        row[place] = cell


def _by_halves(scale: Scale, spans: Iterable[Span], style: str) -> list[Cell]:
    """Draw spans by half cells: a half is on when they cover most of it, or when one would vanish."""
    half = scale.cell_ms / 2
    covered = [0.0] * (2 * scale.cells)
    for span in spans:
        first = int((span.start_ms - scale.left_ms) // half)
        last = int((max(span.start_ms, span.end_ms - 1) - scale.left_ms) // half)
        for place in range(max(0, first), min(len(covered), last + 1)):
            low = scale.left_ms + place * half
            covered[place] += max(0.0, min(span.end_ms, low + half) - max(span.start_ms, low))
        if span.length_ms < half and 0 <= first < len(covered):
            covered[first] = half
    on = [share >= half * 0.5 for share in covered]
    return [(_HALVES[on[2 * i], on[2 * i + 1]], style) for i in range(scale.cells)]


def _customer(timeline: Timeline, scale: Scale) -> list[Cell]:
    row = _by_halves(scale, timeline.talk, "$customer")
    for over in timeline.overlaps:
        if over.cut:
            _mark(row, scale, over.start_ms, _BROKEN)
    return row


def _trainee(timeline: Timeline, scale: Scale) -> list[Cell]:
    row = [BLANK] * scale.cells
    _fill(row, scale, timeline.typing, _TYPED, least=0.5)
    for item in timeline.lookups:
        _mark(row, scale, item.at_ms, _DESK)
    _fill(row, scale, timeline.utterances, _SAID)
    for sign in timeline.signs:
        fits = _FITS if sign.specific else _SIGN
        _mark(row, scale, sign.at_ms, fits if sign.fits else _MISFIT)
    for over in timeline.overlaps:
        if not over.cut:
            _fill(row, scale, [over], _OVER)
    for over in timeline.overlaps:
        if over.cut:
            _mark(row, scale, over.start_ms, _CUT)
    return row


def _pause(timeline: Timeline, scale: Scale) -> list[Cell]:
    row = [BLANK] * scale.cells
    _fill(row, scale, timeline.stops, _STOP, least=0.5)
    for kind, least in ((SilenceKind.PLAIN, 0.5), (SilenceKind.HELD, 0.0)):
        spans = [silence for silence in timeline.silences if silence.kind is kind]
        _fill(row, scale, spans, _SILENCE[kind], least=least)
    _fill(row, scale, timeline.waits, _WAIT)
    dead = [silence for silence in timeline.silences if silence.kind is SilenceKind.DEAD]
    _fill(row, scale, dead, _SILENCE[SilenceKind.DEAD], least=0.5)
    return row


def _mood(timeline: Timeline, scale: Scale, value: Callable[[MoodStep], float], style: str) -> list[Cell]:
    row = []
    for place in range(scale.cells):
        level = value(timeline.mood_at(scale.time(place)))
        row.append((_LEVELS[min(7, int(level / 100 * 8))], style))
    return row


def _axis(scale: Scale, turns: Sequence[TurnSpan], current: TurnSpan, marks: Mapping[int, str]) -> list[Cell]:
    row: list[Cell] = [("─", "$rule")] * scale.cells
    _fill(row, scale, [current], ("━", "$foreground"))
    for turn in turns:
        if turn.turn in marks and turn.replied_ms is not None:
            _mark(row, scale, turn.replied_ms, (marks[turn.turn], "bold $foreground"))
    at = current.end_ms if current.replied_ms is None else current.replied_ms
    _mark(row, scale, at, ("▲", "bold $foreground"))
    return row


def _lit(row: list[Cell], scale: Scale, current: Span) -> list[Cell]:
    first, last = scale.cell(current.start_ms), scale.cell(max(current.start_ms, current.end_ms - 1))
    return [
        (glyph, f"{style or '$foreground'} on $raised" if first <= place <= last else style)
        for place, (glyph, style) in enumerate(row)
    ]


def label_cells(name: str) -> int:
    """Return how many cells stand before the first of a row."""
    return max(NARROWEST, min(BROADEST, cell_len(name) + 2))


def _parts(label: str, style: str, row: Sequence[Cell], before: int) -> list[Part]:
    name = label if cell_len(label) < before else set_cell_size(label, before - 2) + "…"
    parts: list[Part] = [(set_cell_size(name, before), style)]
    for look, cells in groupby(row, key=lambda cell: cell[1]):
        parts.append(("".join(glyph for glyph, _ in cells), look))
    return parts


def _legend_entries(timeline: Timeline, name: str) -> list[tuple[Cell, str]]:
    silent = {silence.kind for silence in timeline.silences}
    cuts = [over.cut for over in timeline.overlaps]
    found = [
        (any(cuts), _CUT, "cut in"),
        (SilenceKind.DEAD in silent, _SILENCE[SilenceKind.DEAD], "dead air"),
        (SilenceKind.HELD in silent, _SILENCE[SilenceKind.HELD], "left open"),
        (not all(cuts), _OVER, f"over {name}"),
        (any(not sign.specific and sign.fits for sign in timeline.signs), _SIGN, "mm-hm"),
        (any(sign.specific and sign.fits for sign in timeline.signs), _FITS, "word that fits"),
        (any(not sign.fits for sign in timeline.signs), _MISFIT, "one that does not"),
        (bool(timeline.waits), _WAIT, "announced"),
        (bool(timeline.typing), _TYPED, "writing"),
        (bool(timeline.lookups), _DESK, "desk"),
        (bool(timeline.stops), _STOP, "clock stopped"),
    ]
    return [(cell, says) for there, cell, says in found if there]


def _legend(timeline: Timeline, scale: Scale, name: str, zoom: int) -> list[Part]:
    start = clock(round(scale.left_ms))
    end = clock(round(scale.right_ms)) + (f" ×{zoom}" if zoom > 1 else "")
    parts: list[Part] = [(set_cell_size(start, label_cells(name)), "$faint")]
    room = scale.cells - cell_len(end)
    for (glyph, style), says in _legend_entries(timeline, name):
        width = cell_len(f"{glyph} {says}  ")
        if width > room:
            break
        parts += [(glyph, style), (f" {says}  ", "$quiet")]
        room -= width
    ways: list[Part] = [
        ("+", "bold $foreground"),
        ("/", "$quiet"),
        ("−", "bold $foreground"),
        (" zoom  ", "$quiet"),
    ]
    if room < ZOOM_HINT:
        return [*parts, (" " * max(0, room), ""), (end, "$faint")]
    return [*parts, (" " * (room - ZOOM_HINT), ""), *ways, (end, "$faint")]


def _pauses_matter(timeline: Timeline) -> bool:
    if timeline.timed and timeline.medium.is_spoken:
        return True
    return bool(timeline.silences or timeline.waits or timeline.stops)


def timeline_rows(
    timeline: Timeline,
    name: str,
    current: TurnSpan,
    marks: Mapping[int, str],
    width: int,
    *,
    zoom: int = 1,
    tall: bool = False,
) -> list[list[Part]]:
    """Return the rows of the timeline as texts with styles, each `width` cells wide.

    Args:
        timeline: the call.
        name: how the customer is called.
        current: the turn that is walked.
        marks: a glyph for turns that weigh, by number.
        width: cells, the labels included.
        zoom: 1 shows the whole call.
        tall: whether trust and feeling heard are drawn as well.
    """
    label = label_cells(name)
    scale = scale_of(timeline, width - label, zoom, current)
    rows = [(name, "$customer", _customer(timeline, scale)), ("you", "$trainee", _trainee(timeline, scale))]
    if _pauses_matter(timeline):
        rows.append(("pause", "$quiet", _pause(timeline, scale)))
    rows.append(("anger", "$quiet", _mood(timeline, scale, lambda mood: mood.frustration, "$customer-dim")))
    if tall:
        rows.append(("trust", "$quiet", _mood(timeline, scale, lambda mood: mood.trust, "$faint")))
        rows.append(("heard", "$quiet", _mood(timeline, scale, lambda mood: mood.heard, "$faint")))
    drawn = [_parts(says, style, _lit(row, scale, current), label) for says, style, row in rows]
    drawn.append(_parts("", "", _axis(scale, timeline.turns, current, marks), label))
    drawn.append(_legend(timeline, scale, name, zoom))
    return drawn


class TimelineStrip(PlainText):
    """Draws the timeline over its whole width; a click asks for the turn under it."""

    DEFAULT_CSS = """
    TimelineStrip {
        height: auto;
        width: 1fr;
    }
    """

    @dataclass
    class Jumped(Message):
        """The trainee clicked on a time of the call."""

        at_ms: int

    def __init__(self, timeline: Timeline, name: str, marks: Mapping[int, str], **kwargs: Any) -> None:
        """Take the call.

        Args:
            timeline: the call.
            name: how the customer is called.
            marks: a glyph for turns that weigh, by number.
            kwargs: go to the widget.
        """
        super().__init__(**kwargs)
        self._timeline = timeline
        self._called = one_line(name)
        self._label = label_cells(self._called)
        self._marks = dict(marks)
        self._current = timeline.turns[0]
        self._zoom = 1
        self._tall = False

    @property
    def zoom(self) -> int:
        """How many times nearer than the whole call."""
        return self._zoom

    def walk(self, turn: int) -> None:
        """Mark a turn and keep it in sight."""
        self._current = self._timeline.turns[turn]
        self._draw()

    def mark(self, marks: Mapping[int, str]) -> None:
        """Mark other turns as those that weigh."""
        self._marks = dict(marks)
        self._draw()

    def nearer(self, by: int) -> None:
        """Zoom in (1) or out (-1) by one step."""
        wanted = self._zoom * 2 if by > 0 else self._zoom // 2
        self._zoom = max(1, min(wanted, deepest(self._timeline, self._cells)))
        self._draw()

    def set_tall(self, tall: bool) -> None:
        """Draw trust and feeling heard as well, or do not."""
        self._tall = tall
        self._draw()

    @property
    def _cells(self) -> int:
        return max(1, self.size.width - self._label)

    def on_resize(self) -> None:
        """Draw to the new width."""
        self._zoom = min(self._zoom, deepest(self._timeline, self._cells))
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Ask for the turn under the pointer."""
        if event.x >= self._label:
            scale = scale_of(self._timeline, self._cells, self._zoom, self._current)
            self.post_message(self.Jumped(scale.time(event.x - self._label)))

    def _draw(self) -> None:
        if self.size.width <= self._label:
            return
        rows = timeline_rows(
            self._timeline,
            self._called,
            self._current,
            self._marks,
            self.size.width,
            zoom=self._zoom,
            tall=self._tall,
        )
        parts: list[Part] = []
        for row in rows:
            parts += ["\n", *row] if parts else row
        self.show(parts)
