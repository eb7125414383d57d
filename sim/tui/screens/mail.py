"""E-mail: a mailbox, the mail, the reply; the office's clock instead of a floor."""

from __future__ import annotations

from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from personas.acts import MediumKind
from sim.call_view import Holder
from sim.office_clock import OfficeClock
from sim.tui.screens.call import CallScreen
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.composer import Composer
from sim.tui.widgets.desk_card import DeskCard
from sim.tui.widgets.key_bar import KeyShown
from sim.tui.widgets.mail_flow import reply_subject
from sim.tui.widgets.mail_form import MailForm
from sim.tui.widgets.mail_list import MailList, MailRow
from sim.tui.widgets.mail_pane import MailPane, MailText

SHORT = 22
"""Rows below which the reply shows only while it is written."""
_NOT_HERE = ("ctrl+up", "ctrl+down")
"""Keys of other calls: nobody speaks here, so there is no pace."""


class MailScreen(CallScreen):
    """An exchange of mails."""

    CSS_PATH: ClassVar[Any] = ["call.tcss", "mail.tcss"]
    KEYS: ClassVar[dict[str, str]] = {
        **{key: name for key, name in CallScreen.KEYS.items() if key not in _NOT_HERE},
        "f5": "hold",
        "ctrl+s": "send",
        "ctrl+enter": "send",
        "pageup": "page_up",
        "pagedown": "page_down",
    }
    PATIENT: ClassVar[frozenset[str]] = CallScreen.PATIENT | {"page_up", "page_down", "send"}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        """Take what `CallScreen` takes."""
        super().__init__(*arguments, **keywords)
        self._holding = False

    # what it is made of -----------------------------------------------------------------------------------

    def make_pane(self) -> CallPane:
        """Return the mailbox."""
        setting = self.call.table.setting
        clock = OfficeClock.of_run(setting.seed, MediumKind.EMAIL, setting.rules, self.call.view.fold)
        return MailPane(self.call.view, clock)

    def compose_call(self) -> ComposeResult:
        """Mailbox, mail and reply below each other, the desk beside them."""
        with Horizontal(id="body"):
            with Vertical(id="mail-side"):
                yield self.make_pane()
                yield MailForm(
                    self.customer.name, reply_subject(self.call.view), reduced=self.reduced, id="mail-form"
                )
            yield DeskCard(self.call.table.setting.persona.desk, id="desk")

    def writing_places(self) -> list[Widget]:
        """The mailbox, then the words of the reply."""
        return [self.box.mailbox, self.form.body]

    def focus_first(self) -> None:
        """Go to the reply; to the mailbox as long as no mail is open."""
        target: Widget = self.form.body if self.box.reading is not None else self.box.mailbox
        target.focus(scroll_visible=False)

    @property
    def box(self) -> MailPane:
        """The mailbox with the mail that is open."""
        return self.query_one(MailPane)

    @property
    def text(self) -> MailText:
        """The mail that is open."""
        return self.query_one(MailText)

    @property
    def form(self) -> MailForm:
        """The reply."""
        return self.query_one(MailForm)

    def foot_keys(self) -> list[KeyShown]:
        """What can be done now, the most important first."""
        keys: list[KeyShown] = []
        if self.call.coach:
            keys.append(KeyShown("enter", "Enter", "go on", strong=True))
        elif isinstance(self.focused, MailList):
            current = self.box.mailbox.current
            keys.append(KeyShown("enter", "Enter", "open", strong=current is not None and not current.opened))
            if self.text.max_scroll_y > self.text.scroll_y:
                keys.append(KeyShown("pagedown", "PgDn", "read on"))
        keys += self._writing_keys()
        keys.append(KeyShown("f6", "F6", self._next_place(), strong=self._new_while_writing()))
        keys.append(KeyShown("ctrl+c", "Ctrl+C", "stop"))
        return keys

    def _writing_keys(self) -> list[KeyShown]:
        body = self.form.body
        written = bool(body.text.strip())
        keys: list[KeyShown] = []
        if self._holding:
            keys.append(KeyShown("ctrl+s", "Ctrl+S", "send holding reply", strong=True))
            keys.append(KeyShown("escape", "Esc", "back"))
        elif body.has_focus or written:
            keys.append(KeyShown("ctrl+s", "Ctrl+S", "send", strong=written and not self.box.unopened))
        if body.has_focus and not (self.call.coach or self._holding):
            keys.append(KeyShown("", "Enter", "new line"))
        if not self._holding and self.call.floor().holder is not Holder.HOLD:
            keys.append(KeyShown("f5", "F5", "holding reply"))
        return keys

    def line_parts(self, name: str, text: str) -> list[tuple[str, str]]:
        """Return one of the frame's lines; here the only clock is the office's, and no call is over."""
        if name == "time":
            return []
        return super().line_parts(name, "The exchange is over." if name == "over" and text else text)

    def _next_place(self) -> str:
        if isinstance(self.focused, DeskCard):
            return "mailbox"
        if isinstance(self.focused, MailList):
            return "reply"
        return f"{self.box.unopened} unread" if self._new_while_writing() else "desk"

    def _new_while_writing(self) -> bool:
        """Whether something lies unread while the reply is being written."""
        return self.form.body.has_focus and self.box.unopened > 0

    def press_next_place(self, time: float) -> None:
        """Move the focus on; from the reply straight to what is unread."""
        if self._new_while_writing():
            self.set_focus(self.box.mailbox, scroll_visible=False)
        else:
            super().press_next_place(time)

    def on_resize(self, event: events.Resize) -> None:
        """Leave the reply less room where there is little."""
        super().on_resize(event)
        self.set_class(event.size.height < SHORT, "-short")

    # drawing ----------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Let happen what is due; untimed, a mail still comes whole."""
        call = self.call
        if not (call.timed or call.over or call.coach or self._call_left) and call.view.fold.holding_floor:
            self.attempt(call.listen_on)
        super().tick()

    def draw_call(self, t: int) -> None:
        """Show what is unread, and make room for the reply while it is written."""
        self.form.show_unread(self.box.unopened)
        self.set_class(self.form.body.has_focus or self.form.subject_line.has_focus, "-writing")

    # keys -------------------------------------------------------------------------------------------------

    def claims(self, key: str) -> bool:
        """Return whether a key is the call's now."""
        if key in ("pageup", "pagedown"):
            return self.focused is not self.desk
        return super().claims(key)

    def press_page_up(self, _: float) -> None:
        """Scroll back in the mail."""
        self.text.scroll_page_up(animate=False)

    def press_page_down(self, _: float) -> None:
        """Scroll on in the mail."""
        self.text.scroll_page_down(animate=False)

    def press_send(self, time: float) -> None:
        """Send what is written."""
        self.form.body.send(time)

    def press_hold(self, time: float) -> None:
        """Send what is written as a holding reply, or ask for its words."""
        if self.call.floor().holder is Holder.HOLD:
            self.remark("They have a holding reply already.")
        elif self.form.body.text.strip():
            self._send_holding(time, self.form.body.text)
            self.form.body.take_out()
            self._sent()
        else:
            self._ask_for_holding(not self._holding)
            self.set_focus(self.form.body, scroll_visible=False)

    def press_escape(self, time: float) -> None:
        """Leave the asking for a holding reply; else go back to the reply."""
        if self._holding:
            self._ask_for_holding(False)
        elif not isinstance(self.focused, Composer):
            self.focus_first()

    def change_pace(self, step: int) -> None:
        """Say that there is none."""
        self.remark("A mail has no pace.")

    def on_mail_row_chosen(self, message: MailRow.Chosen) -> None:
        """Open a mail, or read one again."""
        message.stop()
        self.remark("")
        chosen = next((mail for mail in self.box.mails if mail.id == message.mail_id), None)
        if chosen is not None and not chosen.opened and not self.call.over:
            self.attempt(lambda: self.call.open_mail(message.time, message.mail_id))
        else:
            self.box.read(message.mail_id)
        self.tick()

    def on_mail_list_typed(self, message: MailList.Typed) -> None:
        """A letter typed at the mailbox belongs to the draft."""
        message.stop()
        self._to_draft(message.key)

    def on_desk_card_typed(self, message: DeskCard.Typed) -> None:
        """So does one typed at the desk."""
        message.stop()
        self._to_draft(message.key)

    def _to_draft(self, key: Any) -> None:
        self.set_focus(self.form.body, scroll_visible=False)
        self.form.body.post_message(key)

    # writing ----------------------------------------------------------------------------------------------

    def on_composer_key_moved(self, message: Composer.KeyMoved) -> None:
        """Tell the call that the draft moved; the first key after the coach's line lets time go on."""
        message.stop()
        self.go_on()
        self.attempt(lambda: self.call.key(message.time, empty=message.empty))

    def on_composer_sent(self, message: Composer.Sent) -> None:
        """Send the reply, or the holding reply."""
        message.stop()
        self.remark("")
        if not message.text.strip():
            self.remark("Write something first.")
            self.form.body.put_back(message.text)
        elif self.attempt(lambda: self._send(message)):
            self._sent()
        else:
            self.form.body.put_back(message.text)
        self.tick()

    def _send(self, message: Composer.Sent) -> None:
        self.go_on()
        if self._holding:
            self._send_holding(message.time, message.text)
        elif self.call.view.fold.holding_floor:
            from sim.conversation.conversation import IntentRefused

            raise IntentRefused("Another mail is just coming in; see what it says first.")
        else:
            self.call.send(message.time, message.text, message.pasted_chars)

    def _send_holding(self, time: float, text: str) -> None:
        self.call.hold(time, text)

    def _ask_for_holding(self, asking: bool) -> None:
        self._holding = asking
        self.form.ask_for_holding_reply(asking)

    def _sent(self) -> None:
        self.box.name_sent(self.form.subject)
        self.form.begin_again()
        self._ask_for_holding(False)
        self.box.mailbox.focus(scroll_visible=False)
