"""A chat on the screen: bubbles left and right, a typing sign; nothing shows before it was sent."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget

from sim.call_view import CallView, EntryKind
from sim.office_clock import OfficeClock
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.chat_flow import ChatFlow, ChatLine, Side, Sign
from sim.tui.widgets.plain_text import PlainText, plain

_SHARE = 0.7
"""A bubble takes at most this share of the pane."""
_NARROW = 24
"""Cells that a bubble may always take, where the pane has them."""
_WIDE = 100
"""Cells that a chat never goes beyond: further apart, the two sides would be two chats."""
_STEP_MS = 400
"""How long each of the three dots of the typing sign is the bright one."""
_UNSETTLED = 3
"""So many of the trainee's last messages may still change what stands under them."""


class Bubble(Widget):
    """One message, as wide as it needs to be: left for the customer, right for the trainee."""

    DEFAULT_CSS = """
    Bubble {
        height: auto;
    }
    """

    def __init__(self, side: Side, head: Content | None, text: Content, mark: str = "") -> None:
        """Take what is shown.

        Args:
            side: theirs or yours.
            head: who and when, for the message that opens a burst.
            text: the message.
            mark: what stands under it in small letters; "" for nothing.
        """
        super().__init__(classes=f"-{side.value}{' -opens' if head else ''}")
        self._side = side
        self._head = head
        self._text = text
        self._mark = mark

    def show_mark(self, mark: str) -> None:
        """Show something else under the message."""
        if mark != self._mark:
            self._mark = mark
            self.refresh(layout=True)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Take the whole row: the bubble is drawn at its side of it."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the rows of head, message and mark."""
        return len(self._lines(min(width, _WIDE)))

    def render(self) -> Content:
        """Draw head, message and mark."""
        return Content("\n").join(self._lines(min(self.content_size.width, _WIDE)))

    def _lines(self, width: int) -> list[Content]:
        inner = max(1, min(width, max(_NARROW, round(width * _SHARE))) - 3)
        wrapped = self._text.wrap(inner) or [Content("")]
        widest = max(line.cell_length for line in wrapped)
        padded = [line.pad_right(widest - line.cell_length) for line in wrapped]
        rows = [self._row(line, first=place == 0) for place, line in enumerate(padded)]
        if self._head is not None:
            rows.insert(0, self._head.truncate(max(1, width - 2), ellipsis=True).pad(1, 1))
        if self._mark:
            rows += [
                line.pad(1, 1) for line in plain([(self._mark, "$quiet italic")]).wrap(max(1, width - 2))
            ]
        if self._side is Side.YOURS:
            return [row.pad_left(max(0, width - row.cell_length)) for row in rows]
        return rows

    def _row(self, line: Content, *, first: bool) -> Content:
        """Return one row of the message: raised; its first row has the party's bar at the outer edge."""
        body = Content.assemble(" ", line, " ").stylize_before("on $raised")
        if self._side is Side.YOURS:
            return Content.assemble(body, ("▐" if first else " ", "$trainee on $raised"))
        return Content.assemble(("▌" if first else " ", "$customer on $raised"), body)


class ChatPane(CallPane):
    """Shows a call view as a chat; new lines are added, what stands there is never built again."""

    DEFAULT_CSS = """
    ChatPane {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-color: $rule;
        scrollbar-color-hover: $quiet;
        scrollbar-color-active: $quiet;
        scrollbar-background: $background;
        scrollbar-background-hover: $background;
        scrollbar-background-active: $background;
    }

    ChatPane Bubble.-opens {
        margin-top: 1;
    }

    ChatPane .chat-middle {
        margin-top: 1;
        max-width: 100;
        text-align: center;
        color: $quiet;
    }

    ChatPane .-cue {
        margin-top: 0;
        text-style: italic;
    }

    ChatPane .chat-sign {
        height: 1;
        margin-top: 1;
        padding: 0 1;
        color: $quiet;
    }
    """

    def __init__(self, view: CallView, clock: OfficeClock, **kwargs: Any) -> None:
        """Take what is shown.

        Args:
            view: the call.
            clock: gives the times of day.
            kwargs: id, classes, name of the widget.
        """
        super().__init__(view, **kwargs)
        self._clock = clock
        self._flow = ChatFlow(view)
        self._changes = -1
        self._sign = PlainText("", classes="chat-sign")
        self._signed: tuple[Sign, int] = (Sign.OFF, 0)
        self._unsettled: list[tuple[ChatLine, Bubble]] = []

    def compose(self) -> Any:
        """The typing sign stays below all messages."""
        yield self._sign

    def draw(self, t: int, *, reduced: bool) -> None:
        """Add what has appeared and move the typing sign."""
        if self.view.changes != self._changes:
            self._changes = self.view.changes
            if fresh := [self._widget(line) for line in self._flow.news()]:
                self.mount_all(fresh, before=self._sign)
            self._settle()
        self._draw_sign(t, reduced=reduced)

    def _settle(self) -> None:
        for line, bubble in self._unsettled:
            bubble.show_mark(self._flow.mark(line.entry))
        del self._unsettled[:-_UNSETTLED]

    def _widget(self, line: ChatLine) -> Widget:
        entry = line.entry
        if line.side is Side.MIDDLE:
            cue = " -cue" if entry.kind is EntryKind.CUE else ""
            return PlainText(entry.text, classes=f"chat-middle{cue}")
        if entry.kind is EntryKind.TOKEN:
            return Bubble(line.side, None, plain([(entry.text, "$quiet italic")]))
        bubble = Bubble(line.side, self._head(line), plain(entry.text))
        if line.side is Side.YOURS:
            self._unsettled.append((line, bubble))
        return bubble

    def _head(self, line: ChatLine) -> Content | None:
        if not line.opens:
            return None
        yours = line.side is Side.YOURS
        who = "You" if yours else self.view.persona.customer.short_name
        style = "$trainee bold" if yours else "$customer bold"
        return plain([(who, style), "  ", (self._clock.at(line.at), "$quiet")])

    def _draw_sign(self, t: int, *, reduced: bool) -> None:
        sign = self._flow.sign(t)
        step = 0 if reduced or sign is not Sign.TYPING else t // _STEP_MS % 3
        if (sign, step) == self._signed:
            return
        self._signed = (sign, step)
        name = self.view.persona.customer.short_name
        if sign is Sign.OFF:
            self._sign.show("", layout=False)
        elif reduced:
            self._sign.show(f"{name} is typing", layout=False)
        else:
            bright = step if sign is Sign.TYPING else -1
            dots = [(" •", "$customer bold" if place == bright else "$faint") for place in range(3)]
            self._sign.show([f"{name} is typing", *dots], layout=False)
