"""Playing a moment again takes the call as it stood before the reply was begun."""

from __future__ import annotations

import pytest

from scoring import events as ev
from sim.again import NoSuchMoment, until_reply
from sim.virtual import VirtualCall
from tests.sim.stage import Stage


def played(stage: Stage) -> list[ev.Event]:
    """Two replies, the first drafted after the customer's end, the second sent over their words."""
    talk, call = stage.talk, VirtualCall(stage.talk)
    talk.start(0)
    call.listen()
    talk.compose(call.now + 500, "started")
    talk.speak(call.now + 3000, "So the parcel did not come, and nobody said why?")
    assert call.until_customer_speaks() is not None
    call.run_to(call.now + 900)
    talk.speak(call.now, "Let me stop you there, what is your postcode?")
    call.listen()
    return talk.events


def test_what_stands_ends_before_the_draft_of_the_reply() -> None:
    stage = Stage()
    events = played(stage)

    first = until_reply(stage.persona, events, 0)

    assert not any(isinstance(event, ev.Spoke | ev.ComposingStarted) for event in first)
    assert isinstance(first[-1], ev.CustomerTurnEnded)
    assert list(first) == events[: len(first)]


def test_a_reply_that_cut_in_is_taken_back_to_the_running_clause() -> None:
    stage = Stage()
    events = played(stage)

    first = until_reply(stage.persona, events, 1)

    assert sum(isinstance(event, ev.Spoke) for event in first) == 1
    assert isinstance(first[-1], ev.ClauseStarted)


def test_a_moment_that_was_not_is_refused_in_words() -> None:
    stage = Stage()
    events = played(stage)

    with pytest.raises(NoSuchMoment, match="no reply number 8"):
        until_reply(stage.persona, events, 7)


def test_the_new_call_goes_on_from_there() -> None:
    stage = Stage()
    events = played(stage)
    first = until_reply(stage.persona, events, 0)

    again = Stage()
    again.talk.go_on(first, max(event.t for event in first))

    assert again.talk.floor_is_free
    again.talk.speak(again.talk.now + 2000, "What happened then?")
    assert not again.talk.over
