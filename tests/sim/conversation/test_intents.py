"""What a trainee may do when, and that every event is kept."""

from __future__ import annotations

import pytest

from scoring import events as ev
from sim.conversation.conversation import IntentRefused
from tests.personas.samples import Change
from tests.sim.stage import EMAIL, NOTHING, Stage, says, told

CALM: Change = ("frustration = 55", "frustration = 0")
RESTATES = says("restates", facts=["card"])


def test_nothing_is_said_twice_when_asked_to_go_on_after_the_end() -> None:
    stage = Stage().start().listen()
    before = len(stage.events)
    stage.talk.advance(stage.now)
    stage.talk.await_voice(0.0)
    assert len(stage.events) == before


def test_an_empty_reply_is_refused() -> None:
    stage = Stage().start()
    with pytest.raises(IntentRefused):
        stage.talk.speak(100, "   ")
    assert not stage.of(ev.Spoke)


def test_nothing_can_be_sent_after_the_end() -> None:
    stage = Stage().start()
    stage.talk.end(500, "stopped")
    ended = list(stage.events)
    assert stage.talk.over and not stage.talk.customer_speaking and stage.talk.next_due() is None
    for intent in (
        lambda: stage.talk.speak(600, "Hello?"),
        lambda: stage.talk.compose(600, "started"),
        lambda: stage.talk.backchannel(600),
        lambda: stage.talk.announce_hold(600, "One moment."),
        lambda: stage.talk.end_hold(600),
        lambda: stage.talk.open_desk(600, "tracking"),
        lambda: stage.talk.set_pace(600, 100),
        lambda: stage.talk.withdraw(600),
    ):
        with pytest.raises(IntentRefused):
            intent()
    stage.talk.end(700, "left")
    stage.talk.note_focus(700, lost=True)
    stage.talk.advance(90_000)
    assert stage.events == ended


def test_stopping_takes_what_was_due_before_and_nothing_after() -> None:
    stage = Stage(CALM).start()
    stage.talk.end(3_700, "left")
    assert told(stage.events) == ["parcel"]
    assert stage.events[-1] == ev.Ended(t=3_700, reason="left")
    assert stage.kept == stage.events


def test_a_reply_just_sent_cannot_be_taken_back_after_the_end() -> None:
    stage = Stage().start()
    stage.run_to(1_000)
    stage.say(says("gives_solution"))
    stage.talk.end(1_100, "stopped")
    assert not stage.talk.can_withdraw(1_200)


def test_events_are_kept_before_a_call_returns() -> None:
    stage = Stage().start()
    assert stage.kept == stage.events
    for act in (
        lambda: stage.talk.compose(stage.now, "started"),
        lambda: stage.talk.backchannel(stage.now),
        lambda: stage.talk.note_focus(stage.now, lost=True),
        lambda: stage.talk.set_pace(stage.now, 90),
        lambda: stage.talk.open_desk(stage.now, "tracking"),
        lambda: stage.say(RESTATES),
        lambda: stage.wait(4_000),
        lambda: stage.talk.end(stage.now, "left"),
    ):
        before = len(stage.events)
        act()
        assert len(stage.events) > before
        assert stage.kept == stage.events


def test_a_store_that_fails_loses_nothing() -> None:
    kept: list[ev.Event] = []
    failing = [False]

    def keep(batch) -> None:  # type: ignore[no-untyped-def]
        if failing[0]:
            raise OSError("disk full")
        kept.extend(batch)

    stage = Stage(keep=keep).start()
    failing[0] = True
    with pytest.raises(OSError):
        stage.talk.advance(4_000)
    with pytest.raises(OSError):
        stage.talk.compose(4_100, "started")
    with pytest.raises(OSError):
        stage.talk.flush()
    assert len(kept) < len(stage.events)
    failing[0] = False
    stage.talk.flush()
    assert kept == stage.events
    stage.listen()
    stage.say(NOTHING)
    stage.listen()
    assert kept == stage.events


def test_a_call_can_be_stopped_though_nothing_can_be_stored() -> None:
    def keep(batch) -> None:  # type: ignore[no-untyped-def]
        raise OSError("disk full")

    stage = Stage(keep=keep)
    with pytest.raises(OSError):
        stage.talk.start(0)
    with pytest.raises(OSError):
        stage.talk.end(5_000, "stopped")
    assert stage.talk.over


def test_desk_and_mail_know_their_place() -> None:
    stage = Stage().start()
    assert stage.talk.open_desk(100, "tracking").title == "Tracking"
    assert stage.of(ev.DeskOpened) == [ev.DeskOpened(t=100, item="tracking", loading_ms=12_000)]
    with pytest.raises(IntentRefused, match="tracking"):
        stage.talk.open_desk(100, "nothing")
    with pytest.raises(IntentRefused):
        stage.talk.open_mail(100, "mail_1")
    mail = Stage(EMAIL).start()
    mail.talk.open_mail(50, "mail_1")
    assert mail.of(ev.MailOpened) == [ev.MailOpened(t=50, item="mail_1")]
    with pytest.raises(IntentRefused):
        mail.talk.backchannel(60)


def test_tokens_are_offered_once_something_was_told() -> None:
    stage = Stage().start()
    assert stage.talk.tokens().tokens == ()
    stage.until_said("Do you know what your driver did?")
    offered = stage.talk.tokens()
    assert offered.fitting == {"A whole week!"}
    assert len(offered.tokens) == 2 and offered == stage.talk.tokens()
    for token in offered.tokens:
        stage.talk.backchannel(stage.now, token)
        given = stage.of(ev.Backchannelled)[-1]
        assert (given.specific, given.fits) == (True, token in offered.fitting)
    assert stage.talk.customer_speaking
