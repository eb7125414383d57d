"""The reply to a mail: to whom, subject, words; Enter is a new line here, ctrl+s sends."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from sim.text import one_line
from sim.tui.widgets.composer import Composer
from sim.tui.widgets.key_first import KeyFirst
from sim.tui.widgets.plain_text import PlainText

_PLACEHOLDER = "Your reply"
_HOLDING = "Say that you have their mail, and when they will hear from you"


class SubjectLine(KeyFirst, Input):
    """The subject line: one line of text, whatever is pasted."""

    class Left(Message):
        """Enter was pressed: the words come next."""

    def __init__(self, subject: str, *, reduced: bool = False, **kwargs: Any) -> None:
        """Begin with a subject.

        Args:
            subject: what stands there.
            reduced: True for reduced motion: the cursor does not blink.
            kwargs: id, classes, name of the widget.
        """
        super().__init__(one_line(subject), compact=True, select_on_focus=False, **kwargs)
        self.cursor_blink = not reduced

    async def _on_key(self, event: events.Key) -> None:
        if self.gives_away(event):
            return
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.post_message(self.Left())
        elif event.key == "space" and event.character is None:
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor(" ")

    def _on_paste(self, event: events.Paste) -> None:
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(one_line(event.text))


class MailBody(Composer):
    """The words of the reply."""

    async def _on_key(self, event: events.Key) -> None:
        if event.key == "enter" and not self.gives_away(event):
            self._take(event)
            self._pressed_at = event.time
            self._type("\n")


class MailForm(Vertical):
    """To, Subject, the words; what is unread stands over them."""

    DEFAULT_CSS = """
    MailForm {
        height: auto;
        padding: 0 2 0 1;
    }
    MailForm .mail-field {
        height: 1;
    }
    MailForm .mail-label {
        width: 11;
        padding: 0 0 0 2;
        color: $quiet;
    }
    MailForm #mail-to {
        width: 1fr;
        color: $customer;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    MailForm #mail-unread {
        width: auto;
        text-style: bold;
    }
    MailForm SubjectLine {
        width: 1fr;
        background: $background;
        color: $foreground;
    }
    MailForm SubjectLine:focus {
        background: $raised;
    }
    MailForm MailBody {
        height: 3;
        margin-top: 1;
        padding: 0 0 0 2;
        border: none;
        background: $background;
        color: $foreground;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(self, to: str, subject: str, *, reduced: bool = False, **kwargs: Any) -> None:
        """Begin a reply.

        Args:
            to: whom it goes to.
            subject: the subject line it begins with.
            reduced: True for reduced motion.
            kwargs: id, classes, name of the widget.
        """
        super().__init__(**kwargs)
        self._to = to
        self._subject = one_line(subject)
        self._reduced = reduced
        self._unread = 0

    def compose(self) -> ComposeResult:
        """To and what is unread, subject, words."""
        with Horizontal(classes="mail-field"):
            yield PlainText("To", classes="mail-label")
            yield PlainText(one_line(self._to), id="mail-to")
            yield PlainText("", id="mail-unread")
        with Horizontal(classes="mail-field"):
            yield PlainText("Subject", classes="mail-label")
            yield SubjectLine(self._subject, reduced=self._reduced, id="mail-about")
        yield MailBody(_PLACEHOLDER, reduced=self._reduced, id="mail-body")

    @property
    def body(self) -> MailBody:
        """Where the words are written."""
        return self.query_one(MailBody)

    @property
    def subject_line(self) -> SubjectLine:
        """Where the subject is written."""
        return self.query_one(SubjectLine)

    @property
    def subject(self) -> str:
        """The subject as it stands, on one line; the one it began with where it was emptied."""
        return one_line(self.subject_line.value) or self._subject

    def begin_again(self) -> None:
        """Take the first subject for the next reply; the words are taken out by whoever sends them."""
        self.subject_line.value = self._subject

    def ask_for_holding_reply(self, asking: bool) -> None:
        """Ask for the words of a holding reply, or for a reply again."""
        self.body.placeholder = _HOLDING if asking else _PLACEHOLDER

    def show_unread(self, count: int) -> None:
        """Show quietly how many mails nobody has opened yet."""
        if count != self._unread:
            self._unread = count
            mails = "mail" if count == 1 else "mails"
            told = [("● ", "$customer"), (f"{count} unread {mails}", "$foreground")] if count else ""
            self.query_one("#mail-unread", PlainText).show(told)

    def on_subject_line_left(self, message: SubjectLine.Left) -> None:
        """Go on with the words."""
        message.stop()
        self.body.focus(scroll_visible=False)
