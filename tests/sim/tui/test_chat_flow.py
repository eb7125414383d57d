"""What has been sent in a chat is there, in the order of its coming; what is being typed is only a sign."""

from __future__ import annotations

import pytest

from personas.acts import MediumKind
from scoring import events as ev
from sim.call_view import CallView
from sim.customer.note import VoiceRequest
from sim.tui.widgets.chat_flow import BURST_MS, REST_MS, ChatFlow, Side, Sign
from tests.sim.stage import CHAT, Play, Stage, rules
from tests.sim.tui.chats import Watched

FIRST = "Good morning, I'm ringing about a parcel of mine."
SECOND = "It was to be here on the fifth of May,"
THIRD = "and it wasn't."
CUE = "a careful breath"


def test_a_message_appears_when_it_has_been_typed_and_not_before() -> None:
    chat = Watched()
    typed = chat.running().duration_ms
    assert chat.look(typed - 1) == []
    assert chat.flow.sign(typed - 1) is Sign.TYPING
    assert chat.look(typed) == [FIRST]
    assert chat.lines[0].at == typed


def test_a_cue_appears_with_its_message() -> None:
    chat = Watched()
    chat.stage.until_said(SECOND)
    second = chat.running()
    assert chat.look() == [FIRST]
    assert chat.look(second.t + second.duration_ms) == [FIRST, CUE, SECOND]
    assert [line.side for line in chat.lines] == [Side.THEIRS, Side.MIDDLE, Side.THEIRS]


def test_a_broken_message_never_appears_nor_does_its_cue() -> None:
    chat = Watched()
    chat.stage.until_said(SECOND)
    chat.stage.say(text="What is your account number?", at=chat.stage.now + 1000)
    chat.look(chat.stage.now + 60_000)
    assert chat.stage.of(ev.CustomerCutOff)
    seen = [line.entry.text for line in chat.lines]
    assert FIRST in seen and SECOND not in seen and CUE not in seen
    assert chat.mark_of("What is your account number?") == "sent while Moira was typing; she stopped"


def test_what_was_sent_during_the_last_message_stands_before_it() -> None:
    chat = Watched()
    last = chat.stage.until_said("and nobody there has heard of it.")
    chat.stage.say(text="Nobody?", at=last.t + 500)
    seen = chat.look(chat.stage.now + 30_000)
    assert not chat.stage.of(ev.CustomerCutOff) and not chat.stage.of(ev.Yielded)
    assert seen.index("Nobody?") + 1 == seen.index(last.text)
    assert chat.mark_of("Nobody?") == "sent while Moira was typing; she typed on"


def test_nothing_is_said_under_a_message_sent_into_the_free_chat() -> None:
    chat = Watched()
    chat.stage.listen()
    chat.stage.say(text="Thank you.")
    assert chat.mark_of("Thank you.") == ""


def test_who_lets_you_in_has_stopped_too() -> None:
    chat = Watched()
    clause = chat.stage.until_said("and he never even rang the bell,")
    chat.stage.say(text="Sorry, go on.", at=clause.t + 800)
    assert chat.stage.of(ev.Yielded)
    assert chat.mark_of("Sorry, go on.") == "sent while Moira was typing; she stopped"
    assert "Moira lets you in." not in chat.look()


def test_a_message_taken_back_says_so() -> None:
    chat = Watched()
    clause = chat.stage.until_said("He put a card through the door")
    chat.stage.say(text="Can I have your postcode?", at=clause.t + 800)
    chat.look()
    chat.stage.talk.withdraw(chat.stage.now + 400)
    assert chat.mark_of("Can I have your postcode?") == "taken back"
    assert "You give the floor back." not in chat.look()


@pytest.mark.parametrize("steps", [1, 7, 10_000])
def test_looking_often_or_once_shows_the_same(steps: int) -> None:
    stage = Stage(CHAT).start()
    stage.run_to(15_000)
    stage.talk.backchannel(15_000, "Oh dear")
    stage.listen()
    stage.say(text="You waited, and nobody rang.")
    stage.listen()
    view = CallView(stage.persona, rules(), MediumKind.CHAT, timed=True)
    flow, lines = ChatFlow(view), []
    for start in range(0, len(stage.events), steps):
        view.apply_all(stage.events[start : start + steps])
        lines += [(line.entry.text, line.at, line.opens) for line in flow.news()]
    assert len(lines) == len(view.entries)
    assert [at for _, at, _ in lines] == sorted(at for _, at, _ in lines)
    whole = CallView(stage.persona, rules(), MediumKind.CHAT, timed=True)
    whole.apply_all(stage.events)
    assert lines == [(line.entry.text, line.at, line.opens) for line in ChatFlow(whole).news()]


def test_messages_of_one_party_are_one_burst() -> None:
    chat = Watched()
    chat.stage.talk.backchannel(8_000, "mm-hm")
    chat.stage.listen()
    chat.stage.say(text="I see.")
    chat.stage.say(text="Nobody rang.", at=chat.stage.now + 300)
    chat.stage.listen()
    chat.look()
    opening = [line.entry.text for line in chat.lines if line.opens]
    assert opening[:2] == [FIRST, "I see."]
    assert len(opening) == 3, "theirs, yours, and their answer"
    assert all(
        line.side is Side.THEIRS for line in chat.lines if line.opens and line.entry.text == opening[2]
    )


def test_a_long_wait_begins_a_new_burst() -> None:
    chat = Watched()
    chat.stage.listen()
    chat.look()
    t = chat.stage.now
    for later in (0, BURST_MS, 2 * BURST_MS + 1):
        chat.view.apply(ev.Spoke(t=t + later, text=f"after {later}"))
    opens = [line.opens for line in chat.flow.news()]
    assert opens == [True, False, True]


def test_a_wait_that_was_asked_for_is_one_of_your_messages() -> None:
    chat = Watched()
    chat.stage.listen()
    chat.stage.talk.announce_hold(chat.stage.now + 1, "I look for it, one moment.")
    chat.look()
    assert chat.lines[-1].side is Side.YOURS and chat.lines[-1].opens
    assert chat.mark_of("I look for it, one moment.") == "you asked for a moment"


def test_the_sign_rests_between_two_messages_and_stops_at_the_end() -> None:
    chat = Watched()
    end = chat.running().duration_ms
    chat.look(end + 10)
    assert chat.flow.sign(end + 10) is Sign.RESTING
    chat.stage.listen()
    chat.look()
    assert chat.flow.sign(chat.stage.now) is Sign.OFF


def test_the_sign_stops_and_starts_again_when_the_words_take_long() -> None:
    def play(request: VoiceRequest) -> Play:
        return ["One thing first.", None, "Here it is."]

    chat = Watched(Stage(CHAT, play=play))
    chat.stage.listen()
    chat.stage.say(text="Tell me.")
    said = chat.stage.until_said("One thing first.")
    end = said.t + said.duration_ms
    chat.stage.talk.advance(end + 5_000)
    chat.look()
    assert chat.flow.sign(end + REST_MS) is Sign.RESTING
    assert chat.flow.sign(end + REST_MS + 1) is Sign.OFF
    chat.stage.talk.speak(end + 5_000, "Yes?")
    assert chat.mark_of("Yes?") == "", "no sign stood there"
    chat.stage.until_said("Here it is.")
    chat.look()
    assert chat.flow.sign(chat.stage.now) is Sign.TYPING
