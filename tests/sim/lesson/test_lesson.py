"""The practice call's guide: every step comes when it should, and no step ever blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.conversation.conversation import IntentRefused
from sim.lesson.lesson import LINES, LONGEST, Lesson, Moment
from tests.sim.lesson import practice as at
from tests.sim.lesson.practice import Practice

M = Moment


def test_every_moment_has_words_short_enough() -> None:
    assert set(LINES) == set(Moment)
    assert all(0 < len(line) <= LONGEST for line in LINES.values())
    assert len(set(LINES.values())) == len(LINES)


def test_the_opening_teaches_listening_by_itself() -> None:
    practice = Practice().to_silence()
    assert practice.heard == [M.LISTEN, M.ENTER_SPEAKS, M.BAIT, M.SIGN, M.WORD, M.SILENCE]


def test_the_bait_is_named_while_it_is_said() -> None:
    practice = Practice()
    practice.until_moment(M.BAIT)
    running = practice.call.view.running
    assert running is not None and running.text.endswith("?")
    assert practice.line == LINES[M.BAIT]


def test_a_draft_while_she_talks_is_explained() -> None:
    practice = Practice()
    practice.wait(1)
    practice.key()
    assert practice.now() is M.DRAFT


def test_mm_hm_is_answered_and_then_comes_the_word() -> None:
    practice = Practice()
    practice.until_moment(M.SIGN)
    practice.hm()
    assert practice.now() is M.SIGN_GIVEN
    practice.until_moment(M.WORD)
    practice.hm()
    assert practice.now() is M.WORD, "the plain sign is not the word that is asked for"


def test_a_word_that_does_not_fit_may_be_tried_again() -> None:
    practice = Practice()
    practice.until_moment(M.WORD)
    practice.word(fits=False)
    assert practice.now() is M.MISFIT
    practice.word()
    assert practice.now() is M.WORD_GIVEN


def test_the_words_are_there_when_they_are_asked_for() -> None:
    practice = Practice()
    practice.until_moment(M.WORD)
    assert len(practice.call.tokens().tokens) == 3


def test_a_held_silence_makes_her_go_on() -> None:
    practice = Practice().to_silence()
    practice.heard.clear()
    practice.until(lambda: practice.call.conversation.customer_speaking)
    practice.listen()
    assert practice.heard == [M.SILENCE, M.TOLD_ON, M.SPEAK]


def test_a_sign_does_not_break_the_silence() -> None:
    practice = Practice().to_silence()
    practice.wait(1)
    practice.word()
    assert practice.now() is M.SILENCE
    practice.until_moment(M.TOLD_ON)


def test_typing_ends_the_silence_kindly() -> None:
    practice = Practice().to_silence()
    practice.wait(1)
    practice.key()
    assert practice.now() is M.SPEAK_AT_ONCE
    practice.wait(5)
    assert practice.now() is M.SPEAK_AT_ONCE


def test_nobody_there_is_no_end_of_the_lesson() -> None:
    practice = Practice().to_speak()
    practice.until_moment(M.PROMPTED)
    practice.listen()
    assert practice.now() is M.SPEAK


@pytest.mark.parametrize(
    ("reply", "moment"),
    [
        (at.OPEN_AND_BACK, M.BOTH),
        (at.OPEN_ONLY, M.ASKED),
        (at.BACK_ONLY, M.GAVE_BACK),
        (at.PARROT, M.PARROTED),
        (at.NEITHER, M.NEITHER),
    ],
)
def test_a_reply_is_met_in_words(reply: str, moment: Moment) -> None:
    practice = Practice().to_speak()
    practice.say(reply)
    assert practice.now() is moment


@pytest.mark.parametrize(
    ("replies", "moment"),
    [
        ([at.OPEN_AND_BACK], M.DESK),
        ([at.NEITHER], M.ASK_AGAIN),
        ([at.NEITHER, at.OPEN_ONLY], M.DESK),
        ([at.NEITHER, at.NEITHER], M.DESK),
    ],
)
def test_it_asks_for_an_open_question_twice_and_then_goes_on(replies: list[str], moment: Moment) -> None:
    practice = Practice().to_speak()
    for reply in replies:
        practice.say(reply)
        practice.listen()
    assert practice.now() is moment


def test_cutting_in_is_offered_once_and_may_be_left_out() -> None:
    practice = Practice().to_desk()
    assert M.CUT_IN in practice.heard
    assert practice.now() is M.DESK


def test_the_floor_can_be_given_back() -> None:
    practice = Practice().to_speak()
    practice.say(at.OPEN_AND_BACK)
    practice.until_moment(M.CUT_IN)
    practice.wait(3.5)
    practice.send("Wait")
    assert practice.now() is M.IN_HER_WORDS
    practice.wait(0.5)
    practice.back()
    practice.wait(0.3)
    assert practice.now() is M.RETURNED
    practice.listen()
    assert practice.now() is M.DESK
    assert practice.heard.count(M.CUT_IN) == 1


def test_a_floor_that_was_kept_can_still_be_mended() -> None:
    practice = Practice()
    practice.until_moment(M.SIGN)
    practice.send("Which shop was it?")
    practice.until_moment(M.CUT_OFF)
    practice.listen()
    assert practice.now() is M.CUT_OFF
    practice.say(at.GO_ON)
    practice.until(lambda: practice.call.conversation.customer_speaking)
    assert practice.now() is M.RETURNED


DESK: dict[str, tuple[list[str | float], list[Moment]]] = {
    "announced, then opened": (["hold", "tray", 9.5], [M.DESK, M.OPEN_NOW, M.LOADING, M.SOLVE]),
    "opened, then announced": (["tray", 1.0, "hold", 9.0], [M.DESK, M.HOLD_NOW, M.LOADING, M.SOLVE]),
    "never announced": (["tray", 9.1], [M.DESK, M.HOLD_NOW, M.SOLVE]),
}


@pytest.mark.parametrize("way", DESK)
def test_the_desk_step_by_step(way: str) -> None:
    practice = Practice().to_desk()
    practice.heard[:] = [practice.now()]
    steps, expected = DESK[way]
    for step in steps:
        if isinstance(step, str):
            ACTIONS[step](practice)
        else:
            practice.wait(step)
    assert practice.heard == expected


def test_the_quick_item_is_not_the_one_that_is_asked_for() -> None:
    practice = Practice().to_desk()
    practice.call.open_item(practice.at, "sheet")
    practice.wait(2)
    assert practice.now() is M.DESK


@pytest.mark.parametrize(
    ("said", "meanwhile", "after"),
    [
        (at.ANSWER, M.OFFERED, M.ACCEPTED),
        (at.NEITHER, M.NO_OFFER, M.NO_OFFER),
        (at.NEW_BELL, M.NO_OFFER, M.OTHER_OFFER),
    ],
)
def test_the_answer_is_met_in_words(said: str, meanwhile: Moment, after: Moment) -> None:
    practice = Practice().to_answer()
    practice.say(said)
    assert practice.now() is meanwhile
    practice.until(lambda: practice.call.conversation.customer_speaking)
    assert practice.now() is after


def test_an_offer_made_before_anything_was_heard_can_be_made_again() -> None:
    practice = Practice()
    practice.tray()
    practice.until_moment(M.SIGN)
    practice.send(at.ANSWER)
    practice.listen()
    practice.say(at.ANSWER)
    practice.listen()
    assert practice.now() is M.NOT_YET


def test_coming_in_at_the_end_of_a_thought_is_no_fault() -> None:
    practice = Practice()
    practice.until(lambda: len(practice.call.view.fold.turn.clauses) == 2)
    practice.wait(4.0)
    practice.send("So the bicycle rides well again")
    assert practice.now() is M.LET_IN


def test_the_end_says_what_was_learned() -> None:
    practice = Practice()
    practice.until_moment(M.SIGN)
    practice.hm()
    practice.until_moment(M.WORD)
    practice.word()
    practice.to_answer().say(at.ANSWER)
    practice.listen()
    assert practice.now() is M.OVER
    assert practice.line == (
        "You gave her mm-hm, a word that fits, a held silence, an open question, what you heard and an "
        "announced wait. Enter."
    )


def test_the_end_names_what_is_left_for_the_next_time() -> None:
    practice = Practice().to_speak()
    practice.hm()
    practice.call.end("left")
    assert practice.line == (
        "You gave her mm-hm and a held silence. Next time: a word that fits, an open question, what you "
        "heard and an announced wait. Enter."
    )


def test_one_who_left_at_once_is_not_scolded() -> None:
    practice = Practice()
    practice.call.end("stopped")
    assert practice.line.startswith("You have heard how she talks. Next time: mm-hm,")
    assert len(practice.line) <= LONGEST


def test_the_coach_of_a_practice_call_may_stand_beside_it() -> None:
    practice = Practice(mode="practice").to_speak()
    practice.say(at.OPEN_AND_BACK)
    assert practice.call.coach
    assert practice.now() is M.BOTH


def test_it_has_no_time_of_its_own() -> None:
    practice = Practice().to_desk()
    practice.call.pause("paused")
    before = practice.line
    practice.at += 3600
    assert practice.line == before == Lesson().line(practice.call)


def test_untimed_it_names_the_keys_of_untimed_play() -> None:
    practice = Practice(timed=False)
    call = practice.call
    for _ in range(40):
        call.listen_on()
        practice._look()
    assert practice.now() is M.SILENCE_UNTIMED
    call.stay_silent(4.0)
    for _ in range(20):
        call.listen_on()
    assert practice.now() is M.SPEAK
    practice.send(at.OPEN_AND_BACK)
    for _ in range(20):
        call.listen_on()
    assert practice.now() is M.DESK_UNTIMED
    practice.tray()
    assert practice.now() is M.SOLVE


ACTIONS: dict[str, Callable[[Practice], object]] = {
    "wait": lambda p: p.wait(2.5),
    "long": lambda p: p.wait(11),
    "key": lambda p: p.key(),
    "hm": lambda p: p.hm(),
    "word": lambda p: p.word() if p.call.tokens().tokens else None,
    "misfit": lambda p: p.word(fits=False) if p.call.tokens().tokens else None,
    "ask": lambda p: p.send(at.OPEN_AND_BACK),
    "say": lambda p: p.send(at.NEITHER),
    "answer": lambda p: p.send(at.ANSWER),
    "new": lambda p: p.send(at.NEW_BELL),
    "back": lambda p: p.back(),
    "hold": lambda p: p.hold(),
    "tray": lambda p: p.tray(),
    "go on": lambda p: p.send(at.GO_ON),
}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(sorted(ACTIONS)), max_size=14))
def test_whatever_is_done_there_is_one_short_instruction(doings: list[str]) -> None:
    practice = Practice()
    for name in doings:
        if practice.call.over:
            break
        try:
            ACTIONS[name](practice)
        except IntentRefused:
            continue
        assert 0 < len(practice.line) <= LONGEST
    assert not any(first is second for first, second in pairwise(practice.heard))


def instructed(practice: Practice) -> Iterator[Moment]:
    """Do what the lesson asks, as far as it asks for anything, until the call is over."""
    answers: dict[Moment, Callable[[], object]] = {
        M.SIGN: practice.hm,
        M.WORD: practice.word,
        M.SPEAK: lambda: practice.say(at.OPEN_AND_BACK),
        M.DESK: practice.hold,
        M.OPEN_NOW: practice.tray,
        M.SOLVE: lambda: practice.say(at.ANSWER),
    }
    for _ in range(6000):
        if practice.call.over:
            return
        if (do := answers.pop(practice.now(), None)) is not None:
            practice.wait(1.0)
            do()
            yield practice.now()
        practice.wait(0.1)
    raise AssertionError("the lesson never ends")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_who_does_what_it_asks_learns_all_of_it_in_two_minutes(seed: int) -> None:
    practice = Practice(seed=seed)
    assert len(list(instructed(practice))) == 6
    assert "Next time" not in practice.line
    assert practice.at <= 150
