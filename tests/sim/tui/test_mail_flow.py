"""A mailbox read from a call's view."""

from __future__ import annotations

from scoring import events as ev
from sim.tui.widgets.mail_flow import MailKind, mails_of, unopened, waiting_since
from tests.sim.stage import EMAIL, Stage, persona_of
from tests.sim.tui.mails import SUBJECT, a_mail, mail_view


def fresh() -> tuple[list[MailKind], list[str]]:
    view = mail_view(persona_of(EMAIL))
    mails = mails_of(view)
    return [mail.kind for mail in mails], [mail.subject for mail in mails]


def test_there_is_nothing_before_the_first_mail() -> None:
    assert fresh() == ([], [])
    assert waiting_since([]) is None and unopened([]) == 0


def test_one_stretch_of_words_is_one_mail() -> None:
    view = mail_view(persona_of(EMAIL))
    a_mail(view, 0, "I wait for a parcel,", "and it never came.", cue="written at night")
    (mail,) = mails_of(view)
    assert (mail.id, mail.kind, mail.who, mail.subject) == (
        "mail_1",
        MailKind.RECEIVED,
        "Moira Quill",
        SUBJECT,
    )
    assert mail.text == "I wait for a parcel, and it never came."
    assert mail.cues == ("written at night", "written at night")
    assert not mail.opened


def test_a_mail_is_not_there_before_it_is_whole() -> None:
    view = mail_view(persona_of(EMAIL))
    view.apply(ev.CustomerTurnStarted(t=0, turn=0))
    view.apply(ev.ClauseStarted(t=0, text="I wait", words=2, duration_ms=0, turn_end=False))
    view.apply(ev.ClauseEnded(t=0))
    assert mails_of(view) == []
    view.apply(ev.CustomerTurnEnded(t=0))
    assert [mail.text for mail in mails_of(view)] == ["I wait"]


def test_two_mails_in_a_row_are_two() -> None:
    view = mail_view(persona_of(EMAIL))
    a_mail(view, 0, "The first.")
    a_mail(view, 9_000, "And this.")
    view.apply(ev.MailOpened(t=10_000, item="mail_2"))
    mails = mails_of(view)
    assert [(mail.id, mail.subject, mail.opened) for mail in mails] == [
        ("mail_1", SUBJECT, False),
        ("mail_2", f"Re: {SUBJECT}", True),
    ]
    assert unopened(mails) == 1


def test_a_reply_answers_and_a_holding_reply_does_not() -> None:
    view = mail_view(persona_of(EMAIL))
    a_mail(view, 1_000, "The first.")
    a_mail(view, 2_000, "And this.")
    assert waiting_since(mails_of(view)) == 1_000
    view.apply(ev.HoldAnnounced(t=3_000, text="You will hear from me by four."))
    assert waiting_since(mails_of(view)) == 1_000
    view.apply(ev.Spoke(t=9_000, text="It is found."))
    assert waiting_since(mails_of(view)) is None
    a_mail(view, 9_500, "Thank you.")
    mails = mails_of(view, {2: "  Your parcel "})
    assert waiting_since(mails) == 9_500
    assert [mail.kind for mail in mails] == [
        MailKind.RECEIVED,
        MailKind.RECEIVED,
        MailKind.HOLDING,
        MailKind.SENT,
        MailKind.RECEIVED,
    ]
    assert [mail.subject for mail in mails[2:4]] == [f"Re: {SUBJECT}", "Your parcel"]


def test_every_mail_that_is_opened_counts_for_the_score() -> None:
    """The scorer counts mails that came by the customer's stretches of talk: one id for each of them."""
    stage = Stage(EMAIL).start()
    view = mail_view(stage.persona)
    view.apply_all(stage.events)
    for mail in mails_of(view):
        stage.talk.open_mail(stage.now + 10, mail.id)
    stage.say(text="Nobody rang the bell.", at=stage.now + 60_000)
    turn = stage.talk.fold.turns[0]
    assert len({mail.item for mail in turn.mails}) == len(turn.floor_spans) == 1
