"""Interruptions, pauses and engagement, by row of the media table and of the rubric."""

from __future__ import annotations

import pytest

from personas.acts import Act, MediumKind
from personas.section import Skill
from scoring import events as ev
from scoring.mails import mail_id
from tests.scoring.builders import Call

PHONE, VIDEO, CHAT, EMAIL = MediumKind.PHONE, MediumKind.VIDEO, MediumKind.CHAT, MediumKind.EMAIL
SHELVES = "I stood behind empty shelves and told people to go elsewhere."


def value(call: Call, skill: Skill, medium: MediumKind = PHONE, **more: int) -> float | None:
    timed = bool(more.pop("timed", True))
    return call.last(medium, timed=timed, pace=more.pop("pace", 100)).skills[skill].value


def cut_in(turn_end: bool = False) -> Call:
    call = Call().note().begins().clause("one two three four five", turn_end=turn_end, facts=("died_twice",))
    call.clause("six seven eight nine ten", said=False, turn_end=turn_end, facts=("lost_food",)).waits(400)
    return call.speaks("What's your postcode?").cut(4, ("lost_food",)).read("asks_closed")


# interruptions


@pytest.mark.parametrize("medium", [PHONE, VIDEO])
def test_talk_is_interrupted_or_not(medium: MediumKind) -> None:
    assert value(cut_in(), "interruptions", medium) == 5
    assert value(Call().opens().waits(500).speaks("I see.").read(), "interruptions", medium) == 100


def test_the_floor_counts_without_a_clock_too() -> None:
    assert value(cut_in(), "interruptions", timed=False) == 5


def test_a_short_turn_gives_no_room_to_interrupt() -> None:
    assert value(Call().says("No.").speaks("I see.").read(), "interruptions") is None


def test_having_been_silent_too_long_is_no_interruption() -> None:
    call = Call().opens().waits(10_000).says("Are you still there?", act=Act.PROMPT).speaks("Yes.").read()
    assert value(call, "interruptions") is None


@pytest.mark.parametrize(("facts", "score"), [((), None), (("lost_food",), 5)])
def test_chat_counts_what_the_pending_message_held(facts: tuple[str, ...], score: float | None) -> None:
    call = Call().says("one two three four five", ["died_twice"])
    call.begins().clause("six seven eight nine ten eleven", said=False, facts=facts).waits(300)
    call.speaks("And your postcode?").cut(6, facts).read("asks_closed")
    assert value(call, "interruptions", CHAT) == score


@pytest.mark.parametrize(("opened", "score"), [((), 20), ((1,), 20), ((1, 1), 20), ((2,), 20), ((1, 2), 100)])
def test_mail_is_answered_once_every_mail_was_opened(opened: tuple[int, ...], score: float) -> None:
    call = (
        Call().says("It died.", ["died_twice"]).begins().clause("And the food.", facts=("lost_food",)).ends()
    )
    for number in opened:
        call.add(ev.MailOpened(t=call.t, item=mail_id(number)))
    assert value(call.waits(1).speaks("Dear Mara").read(), "interruptions", EMAIL) == score


def test_a_single_opened_mail_is_no_occasion() -> None:
    call = Call().says("It died.", ["died_twice"])
    call.add(ev.MailOpened(t=call.t, item=mail_id(1))).speaks("Dear Mara").read()
    assert value(call, "interruptions", EMAIL) is None


# pauses


@pytest.mark.parametrize(
    ("held", "score"),
    [(0, 0), (1000, 10), (1500, 50), (2000, 100), (5000, 100), (9000, 85), (12_500, 30), (15_000, 0)],
)
def test_silence_after_a_disclosure(held: int, score: float) -> None:
    call = Call().says(SHELVES, ["empty_shelves"]).waits(held).speaks("That is hard.").read()
    assert value(call, "pauses") == score
    assert value(call, "pauses", VIDEO) == score


def test_slow_typing_never_costs() -> None:
    quick = Call().says(SHELVES, ["empty_shelves"]).waits(2500).types(1000).speaks("That is hard.").read()
    slow = Call().says(SHELVES, ["empty_shelves"]).waits(2500).types(90_000).speaks("That is hard.").read()
    assert value(quick, "pauses") == value(slow, "pauses") == 100
    asked = Call().says("What now?").types(60_000).speaks("I ring you.").read("commits")
    assert value(asked, "pauses") == 100


@pytest.mark.parametrize("pace", [50, 100, 200])
def test_silence_is_measured_at_the_trainees_pace(pace: int) -> None:
    call = Call().says(SHELVES, ["empty_shelves"]).waits(1500 * 100 // pace).speaks("That is hard.").read()
    assert value(call, "pauses", pace=pace) == 50


def test_a_change_of_pace_counts_from_then_on() -> None:
    call = Call().add(ev.PaceChanged(t=0, percent=50)).says(SHELVES, ["empty_shelves"])
    assert value(call.waits(3000).speaks("That is hard.").read(), "pauses") == 50


@pytest.mark.parametrize(("waited", "score"), [(500, 100), (4000, 100), (10_000, 65), (15_000, 0)])
def test_their_question_is_answered_promptly(waited: int, score: float) -> None:
    call = Call().says("What will you do about it?").waits(waited).speaks("I ring you by four.")
    assert value(call.read("commits"), "pauses") == score


def test_a_prompt_reply_that_does_not_answer_earns_nothing() -> None:
    call = Call().says("What will you do about it?").waits(500).speaks("Hm.").read("acknowledges")
    assert value(call, "pauses") is None


@pytest.mark.parametrize(("typed", "score"), [(500, 5), (1500, 50), (3000, 50), (60_000, 50)])
def test_writing_at_once_after_a_disclosure_is_half_of_it(typed: int, score: float) -> None:
    call = Call().says(SHELVES, ["empty_shelves"]).types(typed).speaks("That is hard.").read()
    assert value(call, "pauses") == score


def test_a_silence_held_at_a_beat_is_the_best_use() -> None:
    call = Call().says(SHELVES, ["empty_shelves"]).waits(3000)
    call.note(Act.ELABORATE, beat="quiet").begins().clause("There is the lease.", facts=("the_lease",)).ends()
    score = call.waits(500).speaks("The lease.").read().last().skills["pauses"]
    assert score.value == 100
    assert score.evidence[0].says == "you held 3 seconds of silence, and she went on"


@pytest.mark.parametrize(
    ("lead", "wait", "score"), [(500, 12_000, 100), (6000, 12_000, 50), (500, 50_000, 50)]
)
def test_a_wait_is_announced_before_it_begins(lead: int, wait: int, score: float) -> None:
    call = Call().says("It stopped again on the Monday.").waits(lead)
    call.add(ev.HoldAnnounced(t=call.t, text="I am opening the visits, twelve seconds."))
    call.waits(wait).add(ev.HoldEnded(t=call.t)).speaks("Here they are.").read()
    assert value(call, "pauses") == score


@pytest.mark.parametrize(("waited", "score"), [(3000, None), (9900, None), (12_500, 30), (16_000, 0)])
def test_an_ordinary_gap_is_no_occasion_and_a_dead_line_is(waited: int, score: float | None) -> None:
    call = Call().says("It stopped again on the Monday.").waits(waited).speaks("I see.").read()
    assert value(call, "pauses") == score


@pytest.mark.parametrize(("waited", "score"), [(500, None), (2500, 100)])
def test_waiting_after_the_answer_to_an_open_question_earns_and_never_costs(
    waited: int, score: float | None
) -> None:
    told = Call().says("Hello there, this is Mara.").speaks("What happened before?").read("asks_open")
    told.waits(200).says("It hummed all night.", ["died_twice"], act=Act.ANSWER).waits(waited).speaks(
        "I see."
    )
    assert value(told.read(), "pauses") == score


@pytest.mark.parametrize(("filled_after", "score"), [(800, 0), (2000, 50), (5000, 100)])
def test_filling_ones_own_open_question(filled_after: int, score: float) -> None:
    call = Call().says("It stopped again on the Monday.").waits(300).speaks("What was it like?")
    call.waits(filled_after).speaks("Was it noisy?").read("asks_open", "asks_closed")
    assert value(call, "pauses") == score


@pytest.mark.parametrize(("medium", "timed"), [(CHAT, True), (EMAIL, True), (PHONE, False), (VIDEO, False)])
def test_pauses_need_a_voice_and_a_clock(medium: MediumKind, timed: bool) -> None:
    call = Call().says(SHELVES, ["empty_shelves"]).waits(3000).speaks("That is hard.").read()
    assert value(call, "pauses", medium, timed=timed) is None


# engagement


def long_turn(*tokens_after_clause: int, token: str = "mm-hm", clauses: int = 6) -> Call:
    """Six clauses of ten words, 24 seconds; a sign at the end of some of them."""
    call = Call().note().begins()
    for number in range(clauses):
        call.clause("one two three four five six seven eight nine ten")
        if number in tokens_after_clause:
            call.token(token if number % 2 else token + "!")
    return call.ends()


@pytest.mark.parametrize(
    ("at", "score"), [((), 40), ((2,), 90), ((1, 3), 100), ((0, 2, 4), 100), (range(6), 40)]
)
def test_signs_by_rate(at: tuple[int, ...], score: float) -> None:
    call = long_turn(*at).waits(300).speaks("I see.").read()
    assert value(call, "engagement") == score
    assert value(call, "engagement", VIDEO) == score


def test_a_sign_at_an_odd_place_does_not_count() -> None:
    call = Call().note().begins().clause("one two three four five six seven eight nine ten " * 3).ends()
    call.token(ago=6000).waits(300).speaks("I see.").read()
    assert value(call, "engagement") == 40


def test_signs_like_a_clock_are_capped() -> None:
    call = Call().note().begins()
    for number in range(10):
        call.clause("one two three four five six seven eight nine ten")
        if number % 2:
            call.token("mm-hm")
    assert value(call.ends().waits(300).speaks("I see.").read(), "engagement") == 60


@pytest.mark.parametrize(
    ("token", "specific", "fits", "score"),
    [
        (None, False, True, 30),
        ("mm-hm", False, True, 60),
        ("Empty shelves.", True, True, 100),
        ("Great!", True, False, 0),
    ],
)
def test_the_hardest_moment_asks_for_a_fitting_word(
    token: str | None, specific: bool, fits: bool, score: float
) -> None:
    call = Call().says(SHELVES, ["empty_shelves"])
    if token is not None:
        call.token(token, specific=specific, fits=fits)
    assert value(call.waits(300).speaks("I see.").read(), "engagement") == score


def test_in_a_long_turn_rate_and_fit_count_half_each() -> None:
    call = long_turn(1, 3)
    call.begins().clause(SHELVES, facts=("empty_shelves",)).ends().waits(300).speaks("I see.").read()
    assert value(call, "engagement") == pytest.approx((100 + 30) / 2)


def test_a_misfit_caps_the_whole_turn() -> None:
    call = long_turn(1, 3).token("Great!", specific=True, fits=False).waits(300).speaks("I see.").read()
    assert value(call, "engagement") == 40


def test_a_short_turn_asks_for_no_sign() -> None:
    assert value(Call().says("It stopped again on the Monday.").speaks("I see.").read(), "engagement") is None


@pytest.mark.parametrize(("medium", "timed"), [(EMAIL, True), (PHONE, False), (CHAT, False)])
def test_engagement_needs_a_live_line(medium: MediumKind, timed: bool) -> None:
    assert value(long_turn(1).speaks("I see.").read(), "engagement", medium, timed=timed) is None


@pytest.mark.parametrize(
    ("token", "specific", "score"),
    [(None, False, 50), ("still here", False, 90), ("Empty shelves.", True, 100)],
)
def test_chat_asks_for_a_short_sign_in_a_burst_of_messages(
    token: str | None, specific: bool, score: float
) -> None:
    call = long_turn(clauses=3)
    if token is not None:
        call.token(token, specific=specific)
    assert value(call.waits(300).speaks("I see.").read(), "engagement", CHAT) == score


@pytest.mark.parametrize(("announced", "score"), [(True, 100), (False, 0)])
def test_chat_does_not_leave_them_waiting(announced: bool, score: float) -> None:
    call = Call().says("It stopped again on the Monday.")
    if announced:
        call.add(ev.HoldAnnounced(t=call.t, text="Still here, checking."))
    assert value(call.waits(70_000).speaks("I see.").read(), "engagement", CHAT) == score


def test_chat_does_not_count_typing_as_waiting() -> None:
    call = Call().says("It stopped again on the Monday.").types(90_000).speaks("I see.").read()
    assert value(call, "engagement", CHAT) is None
