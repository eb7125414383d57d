from __future__ import annotations

import pytest

from scoring import events as ev
from sim.call_view import EntryKind, Holder
from sim.clock import CallClock
from sim.conversation.conversation import IntentRefused
from sim.game import Table
from sim.home import Mode
from sim.live import LiveCall
from tests.sim.calling import table_for
from tests.sim.tui.hands import START, Hands

REPLY = (
    "So you were charged eighty-four pounds twice on the third of March, and when you rang you were told to "
    "look at your app. What happened after that?"
)


class Line:
    """A call and the hands of its clock."""

    def __init__(
        self,
        *,
        mode: Mode = "rated",
        timed: bool = True,
        table: Table | None = None,
        stored: list[ev.Event] | None = None,
    ) -> None:
        self.hands = Hands()
        self.kept: list[ev.Event] = list(stored or [])
        self.table = table or table_for(mode=mode, timed=timed)
        self.call = LiveCall(self.table, self.kept.extend, CallClock(self.hands), stored or [])

    def begin(self, pace: int = 100) -> Line:
        self.call.begin(pace)
        return self

    def wait(self, seconds: float) -> None:
        until = self.hands.at + seconds
        while self.hands.at < until:
            self.hands.at = min(until, self.hands.at + 0.1)
            self.call.tick()

    def listen(self) -> Line:
        """Let the customer finish."""
        for _ in range(3000):
            if self.call.conversation.floor_is_free:
                return self
            self.wait(0.1)
        raise AssertionError("they never finish")

    def of(self, kind: type[ev.Event]) -> list[ev.Event]:
        return [event for event in self.call.conversation.events if isinstance(event, kind)]

    def cut_in(self) -> None:
        """Cut in badly in the middle of a clause."""
        self.wait(11.2)
        self.call.send(self.hands.at, "Ok can I take your account number")
        assert self.of(ev.CustomerCutOff)


def test_nothing_happens_before_it_begins() -> None:
    line = Line()
    line.hands.at += 30
    assert (line.call.now, line.call.conversation.events) == (0, [])
    line.begin()
    assert line.call.now == 0
    assert line.call.floor().holder is Holder.CUSTOMER


def test_what_is_due_happens_and_is_kept_before_it_is_shown() -> None:
    line = Line().begin()
    line.wait(4)
    assert line.kept == line.call.conversation.events
    assert [entry.text for entry in line.call.view.entries if entry.kind is EntryKind.CLAUSE]
    assert not line.call.tick()


def test_the_call_is_begun_at_the_trainees_pace() -> None:
    line = Line().begin(60)
    assert line.call.view.fold.pace_percent == 60
    assert line.call.conversation.events[0].kind == "pace_changed"


def test_typing_is_told_as_bursts() -> None:
    line = Line().begin().listen()
    for _ in range(3):
        line.call.key(line.hands.at, empty=False)
        line.wait(0.5)
    assert line.call.floor().typing
    line.wait(4)
    assert [e.kind for e in line.of(ev.ComposingStarted) + line.of(ev.ComposingPaused)] == [
        "composing_started",
        "composing_paused",
    ]
    assert not line.call.floor().typing


def test_a_reply_is_spoken_when_its_key_was_pressed() -> None:
    line = Line().begin().listen()
    pressed = line.hands.at
    line.hands.at += 0.4
    line.call.send(pressed, REPLY, 12)
    spoke = line.of(ev.Spoke)[0]
    assert isinstance(spoke, ev.Spoke)
    assert spoke.t == pytest.approx((pressed - START) * 1000, abs=1)
    assert spoke.pasted_chars == 12


def test_an_empty_reply_is_refused_and_the_draft_stays() -> None:
    line = Line().begin().listen()
    line.call.key(line.hands.at, empty=False)
    with pytest.raises(IntentRefused, match="nothing to say"):
        line.call.send(line.hands.at, "  ")
    assert line.of(ev.ComposingPaused) == []


def test_in_practice_the_clock_stands_still_for_the_coachs_line() -> None:
    line = Line(mode="practice").begin().listen()
    line.call.send(line.hands.at, REPLY)
    stands = line.call.now
    assert line.call.coach
    assert not line.call.clock.running
    line.wait(30)
    assert line.call.now == stands
    assert len(line.of(ev.CustomerTurnStarted)) == 1
    line.call.go_on("feedback")
    assert line.call.coach == ""
    line.wait(5)
    assert len(line.of(ev.CustomerTurnStarted)) == 2
    assert [e.kind for e in line.of(ev.ClockStopped) + line.of(ev.ClockStarted)] == [
        "clock_stopped",
        "clock_started",
    ]


@pytest.mark.parametrize("mode", ["rated", "competition"])
def test_elsewhere_there_is_no_coach(mode: Mode) -> None:
    line = Line(mode=mode).begin().listen()
    line.call.send(line.hands.at, REPLY)
    assert (line.call.coach, line.call.clock.running) == ("", True)


def test_the_floor_can_be_given_back_for_a_moment() -> None:
    line = Line().begin()
    line.cut_in()
    assert line.call.can_give_back
    line.call.give_back(line.hands.at)
    assert len(line.of(ev.Withdrew)) == 1
    assert not line.call.can_give_back
    assert line.call.floor().holder in (Holder.COMING, Holder.CUSTOMER)


def test_too_late_it_cannot() -> None:
    line = Line().begin()
    line.cut_in()
    line.wait(1.6)
    with pytest.raises(IntentRefused, match="nothing to give back"):
        line.call.give_back(line.hands.at)


def test_while_the_coachs_line_stands_it_still_can() -> None:
    line = Line(mode="practice").begin()
    line.cut_in()
    line.wait(20)
    assert line.call.coach
    assert line.call.can_give_back
    line.call.give_back(line.hands.at)
    assert (line.call.coach, line.call.clock.running) == ("", True)
    assert len(line.of(ev.Withdrew)) == 1


def test_a_wait_is_announced_and_ended() -> None:
    line = Line().begin().listen()
    line.call.key(line.hands.at, empty=False)
    line.call.hold(line.hands.at, "I'll open the notes, it takes a few seconds")
    assert line.call.floor().holder is Holder.HOLD
    line.wait(20)
    assert line.call.floor().holder is Holder.HOLD
    line.call.back(line.hands.at)
    assert line.call.floor().holder is Holder.FREE
    assert [event.kind for event in line.call.conversation.events if event.kind.startswith("hold")] == [
        "hold_announced",
        "hold_ended",
    ]


def test_a_wait_announced_over_them_is_refused_and_the_draft_goes_on() -> None:
    line = Line().begin()
    line.wait(3)
    line.call.key(line.hands.at, empty=False)
    with pytest.raises(IntentRefused, match="Let them finish"):
        line.call.hold(line.hands.at, "One moment")
    line.wait(3)
    line.call.key(line.hands.at, empty=False)
    drafted = [event.kind for event in line.call.conversation.events if event.kind.startswith("composing")]
    assert drafted == ["composing_started", "composing_paused", "composing_resumed"]


def test_an_item_takes_its_time_to_open() -> None:
    line = Line().begin()
    item = line.table.setting.persona.desk.items[1]
    assert line.call.ready_ms(item.id) is None
    assert line.call.open_item(line.hands.at, item.id) == item
    assert line.call.ready_ms(item.id) == item.loading_s * 1000
    line.wait(1)
    assert line.call.open_item(line.hands.at, item.id) == item
    assert line.call.ready_ms(item.id) == item.loading_s * 1000 - 1000
    line.wait(item.loading_s)
    assert line.call.ready_ms(item.id) == 0
    assert len(line.of(ev.DeskOpened)) == 1


def test_a_pause_is_in_nobodys_time() -> None:
    line = Line().begin()
    line.wait(3)
    line.call.pause("suspended")
    line.wait(100)
    line.call.pause("paused")
    assert line.call.now == 3000
    line.call.go_on("suspended")
    line.call.go_on("suspended")
    line.wait(1)
    assert line.call.now == 4000
    assert len(line.of(ev.ClockStopped)) == len(line.of(ev.ClockStarted)) == 1


def test_the_terminals_focus_is_noted() -> None:
    line = Line().begin()
    line.wait(1)
    line.call.focus(line.hands.at, lost=True)
    line.call.focus(line.hands.at, lost=False)
    assert len(line.of(ev.FocusLost)) == len(line.of(ev.FocusGained)) == 1


@pytest.mark.parametrize(
    ("said", "reason"), [("left", "left"), ("stopped", "stopped"), ("anything", "stopped")]
)
def test_a_call_can_be_ended(said: str, reason: str) -> None:
    line = Line().begin()
    line.wait(2)
    line.call.end(said)
    ended = line.of(ev.Ended)[0]
    assert isinstance(ended, ev.Ended)
    assert (line.call.over, ended.reason, line.call.tick()) == (True, reason, False)
    line.call.key(line.hands.at, empty=False)
    line.call.focus(line.hands.at, lost=True)
    line.call.pause("paused")
    with pytest.raises(IntentRefused, match="over"):
        line.call.send(line.hands.at, "Hello?")


def test_a_call_that_was_interrupted_is_gone_on_with() -> None:
    first = Line().begin().listen()
    first.call.send(first.hands.at, REPLY)
    first.wait(4)
    second = Line(stored=list(first.kept), table=first.table).begin()
    assert second.call.now >= first.call.view.fold.last_t
    assert second.call.view.entries[0].text == first.call.view.entries[0].text
    second.listen()
    assert second.kept == second.call.conversation.events


def test_gone_on_with_in_practice_the_coach_does_not_repeat_itself() -> None:
    first = Line(mode="practice").begin().listen()
    first.call.send(first.hands.at, REPLY)
    first.call.go_on("feedback")
    first.wait(1)
    second = Line(stored=list(first.kept), table=first.table).begin()
    second.listen()
    assert second.call.coach == ""


# untimed --------------------------------------------------------------------------------------------------


def test_untimed_nothing_moves_by_itself() -> None:
    line = Line(timed=False).begin()
    line.call.tick()
    clauses = len(line.of(ev.ClauseEnded))
    line.wait(60)
    assert len(line.of(ev.ClauseEnded)) == clauses == 1
    line.call.listen_on()
    assert len(line.of(ev.ClauseEnded)) == 2


def test_untimed_the_customer_can_be_heard_out() -> None:
    line = Line(timed=False).begin()
    for _ in range(100):
        line.call.listen_on()
    assert line.call.conversation.floor_is_free
    assert line.call.floor().quiet_ms == 0


def test_untimed_a_silence_is_chosen() -> None:
    line = Line(timed=False).begin()
    with pytest.raises(IntentRefused, match="listen on"):
        line.call.stay_silent(4)
    for _ in range(100):
        line.call.listen_on()
    before = line.call.conversation.now
    line.call.stay_silent(4)
    assert line.call.now >= before + 4000


def test_where_the_clock_runs_a_silence_is_just_kept() -> None:
    line = Line().begin().listen()
    with pytest.raises(IntentRefused, match="Just wait"):
        line.call.stay_silent(4)


def test_untimed_a_reply_is_answered() -> None:
    line = Line(timed=False).begin()
    for _ in range(100):
        line.call.listen_on()
    line.call.send(line.hands.at, REPLY)
    line.call.tick()
    assert len(line.of(ev.CustomerTurnStarted)) == 2
