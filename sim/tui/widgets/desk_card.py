"""The desk: what is known of the customer, what may be promised, the record and how long it takes to open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.message import Message

from personas.schema import Desk, RecordItem
from sim.tui.widgets.key_first import KeyFirst
from sim.tui.widgets.plain_text import Part, PlainText

SLOW_S = 8
"""Seconds of loading from which an item is called slow (DESIGN 3: from 8 s on a hold has a use)."""


class DeskItem(Horizontal):
    """One item of the record: closed, opening, or open."""

    DEFAULT_CSS = """
    DeskItem {
        height: auto;
    }

    DeskItem .mark {
        width: 2;
    }

    DeskItem .text {
        width: 1fr;
        height: auto;
        padding-right: 1;
    }
    """

    class Chosen(Message):
        """The item was chosen: open it, or fold it away."""

        def __init__(self, item_id: str, time: float) -> None:
            """Take the item's id and the time of the key or click in seconds."""
            super().__init__()
            self.item_id = item_id
            self.time = time

    def __init__(self, item: RecordItem) -> None:
        """Take the item, closed."""
        self._mark = PlainText("▸", classes="mark")
        self._text = PlainText(item.title, classes="text")
        super().__init__(self._mark, self._text, classes="desk-item")
        self.item = item
        self.folded = False
        self._left: int | None = None
        self._drawn: object = None

    @property
    def is_open(self) -> bool:
        """Whether it has loaded."""
        return self._left == 0

    def draw(self, left_ms: int | None, *, current: bool) -> None:
        """Show the item.

        Args:
            left_ms: ms until it can be read, 0 when it can; None when nobody has asked for it.
            current: whether Enter would open it.
        """
        self._left = left_ms
        state = (self._progress(), left_ms == 0, self.folded, current)
        if state != self._drawn:
            self._drawn = state
            self.set_class(current, "-current")
            mark = "▾" if self.is_open and not self.folded else "▸"
            self._mark.show([(mark, "$trainee" if current else "$quiet")])
            self._text.show(self._parts(current))

    def _progress(self) -> int | None:
        if not self._left or not self.item.loading_s:
            return None
        cells = 8
        return cells - min(cells, -(-self._left * cells // (self.item.loading_s * 1000)))

    def _parts(self, current: bool) -> list[Part]:
        parts: list[Part] = [(self.item.title, "bold" if current else "")]
        if self._left is None:
            if self.item.loading_s >= SLOW_S:
                parts.append((" (slow)", "$quiet"))
        elif self._left > 0:
            done = self._progress() or 0
            parts += [
                ("\nopening ", "italic $quiet"),
                ("━" * done, "$trainee"),
                ("─" * (8 - done), "$faint"),
            ]
        elif not self.folded:
            parts.append((f"\n{self.item.text}", "$foreground"))
        return parts

    def on_click(self, event: events.Click) -> None:
        """Choose it."""
        event.stop()
        self.post_message(self.Chosen(self.item.id, event.time))


class DeskCard(KeyFirst, VerticalScroll, can_focus=True):
    """The whole desk; arrows walk through the items, Enter opens one."""

    class Typed(Message):
        """A letter was typed here: it belongs to the draft."""

        def __init__(self, key: events.Key) -> None:
            """Take a copy of the key, with its own time."""
            super().__init__()
            self.key = key

    def __init__(self, desk: Desk, **kwargs: Any) -> None:
        """Take the desk; keywords go to the widget (id, classes, name)."""
        super().__init__(**kwargs)
        self._desk = desk
        self._items = [DeskItem(item) for item in desk.items]
        self._current = 0
        self._left: dict[str, int | None] = {}
        self._typing_on = False

    def compose(self) -> ComposeResult:
        """What is used most first: the record, what may be promised, then what is known anyway."""
        yield PlainText([("DESK", "bold")], classes="desk-title")
        yield from self._items
        yield from self._list("You may", [grant.text for grant in self._desk.authority])
        yield from self._list("You may not", self._desk.forbidden)
        yield from self._list("On file", self._desk.card)
        yield from self._list("Good to know", self._desk.policy)

    @staticmethod
    def _list(head: str, lines: Sequence[str]) -> ComposeResult:
        if lines:
            yield PlainText(head, classes="desk-head")
            for line in lines:
                yield PlainText(line, classes="desk-line")

    def draw(self, left: Mapping[str, int | None]) -> None:
        """Show how far each item is.

        Args:
            left: by id: ms until the item can be read, 0 when it can, None when nobody has asked for it.
        """
        for place, item in enumerate(self._items):
            before, now = self._left.get(item.item.id), left.get(item.item.id)
            item.draw(now, current=self.has_focus and place == self._current)
            if before and now == 0:
                self.call_after_refresh(item.scroll_visible, animate=False)
        self._left = dict(left)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show which item Enter would open, where it would; whoever comes back here opens again."""
        super().watch_has_focus(_has_focus)
        self._typing_on = False
        self.draw(self._left)

    def fold(self, item_id: str) -> None:
        """Fold an open item away, or unfold it."""
        for item in self._items:
            if item.item.id == item_id and item.is_open:
                item.folded = not item.folded
        self.draw(self._left)

    def is_open(self, item_id: str) -> bool:
        """Return whether an item has loaded."""
        return any(item.item.id == item_id and item.is_open for item in self._items)

    async def _on_key(self, event: events.Key) -> None:
        if self.gives_away(event):
            return
        handled = True
        if self._typing_on or (event.is_printable and event.key != "space"):
            # The focus follows the letter a moment later; keys that come meanwhile are the draft's, too.
            self._typing_on = True
            again = events.Key(event.key, event.character)
            again.time = event.time
            self.post_message(self.Typed(again))
        elif event.key in ("up", "down"):
            self._walk(-1 if event.key == "up" else 1)
        elif event.key in ("enter", "space"):
            self.post_message(DeskItem.Chosen(self._items[self._current].item.id, event.time))
        elif event.key in ("home", "end"):
            self.scroll_to(y=0 if event.key == "home" else self.max_scroll_y, animate=False)
        else:
            handled = False
        if handled:
            event.stop()
            event.prevent_default()

    def _walk(self, step: int) -> None:
        """Go to the next item; beyond the last one, and through a long one, scroll."""
        item = self._items[self._current]
        inside = self.scrollable_content_region.height + self.scroll_y
        hidden_below = step > 0 and item.virtual_region.bottom > inside
        hidden_above = step < 0 and item.virtual_region.y < self.scroll_y
        place = self._current + step
        if hidden_below or hidden_above or not 0 <= place < len(self._items):
            self.scroll_relative(y=step * 2, animate=False, immediate=True)
            return
        self._current = place
        self.draw(self._left)
        self._items[place].scroll_visible(animate=False, immediate=True)
