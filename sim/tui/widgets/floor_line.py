"""Who has the floor, at a glance: a name while they speak, a line that grows while nobody does. No digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from sim.call_view import FloorView, Holder, SilenceTone
from sim.text import one_line
from sim.tui.widgets.key_bar import shortened
from sim.tui.widgets.plain_text import Part, PlainText

MOST_MARKS = 24
"""Marks of the meter at most; a longer message is shown to scale."""
_SILENCE = {
    SilenceTone.PLAIN: ("─", "╴", "$quiet"),
    SilenceTone.MEANT: ("━", "╸", "$trainee"),
    SilenceTone.DEAD: ("━", "╸", "bold $alarm"),
}
"""A whole cell of the line, its half, its style."""


@dataclass(frozen=True)
class FloorShown:
    """What the line has to say."""

    floor: FloorView
    name: str
    """How the customer is called."""
    said: int = 0
    words: int = 0
    """Words of the clause being said; 0 where none is."""
    thinking: bool = False
    """Whether the customer takes long to find their words."""
    cut_in: bool = False
    """Whether the trainee has just cut in and can still give the floor back."""
    begun: bool = True
    """Whether anybody has spoken yet."""
    typed: bool = False
    """Whether the two write to each other."""
    timed: bool = True
    """Whether the clock runs by itself."""


def floor_parts(shown: FloorShown, width: int) -> list[Part]:
    """Return the line for a width in cells."""
    name = shortened(one_line(shown.name), max(8, width // 3))
    if shown.floor.holder is Holder.OVER:
        return [(f"■ The {'chat' if shown.typed else 'call'} is over", "$quiet")]
    if shown.cut_in:
        return [("▌ You cut in", "bold $alarm"), (f"   {name} has stopped", "$quiet")]
    if shown.floor.holder is Holder.CUSTOMER:
        head = _talking(shown)
        return [("▌ ", "$customer"), (f"{name} {head}", "bold $customer"), *_meter(shown)]
    if shown.floor.holder is Holder.COMING:
        return [("▌ ", "$customer"), (_coming(shown, name), "$customer")]
    if shown.floor.holder is Holder.HOLD:
        return [("‖ ", "$trainee"), (f"{name} is waiting for you", "bold $trainee")]
    return _free(shown, width)


def _talking(shown: FloorShown) -> str:
    if shown.thinking:
        return "is thinking"
    if not shown.timed:
        return "has more to say"
    return "is typing" if shown.typed else "is speaking"


def _coming(shown: FloorShown, name: str) -> str:
    if not shown.begun:
        return f"{name} is {'in the chat' if shown.typed else 'on the line'}"
    return f"{name} is thinking" if shown.thinking else f"{name} takes it in"


def _meter(shown: FloorShown) -> list[Part]:
    if shown.words <= 0 or shown.typed:  # how long a message will be is not known before it is sent
        return []
    marks = min(shown.words, MOST_MARKS)
    said = marks * shown.said // shown.words
    return [("   ", ""), ("▮" * said, "$customer"), ("▯" * (marks - said), "$faint")]


def _free(shown: FloorShown, width: int) -> list[Part]:
    floor = shown.floor
    dead = floor.tone is SilenceTone.DEAD and not floor.typing
    label = "Dead air" if dead else "The floor is yours"
    head: list[Part] = [
        ("▌ ", "$alarm" if dead else "$trainee"),
        (label, f"bold {'$alarm' if dead else '$trainee'}"),
    ]
    if floor.typing:
        return [*head, ("   you are writing", "$quiet")]
    room = width - cell_len(label) - 2 - 3
    halves = round(floor.quiet_share * room * 2) if room > 0 else 0
    if halves <= 0:
        return head
    whole, half, style = _SILENCE[floor.tone]
    return [*head, ("   ", ""), (whole * (halves // 2) + half * (halves % 2), style)]


class FloorLine(PlainText):
    """The line itself; draws only what has changed."""

    DEFAULT_CSS = """
    FloorLine {
        height: 1;
        text-wrap: nowrap;
        text-overflow: clip;
    }
    """

    def __init__(self, **kwargs: Any) -> None:
        """Begin empty; keywords go to the widget."""
        super().__init__("", **kwargs)
        self._shown: FloorShown | None = None
        self._parts: list[Part] = []

    def draw(self, shown: FloorShown) -> None:
        """Show the floor."""
        self._shown = shown
        parts = floor_parts(shown, self.content_size.width)
        if parts != self._parts:
            self._parts = parts
            self.show(parts, layout=False)

    def on_resize(self) -> None:
        """Draw for the new width."""
        if self._shown is not None:
            self._parts = []
            self.draw(self._shown)
