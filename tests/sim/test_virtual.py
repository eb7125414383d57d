"""The clock that moves only when told, also while a voice keeps everybody waiting."""

from __future__ import annotations

from collections import deque

from scoring import events as ev
from sim.customer.note import VoiceRequest
from sim.customer.voices.base import Speech, VoiceIdentity, VoicePiece
from sim.game import Table
from sim.virtual import VirtualCall
from tests.sim.calling import begun, table_for


class SlowSpeech:
    """Says nothing at the first polls, then one sentence."""

    def __init__(self, polls: int, text: str) -> None:
        self._pieces = deque[VoicePiece | None]([None] * polls)
        self._pieces += [VoicePiece(text, done=False), VoicePiece("", done=True)]

    def poll(self, timeout_s: float) -> VoicePiece | None:
        return self._pieces.popleft() if self._pieces else VoicePiece("", done=True)

    def cancel(self) -> None:
        self._pieces.clear()


class SlowVoice:
    """A voice whose every turn needs some polls."""

    def __init__(self, polls: int) -> None:
        self._polls = polls
        self.asked = 0

    @property
    def identity(self) -> VoiceIdentity:
        return VoiceIdentity("local", "slow", "0" * 64, "greedy")

    def warm(self) -> None:
        return

    def prepare(self, request: VoiceRequest) -> None:
        return

    def speak(self, request: VoiceRequest) -> Speech:
        self.asked += 1
        return SlowSpeech(self._polls, f"That is answer number {self.asked}, and no more.")

    def close(self) -> None:
        return


def slow_table(polls: int) -> Table:
    plain = table_for()
    return Table(
        plain.header,
        plain.materials,
        plain.setting,
        plain.manners,
        plain.listener,
        SlowVoice(polls),
        plain.log,
    )


def test_running_to_a_time_lets_everything_happen_on_the_way_and_stops_there() -> None:
    call = VirtualCall(begun(table_for()))
    call.run_to(10_000)
    assert call.now == 10_000
    assert all(event.t <= 10_000 for event in call.conversation.events)
    call.run_to(2_000)
    assert call.now == 10_000


def test_a_step_is_the_next_due_thing() -> None:
    call = VirtualCall(begun(table_for()))
    due = call.conversation.next_due()
    assert call.step() and call.now == due


def test_listening_ends_when_the_floor_is_free() -> None:
    call = VirtualCall(begun(table_for()))
    call.listen()
    assert call.conversation.floor_is_free
    assert call.conversation.fold.turn.clauses[-1].end == call.now
    before = len(call.conversation.events)
    call.listen()
    assert len(call.conversation.events) == before


def test_clauses_come_one_by_one() -> None:
    call = VirtualCall(begun(table_for()))
    heard = 0
    while call.until_clause_ends():
        ended = sum(isinstance(event, ev.ClauseEnded) for event in call.conversation.events)
        assert ended == heard + 1
        heard = ended
    assert heard == len(call.conversation.fold.turn.clauses) and call.conversation.floor_is_free


def test_who_speaks_next_and_since_when() -> None:
    call = VirtualCall(begun(table_for()))
    assert call.until_customer_speaks() == 0
    call.listen()
    assert call.until_customer_speaks() is None
    call.conversation.speak(call.now, "What happened on the Thursday?")
    began = call.until_customer_speaks()
    assert began is not None and began > call.conversation.fold.turns[0].clauses[-1].start


def test_waiting_for_a_slow_voice_takes_no_time_of_the_call() -> None:
    logs = []
    for polls in (0, 7):
        table = slow_table(polls)
        call = VirtualCall(begun(table))
        call.listen()
        call.conversation.speak(call.now, "What happened on the Thursday?")
        call.listen()
        assert not [event for event in call.conversation.events if isinstance(event, ev.VoiceWaited)]
        assert "That is answer number" in call.conversation.fold.turn.customer_text
        logs.append(call.conversation.events)
    assert logs[0] == logs[1]


def test_nothing_moves_after_the_end() -> None:
    call = VirtualCall(begun(table_for()))
    call.conversation.end(call.now, "left")
    ended = list(call.conversation.events)
    call.run_to(60_000)
    call.listen()
    assert not call.step()
    assert call.until_customer_speaks() is None
    assert call.conversation.events == ended
