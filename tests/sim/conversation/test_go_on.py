"""Taking a conversation up again after any of its events."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from personas.acts import Act
from scoring import events as ev
from tests.personas.samples import Change
from tests.sim.stage import COMPETE, NOTHING, Play, Stage, obedient, says, told

TRUSTING: Change = ("trust = 30", "trust = 70\nheard = 45")
ASKS = says("asks_open", topics=["contents"])
REFLECTS = says("restates", "reflects_feeling", facts=["brother"], feelings=["grief"])
OFFER = says("commits", "restates", facts=["brother"], resolutions=["search_today"])
PLAYS: dict[str, Callable[..., Play] | None] = {
    "written": None,
    "model": obedient,
    "silent model": lambda _: ["Well, there we are then."],
}


def won() -> Stage:
    """A call with a repair, a beat, typing, a hold, the desk and an accepted offer."""
    stage = Stage(TRUSTING).start()
    stage.until_said("and the number on it is eight four something,")
    stage.wait(1_000)
    stage.say(says("asks_closed"), "Did you say eight four?")
    stage.listen()
    stage.talk.compose(stage.now, "started")
    stage.wait(2_000)
    stage.talk.compose(stage.now, "paused")
    stage.talk.compose(stage.now, "resumed")
    stage.wait(500)
    stage.say(ASKS)
    stage.listen()
    stage.wait(3_200)
    stage.listen()
    stage.say(REFLECTS)
    stage.listen()
    stage.talk.open_desk(stage.now, "tracking")
    stage.talk.announce_hold(stage.now, "Let me look at the tracking.")
    stage.wait(12_000)
    stage.talk.end_hold(stage.now)
    stage.say(says("restates", facts=["brother"], records=["tracking"]))
    stage.listen()
    stage.say(OFFER)
    stage.listen()
    assert stage.talk.over
    return stage


def lost(*changes: Change) -> Stage:
    """A call with a cut taken back, one that stood, one mended, too long a reply, and dead air to its end."""
    stage = Stage(*changes).start()
    stage.until_said("Do you know what your driver did?")
    stage.say(says("gives_solution"))
    stage.wait(400)
    stage.talk.withdraw(stage.now)
    stage.until_said("and he never even rang the bell,")
    stage.wait(500)
    stage.say(says("gives_solution"))
    stage.listen()
    stage.answered(NOTHING, "Sorry, go on.")
    stage.until_said(
        "because I was sitting right there in the hall"
    ) if stage.talk.customer_speaking else None
    stage.say(says("asks_open", topics=["driver", "delivery"]))
    stage.wait(900)
    stage.say(says("gives_solution"), "And then.")
    stage.listen()
    stage.say(NOTHING, " ".join(f"word{n}" for n in range(70)))
    stage.listen()
    stage.wait(45_000)
    stage.listen()
    assert stage.talk.over
    return stage


CALLS: dict[str, Callable[[], Stage]] = {
    "won": won,
    "lost": lost,
    "lost to one who competes": lambda: lost(COMPETE),
}


def play_on(stage: Stage) -> None:
    """Play to an end: hear out, ask, offer; in the end fall silent."""
    for said in (NOTHING, says("invites_more"), ASKS, REFLECTS, OFFER, OFFER):
        stage.listen()
        if stage.talk.over:
            return
        stage.say(said)
    for _ in range(8):
        stage.listen()
        if stage.talk.over:
            return
        stage.wait(10_001)
    raise AssertionError("the call has no end")


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("voice", PLAYS)
def test_a_call_goes_on_after_any_of_its_events(name: str, voice: str) -> None:
    whole = CALLS[name]()
    changes = {"won": (TRUSTING,), "lost": (), "lost to one who competes": (COMPETE,)}[name]
    for length in range(len(whole.events) + 1):
        before = whole.events[:length]
        stage = Stage(*changes, play=PLAYS[voice])
        stage.listener.set.update(whole.listener.set)
        last = max((event.t for event in before), default=0)
        stage.go_on(before, last + 5_000)
        assert stage.events[:length] == before
        assert stage.kept == stage.events
        if not (before and isinstance(before[-1], ev.Ended)):
            due = stage.talk.next_due()
            assert stage.talk.starved or (due is not None and due >= stage.now), before[-1:]
            play_on(stage)
        after = stage.events[length:]
        notes = [event for event in after if isinstance(event, ev.NoteIssued)]
        known = set(told(before))
        assert not known & set(told(after)), (length, before[-1:])
        for note in notes:
            assert not known & set(note.facts), (length, note)
        spoken = told(stage.events)
        assert len(spoken) == len(set(spoken))
        if "brother" not in spoken:
            assert "clock" not in spoken
        assert isinstance(stage.events[-1], ev.Ended)
        assert sum(isinstance(event, ev.Ended) for event in stage.events) == 1


def test_the_time_between_counts_for_nobody() -> None:
    whole = Stage().start().listen()
    stage = Stage()
    stage.go_on(whole.events, 500_000)
    stops = [event for event in stage.events if isinstance(event, ev.ClockStopped | ev.ClockStarted)]
    assert [event.t for event in stops] == [36_000, 500_000]
    assert stage.talk.next_due() == 510_000
    stage.wait(3_000)
    place = stage.say(says("restates", facts=["card"]))
    stage.listen()
    cooling = [move for move in stage.of(ev.MoodMoved, place) if move.causes == ("time",)]
    direct = Stage().start().listen()
    direct.wait(3_000)
    direct.say(says("restates", facts=["card"]))
    direct.listen()
    assert cooling == [
        move.model_copy(update={"t": cooling[0].t})
        for move in direct.of(ev.MoodMoved)
        if move.causes == ("time",)
    ]
    assert "left_waiting" not in stage.of(ev.MoodMoved)[-1].causes


def test_a_call_cannot_go_on_before_its_last_event() -> None:
    whole = Stage().start().listen()
    stage = Stage()
    stage.go_on(whole.events, 10)
    assert stage.now == 36_000


def test_a_clause_that_was_broken_by_the_end_of_the_program_is_said_again() -> None:
    whole = Stage().start()
    whole.until_said("Do you know what your driver did?")
    stage = Stage()
    stage.go_on(whole.events, 60_000)
    place = len(whole.events)
    stage.listen()
    said = stage.said_since(place)
    assert said[1] == "Do you know what your driver did?"
    assert said[-1] == "and nobody there has heard of it."
    assert told(stage.events) == ["parcel", "missed", "card", "trips"]


@pytest.mark.parametrize("until", ["the cut", "the reaction"])
def test_what_was_cut_off_is_not_told_because_the_program_was_closed(until: str) -> None:
    whole = Stage().start()
    whole.until_said("Do you know what your driver did?")
    whole.say(says("gives_solution"))
    if until == "the reaction":
        whole.listen()
    stage = Stage()
    stage.go_on(whole.events, 60_000)
    stage.listen()
    assert stage.note.act is Act.BROKEN_OFF
    stage.answered(says("restates", facts=["missed"]))
    assert set(told(stage.events)) == {"parcel", "missed"}
    assert stage.talk.ledger.lost == {"card", "trips"}


def test_a_floor_given_back_is_taken_though_the_program_was_closed() -> None:
    whole = Stage().start()
    whole.until_said("Do you know what your driver did?")
    whole.say(says("gives_solution"))
    whole.talk.withdraw(whole.now + 300)
    place = next(n for n, event in enumerate(whole.events) if isinstance(event, ev.Withdrew))
    stage = Stage()
    stage.go_on(whole.events[: place + 1], 60_000)
    stage.listen()
    assert told(stage.events) == ["parcel", "missed", "card", "trips"]


def test_last_words_are_said_again() -> None:
    whole = lost()
    place = next(n for n, event in enumerate(whole.events) if isinstance(event, ev.HungUp))
    stage = Stage()
    stage.go_on(whole.events[:place], whole.events[-1].t + 1_000)
    stage.listen()
    assert isinstance(stage.events[-1], ev.Ended) and stage.events[-1].ending == "walked_out"


def test_a_finished_call_stays_finished() -> None:
    whole = won()
    stage = Stage()
    stage.go_on(whole.events, whole.now + 1_000)
    assert stage.talk.over and stage.events == whole.events and stage.talk.next_due() is None
