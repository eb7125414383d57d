from __future__ import annotations

import pytest

from scoring import events as ev
from scoring.engine_facts import EngineFacts, count_phrases, cues_of, plain_words, yes
from tests.scoring.builders import Call, mara

LOST = "A week of food went in the bin."


def facts_of(call: Call) -> EngineFacts:
    facts = call.last().facts
    assert facts is not None
    return facts


def test_plain_words_drop_case_and_punctuation() -> None:
    assert plain_words("Don’t — worry, OK?") == "don't worry ok"


@pytest.mark.parametrize(
    ("text", "count"),
    [("Go on, please.", 1), ("I go only there", 0), ("Go on... after you!", 2), ("", 0)],
)
def test_phrases_are_found_as_whole_words(text: str, count: int) -> None:
    assert count_phrases(text, ("go on", "after you")) == count


@pytest.mark.parametrize(("value", "answer"), [(0.5, True), (0.49, False), (None, False)])
def test_no_answer_counts_as_no(value: float | None, answer: bool) -> None:
    assert yes({"restates": value}, "restates", 0.5) is answer
    assert yes({}, "restates", 0.5) is False


def test_cues_come_from_the_whole_persona() -> None:
    assert set(cues_of(mara())) == {"a long breath out"}


@pytest.mark.parametrize(
    ("checks", "facts", "topics", "feelings", "changed"),
    [
        ((), (), (), (), False),
        (("asks_open",), (), (), (), False),
        (("asks_closed",), (), (), (), True),
        (("gives_solution",), (), (), (), True),
        (("restates",), (), (), (), False),
        ((), ("lost_food",), (), (), False),
        ((), ("empty_shelves",), (), (), True),
        ((), (), ("fridge",), (), False),
        ((), (), ("shop",), (), True),
        ((), (), (), ("worn_out",), False),
    ],
)
def test_topic_change(
    checks: tuple[str, ...],
    facts: tuple[str, ...],
    topics: tuple[str, ...],
    feelings: tuple[str, ...],
    changed: bool,
) -> None:
    call = Call().says(LOST, ["lost_food"]).speaks("Something.")
    call.read(*checks, facts=facts, topics=topics, feelings=feelings)
    assert facts_of(call).topic_change is changed


def test_a_reply_that_nobody_read_changes_no_topic() -> None:
    assert facts_of(Call().says(LOST, ["lost_food"]).speaks("Something.")).topic_change is False


@pytest.mark.parametrize(
    ("reply", "checks", "repair"),
    [
        ("Sorry, the eleventh?", ("asks_closed",), True),
        ("Did you say May?", ("asks_closed",), True),
        ("The 11th?", (), True),
        ("The eleventh of May, was it?", ("checks_understanding",), True),
        ("What is your postcode?", ("asks_closed",), False),
        ("Okay.", ("acknowledges",), False),
        ("When was that?", ("asks_closed", "re_asks"), True),
        ("What was that like for you?", ("asks_open",), False),
        ("Could you repeat " + "very " * 14 + "slowly?", ("asks_closed",), False),
    ],
)
def test_repair_is_about_what_was_unclear(reply: str, checks: tuple[str, ...], repair: bool) -> None:
    assert facts_of(Call().opens().speaks(reply).read(*checks)).repair is repair


def test_asking_again_for_what_was_clear_is_no_repair() -> None:
    call = Call().says(LOST, ["lost_food"]).speaks("When was that?").read("asks_closed", "re_asks")
    assert facts_of(call).repair is False


@pytest.mark.parametrize(
    ("cue", "feelings", "taken"),
    [(None, (), None), ("a long breath out", (), False), ("a long breath out", ("worn_out",), True)],
)
def test_cue_taken(cue: str | None, feelings: tuple[str, ...], taken: bool | None) -> None:
    call = Call().says(LOST, cue=cue).speaks("You sound worn out.").read(feelings=feelings)
    assert facts_of(call).cue_taken is taken


@pytest.mark.parametrize(
    ("reply", "checks", "echo"),
    [
        (LOST, (), True),
        ("food went in the bin", (), True),
        ("The bin.", (), False),
        ("So the food went into the bin?", ("restates", "parrots"), True),
        ("So all the food is lost.", ("restates",), False),
    ],
)
def test_an_echo_is_their_own_words_again(reply: str, checks: tuple[str, ...], echo: bool) -> None:
    assert facts_of(Call().says(LOST, ["lost_food"]).speaks(reply).read(*checks)).echo is echo


def test_reading_a_datum_back_is_no_echo() -> None:
    call = Call().says("On the eleventh of May.", ["died_twice"]).speaks("On the eleventh of May.")
    assert facts_of(call.read("restates", "parrots")).echo is False


@pytest.mark.parametrize(("waits", "used"), [(11_000, ()), (12_000, ("visits",))])
def test_the_record_counts_once_it_can_be_read(waits: int, used: tuple[str, ...]) -> None:
    call = Call().opens()
    call.add(ev.DeskOpened(t=call.t, item="visits", loading_ms=12_000)).waits(waits)
    call.speaks("On 3 May the compressor was replaced.").read(records=("visits", "invoice"))
    assert facts_of(call).record_used == used


def test_a_summary_joins_two_turns() -> None:
    call = Call().says("Twice.", ["died_twice"]).speaks("ok").says(LOST, ["lost_food"])
    call.speaks("Both.").read("restates", facts=("died_twice", "lost_food"))
    assert facts_of(call).summary
    alone = Call().opens().speaks("Both.").read("restates", facts=("died_twice", "lost_food"))
    assert not facts_of(alone).summary


def test_facts_told_later_do_not_make_a_summary_of_an_earlier_reply() -> None:
    call = (
        Call().says("Twice.", ["died_twice"]).speaks("ok").read("restates", facts=("died_twice", "lost_food"))
    )
    call.says(LOST, ["lost_food"])
    facts = call.score().turns[0].facts
    assert facts is not None
    assert not facts.summary


@pytest.mark.parametrize(
    ("reply", "checks", "offers", "two"),
    [
        ("I can send one or I can refund you.", ("gives_solution",), (), True),
        ("I can send one or I can refund you.", (), (), False),
        ("Both.", (), ("new_fridge", "repair_it"), True),
        ("I can send one.", ("gives_solution",), ("new_fridge",), False),
    ],
)
def test_two_options(reply: str, checks: tuple[str, ...], offers: tuple[str, ...], two: bool) -> None:
    assert facts_of(Call().opens().speaks(reply).read(*checks, resolutions=offers)).two_options is two


def test_stock_phrases_are_counted_over_the_call() -> None:
    line = "I completely understand. Rest assured we will look."
    call = Call().opens().speaks(line).read().says("Hm.").speaks(line).read()
    now = facts_of(call)
    assert (now.stock_phrases, now.stock_before) == (2, 2)


def test_handing_back_and_announcing_a_wait() -> None:
    said = facts_of(Call().opens().speaks("Sorry, go on.").read())
    assert said.hands_back and not said.hold_announced
    assert facts_of(Call().opens().speaks("One moment please.").read()).hold_announced


@pytest.mark.parametrize(
    ("reply", "hands_back"),
    [
        ("I'll go on looking for your parcel.", False),
        ("I want to carry on with this, without the insults.", False),
        ("I'll go on looking. But please, go on.", True),
        ("Carry on, I'm listening.", True),
    ],
)
def test_what_the_trainee_goes_on_doing_hands_nothing_back(reply: str, hands_back: bool) -> None:
    assert facts_of(Call().opens().speaks(reply).read()).hands_back is hands_back
