"""E-mail line by line: mails are opened, the second one crosses, the last one opens itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from scoring import events as ev
from sim.plain import PlainGame, Stopped
from tests.sim.calling import Lines
from tests.sim.stage import SECOND_LINE
from tests.sim.test_mail_run import begun, table_by_mail

FIRST = "Moira: Good morning, I'm ringing about a parcel of mine."
ANSWER = "You took the bus twice for nothing. What was inside the parcel?"


class Sitting:
    """A trainee at a plain terminal who reads and writes mails."""

    def __init__(self, lines: Sequence[str]) -> None:
        table = table_by_mail(timed=False)
        self.talk = begun(table)
        self.shown: list[str] = []
        with suppress(Stopped):
            PlainGame(table, self.talk, Lines(lines), self.shown.append).play()

    def opened(self) -> list[str]:
        return [event.item for event in self.talk.events if isinstance(event, ev.MailOpened)]

    @property
    def text(self) -> str:
        return " ".join(self.shown)


def test_a_mail_is_announced_and_read_once_it_is_opened() -> None:
    closed = Sitting([])
    assert closed.shown == ["(A mail from Moira has come. /mail opens it.)"] and closed.opened() == []
    for line in ("", "/mail", "/mail mail_1"):
        sitting = Sitting([line])
        assert sitting.opened() == ["mail_1"]
        assert FIRST in sitting.text and "(a careful breath)" in sitting.shown


def test_a_mail_can_be_read_again_and_one_that_is_not_there_cannot() -> None:
    sitting = Sitting(["", "", "/mail", "/mail mail_1", "/mail mail_9"])
    assert sitting.opened() == ["mail_1"]
    assert "It is your turn." in sitting.text, "nothing is left to open"
    assert "Every mail is open." in sitting.text
    assert sitting.text.count(FIRST) == 2
    assert "mail_9" not in sitting.text


def test_the_second_mail_crosses_the_reply_and_both_answers_are_opened_in_turn() -> None:
    sitting = Sitting(["", ANSWER, "", "", ""])
    assert sitting.opened() == ["mail_1", "mail_2", "mail_3"]
    assert SECOND_LINE in sitting.text and "(sent from a telephone)" in sitting.shown
    assert sitting.shown.count("(A mail from Moira has come. /mail opens it.)") == 3


def test_the_last_mail_opens_itself() -> None:
    rude = "Calm down, it is only a parcel and you should have read our policy."
    sitting = Sitting([rude] * 14)
    assert sitting.talk.over
    ended = next(event for event in sitting.talk.events if isinstance(event, ev.Ended))
    last = next(one.line for one in sitting.talk.setting.persona.endings if one.kind == ended.ending)
    assert last in sitting.text
