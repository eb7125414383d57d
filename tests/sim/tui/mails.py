"""An exchange of mails with the small customer, on a clock moved by hand."""

from __future__ import annotations

from typing import cast

from textual.screen import Screen
from textual.widget import Widget

from personas.acts import MediumKind
from personas.schema import Persona
from scoring import events as ev
from scoring.listener.registry import LISTENERS
from scoring.rubric import shipped_rubric
from sim.call_view import CallView
from sim.customer.voices.written import WrittenVoice
from sim.game import Origin, Table, lay_table
from sim.home import Mode
from sim.session import LISTENER
from sim.tui.screens.conversation import ConversationScreen
from sim.tui.screens.mail import MailScreen
from sim.tui.widgets.mail_form import MailForm
from sim.tui.widgets.mail_pane import MailPane
from tests.personas.samples import edited, loaded
from tests.sim.stage import EMAIL, manners, rules
from tests.sim.tui.calls import Sitting, changed_persona
from tests.sim.tui.stage import ShowApp

SUBJECT = "A parcel"


def mail_table(mode: Mode = "rated", *, timed: bool = True) -> Table:
    """The table of an exchange with the small customer."""
    customer = loaded(edited(EMAIL))
    return lay_table(
        customer,
        manners(),
        shipped_rubric(),
        LISTENERS[LISTENER](),
        WrittenVoice(customer.persona, manners()),
        Origin("ab" * 16, 3, "2026-01-02T03:04:05+00:00", 5),
        mode=mode,
        timed=timed,
        log=lambda line: None,
    )


def mail_view(persona: Persona) -> CallView:
    """An exchange in which nothing has happened."""
    return CallView(persona, rules(), MediumKind.EMAIL, timed=True)


def a_mail(view: CallView, t: int, *texts: str, cue: str | None = None) -> None:
    """Let a mail come: one clause for each text."""
    view.apply(ev.CustomerTurnStarted(t=t, turn=view.fold.customer_turn + 1))
    for text in texts:
        words = max(1, len(text.split()))
        view.apply(ev.ClauseStarted(t=t, text=text, words=words, duration_ms=0, turn_end=True, cue=cue))
        view.apply(ev.ClauseEnded(t=t))
    view.apply(ev.CustomerTurnEnded(t=t))


class MailSitting(Sitting):
    """One exchange on the screen."""

    def __init__(
        self,
        mode: Mode = "rated",
        *,
        timed: bool = True,
        reduced: bool = True,
        persona: Persona | None = None,
    ) -> None:
        table = mail_table(mode, timed=timed)
        super().__init__(changed_persona(table, persona) if persona else table)
        self.mail = MailScreen(self.call)
        self.screen = cast(ConversationScreen, self.mail)
        self.app = ShowApp(cast(Screen[object], self.mail), reduced=reduced)

    @property
    def pane(self) -> MailPane:
        return self.mail.query_one(MailPane)

    @property
    def form(self) -> MailForm:
        return self.mail.query_one(MailForm)

    @property
    def focused(self) -> Widget | None:
        return self.mail.focused
