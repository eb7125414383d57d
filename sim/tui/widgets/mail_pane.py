"""A mailbox on the screen: office time, what came and what was sent, and the mail that is being read."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Digits

from sim.call_view import CallView
from sim.office_clock import OfficeClock
from sim.text import one_line, shown
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.mail_flow import Mail, MailKind, mails_of, unopened, waiting_since
from sim.tui.widgets.mail_list import MailList
from sim.tui.widgets.plain_text import Part, PlainText

WIDE = 88
"""Cells from which the mail stands beside the mailbox and not below it."""


class MailText(VerticalScroll, can_focus=False):
    """The mail that is being read."""

    def __init__(self, **kwargs: Any) -> None:
        """Begin with no mail; keywords go to the widget."""
        super().__init__(**kwargs)
        self.mail: Mail | None = None
        """What is being read."""

    def compose(self) -> ComposeResult:
        """Subject, sender, words, what one notices."""
        yield PlainText("", id="mail-subject")
        yield PlainText("", id="mail-from")
        yield PlainText([("No mail is open.", "$quiet")], id="mail-words")
        yield PlainText("", id="mail-cues")

    def show(self, mail: Mail, clock: OfficeClock) -> None:
        """Show a mail from its beginning."""
        if mail == self.mail:
            return
        self.mail = mail
        theirs = mail.kind is MailKind.RECEIVED
        sender: list[Part] = [(one_line(mail.who), "$customer" if theirs else "$trainee")]
        when = "came" if theirs else "sent"
        self._part("subject").show([(one_line(mail.subject), "bold")])
        self._part("from").show([*sender, (f"  {when} {clock.at(mail.at)}", "$quiet")])
        self._part("words").show(shown(mail.text))
        self._part("cues").show("\n".join(f"({one_line(cue)})" for cue in mail.cues))
        self._part("cues").display = bool(mail.cues)
        self.scroll_home(animate=False)

    def _part(self, name: str) -> PlainText:
        return self.query_one(f"#mail-{name}", PlainText)


class MailPane(CallPane):
    """Shows a call view as a mailbox; mail that comes never takes the place of what is being read."""

    DEFAULT_CSS = """
    MailPane {
        layout: vertical;
        overflow: hidden;
        padding: 0;
    }
    MailPane #mailbox {
        height: auto;
        border-bottom: solid $rule;
    }
    MailPane #mail-head {
        height: 1;
        padding: 0 2 0 1;
    }
    MailPane #mail-time {
        width: auto;
        text-style: bold;
        margin: 0 2 0 2;
    }
    MailPane Digits {
        display: none;
        width: auto;
        margin-left: 2;
        color: $quiet;
    }
    MailPane #mail-wait {
        width: 1fr;
        height: 1;
        color: $quiet;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    MailPane MailList {
        height: auto;
        max-height: 4;
        padding: 0;
        scrollbar-size-vertical: 1;
        scrollbar-color: $rule;
        scrollbar-background: $background;
    }
    MailPane MailRow {
        padding: 0 2 0 0;
    }
    MailPane MailRow:hover {
        background: $raised;
    }
    MailPane .-pointed {
        background: $raised;
    }
    MailPane MailText {
        height: 1fr;
        padding: 0 2 0 3;
        scrollbar-size-vertical: 1;
        scrollbar-color: $rule;
        scrollbar-background: $background;
    }
    MailPane MailText PlainText {
        max-width: 84;
    }
    MailPane #mail-words, MailPane #mail-cues {
        margin-top: 1;
    }
    MailPane #mail-cues {
        color: $customer;
        text-style: italic;
    }
    MailPane.-wide {
        layout: horizontal;
    }
    MailPane.-wide #mailbox {
        width: 44;
        height: 100%;
        border-bottom: none;
        border-right: solid $rule;
    }
    MailPane.-wide #mail-head {
        layout: vertical;
        height: 6;
        padding: 1 1 0 1;
    }
    MailPane.-wide #mail-time {
        display: none;
    }
    MailPane.-wide Digits {
        display: block;
    }
    MailPane.-wide #mail-wait {
        margin-left: 2;
    }
    MailPane.-wide MailList {
        height: 1fr;
        max-height: 100%;
    }
    MailPane.-wide MailText {
        width: 1fr;
        height: 100%;
        padding: 1 3;
    }
    """

    def __init__(self, view: CallView, clock: OfficeClock, **kwargs: Any) -> None:
        """Take what is shown.

        Args:
            view: the call.
            clock: gives the office time.
            kwargs: id, classes, name of the widget.
        """
        super().__init__(view, **kwargs)
        self.clock = clock
        self.mails: list[Mail] = []
        """All mails, oldest first."""
        self._subjects: dict[int, str] = {}
        self._seen: tuple[int, int] = (-1, 0)
        self._head: tuple[str, str] = ("", "")
        self._over = False

    def compose(self) -> ComposeResult:
        """The mailbox with the office's clock, and the mail."""
        with Vertical(id="mailbox"):
            with Horizontal(id="mail-head"):
                yield PlainText("", id="mail-time")
                yield Digits("", id="mail-digits")
                yield PlainText("", id="mail-wait")
            yield MailList()
        yield MailText()

    def on_resize(self, event: events.Resize) -> None:
        """Put the mail beside the mailbox where there is room."""
        self.set_class(event.size.width >= WIDE, "-wide")

    @property
    def mailbox(self) -> MailList:
        """The mailbox's list."""
        return self.query_one(MailList)

    @property
    def reading(self) -> Mail | None:
        """The mail that is open on the screen."""
        return self.query_one(MailText).mail

    @property
    def unopened(self) -> int:
        """How many mails nobody has opened."""
        return unopened(self.mails)

    def name_sent(self, subject: str) -> None:
        """Give the mail just sent the subject that was written; the call itself keeps no subject lines."""
        sent = sum(mail.kind is not MailKind.RECEIVED for mail in mails_of(self.view))
        self._subjects[sent] = subject
        self._seen = (-1, self._seen[1])

    def read(self, mail_id: str) -> None:
        """Show a mail that has been opened or sent."""
        mail = next((mail for mail in self.mails if mail.id == mail_id), None)
        if mail is not None:
            self.query_one(MailText).show(mail, self.clock)
            self.mailbox.point_at(mail_id)

    def draw(self, t: int, *, reduced: bool) -> None:
        """Show what has come, what was opened, the office's time; at the end the last mail opens itself."""
        openings = [opening.item for turn in self.view.fold.turns for opening in turn.mails]
        seen = (self.view.changes, len(openings))
        if seen != self._seen:
            newly = openings[self._seen[1] :]
            self._seen = seen
            self.mails = mails_of(self.view, self._subjects)
            self.mailbox.show(self.mails, self.clock)
            if newly:
                self.read(newly[-1])
        if self.view.fold.ended is not None and not self._over:
            self._over = True
            if self.mails and self.mails[-1].kind is MailKind.RECEIVED:
                self.read(self.mails[-1].id)
        self._draw_head(t)

    def _draw_head(self, t: int) -> None:
        head = (self.clock.at(t), self._waiting(t))
        if head != self._head:
            self._head = head
            time, waiting = head
            self.query_one("#mail-time", PlainText).show(time)
            self.query_one(Digits).update(time)
            self.query_one("#mail-wait", PlainText).show(waiting, layout=False)

    def _waiting(self, t: int) -> str:
        since = waiting_since(self.mails)
        if not self.mails:
            return "no mail yet"
        if self.view.fold.ended is not None:
            return "the exchange is over"
        if since is None:
            return "all answered"
        held = any(mail.kind is MailKind.HOLDING and mail.at >= since for mail in self.mails)
        waited = f"waiting {self.clock.waited(since, t)}"
        return f"{waited}, holding reply sent" if held else waited
