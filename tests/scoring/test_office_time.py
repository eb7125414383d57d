"""Office time by hand-made events: what is slow, what is fast, and when an answer is late."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.debrief import debrief_of
from scoring.mails import mail_id, opened_at, received, unread_at_reply
from scoring.office_time import HOUR_MS, OfficeTime, ReplyTime, in_words, reply_time, share_satisfied
from scoring.rubric import MailRules
from scoring.turns import CallFold
from tests.scoring.builders import Call, mara, rules

MAIL = rules().mail
RATE = MAIL.rate
TEXT = " ".join(["word"] * 35)
"""35 words take 12 s to read at 175 a minute."""


def office(*events: ev.Event, writing_since: int | None = None) -> OfficeTime:
    fold = CallFold(mara()).apply_all(events)
    return OfficeTime(fold.all_turns, mara(), MAIL, writing_since or fold.writing_since)


def a_mail(t: int = 0, text: str = TEXT, facts: tuple[str, ...] = ()) -> list[ev.Event]:
    words = len(text.split())
    return [
        ev.NoteIssued(t=t, turn=0, act=Act.TELL, intensity=2),
        ev.CustomerTurnStarted(t=t, turn=0),
        ev.ClauseStarted(t=t, text=text, words=words, duration_ms=0, turn_end=True, facts=facts),
        ev.ClauseEnded(t=t),
        ev.CustomerTurnEnded(t=t),
    ]


@pytest.mark.parametrize(
    ("events", "at", "passed_s"),
    [
        ([], 0, 0),
        ([], -5_000, 0),
        ([], 30_000, 900),
        ([], 12_000, 360),
        ([ev.ComposingStarted(t=0), ev.ComposingPaused(t=60_000)], 60_000, 60),
        ([ev.ComposingStarted(t=0), ev.ComposingPaused(t=60_000)], 61_000, 90),
        ([ev.ComposingStarted(t=0), ev.ComposingPaused(t=60_000)], 30_000, 30),
        ([ev.ComposingStarted(t=10_000)], 20_000, 310),
        ([*a_mail(), ev.MailOpened(t=0, item="mail_1")], 12_000, 12),
        ([*a_mail(), ev.MailOpened(t=0, item="mail_1")], 13_000, 42),
        ([*a_mail(), ev.MailOpened(t=0, item="mail_1"), ev.MailOpened(t=30_000, item="mail_1")], 42_000, 912),
        ([*a_mail(), ev.MailOpened(t=0, item="mail_7")], 10_000, 300),
        (
            [
                *a_mail(),
                ev.MailOpened(t=0, item="mail_1"),
                ev.ComposingStarted(t=6_000),
                ev.ComposingPaused(t=20_000),
            ],
            20_000,
            20,
        ),
        (
            [ev.ClockStopped(t=5_000, reason="feedback"), ev.ClockStarted(t=95_000, reason="feedback")],
            96_000,
            180,
        ),
        ([ev.VoiceWaited(t=0, ms=10_000)], 10_000, 0),
        (
            [
                ev.ComposingStarted(t=0),
                ev.ClockStopped(t=5_000, reason="paused"),
                ev.ClockStarted(t=8_000, reason="paused"),
                ev.ComposingPaused(t=10_000),
            ],
            10_000,
            7,
        ),
    ],
    ids=[
        "nothing",
        "before the start",
        "half a minute of nothing is a quarter of an hour",
        "an item that loads 12 s is 6 minutes",
        "writing is as long as it is",
        "and no longer",
        "in the middle of it",
        "writing that still goes on",
        "reading what was opened",
        "and no longer than it takes",
        "a mail is read once",
        "a mail that is not there",
        "reading and writing at once",
        "a stopped clock counts nothing",
        "the machine's time counts nothing",
        "nor while writing",
    ],
)
def test_what_passes_in_the_office(events: list[ev.Event], at: int, passed_s: int) -> None:
    assert office(*events).at(at) == passed_s * 1000


def test_an_item_of_the_desk_is_read_in_its_own_time_once_it_has_loaded() -> None:
    item = mara().desk.items[0]
    reading = len(item.text.split()) * 60_000 // MAIL.reading_wpm
    clock = office(ev.DeskOpened(t=0, item=item.id, loading_ms=8_000))
    assert clock.at(8_000) == 8_000 * RATE
    assert clock.at(8_000 + reading) - clock.at(8_000) == reading
    assert clock.at(9_000 + reading) - clock.at(8_000 + reading) == 1000 * RATE


@given(
    st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 20_000)), max_size=6),
    st.lists(st.tuples(st.integers(0, 90_000), st.integers(0, 20_000)), max_size=3),
    st.lists(st.integers(0, 120_000), min_size=2, max_size=8),
)
def test_it_never_runs_back_nor_faster_than_its_rate(
    bursts: list[tuple[int, int]], stops: list[tuple[int, int]], times: list[int]
) -> None:
    events: list[ev.Event] = []
    for start, length in bursts:
        events += [ev.ComposingStarted(t=start), ev.ComposingPaused(t=start + length)]
    for start, length in stops:
        events += [
            ev.ClockStopped(t=start, reason="paused"),
            ev.ClockStarted(t=start + length, reason="paused"),
        ]
    clock = office(*events)
    for low, high in zip(sorted(times), sorted(times)[1:], strict=False):
        assert 0 <= clock.at(high) - clock.at(low) <= (high - low) * RATE


# how long an answer took


def answered(*events: ev.Event, at: int) -> ReplyTime | None:
    fold = CallFold(mara()).apply_all([*events, ev.Spoke(t=at, text="Dear Mara")])
    return reply_time(fold.turns, mara(), MAIL)


def waited(seconds: int) -> int:
    """Seconds of doing nothing, as a time of the exchange."""
    return seconds * 1000


@pytest.mark.parametrize(
    ("seconds", "steps"),
    [(0, 0), (119, 0), (120, 0), (121, 1), (479, 1), (480, 1), (481, 2), (3_600, 2)],
)
def test_an_answer_is_late_after_an_hour_and_very_late_after_four(seconds: int, steps: int) -> None:
    time = answered(*a_mail(), at=waited(seconds))
    assert time is not None and not time.held
    assert time.first_ms == time.whole_ms == seconds * RATE * 1000
    assert time.late_steps(MAIL) == steps


def test_it_counts_from_the_first_mail_that_has_no_answer() -> None:
    time = answered(*a_mail(), *a_mail(60_000), at=90_000)
    assert time is not None and time.first_ms == 90_000 * RATE
    fold = CallFold(mara()).apply_all(
        [*a_mail(), ev.Spoke(t=10_000, text="Dear Mara"), *a_mail(20_000), ev.Spoke(t=50_000, text="Yes.")]
    )
    later = reply_time(fold.turns, mara(), MAIL)
    assert later is not None and later.first_ms == 30_000 * RATE


def test_without_a_mail_or_a_reply_nobody_waits() -> None:
    assert answered(at=5_000) is None
    assert reply_time(CallFold(mara()).apply_all(a_mail()).turns, mara(), MAIL) is None


@pytest.mark.parametrize(
    ("held_after_s", "whole_after_s", "steps", "kept"),
    [
        (60, 500, 0, True),
        (60, 60 + 480, 0, True),
        (60, 60 + 481, 1, False),
        (180, 200, 1, True),
        (500, 520, 2, True),
    ],
    ids=[
        "in time and kept",
        "kept to the minute",
        "the promise is broken",
        "itself late",
        "itself very late",
    ],
)
def test_a_holding_reply_buys_time(held_after_s: int, whole_after_s: int, steps: int, kept: bool) -> None:
    hold = ev.HoldAnnounced(t=waited(held_after_s), text="You hear from me by four.")
    time = answered(*a_mail(), hold, at=waited(whole_after_s))
    assert time is not None and time.held
    assert (time.first_ms, time.whole_ms) == (held_after_s * RATE * 1000, whole_after_s * RATE * 1000)
    assert (time.late_steps(MAIL), time.kept) == (steps, kept)
    assert time.counted_ms == (time.first_ms if kept else time.whole_ms)


@pytest.mark.parametrize(
    ("hours", "share"),
    [(0, 1.0), (0.25, 1.0), (0.26, 0.89), (1, 0.89), (2, 0.7), (4, 0.7), (24, 0.56), (48, 0.13), (49, 0.0)],
)
def test_the_table_of_reply_times_goes_in_steps(hours: float, share: float) -> None:
    assert share_satisfied(round(hours * HOUR_MS), MAIL) == share


def test_a_table_that_rises_is_no_table() -> None:
    values = MAIL.model_dump()
    with pytest.raises(ValidationError):
        MailRules.model_validate({**values, "satisfied": [[1, 0.5], [4, 0.9]]})
    with pytest.raises(ValidationError):
        MailRules.model_validate({**values, "rate": 0})


def test_words_for_a_wait() -> None:
    assert [in_words(ms) for ms in (-1, 59_999, 60_000, HOUR_MS - 1, 65 * 60_000)] == [
        "under 1 min",
        "under 1 min",
        "1 min",
        "59 min",
        "1 h 05 min",
    ]


# the mailbox


def test_a_mail_is_one_stretch_of_words() -> None:
    fold = CallFold(mara()).apply_all([*a_mail(0, "one two", ("died_twice",)), *a_mail(5_000, "three")])
    assert [(mail.id, mail.at, mail.words, mail.facts) for mail in received(fold.turns)] == [
        ("mail_1", 0, 2, ("died_twice",)),
        ("mail_2", 5_000, 1, ()),
    ]
    fold.apply(ev.MailOpened(t=7_000, item=mail_id(2)))
    fold.apply(ev.MailOpened(t=9_000, item=mail_id(2)))
    assert opened_at(fold.turns) == {"mail_2": 7_000}
    assert unread_at_reply(fold.turns) == (), "nothing was answered yet"
    fold.apply(ev.Spoke(t=8_000, text="Dear Mara"))
    assert [mail.id for mail in unread_at_reply(fold.turns)] == ["mail_1"]
    fold.apply(ev.MailOpened(t=8_001, item=mail_id(1)))
    assert [mail.id for mail in unread_at_reply(fold.turns)] == ["mail_1"], "that was too late"


# what it costs


def exchange(nothing_s: int, *, hold_after_s: int | None = None) -> Call:
    """One mail, opened at once, answered after so long; then it is over."""
    call = Call().says("It died.", ["died_twice"])
    call.add(ev.MailOpened(t=call.t, item="mail_1"))
    if hold_after_s is not None:
        call.add(ev.HoldAnnounced(t=call.t + hold_after_s * 1000, text="By four."))
    return call.waits(nothing_s * 1000).speaks("Dear Mara").read().ended("left")


def test_late_answers_cost_the_outcome_by_the_table_and_are_told() -> None:
    prompt, late, slow = (exchange(s).score(MediumKind.EMAIL) for s in (60, 200, 600))
    held = exchange(400, hold_after_s=60).score(MediumKind.EMAIL)
    assert prompt.outcome and late.outcome and slow.outcome and held.outcome
    half = rules().outcome.kept_by_reason["left"]
    penalty = rules().outcome.late_mail_penalty
    assert prompt.outcome.points - late.outcome.points == pytest.approx(half * penalty * 0.3, abs=0.01)
    assert prompt.outcome.points - slow.outcome.points == pytest.approx(half * penalty * 0.44, abs=0.01)
    assert held.outcome.points == prompt.outcome.points, "a holding reply that is kept costs nothing"
    assert any("waited too long" in why for why in late.outcome.why)
    assert not any("waited" in why for why in prompt.outcome.why + held.outcome.why)


def test_reply_times_are_in_no_skill_and_in_the_debrief() -> None:
    prompt, slow = exchange(60).score(MediumKind.EMAIL), exchange(600).score(MediumKind.EMAIL)
    assert prompt.skills == slow.skills and prompt.score == slow.score
    debrief = debrief_of(mara(), rules(), slow, lambda cause: ())
    (moment,) = (*debrief.wins, *debrief.losses)
    assert any("of the office's time" in text for text in moment.showed)
    assert any("by the office's clock" in note for note in debrief.notes)
    assert slow.turns[0].as_dict()["waited"] and "waited" not in exchange(60).score().turns[0].as_dict()


@pytest.mark.parametrize(("medium", "timed"), [(MediumKind.EMAIL, False), (MediumKind.CHAT, True)])
def test_untimed_and_elsewhere_there_are_no_reply_times(medium: MediumKind, timed: bool) -> None:
    score = exchange(600).score(medium, timed=timed)
    assert score.turns[0].waited is None
    assert not any("waited too long" in why for why in score.outcome.why) if score.outcome else False
