"""The table of media (DESIGN 3), cell by cell: what each medium does differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.floor import FloorKind
from scoring.turn_score import TurnScore, score_turn
from sim.conversation.conversation import IntentRefused
from sim.conversation.refusing import CHANNELS
from sim.tui.widgets.chat_flow import ChatFlow, Sign
from tests.personas.samples import Change, linted
from tests.scoring.builders import Call
from tests.sim.stage import CHAT, EMAIL, NOTHING, SECOND_MAIL, VIDEO, Stage, says
from tests.sim.tui.mails import mail_view

PHONE, VID, CHT, MAIL = MediumKind.PHONE, MediumKind.VIDEO, MediumKind.CHAT, MediumKind.EMAIL
CHANGES: dict[MediumKind, tuple[Change, ...]] = {PHONE: (), VID: (VIDEO,), CHT: (CHAT,), MAIL: (EMAIL,)}
FIRST = "Good morning, I'm ringing about a parcel of mine."
LAST = "and nobody there has heard of it."
Cell = Callable[[], None]


def began(medium: MediumKind, *changes: Change) -> Stage:
    return Stage(*CHANGES[medium], *changes).start()


def reply_score(stage: Stage) -> TurnScore:
    """Return the score of the first turn."""
    fold, setting = stage.talk.fold, stage.setting
    return score_turn(
        setting.persona, setting.rules, fold.turns[0], (), fold.told, fold.opened, medium=setting.medium
    )


def causes(stage: Stage, since: int) -> list[str]:
    return [cause for move in stage.of(ev.MoodMoved, since) for cause in move.causes]


def shown_cues(events: Iterable[ev.Event]) -> list[str]:
    return [event.cue for event in events if isinstance(event, ev.ClauseStarted) and event.cue]


# how the customer arrives -----------------------------------------------------------------------------


def comes_in_clauses_with_tone(medium: MediumKind) -> None:
    stage = began(medium).listen()
    said = stage.of(ev.ClauseStarted)
    assert [clause.words * 400 for clause in said] == pytest.approx(
        [clause.duration_ms for clause in said], rel=0.1
    ), "words take time"
    assert all(clause.words <= 12 for clause in said)
    assert shown_cues(stage.events) == ["a careful breath", "her voice drops"]


def typing_sign_then_messages() -> None:
    stage = Stage(CHAT)
    view = mail_view(stage.persona)
    flow = ChatFlow(view)
    stage.start()
    begun = stage.until_said(FIRST)
    view.apply_all(stage.events)
    assert flow.news() == [] and flow.sign(stage.now) is Sign.TYPING, "first only the sign"
    stage.listen()
    view = mail_view(stage.persona)
    view.apply_all(stage.events)
    texts = [line.entry.text for line in ChatFlow(view).news()]
    assert texts.count(FIRST) == 1 and len(texts) > 5, "then a burst of messages"
    assert begun.duration_ms == round(begun.words * 60_000 / stage.setting.rules.pace.chat_typing_wpm)


def whole_mails_and_a_second_one_while_one_writes() -> None:
    stage = began(MAIL, SECOND_MAIL)
    assert {event.t for event in stage.events} == {0}, "the mail is there whole"
    stage.talk.compose(1_000, "started")
    stage.run_to(21_000)
    assert stage.note.beat == "one_more" and stage.talk.fold.composing
    assert len(stage.of(ev.CustomerTurnStarted)) == 2


# interruption -----------------------------------------------------------------------------------------


def left_before_the_end(medium: MediumKind, left_ms: int) -> Stage:
    """Speak so many ms before the customer's last word, three words or more from it."""
    stage = began(medium)
    begun = stage.until_said(LAST)
    stage.run_to(begun.t + begun.duration_ms - left_ms)
    stage.say(NOTHING)
    return stage


def cutting_in_stops_them(medium: MediumKind, tolerance_ms: int) -> None:
    stage = began(medium)
    begun = stage.until_said("He put a card through the door")
    stage.run_to(begun.t + 1_000)
    place = stage.say(says("gives_solution"))
    assert stage.of(ev.CustomerCutOff, place)
    stage.listen()
    assert stage.note.act is Act.BROKEN_OFF and "interrupted_power" in causes(stage, place)
    floor = reply_score(stage).floor
    assert floor is not None and floor.kind is FloorKind.POWER
    inside = left_before_the_end(medium, 800 + tolerance_ms - 10)
    outside = left_before_the_end(medium, 800 + tolerance_ms + 10)
    stopped = [bool(one.of(ev.CustomerCutOff) or one.of(ev.Yielded)) for one in (inside, outside)]
    assert stopped == [False, True]


def sending_under_the_sign_counts_only_for_something_new() -> None:
    new = began(CHT)
    new.until_said("and he never even rang the bell,")
    new.say(says("gives_solution"))
    assert new.of(ev.CustomerCutOff)
    old = began(CHT)
    begun = old.until_said(LAST)
    old.run_to(begun.t + 50)
    old.say(NOTHING)
    old.listen()
    assert not old.of(ev.CustomerCutOff) and not old.of(ev.Yielded)
    assert reply_score(old).skills["interruptions"].value is None


def sending_with_a_mail_unopened() -> None:
    blind = began(MAIL)
    place = blind.say(NOTHING)
    assert "interrupted_intrusive" in causes(blind, place)
    assert reply_score(blind).skills["interruptions"].value == 20
    read = began(MAIL)
    read.talk.open_mail(500, "mail_1")
    place = read.say(NOTHING)
    assert "interrupted_intrusive" not in causes(read, place)
    assert reply_score(read).skills["interruptions"].value is None, "one mail, opened, is no occasion"


# backchannel ------------------------------------------------------------------------------------------


def signs_go_by(medium: MediumKind, *channels: ev.Channel) -> None:
    assert CHANNELS[medium] == channels
    stage = began(medium)
    stage.wait(4_000)
    every: tuple[ev.Channel, ...] = ("voice", "nod", "face", "typed")
    for channel in every:
        if channel in channels:
            stage.talk.backchannel(stage.now, channel=channel)
        else:
            with pytest.raises(IntentRefused):
                stage.talk.backchannel(stage.now, channel=channel)
    given = [sign.channel for sign in stage.of(ev.Backchannelled)]
    assert given == [channel for channel in every if channel in channels]
    assert not stage.of(ev.CustomerCutOff), "a sign never takes the floor"
    if channels:
        stage.talk.backchannel(stage.now)
        assert stage.of(ev.Backchannelled)[-1].channel == channels[0], "the ordinary way"
    else:
        with pytest.raises(IntentRefused):
            stage.talk.backchannel(stage.now)


def signs_are_not_scored_by_mail() -> None:
    signs_go_by(MAIL)
    call = Call().opens().add(ev.MailOpened(t=0, item="mail_1")).speaks("Dear Mara").read()
    assert call.last(MAIL).skills["engagement"].value is None
    assert call.last(PHONE).skills["engagement"].value is not None


# silence ----------------------------------------------------------------------------------------------


def silence_is_heard(medium: MediumKind) -> None:
    stage = began(medium).listen()
    assert stage.talk.next_due() == stage.now + 10_000
    stage.wait(10_000)
    assert stage.note.act is Act.PROMPT
    dead = Call().opens().waits(16_000).speaks("Well.").read().last(medium)
    prompt = Call().opens().waits(1_500).speaks("Well.").read().last(medium)
    assert dead.skills["pauses"].value == 0 and prompt.skills["pauses"].value != 0


def after_a_minute_they_ask_and_typing_does_not_count() -> None:
    stage = began(CHT).listen()
    at = stage.now
    assert stage.talk.next_due() == at + 60_000
    stage.talk.compose(at + 50_000, "started")
    stage.wait(90_000)
    assert stage.note.act is not Act.PROMPT
    last_key = stage.now
    stage.talk.compose(last_key, "paused")
    assert stage.talk.next_due() == last_key + 60_000
    stage.talk.announce_hold(stage.now, "I open the tracking.")
    due = stage.talk.next_due()
    assert due is not None and due >= stage.now + 60_000, "who was told waits no shorter than who was not"
    short = Call().opens().waits(16_000).speaks("Well.").read("restates")
    long = Call().opens().waits(61_000).speaks("Well.").read("restates")
    assert short.last(CHT).skills["engagement"].value != 0
    assert long.last(CHT).skills["engagement"].value == 0


def the_office_has_its_own_clock() -> None:
    stage = began(MAIL)
    stage.talk.open_mail(0, "mail_1")
    stage.wait(20 * 60_000)
    assert Act.PROMPT not in [note.act for note in stage.of(ev.NoteIssued)], "nobody asks by mail"
    place = stage.say(says("restates", facts=["trips"]))
    assert causes(stage, place).count("left_waiting") == 2, "nearly ten hours of the office"
    held = began(MAIL)
    held.talk.open_mail(0, "mail_1")
    held.wait(60_000)
    held.talk.announce_hold(held.now, "You hear from me by four.")
    held.wait(6 * 60_000)
    place = held.say(says("restates", facts=["trips"]))
    assert "left_waiting" not in causes(held, place)
    wait = reply_score(held).waited
    assert wait is not None and wait.held and wait.kept


# the skill of pauses ----------------------------------------------------------------------------------


def pauses(medium: MediumKind, scored: bool) -> None:
    call = Call().says("And the shelves are empty.", ["empty_shelves"]).waits(3_000)
    call.speaks("That is a week of food.").read("restates")
    assert (call.last(medium).skills["pauses"].value is not None) is scored


# what is harder ---------------------------------------------------------------------------------------


def senses_found(medium: MediumKind, sense: str) -> bool:
    """Whether the checker has nothing against a cue of a sense."""
    cue: Change = (
        'cue = { text = "a careful breath",',
        f'cue = {{ text = "a careful breath", sense = "{sense}",',
    )
    problems = linted(*CHANGES[medium], cue)
    return not [one for one in problems if "clauses[1]" in str(one) and "sense" in str(one)]


def only_the_voice_is_there() -> None:
    assert [
        sense for sense in ("voice", "face", "gaze", "posture", "text") if senses_found(PHONE, sense)
    ] == ["voice"]


def more_cues_than_one_can_take_in() -> None:
    assert all(senses_found(VID, sense) for sense in ("voice", "face", "gaze", "posture"))
    assert not senses_found(VID, "text")
    more: Change = (
        'gist = "the mother\'s clock"',
        'gist = "the mother\'s clock"\ncue = { text = "she looks past the camera", sense = "gaze" }',
    )
    stage = Stage(VIDEO, ("trust = 30", "trust = 60"), more).start()
    place = len(stage.events)
    stage.answered(says("asks_open", topics=["contents"]))
    stage.wait(3_000)
    stage.listen()
    assert shown_cues(stage.events[place:])[-2:] == ["a clock ticks somewhere", "she looks past the camera"]
    turn = stage.talk.fold.turn
    assert len([clause for clause in turn.clauses if clause.cue]) >= 2, "several in one turn"


def two_cues_of_one_sentence_both_show() -> None:
    told = (
        "My brother packed it the week before he died, it's the carriage clock from our mother's kitchen, "
        "and there it stood."
    )
    cues: tuple[Change, ...] = (
        (
            'gist = "packed by her late brother"',
            'gist = "packed"\ncue = { text = "her eyes drop", sense = "gaze" }',
        ),
        (
            'gist = "the mother\'s clock"',
            'gist = "the clock"\ncue = { text = "her hands fold", sense = "posture" }',
        ),
        ('gate = { silence = "after_brother", after = ["brother"] }', 'gate = { question = "open" }'),
        ("trust = 30", "trust = 60"),
        ("peak = true\n", ""),
        ('after = "brother"\nhold_s', 'after = "trips"\nhold_s'),
    )
    stage = Stage(VIDEO, *cues, play=lambda _: [told]).start()
    place = len(stage.events)
    note = stage.answered(says("asks_open", topics=["contents"]))
    assert note.facts == ("brother", "clock")
    assert shown_cues(stage.events[place:])[-2:] == ["her eyes drop", "her hands fold"]


def tone_is_in_the_words() -> None:
    assert senses_found(CHT, "text") and not senses_found(CHT, "voice")


def everything_must_be_answered() -> None:
    def answering(medium: MediumKind, reply: str) -> float | None:
        call = Call().note().begins().clause("Can you come on a Thursday?", turn_end=False)
        call.clause("And what about the spoiled leftovers?").ends()
        call.add(ev.MailOpened(t=call.t, item="mail_1")).waits(1_000)
        return call.speaks(reply).read("acknowledges").last(medium).skills["attention"].value

    half, whole = "The leftovers I pay.", "On Thursday, yes. The leftovers I pay."
    assert (answering(MAIL, half), answering(MAIL, whole)) == (50, 100), "each question by itself"
    assert answering(PHONE, half) == 100, "spoken, the last one is what is answered"


TABLE: dict[tuple[str, MediumKind], Cell] = {
    ("customer arrives", PHONE): lambda: comes_in_clauses_with_tone(PHONE),
    ("customer arrives", VID): lambda: comes_in_clauses_with_tone(VID),
    ("customer arrives", CHT): typing_sign_then_messages,
    ("customer arrives", MAIL): whole_mails_and_a_second_one_while_one_writes,
    ("interruption", PHONE): lambda: cutting_in_stops_them(PHONE, 0),
    ("interruption", VID): lambda: cutting_in_stops_them(VID, 350),
    ("interruption", CHT): sending_under_the_sign_counts_only_for_something_new,
    ("interruption", MAIL): sending_with_a_mail_unopened,
    ("backchannel", PHONE): lambda: signs_go_by(PHONE, "voice"),
    ("backchannel", VID): lambda: signs_go_by(VID, "voice", "nod", "face"),
    ("backchannel", CHT): lambda: signs_go_by(CHT, "typed"),
    ("backchannel", MAIL): signs_are_not_scored_by_mail,
    ("silence", PHONE): lambda: silence_is_heard(PHONE),
    ("silence", VID): lambda: silence_is_heard(VID),
    ("silence", CHT): after_a_minute_they_ask_and_typing_does_not_count,
    ("silence", MAIL): the_office_has_its_own_clock,
    ("pauses skill", PHONE): lambda: pauses(PHONE, True),
    ("pauses skill", VID): lambda: pauses(VID, True),
    ("pauses skill", CHT): lambda: pauses(CHT, False),
    ("pauses skill", MAIL): lambda: pauses(MAIL, False),
    ("what is harder", PHONE): only_the_voice_is_there,
    ("what is harder", VID): more_cues_than_one_can_take_in,
    ("what is harder", CHT): tone_is_in_the_words,
    ("what is harder", MAIL): everything_must_be_answered,
}
"""Row and medium of DESIGN 3, and what must hold there."""


@pytest.mark.parametrize("cell", TABLE, ids=lambda cell: f"{cell[0]}, {cell[1].value}")
def test_the_table_of_media(cell: tuple[str, MediumKind]) -> None:
    TABLE[cell]()


def test_the_table_is_complete() -> None:
    rows = {row for row, _ in TABLE}
    assert len(rows) == 6 and set(TABLE) == {(row, medium) for row in rows for medium in MediumKind}


def test_two_cues_of_one_sentence_both_show() -> None:
    two_cues_of_one_sentence_both_show()
