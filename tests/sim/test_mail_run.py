"""A run by e-mail, second mail and all, comes out the same whenever it is computed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saves.run import RunFile
from scoring import events as ev
from scoring.listener.registry import LISTENERS
from scoring.rubric import shipped_rubric
from sim.conversation.conversation import Conversation, IntentRefused
from sim.customer.voices.written import WrittenVoice
from sim.game import Origin, Table, lay_table
from sim.recompute import recompute, reread
from sim.session import LISTENER
from sim.virtual import VirtualCall
from tests.personas.samples import edited, loaded
from tests.sim.calling import run_of
from tests.sim.stage import EMAIL, SECOND_MAIL, manners

REPLIES = (
    "You took the bus twice for nothing and nobody rang. What was inside the parcel?",
    "A neighbour saw the van turn round, and that must make you feel brushed aside.",
    "Can I have your name?",
    "I'll have the Carlow depot searched today and ring you by four.",
)
HOLD = "I have your mail and look into it. You hear from me by four."


def table_by_mail(*, timed: bool = True, seed: int = 3) -> Table:
    customer = loaded(edited(EMAIL, SECOND_MAIL))
    return lay_table(
        customer,
        manners(),
        shipped_rubric(),
        LISTENERS[LISTENER](),
        WrittenVoice(customer.persona, manners()),
        Origin("ab" * 16, seed, "2026-01-02T03:04:05+00:00", 5),
        mode="rated",
        timed=timed,
        log=lambda line: None,
    )


def begun(table: Table) -> Conversation:
    talk = table.conversation(lambda events: None)
    talk.start(0)
    return talk


def open_all(talk: Conversation) -> None:
    for number in range(1, talk.fold.stretches + 1):
        talk.open_mail(talk.now, f"mail_{number}")


def write(talk: Conversation, text: str, ms: int) -> None:
    talk.compose(talk.now, "started")
    VirtualCall(talk).run_to(talk.now + ms)
    talk.speak(talk.now, text)


def exchange(ways: Sequence[str]) -> tuple[Table, Conversation]:
    """Answer once for each way: read, blind, quick (the second mail crosses), held, slow."""
    table = table_by_mail()
    talk = begun(table)
    for number, way in enumerate(ways):
        if talk.over:
            break
        if way != "blind":
            open_all(talk)
        if way == "held":
            talk.announce_hold(talk.now, HOLD)
        if way in ("held", "slow"):
            VirtualCall(talk).run_to(talk.now + 600_000)
        write(talk, REPLIES[number % len(REPLIES)], 5_000 if way == "quick" else 25_000)
    if not talk.over:
        talk.end(talk.now, "left")
    return table, talk


WAYS = [
    ("read", "read", "read", "read"),
    ("quick", "read", "read"),
    ("blind", "blind", "blind", "blind", "blind"),
    ("held", "slow", "read"),
]


@pytest.mark.parametrize("ways", WAYS, ids=lambda ways: " ".join(ways))
def test_it_is_recomputed_as_a_whole_and_after_any_of_its_events(ways: tuple[str, ...]) -> None:
    table, talk = exchange(ways)
    run = run_of(table, talk.events)
    assert run.result is not None and recompute(run).difference is None
    assert reread(run, LISTENERS[LISTENER]()).differences == ()
    assert sum(isinstance(event, ev.NoteIssued) and event.beat == "one_more" for event in run.events) == 1
    for length in range(1, len(run.events)):
        if isinstance(run.events[length - 1], ev.MoodMoved):
            continue  # stored in one batch with the decision that follows
        part = replace(run, events=run.events[:length], result=None)
        assert recompute(part).difference is None, (length, run.events[length - 1])


def second_mail(run: RunFile) -> int:
    return next(
        place
        for place, event in enumerate(run.events)
        if isinstance(event, ev.NoteIssued) and event.beat == "one_more"
    )


def test_a_second_mail_that_was_taken_out_of_the_run_is_missed() -> None:
    run = run_of(*_events(("quick", "read")))
    place = second_mail(run)
    end = next(at for at in range(place, len(run.events)) if isinstance(run.events[at], ev.CustomerTurnEnded))
    shorter = replace(run, events=(*run.events[:place], *run.events[end + 1 :]), result=None)
    assert recompute(shorter).seq is not None


def test_a_mail_that_was_opened_afterwards_does_not_fit_the_mood() -> None:
    run = run_of(*_events(("blind", "read")))
    sent = next(place for place, event in enumerate(run.events) if isinstance(event, ev.Spoke))
    opened: list[ev.Event] = [ev.MailOpened(t=1, item="mail_1"), ev.MailOpened(t=21_000, item="mail_2")]
    forged = replace(run, events=(*run.events[:sent], *opened, *run.events[sent:]), result=None)
    found = recompute(forged)
    assert found.difference is not None and found.difference.startswith("the mood moved by")


def test_a_late_answer_cannot_be_made_a_prompt_one() -> None:
    run = run_of(*_events(("slow", "read")))
    assert any(isinstance(event, ev.MoodMoved) and "left_waiting" in event.causes for event in run.events)
    sent = next(place for place, event in enumerate(run.events) if isinstance(event, ev.Spoke))
    stop: list[ev.Event] = [
        ev.ClockStopped(t=1_000, reason="paused"),
        ev.ClockStarted(t=599_000, reason="paused"),
    ]
    forged = replace(run, events=(*run.events[:sent], *stop, *run.events[sent:]), result=None)
    assert recompute(forged).difference is not None


def _events(ways: Sequence[str]) -> tuple[Table, list[ev.Event]]:
    table, talk = exchange(ways)
    return table, talk.events


STEPS = st.lists(
    st.sampled_from(("write", "quick", "open", "wait", "hold", "clear", "key", "end hold", "again")),
    min_size=1,
    max_size=14,
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, timed=st.booleans(), seed=st.integers(1, 2**31 - 1))
def test_whatever_is_done_in_whatever_order_comes_out_the_same(
    steps: list[str], timed: bool, seed: int
) -> None:
    table = table_by_mail(timed=timed, seed=seed)
    talk = begun(table)
    for number, step in enumerate(steps):
        try:
            talk = _done(talk, table, step, REPLIES[number % len(REPLIES)])
        except IntentRefused as refused:
            assert str(refused).endswith(".")
    if not talk.over:
        talk.end(talk.now, "left")
    found = recompute(run_of(table, talk.events))
    assert found.difference is None, found
    mails = [event for event in talk.events if isinstance(event, ev.NoteIssued) and event.beat == "one_more"]
    assert len(mails) <= 1
    told = [clause for turn in talk.fold.turns for clause in turn.clauses if "van" in clause.facts]
    assert len(told) == len(mails)


def _done(talk: Conversation, table: Table, step: str, text: str) -> Conversation:
    if step in ("write", "quick"):
        write(talk, text, 30_000 if step == "write" else 2_000)
    elif step == "open":
        open_all(talk)
    elif step == "wait":
        VirtualCall(talk).run_to(talk.now + 90_000)
    elif step == "hold":
        talk.announce_hold(talk.now, HOLD)
    elif step == "end hold":
        talk.end_hold(talk.now)
    elif step in ("key", "clear"):
        talk.compose(talk.now, "started" if step == "key" else "cleared")
        VirtualCall(talk).run_to(talk.now + 15_000)
    else:
        later = table.conversation(lambda events: None)
        later.go_on(talk.events, talk.now + 3_600_000)
        return later
    return talk
