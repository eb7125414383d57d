"""The list of a mailbox: newest mail on top, unread ones marked."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from sim.office_clock import OfficeClock
from sim.text import one_line
from sim.tui.widgets.key_first import KeyFirst
from sim.tui.widgets.mail_flow import Mail, MailKind
from sim.tui.widgets.plain_text import Part, plain

_WHO = 14
"""Cells of a name."""
_NARROW = 34
"""Cells below which a row leaves the name out."""


class MailRow(Widget):
    """One mail of the list."""

    DEFAULT_CSS = """
    MailRow {
        height: 1;
    }
    """

    class Chosen(Message):
        """A mail was clicked, or chosen with Enter."""

        def __init__(self, mail_id: str, time: float) -> None:
            """Take the mail's id and the time of the key or click in seconds."""
            super().__init__()
            self.mail_id = mail_id
            self.time = time

    def __init__(self, mail: Mail, time: str) -> None:
        """Take the mail.

        Args:
            mail: what the row stands for.
            time: when it came or was sent, in office time.
        """
        super().__init__()
        self.mail = mail
        self._time = time
        self._pointed = False

    def become(self, mail: Mail, time: str) -> None:
        """Show the mail as it is now; a burst of typing that has ended may set the clock a little on."""
        if (mail, time) != (self.mail, self._time):
            self.mail, self._time = mail, time
            self.refresh()

    def point(self, pointed: bool) -> None:
        """Show whether Enter would open it."""
        if pointed != self._pointed:
            self._pointed = pointed
            self.set_class(pointed, "-pointed")
            self.refresh()

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Take the whole width."""
        return container.width

    def render(self) -> Content:
        """Draw mark, name, subject and time."""
        mail, width = self.mail, self.content_size.width
        new, theirs = not mail.opened, mail.kind is MailKind.RECEIVED
        weight = "bold " if new else ""
        parts: list[Part] = [("▸" if self._pointed else " ", "$trainee")]
        parts.append(("● " if new else "  ", "bold $customer"))
        if width >= _NARROW:
            name = plain(one_line(mail.who)).truncate(_WHO, ellipsis=True, pad=True).plain
            parts += [(name, f"{weight}{'$customer' if theirs else '$trainee'}"), "  "]
        elif not theirs:
            parts.append(("You: ", "$trainee"))
        about = "Holding reply" if mail.kind is MailKind.HOLDING else one_line(mail.subject)
        left = plain([*parts, (about, f"{weight}$foreground" if new else "$quiet")])
        right = plain([("new " if new else "", "bold $customer"), (self._time, "$quiet")])
        room = max(1, width - right.cell_length - 1)
        return Content.assemble(left.truncate(room, ellipsis=True, pad=True), " ", right)

    def on_click(self, event: events.Click) -> None:
        """Choose it."""
        event.stop()
        self.post_message(self.Chosen(self.mail.id, event.time))


class MailList(KeyFirst, VerticalScroll, can_focus=True):
    """All mails; arrows walk, Enter opens, a letter begins the reply."""

    class Typed(Message):
        """A letter was typed here: it belongs to the draft."""

        def __init__(self, key: events.Key) -> None:
            """Take a copy of the key, with its own time."""
            super().__init__()
            self.key = key

    def __init__(self, **kwargs: Any) -> None:
        """Begin empty; keywords go to the widget (id, classes, name)."""
        super().__init__(**kwargs)
        self._rows: list[MailRow] = []
        """Oldest first."""
        self._current = 0

    @property
    def current(self) -> Mail | None:
        """The mail that Enter opens; None while there is none."""
        return self._rows[self._current].mail if self._rows else None

    def show(self, mails: list[Mail], clock: OfficeClock) -> None:
        """Show these mails, given oldest first; the ones that came get a row, the others keep theirs."""
        for row, mail in zip(self._rows, mails, strict=False):
            row.become(mail, clock.at(mail.at))
        known = len(self._rows)
        for mail in mails[known:]:
            row = MailRow(mail, clock.at(mail.at))
            self.mount(row, before=0 if self._rows else None)
            self._rows.append(row)
            if self.current is not None and self.current.opened:
                self._current = len(self._rows) - 1
        self._mark()
        if len(self._rows) > known and (not self.has_focus or self._current == len(self._rows) - 1):
            # The newest stands at the top, and must be seen.
            self.call_after_refresh(self.scroll_home, animate=False)

    def point_at(self, mail_id: str) -> None:
        """Let the arrows start from a mail."""
        self._current = next(
            (place for place, row in enumerate(self._rows) if row.mail.id == mail_id), self._current
        )
        self._mark()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show which mail Enter would open, only while it would."""
        super().watch_has_focus(_has_focus)
        self._mark()

    def _mark(self) -> None:
        for place, row in enumerate(self._rows):
            row.point(self.has_focus and place == self._current)

    async def _on_key(self, event: events.Key) -> None:
        if self.gives_away(event):
            return
        steps = {"up": 1, "down": -1, "home": len(self._rows), "end": -len(self._rows)}
        if event.key in steps:
            self._walk(steps[event.key])
        elif event.key == "enter":
            if self.current is not None:
                self.post_message(MailRow.Chosen(self.current.id, event.time))
        elif event.is_printable:
            again = events.Key(event.key, event.character)
            again.time = event.time
            self.post_message(self.Typed(again))
        else:
            return
        event.stop()
        event.prevent_default()

    def _walk(self, newer: int) -> None:
        if self._rows:
            self._current = max(0, min(len(self._rows) - 1, self._current + newer))
            self._mark()
            self._rows[self._current].scroll_visible(animate=False)
