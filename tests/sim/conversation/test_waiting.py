"""The free floor: beats, still there, holds."""

from __future__ import annotations

import pytest

from personas.acts import Act
from scoring import events as ev
from sim.conversation.conversation import IntentRefused
from tests.personas.samples import Change
from tests.sim.stage import CHAT, EMAIL, NOTHING, Stage, rules, says, told

TRUSTING: Change = ("trust = 30", "trust = 60")
ASKS = says("asks_open", topics=["contents"])
CLOCK = "It's the carriage clock from our mother's kitchen."


def disclosed(*changes: Change) -> Stage:
    """Return a stage just after the fact whose beat waits."""
    stage = Stage(TRUSTING, *changes).start()
    assert stage.answered(ASKS).facts == ("brother",)
    assert stage.talk.floor_is_free
    return stage


def test_a_held_silence_makes_the_customer_go_on() -> None:
    stage = disclosed()
    at, place = stage.now, len(stage.events)
    assert stage.talk.next_due() == at + 3_000
    stage.run_to(at + 2_999)
    assert stage.talk.floor_is_free
    stage.run_to(at + 3_000)
    assert (stage.note.act, stage.note.beat, stage.note.facts) == (Act.ELABORATE, "after_brother", ("clock",))
    stage.listen()
    said = stage.of(ev.ClauseStarted, place)
    assert said[0].text == "...I'd better say it."
    assert said[0].cue == "a clock ticks somewhere"
    assert said[-1].text == CLOCK
    assert told(stage.events)[-1] == "clock"


def test_a_beat_fires_once() -> None:
    stage = disclosed()
    stage.wait(3_000)
    stage.listen()
    assert stage.talk.next_due() == stage.now + 10_000
    assert stage.talk.ledger.beats_fired == {"after_brother"}


@pytest.mark.parametrize(("percent", "due"), [(50, 6_000), (80, 3_750), (100, 3_000), (200, 3_000)])
def test_a_slow_pace_makes_a_beat_longer_and_a_fast_one_not_shorter(percent: int, due: int) -> None:
    stage = Stage(TRUSTING)
    stage.talk.set_pace(0, percent)
    stage.start()
    stage.answered(ASKS)
    assert stage.talk.next_due() == stage.now + due


def test_a_key_that_moves_ends_the_beat() -> None:
    stage = disclosed()
    stage.wait(1_000)
    stage.talk.compose(stage.now, "started")
    assert stage.talk.next_due() is None
    stage.wait(500)
    stage.talk.compose(stage.now, "cleared")
    assert stage.talk.next_due() == stage.now + 10_000
    stage.listen()
    assert "clock" not in told(stage.events)


def test_a_nod_does_not_end_the_beat() -> None:
    stage = disclosed()
    stage.wait(1_000)
    stage.talk.backchannel(stage.now)
    stage.wait(2_000)
    assert stage.note.beat == "after_brother"


def test_after_ten_seconds_they_ask_whether_you_are_there_and_in_the_end_they_leave() -> None:
    stage = Stage().start().listen()
    for asked in (1, 2, 3):
        at = stage.now
        stage.run_to(at + 9_999)
        assert stage.talk.floor_is_free
        stage.run_to(at + 10_000)
        assert stage.note.act is Act.PROMPT
        assert stage.talk.ledger.prompts == asked
        stage.listen()
    before = stage.talk.fold.mood
    stage.wait(10_000)
    assert stage.note.act is Act.LEAVE
    assert stage.talk.fold.mood.frustration > before.frustration
    stage.listen()
    assert isinstance(stage.events[-1], ev.Ended) and stage.events[-1].reason == "walked_out"
    assert [m.causes for m in stage.of(ev.MoodMoved)] == [("left_waiting",)] * 4


@pytest.mark.parametrize("sign", ["reply", "nod", "hold"])
def test_a_sign_of_life_starts_the_count_again(sign: str) -> None:
    stage = Stage().start().listen()
    for _ in range(2):
        stage.wait(10_000)
        stage.listen()
    assert stage.talk.ledger.prompts == 2
    if sign == "reply":
        stage.say(NOTHING)
    elif sign == "nod":
        stage.talk.backchannel(stage.now)
    else:
        stage.talk.announce_hold(stage.now, "One moment, please.")
    assert stage.talk.ledger.prompts == 0


def test_nobody_asks_whether_you_are_there_right_after_a_nod() -> None:
    stage = Stage().start().listen()
    stage.wait(9_000)
    at = stage.now
    stage.talk.backchannel(at)
    assert stage.talk.next_due() == at + 10_000


def test_typing_stops_the_silence_and_its_last_key_starts_it_again() -> None:
    stage = Stage().start().listen()
    stage.wait(9_000)
    stage.talk.compose(stage.now, "started")
    stage.wait(60_000)
    assert Act.PROMPT not in stage.acts
    last_key = stage.now - 2_000
    stage.talk.compose(last_key, "paused")
    assert stage.talk.next_due() == last_key + 10_000
    stage.wait(1_000)
    stage.talk.compose(stage.now, "resumed")
    assert stage.talk.next_due() is None


def test_chat_waits_a_minute_and_mail_for_ever() -> None:
    chat = Stage(CHAT).start().listen()
    assert chat.talk.next_due() == chat.now + 60_000
    mail = Stage(EMAIL).start().listen()
    assert mail.talk.next_due() is None


def test_an_announced_wait_is_patient() -> None:
    stage = Stage().start().listen()
    at = stage.now
    stage.talk.announce_hold(at, "Let me open the tracking.")
    assert stage.talk.next_due() == at + 45_000
    stage.wait(30_000)
    stage.talk.end_hold(stage.now)
    assert stage.of(ev.HoldEnded) == [ev.HoldEnded(t=at + 30_000)]
    assert stage.talk.next_due() == at + 40_000
    stage.talk.end_hold(stage.now)
    assert len(stage.of(ev.HoldEnded)) == 1


def test_an_announced_wait_has_an_end() -> None:
    stage = Stage().start().listen()
    at = stage.now
    stage.talk.announce_hold(at, "Let me open the tracking.")
    stage.run_to(at + 45_000)
    assert stage.of(ev.HoldEnded) == [ev.HoldEnded(t=at + 45_000)]
    assert stage.note.act is Act.PROMPT


def test_a_reply_ends_the_wait() -> None:
    stage = Stage().start().listen()
    stage.talk.announce_hold(stage.now, "Let me open the tracking.")
    stage.wait(5_000)
    stage.say(NOTHING)
    assert [event.kind for event in stage.events[-3:]] == ["hold_ended", "spoke", "checks_read"]


def test_a_wait_is_announced_with_words_on_a_free_floor_once() -> None:
    stage = Stage().start()
    with pytest.raises(IntentRefused):
        stage.talk.announce_hold(100, "One moment.")
    stage.listen()
    with pytest.raises(IntentRefused):
        stage.talk.announce_hold(stage.now, "  ")
    stage.talk.announce_hold(stage.now, "One moment.")
    with pytest.raises(IntentRefused):
        stage.talk.announce_hold(stage.now, "Another moment.")
    assert len(stage.of(ev.HoldAnnounced)) == 1


def test_the_beat_is_over_after_a_wait() -> None:
    stage = disclosed()
    stage.talk.announce_hold(stage.now, "One moment, please.")
    stage.wait(5_000)
    stage.talk.end_hold(stage.now)
    assert stage.talk.next_due() == stage.now + rules().silence.still_there_ms
