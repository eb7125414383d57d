"""E-mail: a second mail comes while one writes, or crosses the reply in the post."""

from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from scoring.call_score import score_call
from scoring.floor import FloorKind
from scoring.turn_score import Conditions
from sim.conversation.conversation import IntentRefused
from sim.customer.reaction import after_reply
from tests.sim.stage import EMAIL, NOTHING, SECOND_LINE, SECOND_MAIL, Stage, says, told

VAN = "A neighbour saw your van turn round in the lane."


def mail_stage(*, timed: bool = True) -> Stage:
    """Return an exchange whose first mail has come."""
    return Stage(EMAIL, SECOND_MAIL, timed=timed).start().listen()


def opened(stage: Stage) -> Stage:
    stage.talk.open_mail(stage.now, "mail_1")
    return stage


def writing(stage: Stage, ms: int) -> Stage:
    """Begin a draft and write for so long."""
    stage.talk.compose(stage.now, "started")
    stage.wait(ms)
    return stage


def second_mails(stage: Stage) -> list[ev.NoteIssued]:
    return [note for note in stage.of(ev.NoteIssued) if note.beat == "one_more"]


def floor_kinds(stage: Stage) -> list[FloorKind | None]:
    setting = stage.setting
    conditions = Conditions(setting.medium, setting.timed)
    score = score_call(setting.persona, setting.rules, conditions, stage.events)
    return [turn.floor.kind if turn.floor else None for turn in score.turns if turn.replied_at is not None]


def test_it_comes_after_so_many_seconds_of_writing_and_the_draft_goes_on() -> None:
    stage = opened(mail_stage())
    stage.wait(60_000)
    assert second_mails(stage) == [], "nothing comes while nobody writes"
    began = stage.now
    writing(stage, 19_999)
    assert stage.talk.next_due() == began + 20_000 and second_mails(stage) == []
    place = len(stage.events)
    stage.wait(1)
    (note,) = second_mails(stage)
    assert (note.t, note.act, note.facts) == (began + 20_000, Act.TELL, ("van",))
    assert stage.said_since(place) == [SECOND_LINE, VAN]
    assert stage.of(ev.ClauseStarted, place)[0].cue == "sent from a telephone"
    assert {voiced.voice for voiced in stage.of(ev.SentenceVoiced, place)} == {"author"}
    assert {event.t for event in stage.events[place:]} == {began + 20_000}, "a mail comes whole, at once"
    assert told(stage.events)[-1] == "van" and stage.talk.floor_is_free and stage.talk.fold.composing


def test_pauses_in_the_writing_count_and_it_comes_once() -> None:
    stage = opened(mail_stage())
    began = stage.now
    stage.talk.compose(began, "started")
    stage.wait(3_000)
    stage.talk.compose(began + 1_000, "paused")
    stage.run_to(began + 20_000)
    assert len(second_mails(stage)) == 1
    stage.talk.open_mail(stage.now, "mail_2")
    stage.say(says("restates", facts=["van"]))
    stage.listen()
    stage.talk.open_mail(stage.now, "mail_3")
    writing(stage, 60_000)
    assert len(second_mails(stage)) == 1


def test_a_draft_that_is_emptied_starts_the_count_again() -> None:
    stage = writing(opened(mail_stage()), 19_000)
    stage.talk.compose(stage.now, "cleared")
    stage.wait(30_000)
    assert second_mails(stage) == [] and stage.talk.next_due() is None
    began = stage.now
    writing(stage, 20_000)
    assert second_mails(stage)[0].t == began + 20_000


def test_a_voice_that_is_slow_does_not_hold_it_up() -> None:
    stage = Stage(EMAIL, SECOND_MAIL, play=lambda _: [None, "Well then."]).start().listen()
    writing(opened(stage), 20_000)
    assert stage.of(ev.ClauseStarted)[-1].text == VAN and not stage.talk.starved


def test_untimed_it_comes_with_the_first_key() -> None:
    stage = opened(mail_stage(timed=False))
    stage.talk.compose(stage.now, "started")
    assert len(second_mails(stage)) == 1 and stage.talk.floor_is_free


def test_opened_in_time_it_is_no_interruption() -> None:
    stage = writing(opened(mail_stage()), 20_000)
    stage.talk.open_mail(stage.now, "mail_2")
    place = stage.say(says("restates", facts=["trips", "van"]))
    stage.listen()
    assert not any("interrupted_intrusive" in move.causes for move in stage.of(ev.MoodMoved, place))
    assert stage.note.act is not Act.BROKEN_OFF and floor_kinds(stage) == [FloorKind.CLEAN]


def test_a_reply_that_has_not_read_it_hurts_and_is_told_so() -> None:
    stage = writing(opened(mail_stage()), 20_000)
    before = stage.talk.fold.mood
    place = stage.say(says("restates", facts=["trips"]))
    stage.listen()
    moved = [cause for move in stage.of(ev.MoodMoved, place) for cause in move.causes]
    assert "interrupted_intrusive" in moved and "story_heard" not in moved
    assert stage.note.act is Act.BROKEN_OFF and stage.note.repeats == ("van",)
    assert stage.said_since(place)[-2:] == ["The van turned round in our lane.", "It was seen."]
    assert stage.talk.fold.mood.frustration > before.frustration
    assert floor_kinds(stage) == [FloorKind.UNREAD]


def test_sent_before_it_has_come_it_crosses_the_reply() -> None:
    stage = writing(opened(mail_stage()), 5_000)
    place = stage.say(says("restates", facts=["trips"]))
    stage.listen()
    kinds = [event.kind for event in stage.events[place:] if event.kind in ("spoke", "note_issued")]
    assert kinds == ["spoke", "note_issued", "note_issued"]
    assert stage.of(ev.NoteIssued, place)[0].beat == "one_more", "it was posted before the reply was read"
    assert stage.note.act is not Act.BROKEN_OFF and stage.note.beat is None
    first, second = stage.talk.fold.turns
    assert "van" in second.facts_told and "van" not in first.facts_told
    assert len(second.floor_spans) == 2, "the next reply answers both mails"
    assert floor_kinds(stage) == [FloorKind.CLEAN], "nobody can open what has not come"


def test_the_crossed_mail_must_be_opened_before_the_next_reply() -> None:
    stage = writing(opened(mail_stage()), 5_000)
    stage.say(says("restates", facts=["trips"]))
    stage.listen()
    stage.talk.open_mail(stage.now, "mail_3")
    stage.say(says("restates", facts=["card"]))
    stage.listen()
    assert stage.note.act is Act.BROKEN_OFF and stage.note.repeats == ("van",)


def test_a_holding_reply_ends_the_draft_and_nothing_crosses_it() -> None:
    stage = writing(opened(mail_stage()), 5_000)
    stage.talk.announce_hold(stage.now, "I have your mail. You hear from me by four.")
    stage.wait(120_000)
    assert second_mails(stage) == []
    writing(stage, 20_000)
    assert len(second_mails(stage)) == 1


def test_nothing_else_opens_what_it_tells() -> None:
    stage = opened(mail_stage())
    reaction = after_reply(stage.setting, stage.talk.fold, stage.talk.ledger, stage.now)
    assert reaction.note.beat == "one_more", "after a reply the mail comes first, whatever was asked"
    stage = Stage(EMAIL, SECOND_MAIL, ('after = "trips"', 'after = "clock"')).start().listen()
    opened(stage)
    stage.answered(says("asks_open", "restates", topics=["driver"], facts=["card"]))
    assert stage.note.act is Act.BLOCKED and stage.note.blocked == "van"


@pytest.mark.parametrize("crossing", [False, True])
def test_it_comes_whole_though_the_program_was_ended_at_any_of_its_events(crossing: bool) -> None:
    whole = writing(opened(mail_stage()), 5_000 if crossing else 21_000)
    if not crossing:
        whole.talk.open_mail(whole.now, "mail_2")
    whole.say(says("restates", facts=["trips"]))
    whole.listen()
    whole.talk.open_mail(whole.now, "mail_3")
    for length in range(len(whole.events) + 1):
        before = whole.events[:length]
        stage = Stage(EMAIL, SECOND_MAIL)
        stage.listener.set.update(whole.listener.set)
        stage.go_on(before, max((event.t for event in before), default=0) + 5_000)
        stage.listen()
        for _ in range(3):
            writing(stage, 21_000)
            for number in range(1, stage.talk.fold.stretches + 1):
                stage.talk.open_mail(stage.now, f"mail_{number}")
            stage.say(NOTHING)
            stage.listen()
            assert not stage.talk.over
        spoken = told(stage.events)
        assert spoken.count("van") == 1 and len(spoken) == len(set(spoken)), before[-1:]
        assert stage.events[:length] == before and stage.kept == stage.events
        notes = [note for note in second_mails(stage) if note not in before]
        assert len(notes) <= 1


def test_a_mail_that_is_not_there_cannot_be_opened() -> None:
    stage = mail_stage()
    with pytest.raises(IntentRefused, match="there is mail_1"):
        stage.talk.open_mail(stage.now, "mail_2")
