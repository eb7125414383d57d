"""E-mail on the screen: the mailbox, the mail, the reply, the office's clock."""

from __future__ import annotations

import pytest
from textual.events import Paste

from personas.acts import MediumKind
from scoring import events as ev
from sim.office_clock import OfficeClock
from sim.tui.intents import CallClosed
from sim.tui.widgets.desk_card import DeskCard
from sim.tui.widgets.mail_form import MailBody, SubjectLine
from sim.tui.widgets.mail_list import MailList, MailRow
from tests.sim.stage import EMAIL, SECOND_LINE, SECOND_MAIL, persona_of
from tests.sim.tui.mails import SUBJECT, MailSitting, a_mail
from tests.sim.tui.stage import HOSTILE, text_of

WORDS = "ringing about a parcel of"
DRAFT = "you waited in the hall"


async def test_the_first_mail_lies_unread_until_it_is_opened() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.wait(pilot, 3)
        shown = text_of(sitting.app)
        assert SUBJECT in shown and "new" in shown and "1 unread mail" in shown
        assert WORDS not in shown and sitting.of(ev.MailOpened) == []
        assert isinstance(sitting.focused, MailList)
        await sitting.press(pilot, "enter")
        assert [event.item for event in sitting.of(ev.MailOpened) if isinstance(event, ev.MailOpened)] == [
            "mail_1"
        ]
        shown = text_of(sitting.app)
        assert WORDS in shown and "unread" not in shown and " new " not in shown
        await sitting.press(pilot, "enter")
        assert len(sitting.of(ev.MailOpened)) == 1, "reading it again is no event"


async def test_a_click_opens_it_too() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.wait(pilot, 1)
        await pilot.click(MailRow)
        await pilot.pause()
        assert sitting.of(ev.MailOpened) and WORDS in text_of(sitting.app)


async def test_enter_is_a_new_line_and_ctrl_s_sends_the_whole() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        assert isinstance(sitting.focused, MailBody)
        assert "Ctrl+S send" in text_of(sitting.app) and "Enter new line" in text_of(sitting.app)
        await sitting.type(pilot, DRAFT)
        await sitting.press(pilot, "enter")
        await sitting.type(pilot, "and nobody rang")
        assert sitting.of(ev.Spoke) == []
        await sitting.wait(pilot, 5)
        await sitting.press(pilot, "ctrl+s")
        spoke = [event for event in sitting.of(ev.Spoke) if isinstance(event, ev.Spoke)]
        assert [event.text for event in spoke] == [f"{DRAFT}\nand nobody rang"]
        assert spoke[0].t == 5_000 and spoke[0].pasted_chars == 0
        started, paused = sitting.of(ev.ComposingStarted), sitting.of(ev.ComposingPaused)
        assert len(started) == 1 and paused, "typing is told, key by key it is not"
        assert sitting.form.body.text == ""


async def test_the_answer_comes_as_an_unread_mail_and_the_old_one_stays_open() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter")
        await sitting.type(pilot, DRAFT)
        await sitting.press(pilot, "ctrl+s")
        await sitting.wait(pilot, 2)
        assert [mail.id for mail in sitting.pane.mails] == ["mail_1", "sent_1", "mail_2"]
        assert sitting.pane.reading is not None and sitting.pane.reading.id == "mail_1"
        assert isinstance(sitting.focused, MailList) and "1 unread mail" in text_of(sitting.app)
        await sitting.press(pilot, "enter")
        assert sitting.pane.reading is not None and sitting.pane.reading.id == "mail_2"
        await sitting.press(pilot, "down", "enter")
        assert sitting.pane.reading.id == "sent_1" and DRAFT in text_of(sitting.app)


async def test_mail_that_comes_while_one_writes_leaves_draft_and_focus_alone() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, DRAFT)
        a_mail(sitting.call.view, 3_000, "One more thing.")
        await sitting.wait(pilot, 1)
        assert isinstance(sitting.focused, MailBody) and sitting.form.body.text == DRAFT
        assert sitting.pane.reading is not None and sitting.pane.reading.id == "mail_1"
        shown = text_of(sitting.app)
        assert "1 unread mail" in shown and "One more thing." not in shown
        await sitting.type(pilot, " now")
        assert sitting.form.body.text == f"{DRAFT} now"


async def test_one_can_send_before_everything_was_opened() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.type(pilot, "x")
        assert isinstance(sitting.focused, MailBody), "a letter begins the reply"
        await sitting.press(pilot, "ctrl+s")
        assert sitting.of(ev.Spoke) and sitting.of(ev.MailOpened) == []


async def test_what_is_written_goes_as_a_holding_reply() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, "by four you hear from me")
        await sitting.wait(pilot, 60)
        await sitting.press(pilot, "f5")
        held = [event for event in sitting.of(ev.HoldAnnounced) if isinstance(event, ev.HoldAnnounced)]
        assert [event.text for event in held] == ["by four you hear from me"]
        assert sitting.of(ev.Spoke) == [] and sitting.form.body.text == ""
        shown = text_of(sitting.app)
        assert "Holding reply" in shown and "holding reply sent" in shown and "F5" not in shown
        await sitting.press(pilot, "f5")
        assert "have a holding reply already" in text_of(sitting.app)
        assert len(sitting.of(ev.HoldAnnounced)) == 1


async def test_without_words_the_form_asks_for_those_of_a_holding_reply() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f5")
        assert isinstance(sitting.focused, MailBody)
        shown = text_of(sitting.app)
        assert "Say that you have their mail" in shown and "Ctrl+S send holding reply" in shown
        await sitting.press(pilot, "escape")
        assert "Your reply" in text_of(sitting.app)
        await sitting.press(pilot, "f5")
        await sitting.type(pilot, "tomorrow")
        await sitting.press(pilot, "ctrl+s")
        assert sitting.of(ev.HoldAnnounced) and sitting.of(ev.Spoke) == []
        await sitting.type(pilot, DRAFT)
        await sitting.press(pilot, "ctrl+s")
        assert len(sitting.of(ev.Spoke)) == 1, "then an ordinary reply can be sent"


async def test_nothing_written_is_not_sent() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6", "ctrl+s")
        assert sitting.of(ev.Spoke) == [] and "Write something first." in text_of(sitting.app)


async def test_a_subject_that_was_changed_names_the_mail_and_no_more() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(140, 40)) as pilot:
        await sitting.press(pilot, "enter")
        subject = sitting.form.query_one(SubjectLine)
        subject.focus()
        await pilot.pause()
        await sitting.type(pilot, "!")
        sitting.app.post_message(Paste("\x1b[31m red\nsecond line"))
        await sitting.press(pilot, "enter")
        assert isinstance(sitting.focused, MailBody)
        assert subject.value == f"Re: {SUBJECT}![31m red second line"
        assert sitting.of(ev.ComposingStarted) == [], "the subject is no part of the reply"
        await sitting.type(pilot, DRAFT)
        await sitting.press(pilot, "ctrl+s")
        sent = next(mail for mail in sitting.pane.mails if mail.id == "sent_1")
        assert sent.subject == f"Re: {SUBJECT}![31m red second line" and sent.text == DRAFT
        assert subject.value == f"Re: {SUBJECT}", "the next reply begins anew"


async def test_pasted_words_are_counted() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        sitting.app.post_message(Paste("pasted"))
        await sitting.type(pilot, " typed")
        await sitting.press(pilot, "ctrl+s")
        (spoke,) = sitting.of(ev.Spoke)
        assert isinstance(spoke, ev.Spoke) and spoke.pasted_chars == 6 and spoke.text == "pasted typed"


async def test_the_office_clock_runs_ahead_and_tells_how_long_they_wait() -> None:
    sitting = MailSitting()
    clock = sitting_clock(sitting)
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.wait(pilot, 1)
        assert clock.at(0) in text_of(sitting.app) and "under 1 min" in text_of(sitting.app)
        assert "00:01" not in text_of(sitting.app), "there is one clock here"
        await sitting.wait(pilot, 49)
        assert clock.at(50_000) in text_of(sitting.app) and "waiting 25 min" in text_of(sitting.app)


async def test_reading_and_writing_take_as_long_as_they_take() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.wait(pilot, 20)
        assert "under 1 min" in text_of(sitting.app)
        for _ in range(60):
            await sitting.type(pilot, "x")
            await sitting.wait(pilot, 1)
        assert "waiting 1 min" in text_of(sitting.app)
        await sitting.wait(pilot, 30)
        assert "waiting 16 min" in text_of(sitting.app)


def with_second_mail() -> MailSitting:
    return MailSitting(persona=persona_of(EMAIL, SECOND_MAIL))


async def test_a_second_mail_comes_while_one_writes_and_is_opened_with_two_keys() -> None:
    sitting = with_second_mail()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, DRAFT)
        await sitting.wait(pilot, 19.9)
        assert "unread" not in text_of(sitting.app) and "F6 desk" in text_of(sitting.app)
        await sitting.wait(pilot, 0.2)
        shown = text_of(sitting.app)
        assert "1 unread mail" in shown and "F6 1 unread" in shown and " new " in shown
        assert isinstance(sitting.focused, MailBody) and sitting.form.body.text == DRAFT
        assert sitting.pane.reading is not None and sitting.pane.reading.id == "mail_1"
        await sitting.press(pilot, "f6", "enter")
        assert sitting.pane.reading.id == "mail_2"
        shown = text_of(sitting.app)
        assert SECOND_LINE in " ".join(shown.split()) and "(sent from a telephone)" in shown
        assert "unread" not in shown and "F6 reply" in shown
        await sitting.type(pilot, " twice")
        await sitting.press(pilot, "ctrl+s")
        assert [event.text for event in sitting.of(ev.Spoke) if isinstance(event, ev.Spoke)] == [
            f"{DRAFT} twice"
        ]


async def test_a_reply_may_be_sent_with_the_second_mail_unread() -> None:
    sitting = with_second_mail()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, DRAFT)
        await sitting.wait(pilot, 21)
        await sitting.press(pilot, "ctrl+s")
        await sitting.wait(pilot, 1)
        moved = [event for event in sitting.of(ev.MoodMoved) if isinstance(event, ev.MoodMoved)]
        assert "interrupted_intrusive" in moved[-1].causes
        assert [mail.id for mail in sitting.pane.mails] == ["mail_1", "mail_2", "sent_1", "mail_3"]
        assert "2 unread mails" in text_of(sitting.app)


async def test_a_quick_reply_is_crossed_by_it() -> None:
    sitting = with_second_mail()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, DRAFT)
        await sitting.press(pilot, "ctrl+s")
        await sitting.wait(pilot, 1)
        assert [mail.id for mail in sitting.pane.mails] == ["mail_1", "sent_1", "mail_2", "mail_3"]
        assert sitting.pane.mails[2].text.startswith(SECOND_LINE)


async def test_untimed_it_comes_with_the_first_letter() -> None:
    sitting = MailSitting(timed=False, persona=persona_of(EMAIL, SECOND_MAIL))
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.wait(pilot, 1)
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, "y")
        await sitting.wait(pilot, 1)
        assert "1 unread mail" in text_of(sitting.app) and sitting.form.body.text == "y"


def sitting_clock(sitting: MailSitting) -> OfficeClock:
    setting = sitting.table.setting
    return OfficeClock.of_run(setting.seed, MediumKind.EMAIL, setting.rules, sitting.call.view.fold)


async def test_practice_stops_the_office_clock_for_the_coach() -> None:
    sitting = MailSitting("practice")
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, "can i have your name")
        await sitting.press(pilot, "ctrl+s")
        assert sitting.call.coach and "go on" in text_of(sitting.app)
        before = sitting.call.now
        await sitting.wait(pilot, 30)
        assert sitting.call.now == before
        await sitting.press(pilot, "enter")
        assert not sitting.call.coach
        await sitting.wait(pilot, 1)
        assert sitting.call.now > before


async def test_untimed_a_mail_comes_whole_and_the_clock_stands() -> None:
    sitting = MailSitting(timed=False)
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.wait(pilot, 60)
        assert [mail.id for mail in sitting.pane.mails] == ["mail_1"]
        assert sitting.pane.mails[0].text.endswith("nobody there has heard of it.")
        assert "under 1 min" in text_of(sitting.app)
        await sitting.press(pilot, "enter")
        await sitting.type(pilot, DRAFT)
        await sitting.press(pilot, "ctrl+s")
        await sitting.wait(pilot, 2)
        assert [mail.id for mail in sitting.pane.mails] == ["mail_1", "sent_1", "mail_2"]


async def test_f6_walks_and_the_desk_opens() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24)) as pilot:
        await sitting.press(pilot, "enter")
        await sitting.press(pilot, "f6")
        assert isinstance(sitting.focused, MailBody)
        await sitting.press(pilot, "f6")
        assert isinstance(sitting.focused, DeskCard)
        await sitting.press(pilot, "enter")
        assert sitting.of(ev.DeskOpened)
        await sitting.type(pilot, "d")
        assert isinstance(sitting.focused, MailBody) and sitting.form.body.text == "d"
        await sitting.press(pilot, "f6", "f6")
        assert isinstance(sitting.focused, MailList)


async def test_there_is_no_pace_and_the_end_leads_to_the_debrief() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(80, 24), message_hook=sitting.app.hook) as pilot:
        await sitting.press(pilot, "ctrl+down")
        assert sitting.of(ev.PaceChanged) == []
        sitting.call.end("left")
        await sitting.wait(pilot, 1)
        assert "the exchange is over" in text_of(sitting.app)
        assert "The exchange is over." in text_of(sitting.app)
        await sitting.press(pilot, "enter")
        assert [asked.debrief for asked in sitting.app.asked(CallClosed)] == [True]


async def test_the_mail_that_ends_it_opens_itself() -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=(140, 40)) as pilot:
        for _ in range(14):
            if sitting.call.over:
                break
            sitting.call.send(sitting.hands.at, "Calm down, it is only a parcel.")
            await sitting.wait(pilot, 0.1)
        (ended,) = [event for event in sitting.of(ev.Ended) if isinstance(event, ev.Ended)]
        last = next(one.line for one in sitting.table.setting.persona.endings if one.kind == ended.ending)
        assert sitting.pane.reading is not None and sitting.pane.reading.text == last
        assert last in " ".join(text_of(sitting.app).split())
        await pilot.click(MailRow)
        await pilot.pause()
        assert "The conversation is over." not in text_of(sitting.app), "all mails can still be read"


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (200, 60), (60, 20), (40, 12), (20, 6)])
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int]) -> None:
    persona = persona_of(EMAIL)
    hostile = persona.model_copy(
        update={
            "customer": persona.customer.model_copy(update={"name": HOSTILE, "short_name": HOSTILE}),
            "medium": persona.medium.model_copy(update={"subject": HOSTILE}),
        }
    )
    sitting = MailSitting(persona=hostile)
    async with sitting.app.run_test(size=size) as pilot:
        await sitting.press(pilot, "enter")
        a_mail(sitting.call.view, 10, HOSTILE, cue=HOSTILE)
        sitting.app.post_message(Paste(HOSTILE))
        await sitting.press(pilot, "f6")
        sitting.app.post_message(Paste(HOSTILE))
        await sitting.press(pilot, "ctrl+s")
        await sitting.wait(pilot, 1)
        for step in ("up", "up", "enter", "down", "enter", "down", "enter"):
            await sitting.press(pilot, step)
            text = text_of(sitting.app)
            assert "\x1b" not in text and "\x07" not in text and "\u202e" not in text
        assert sitting.app.return_value is None and sitting.of(ev.Spoke)
        if size[0] >= 80:
            assert "[/foo]" in text and "[ [red]x" in text.replace("/", "")


@pytest.mark.parametrize("size", [(80, 24), (140, 40), (60, 20)])
async def test_what_matters_is_in_sight(size: tuple[int, int]) -> None:
    sitting = MailSitting()
    async with sitting.app.run_test(size=size) as pilot:
        await sitting.press(pilot, "enter", "f6")
        await sitting.type(pilot, DRAFT)
        await sitting.wait(pilot, 1)
        shown = " ".join(text_of(sitting.app).split())
        for thing in ("Good morning,", "Subject", f"Re: {SUBJECT}", "you waited in", "Ctrl+S send", "F5"):
            assert thing in shown, thing
        assert "under 1 min" in shown
