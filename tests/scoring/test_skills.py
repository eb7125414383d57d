"""The skills of words, by row of the rubric (listening-science 9)."""

from __future__ import annotations

import pytest

from personas.acts import Act, MediumKind
from personas.section import Skill
from scoring import events as ev
from scoring.skills import SKILLS
from tests.scoring.builders import Call

CHAT = MediumKind.CHAT
BOTH = ("died_twice", "lost_food")
LOST = "A week of food went in the bin."


def value(call: Call, skill: Skill, medium: MediumKind = MediumKind.PHONE) -> float | None:
    return call.last(medium).skills[skill].value


def reply(text: str, *checks: str, **touched: tuple[str, ...]) -> Call:
    return Call().opens().waits(500).speaks(text).read(*checks, **touched)


def test_without_a_reply_every_skill_is_absent() -> None:
    last = Call().opens().last()
    assert [score.value for score in last.skills.values()] == [None] * 10
    assert tuple(last.skills) == SKILLS
    assert last.score is None


def test_a_reply_that_nobody_read_is_scored_by_its_timing_alone() -> None:
    last = Call().opens().waits(500).speaks("I see.").last()
    present = {skill for skill, score in last.skills.items() if score.value is not None}
    assert present == {"interruptions", "engagement"}


# paraphrasing


@pytest.mark.parametrize(
    ("checks", "facts", "feelings", "wrong", "score"),
    [
        ((), (), (), (), 0),
        (("acknowledges",), (), (), (), 20),
        (("acknowledges", "reflects_feeling"), (), (), (), 20),
        (("restates",), BOTH, (), ("died_twice",), 20),
        (("restates", "contradicts"), BOTH, (), (), 20),
        (("restates", "parrots"), BOTH, (), (), 30),
        (("restates", "parrots", "checks_understanding"), BOTH, (), (), 50),
        (("reflects_feeling",), (), ("worn_out",), (), 50),
        (("restates",), (), (), (), 50),
        (("restates",), ("died_twice",), (), (), 70),
        (("restates",), BOTH, (), (), 70),
        (("restates", "reflects_feeling"), BOTH, (), (), 85),
        (("restates",), BOTH, ("worn_out",), (), 85),
        (("restates", "reflects_feeling", "checks_understanding"), BOTH, (), (), 100),
    ],
)
def test_paraphrasing(
    checks: tuple[str, ...],
    facts: tuple[str, ...],
    feelings: tuple[str, ...],
    wrong: tuple[str, ...],
    score: float,
) -> None:
    call = reply("It broke, food gone.", *checks, facts=facts, feelings=feelings, wrong=wrong)
    assert value(call, "paraphrasing") == score


def test_two_facts_joined_are_more_than_two_facts_listed() -> None:
    listed = reply("Twice broken, food gone.", "restates", facts=BOTH)
    joined = reply("It broke twice, so the food was gone.", "restates", facts=BOTH)
    assert (value(listed, "paraphrasing"), value(joined, "paraphrasing")) == (70, 85)


def test_critical_data_read_back_verbatim_are_no_parroting() -> None:
    call = reply("The eleventh of May, twice broken.", "restates", "parrots", facts=("died_twice",))
    assert value(call, "paraphrasing") == 70
    assert value(call, "attention") == 50


def test_no_paraphrase_is_due_where_little_was_told() -> None:
    call = Call().says("It is the second time now.", ["died_twice"]).speaks("Okay.").read("acknowledges")
    assert value(call, "paraphrasing") is None


def test_a_whole_one_counts_even_where_none_was_due() -> None:
    call = (
        Call()
        .says("It is the second time now.", ["died_twice"])
        .speaks("Twice, and you were counting on it.")
    )
    call.read("restates", "reflects_feeling", facts=("died_twice",))
    assert value(call, "paraphrasing") == 85


def test_handing_the_turn_back_puts_the_paraphrase_off_once() -> None:
    call = Call().opens().speaks("Please go on.").read("invites_more")
    assert value(call, "paraphrasing") is None
    call.waits(300).says("And that is all.").speaks("Please go on.").read("invites_more")
    assert value(call, "paraphrasing") == 20


def test_what_was_put_off_is_given_back_in_the_next_reply() -> None:
    call = Call().opens().speaks("Please go on.").read("invites_more")
    call.waits(300).says("And that is all.").speaks("It failed twice and the food went.")
    assert value(call.read("restates", facts=BOTH), "paraphrasing") == 85


def test_cutting_in_makes_it_due() -> None:
    call = Call().note().begins().clause("It is the second time now.", facts=("died_twice",))
    call.clause("one two three four five", said=False, facts=("lost_food",), turn_end=False).waits(400)
    assert value(call.speaks("Your postcode?").cut(4).read("asks_closed"), "paraphrasing") == 0


def test_a_summary_before_the_offer_is_a_whole_paraphrase() -> None:
    call = Call().opens().speaks("I see.").read("acknowledges").says("I sent people away.", ["empty_shelves"])
    call.speaks("First the fridge, then the shop.").read("restates", facts=("died_twice", "empty_shelves"))
    assert value(call, "paraphrasing") == 85


# empathy


@pytest.mark.parametrize(
    ("text", "checks", "score"),
    [
        ("Calm down.", ("dismisses",), 0),
        ("Calm down, a week is nothing.", ("dismisses", "specific_empathy"), 0),
        ("You are worn out, but it happens.", ("dismisses", "specific_empathy", "reflects_feeling"), 35),
        ("Okay.", ("acknowledges",), 5),
        ("Sorry about that.", ("apologises",), 50),
        ("How annoying for you.", ("warmth", "reflects_feeling"), 50),
        ("I understand your frustration.", ("warmth", "reflects_feeling"), 30),
        ("A week of food, that is bad.", ("specific_empathy", "warmth"), 75),
        ("A week of food, that sounds bad.", ("specific_empathy", "warmth"), 85),
        ("A week of food, you are worn out.", ("specific_empathy", "warmth", "reflects_feeling"), 90),
        ("A week of food, you must be worn out.", ("specific_empathy", "warmth", "reflects_feeling"), 100),
        (
            "A week of food, you must be worn out. What now?",
            ("specific_empathy", "reflects_feeling", "asks_open"),
            100,
        ),
    ],
)
def test_empathy(text: str, checks: tuple[str, ...], score: float) -> None:
    assert value(reply(text, *checks), "empathy") == score


def test_a_stock_phrase_earns_less_each_time() -> None:
    call = Call().opens()
    seen = []
    for _ in range(4):
        call.speaks("I completely understand.").read("acknowledges", "warmth")
        seen.append(value(call, "empathy"))
        call.waits(300).says("Hm, is that so.")
    assert seen == [30, 15, 12, 12]


def test_a_stock_phrase_is_no_proof_whatever_else_is_read_into_it() -> None:
    call = reply(
        "I understand your frustration.", "restates", "specific_empathy", "warmth", feelings=("worn_out",)
    )
    last = call.last().skills
    seen = [last[skill].value for skill in ("paraphrasing", "empathy", "attention", "cues")]
    assert seen == [0, 30, 20, 25]


def test_a_stock_phrase_beside_the_story_does_not_spoil_it() -> None:
    call = reply("I hear you, twice and the food.", "restates", "specific_empathy", "warmth", facts=BOTH)
    last = call.last().skills
    assert [last[skill].value for skill in ("empathy", "attention")] == [75, 100]


def test_a_second_apology_alone_is_worth_less() -> None:
    call = (
        Call().opens().speaks("Sorry about that.").read("apologises").says(LOST, ["lost_food"], intensity=5)
    )
    assert value(call.speaks("Sorry again.").read("apologises"), "empathy") == 25


def test_no_feeling_shown_is_no_occasion_for_empathy() -> None:
    call = Call().says("It is the second time now.", ["died_twice"], intensity=2).speaks("Okay.")
    assert value(call.read("acknowledges"), "empathy") is None


# questions


@pytest.mark.parametrize(
    ("text", "checks", "topics", "facts", "score"),
    [
        ("I will send one.", ("gives_solution", "commits"), (), (), 0),
        ("Okay.", ("acknowledges",), (), (), 0),
        ("A week of food went in the bin.", ("restates", "parrots"), (), BOTH, 0),
        ("Is it the fridge?", ("asks_closed", "re_asks"), ("fridge",), (), 20),
        ("Why didn't you call?", ("asks_open", "blames_or_leads"), ("shop",), (), 40),
        ("So you unplugged it?", ("asks_closed", "blames_or_leads"), ("shop",), (), 50),
        ("And the shop? Since when? How many?", ("asks_closed", "stacks_questions"), ("shop",), (), 60),
        ("What is your shoe size?", ("asks_closed",), (), (), 25),
        ("Is the freezer on?", ("asks_closed",), ("fridge",), (), 55),
        ("Is the shop closed?", ("asks_closed",), ("shop",), (), 70),
        ("What happened?", ("asks_open",), (), (), 70),
        ("What has it meant for the shop?", ("asks_open",), ("shop",), (), 85),
        ("It died twice. What has it meant for the shop?", ("asks_open", "restates"), ("shop",), BOTH, 100),
    ],
)
def test_questions(
    text: str, checks: tuple[str, ...], topics: tuple[str, ...], facts: tuple[str, ...], score: float
) -> None:
    assert value(reply(text, *checks, topics=topics, facts=facts), "questions") == score


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("So it died twice, have I got that right?", ("restates", "checks_understanding")),
        ("You must be worn out.", ("reflects_feeling", "specific_empathy")),
        ("Please go on.", ("invites_more",)),
        ("One moment, I am opening the visits.", ("acknowledges",)),
        ("For your security, what is the postcode?", ("asks_closed",)),
    ],
)
def test_no_clarifying_question_is_no_fault_while_listening(text: str, checks: tuple[str, ...]) -> None:
    assert value(reply(text, *checks), "questions") is None


@pytest.mark.parametrize(
    ("text", "score"), [("Is there something else?", 85), ("Is there anything else I can do?", 40)]
)
def test_something_else_and_anything_else(text: str, score: float) -> None:
    assert value(reply(text, "invites_more"), "questions") == score


def test_asking_about_an_unclear_datum_is_a_good_question() -> None:
    assert value(reply("Sorry, the eleventh?", "asks_closed"), "questions") == 90


def test_with_nothing_left_to_ask_silence_is_no_fault() -> None:
    call = Call().opens().speaks("What has it meant?").read("asks_open").says("No.", ["empty_shelves"])
    assert value(call.speaks("I will send one.").read("gives_solution", "commits"), "questions") is None


# attention


@pytest.mark.parametrize(
    ("checks", "facts", "wrong", "score"),
    [
        (("asks_closed", "re_asks"), (), (), 0),
        (("restates",), ("died_twice",), ("died_twice",), 0),
        (("restates", "parrots"), BOTH, (), 5),
        (("acknowledges",), (), (), 20),
        (("restates",), (), (), 40),
        (("restates",), ("died_twice",), (), 50),
        (("restates",), ("lost_food",), (), 100),
        (("restates",), BOTH, (), 100),
    ],
)
def test_attention(
    checks: tuple[str, ...], facts: tuple[str, ...], wrong: tuple[str, ...], score: float
) -> None:
    assert value(reply("It broke, food gone.", *checks, facts=facts, wrong=wrong), "attention") == score


def test_something_from_an_earlier_turn_shows_full_attention() -> None:
    call = (
        Call().opens().speaks("I see.").read("acknowledges").says("Well.").speaks("With all that food gone.")
    )
    assert value(call.read("restates", facts=("lost_food",)), "attention") == 100


@pytest.mark.parametrize(
    ("text", "checks", "score"),
    [("Okay then.", ("acknowledges",), 20), ("I will come on Friday.", ("commits",), 100), ("Hm.", (), 20)],
)
def test_their_question_wants_an_answer(text: str, checks: tuple[str, ...], score: float) -> None:
    call = Call().says("What will you do?").speaks(text).read(*checks)
    expected = 50 if score == 20 else score
    assert value(call, "attention") == expected


def test_in_writing_every_question_wants_one() -> None:
    call = (
        Call()
        .note()
        .begins()
        .clause("When does the engineer come?")
        .clause("Who pays for the groceries?")
        .ends()
    )
    half = Call()
    half.events = list(call.events)
    half.t = call.t
    call.speaks("The engineer comes today, and we pay for the groceries.").read("commits")
    half.speaks("The engineer comes today.").read("commits")
    assert (value(call, "attention", CHAT), value(half, "attention", CHAT)) == (100, 50)
    assert value(half, "attention") == 100


def test_nothing_told_and_nothing_asked_is_no_occasion() -> None:
    assert value(Call().says("Hm, well.").speaks("Okay.").read("acknowledges"), "attention") is None


# cues


@pytest.mark.parametrize(
    ("text", "checks", "feelings", "score"),
    [
        ("Don't be like that.", ("dismisses",), (), 0),
        ("Your postcode?", ("asks_closed",), (), 10),
        ("A week of food.", ("restates",), (), 25),
        ("Take your time, tell me.", ("invites_more",), (), 50),
        ("You are worn out.", ("reflects_feeling",), ("worn_out",), 85),
        ("You sound worn out, is that it?", ("reflects_feeling", "checks_understanding"), ("worn_out",), 100),
    ],
)
def test_cues(text: str, checks: tuple[str, ...], feelings: tuple[str, ...], score: float) -> None:
    assert value(reply(text, *checks, feelings=feelings), "cues") == score


def test_a_held_silence_leaves_room_for_a_cue() -> None:
    call = Call().opens().waits(3000).speaks("A week of food.").read("restates")
    assert value(call, "cues") == 50
    assert value(call, "cues", CHAT) == 25


def test_no_cue_no_score() -> None:
    assert value(Call().says(LOST, ["lost_food"]).speaks("Okay.").read(), "cues") is None


# evidence


def test_evidence_quotes_the_words_it_rests_on() -> None:
    call = Call().opens().speaks("Right. You must be worn out.").read("specific_empathy", "reflects_feeling")
    reading = call.events[-1]
    assert isinstance(reading, ev.ChecksRead)
    call.events[-1] = reading.model_copy(update={"spans": {"specific_empathy": ((7, 28),)}})
    (evidence,) = call.last().skills["empathy"].evidence
    assert (evidence.quote, evidence.span, evidence.at_ms) == ("You must be worn out.", (7, 28), call.t)


def test_spans_beyond_what_was_heard_are_left_out() -> None:
    call = Call().opens().speaks("Right. You must be worn out.").add(ev.TraineeCutOff(t=0, at_word=1))
    call.read("specific_empathy")
    reading = call.events[-1]
    assert isinstance(reading, ev.ChecksRead)
    call.events[-1] = reading.model_copy(update={"spans": {"specific_empathy": ((7, 28),)}})
    (evidence,) = call.last().skills["empathy"].evidence
    assert (evidence.quote, evidence.span) == ("", None)


def test_pronouns_are_the_customers() -> None:
    call = reply("Okay.", "acknowledges")
    assert "she had told you" in call.last().skills["paraphrasing"].evidence[0].says
    they = call.persona.customer.model_copy(update={"they": "they"})
    call.persona = call.persona.model_copy(update={"customer": they})
    assert "they had told you" in call.last().skills["paraphrasing"].evidence[0].says


@pytest.mark.parametrize(
    ("text", "checks", "facts", "paraphrase", "attention"),
    [
        ("Twice broken, and the food gone.", ("restates",), BOTH, 85, 100),
        ("I completely understand.", ("acknowledges", "reflects_feeling"), (), 20, 20),
        ("What did I just say?", ("asks_open",), (), 0, 5),
    ],
)
def test_a_test_is_met_by_proof_of_listening(
    text: str, checks: tuple[str, ...], facts: tuple[str, ...], paraphrase: float, attention: float
) -> None:
    call = Call().opens().speaks("I see.").read("acknowledges").says("What did I just say?", act=Act.TEST)
    call.speaks(text).read(*checks, facts=facts)
    assert (value(call, "paraphrasing"), value(call, "attention")) == (paraphrase, attention)


def test_an_echo_asks_offers_and_notices_nothing() -> None:
    call = Call().says(LOST + " What will you do?", ["lost_food"], cue="a long breath out")
    call.speaks(LOST + " What will you do?").read("asks_open", "gives_solution", feelings=("worn_out",))
    last = call.last().skills
    absent_or_low = [last[skill].value for skill in ("questions", "commitments", "record", "cues")]
    assert absent_or_low == [0, None, None, 25]
