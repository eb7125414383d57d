from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.call_score import CallScore, score_call
from scoring.debrief import debrief_of
from scoring.debrief_text import one_line, render_plain
from scoring.listener.base import CHECKS
from scoring.rubric import RubricError, parse_rubric, shipped_rubric
from scoring.skills import HEADLINE, SKILLS
from scoring.turn_score import Conditions
from tests.scoring import robots
from tests.scoring.builders import Call, mara, rules


def two_replies() -> Call:
    call = (
        Call()
        .opens()
        .waits(800)
        .types(2000)
        .speaks("It died twice and the food went, that sounds exhausting.")
    )
    call.read("restates", "reflects_feeling", "specific_empathy", facts=("died_twice", "lost_food"))
    call.waits(300).says("I stood behind empty shelves.", ["empty_shelves"]).waits(1500).speaks("Okay.")
    return call.read("acknowledges")


def test_a_skill_is_its_mean_over_the_turns_in_which_it_was_present() -> None:
    score = two_replies().score()
    assert [turn.skills["paraphrasing"].value for turn in score.turns] == [85, 20]
    assert score.skills["paraphrasing"] == 52.5
    assert [turn.skills["pauses"].value for turn in score.turns] == [None, 50]
    assert score.skills["pauses"] == 50
    assert score.skills["commitments"] is None


def test_the_score_is_the_mean_of_the_skills_that_are_present() -> None:
    score = two_replies().score()
    present = [value for value in score.skills.values() if value is not None]
    assert score.score == round(sum(present) / len(present), 2)
    assert tuple(score.headline) == HEADLINE
    assert tuple(score.skills) == SKILLS


def test_a_turn_without_a_reply_is_kept_and_not_scored() -> None:
    call = two_replies().waits(200).says("Goodbye.")
    last = call.score().turns[-1]
    assert (last.customer, last.trainee, last.score, last.facts) == ("Goodbye.", "", None, None)
    assert call.score().score == two_replies().score().score


@pytest.mark.parametrize(("replies", "short"), [(0, True), (1, True), (2, False)])
def test_few_replies_are_too_short_to_judge(replies: int, short: bool) -> None:
    call = Call().opens()
    for _ in range(replies):
        call.waits(500).speaks("I see.").read("acknowledges").waits(300).says("Well.")
    score = call.score()
    assert (score.replies, score.too_short) == (replies, short)


def test_an_empty_log_has_no_score() -> None:
    score = Call().score()
    assert score.score is None
    assert score.outcome is None
    assert set(score.skills.values()) == {None}


def test_untimed_play_leaves_out_what_needs_a_clock() -> None:
    score = two_replies().score(timed=False)
    assert score.skills["pauses"] is None
    assert score.skills["engagement"] is None
    assert score.skills["interruptions"] == 100
    assert [turn.silence_ms for turn in score.turns] == [None, None]


@pytest.mark.parametrize(
    ("medium", "absent"),
    [
        (MediumKind.PHONE, set()),
        (MediumKind.VIDEO, set()),
        (MediumKind.CHAT, {"pauses"}),
        (MediumKind.EMAIL, {"pauses", "engagement", "interruptions"}),
    ],
)
def test_the_media_table(medium: MediumKind, absent: set[str]) -> None:
    call = two_replies()
    arrivals = [place for place, event in enumerate(call.events) if event.kind == "customer_turn_started"]
    for number, place in reversed(list(enumerate(arrivals, 1))):
        call.events.insert(place + 1, ev.MailOpened(t=call.events[place].t, item=f"mail_{number}"))
    score = call.score(medium)
    live = {"interruptions", "paraphrasing", "empathy", "pauses", "engagement", "attention"}
    assert {skill for skill in live if score.skills[skill] is None} == absent  # type: ignore[index]


def test_a_header_says_how_a_run_was_played() -> None:
    header = ev.Header(
        run_id="0" * 32, app_version="0", persona_id="tests/mara-lindt", persona_sha256="", manners_sha256="",
        rubric_version="1", rubric_sha256="", listener="rules", listener_fingerprint="",
        voice=ev.VoiceUsed(kind="written"), medium=MediumKind.PHONE, seed=1, mode="rated",
        started_utc="2026-01-01T00:00:00+00:00", started_monotonic_ms=0,
    )  # fmt: skip
    call = two_replies()
    assert score_call(mara(), rules(), header, call.events).as_dict() == call.score().as_dict()


def test_machine_time_is_no_length() -> None:
    call = two_replies()
    plain = call.score().length_ms
    call.add(ev.VoiceWaited(t=call.t - 100, ms=60)).ended("stopped")
    assert call.score().length_ms == plain - 60


def test_the_dictionary_is_stable_json_and_leaves_absent_skills_out() -> None:
    call = two_replies().ended("stopped")
    first = json.dumps(call.score().as_dict())
    assert first == json.dumps(call.score().as_dict())
    turns = json.loads(first)["turns"]
    assert set(turns[0]["skills"]) == {
        "interruptions", "paraphrasing", "empathy", "engagement", "attention", "cues",
    }  # fmt: skip


def test_the_ways_of_listening_keep_their_order_in_score_and_outcome() -> None:
    scores = [robot().score() for robot in robots.IN_ORDER]
    by_score = [score.score or 0.0 for score in scores]
    by_outcome = [score.outcome.points for score in scores if score.outcome]
    assert by_score == sorted(by_score, reverse=True) and len(set(by_score)) == 5, by_score
    assert by_outcome == sorted(by_outcome, reverse=True) and len(set(by_outcome)) == 5, by_outcome


def test_a_broken_rubric_names_its_place() -> None:
    text = shipped_rubric().text.replace("held = [[0, 0], [1000, 10]", "held = [[0, 0], [0, 10]")
    with pytest.raises(RubricError, match=r"skills\.pauses\.held"):
        parse_rubric(text, "rubric.toml")


# any log at all -------------------------------------------------------------------------------------------

T = st.integers(0, 60_000)
FACT = st.sampled_from([*(fact.id for fact in mara().facts), "ghost"])
FACTS = st.lists(FACT, max_size=3).map(tuple)
TEXT = st.sampled_from(
    [
        "",
        "Okay.",
        "Sorry, go on.",
        "Twice, and a week of food?",
        "I completely understand.",
        "\x00 é “” ?",
        "the 11th?",
    ]
)
WORDS = st.integers(0, 30)
TOPICS = st.lists(st.sampled_from(["fridge", "shop", "ghost"]), max_size=2).map(tuple)
FEELINGS = st.lists(st.sampled_from(["worn_out", "ashamed", "ghost"]), max_size=2).map(tuple)
OFFERS = st.lists(st.sampled_from(["new_fridge", "repair_it", "never_again", "ghost"]), max_size=2).map(tuple)
ITEM = st.sampled_from(["visits", "invoice", "ghost"])
POINTS = st.integers(-120_000, 120_000)
CAUSES = st.lists(st.sampled_from([*rules().mood.moves, "time", "ghost"]), max_size=3).map(tuple)
CUE = st.sampled_from([None, "a long breath out", "ghost"])
SPANS = st.dictionaries(
    st.sampled_from(CHECKS), st.tuples(st.tuples(st.integers(-3, 30), st.integers(-3, 30))), max_size=3
)
ANSWERS = st.dictionaries(st.sampled_from(CHECKS), st.one_of(st.none(), st.floats(0, 1)), max_size=20)


def at(kind: type[BaseModel], **fields: st.SearchStrategy[object]) -> st.SearchStrategy[BaseModel]:
    return st.builds(kind, t=T, **fields)


EVENTS = st.one_of(
    at(ev.CustomerTurnStarted, turn=WORDS),
    at(
        ev.ClauseStarted,
        text=TEXT,
        words=WORDS,
        duration_ms=st.integers(0, 9000),
        turn_end=st.booleans(),
        cue=CUE,
        facts=FACTS,
        bait=st.booleans(),
        need=st.sampled_from([None, "repair", "redirect"]),
    ),
    at(ev.ClauseEnded),
    at(ev.CustomerTurnEnded),
    at(ev.CustomerCutOff, at_word=WORDS, unsaid_words=WORDS, unsaid_facts=FACTS),
    at(ev.Yielded, at_word=WORDS, unsaid_words=WORDS, unsaid_facts=FACTS),
    at(ev.HungUp),
    at(ev.ComposingStarted),
    at(ev.ComposingPaused),
    at(ev.ComposingResumed),
    at(ev.ComposingCleared),
    at(ev.Spoke, text=TEXT, pasted_chars=st.integers(0, 9)),
    at(ev.TraineeCutOff, at_word=WORDS),
    at(ev.Withdrew),
    at(
        ev.Backchannelled,
        token=TEXT,
        channel=st.sampled_from(["voice", "nod", "face", "typed"]),
        specific=st.booleans(),
        fits=st.booleans(),
    ),
    at(ev.HoldAnnounced, text=TEXT),
    at(ev.HoldEnded),
    at(ev.DeskOpened, item=ITEM, loading_ms=st.integers(0, 20_000)),
    at(ev.MailOpened, item=st.sampled_from(["mail_1", "mail_2", "ghost"])),
    at(ev.FocusLost),
    at(ev.FocusGained),
    at(
        ev.NoteIssued,
        turn=WORDS,
        act=st.sampled_from(Act),
        intensity=st.integers(0, 5),
        facts=FACTS,
        resolution=st.one_of(st.none(), st.sampled_from(["new_fridge", "repair_it", "ghost"])),
        beat=st.sampled_from([None, "quiet"]),
    ),
    at(ev.VoiceWaited, ms=st.integers(0, 9000)),
    at(
        ev.ChecksRead,
        answers=ANSWERS,
        spans=SPANS,
        facts=FACTS,
        topics=TOPICS,
        feelings=FEELINGS,
        resolutions=OFFERS,
        records=st.lists(ITEM, max_size=3).map(tuple),
        wrong=FACTS,
    ),
    at(ev.MoodMoved, frustration=POINTS, trust=POINTS, heard=POINTS, causes=CAUSES),
    at(ev.ClockStopped, reason=st.just("feedback")),
    at(ev.ClockStarted, reason=st.just("feedback")),
    at(ev.PaceChanged, percent=st.integers(50, 200)),
    at(
        ev.Ended,
        reason=st.sampled_from(["solved", "closed", "walked_out", "patience", "left", "stopped"]),
        ending=st.sampled_from([None, "won", "settled", "unsolved", "walked_out"]),
    ),
)


def within(score: CallScore) -> bool:
    values = [score.score, *score.skills.values(), *(turn.score for turn in score.turns)]
    values += [one.value for turn in score.turns for one in turn.skills.values()]
    values += [score.outcome.points] if score.outcome else []
    return all(value is None or 0 <= value <= 100 for value in values)


@settings(max_examples=250, deadline=None)
@given(
    log=st.lists(EVENTS, max_size=40),
    medium=st.sampled_from(MediumKind),
    timed=st.booleans(),
    pace=st.integers(50, 200),
)
def test_any_log_folds_scores_and_tells(
    log: list[ev.Event], medium: MediumKind, timed: bool, pace: int
) -> None:
    conditions = Conditions(medium, timed, pace)
    score = score_call(mara(), rules(), conditions, log)
    again = score_call(mara(), rules(), conditions, log)
    assert within(score)
    assert json.dumps(score.as_dict()) == json.dumps(again.as_dict())
    assert score.outcome is None or 1 <= score.outcome.csat_stars <= 5
    debrief = debrief_of(mara(), rules(), score, lambda cause: ("Hm.",))
    assert all(len(line) <= 60 or " " not in line.strip() for line in render_plain(debrief, 60).splitlines())
    assert all(len(one_line(turn, mara())) <= 100 for turn in score.turns)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_a_real_call_in_any_order_still_scores(seed: int) -> None:
    log = list(robots.good_listener().events)
    random.Random(seed).shuffle(log)
    assert within(score_call(mara(), rules(), Conditions(MediumKind.PHONE), log))
