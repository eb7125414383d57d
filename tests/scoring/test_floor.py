from __future__ import annotations

import pytest

from personas.acts import Act, MediumKind
from scoring import events as ev
from scoring.floor import FloorKind, FloorReading, talk_time_ms
from tests.scoring.builders import Call, rules

PHONE, VIDEO, CHAT = MediumKind.PHONE, MediumKind.VIDEO, MediumKind.CHAT
LONG = "one two three four five six seven eight nine ten"


def floor_of(call: Call, medium: MediumKind = PHONE) -> FloorReading:
    floor = call.last(medium).floor
    assert floor is not None
    return floor


def over(at_ms: int, *, turn_end: bool = True, act: Act = Act.TELL, need: str | None = None) -> Call:
    call = Call().note(act).begins()
    call.clause(LONG, said=False, turn_end=turn_end, facts=("lost_food",), need=need)
    return call.waits(at_ms)


def test_after_the_end_is_clean() -> None:
    assert floor_of(Call().opens().waits(300).speaks("I see.").read()) == FloorReading(
        FloorKind.CLEAN, 100, 0, "let the customer finish"
    )


@pytest.mark.parametrize(
    ("medium", "left_ms", "kind", "score"),
    [
        (PHONE, 200, FloorKind.CLEAN, 100),
        (PHONE, 201, FloorKind.TERMINAL, 95),
        (VIDEO, 550, FloorKind.CLEAN, 100),
        (VIDEO, 551, FloorKind.TERMINAL, 95),
        (PHONE, 800, FloorKind.TERMINAL, 95),
    ],
)
def test_the_last_words_are_no_interruption(
    medium: MediumKind, left_ms: int, kind: FloorKind, score: int
) -> None:
    call = over(4000 - left_ms).speaks("I see.").read()
    call.t += left_ms
    call.add(ev.ClauseEnded(t=call.t)).ends()
    floor = floor_of(call, medium)
    assert (floor.kind, floor.score) == (kind, score)


@pytest.mark.parametrize(
    ("at_ms", "turn_end", "reply", "checks", "facts", "unsaid", "kind", "score"),
    [
        (1000, True, "And your postcode?", ("asks_closed",), (), 8, FloorKind.POWER, 5),
        (3000, False, "The week of food, yes.", ("restates",), ("lost_food",), 3, FloorKind.INTRUSIVE, 35),
        (1000, False, "The week of food, yes.", ("restates",), ("lost_food",), 30, FloorKind.POWER, 5),
        (3400, True, "All that food.", ("restates",), ("lost_food",), 2, FloorKind.RAPPORT, 85),
        (3400, True, "word " * 13, ("restates",), ("lost_food",), 2, FloorKind.INTRUSIVE, 55),
        (1000, False, "Sorry, go on.", (), (), 8, FloorKind.RAPPORT, 85),
        (1000, False, "Sorry, the eleventh?", ("asks_closed",), (), 8, FloorKind.REPAIR, 60),
        (3400, True, "Sorry, the eleventh?", ("asks_closed",), (), 8, FloorKind.REPAIR, 80),
    ],
)
def test_kinds_of_overlap(
    at_ms: int,
    turn_end: bool,
    reply: str,
    checks: tuple[str, ...],
    facts: tuple[str, ...],
    unsaid: int,
    kind: FloorKind,
    score: int,
) -> None:
    call = over(at_ms, turn_end=turn_end).speaks(reply).cut(unsaid).read(*checks, facts=facts)
    floor = floor_of(call)
    assert (floor.kind, floor.score) == (kind, score)
    assert floor.words_early == unsaid


def test_asking_at_once_about_an_unclear_datum_is_right() -> None:
    call = over(1000, need="repair").speaks("Sorry, the eleventh?").yields().read("asks_closed")
    assert (floor_of(call).kind, floor_of(call).score) == (FloorKind.REPAIR, 95)


def test_any_other_question_there_is_not() -> None:
    call = over(1000, need="repair").speaks("What is your postcode?").cut(8).read("asks_closed")
    assert floor_of(call).kind is FloorKind.POWER


def test_a_fix_before_the_story_ends_takes_the_floor() -> None:
    call = over(3000, turn_end=False, act=Act.OPEN).speaks("I can fix the food.").cut(2)
    assert floor_of(call.read("gives_solution", "restates", facts=("lost_food",))).kind is FloorKind.POWER


def test_a_redirect_is_welcome_where_the_author_says_so() -> None:
    call = over(3400, need="redirect").speaks("Let us come back to the food, " + "word " * 12).yields(4)
    assert floor_of(call.read("restates", facts=("lost_food",))).kind is FloorKind.RAPPORT


def test_giving_the_floor_back_mends_most_of_it() -> None:
    call = over(1000).speaks("So").cut(8).waits(900)
    call.add(ev.Withdrew(t=call.t)).note(Act.RESUME).begins().clause(LONG).ends().waits(500).speaks(
        "I see."
    ).read()
    assert (floor_of(call).kind, floor_of(call).score) == (FloorKind.GIVEN_BACK, 75)


def test_interruptions_in_the_same_minute_weigh_more() -> None:
    call = over(3000, turn_end=False).speaks("The food.").cut(3).read("restates")
    call.waits(500).note().begins().clause(LONG, said=False, turn_end=False, facts=("lost_food",)).waits(3000)
    call.speaks("The food.").cut(3).read("restates")
    assert floor_of(call).score == 25
    late = over(3000, turn_end=False).speaks("The food.").cut(3).read("restates").waits(70_000)
    late.note().begins().clause(LONG, said=False, turn_end=False).waits(3000).speaks("The food.").cut(3)
    assert floor_of(late.read("restates")).score == 35


def test_a_second_collision_at_once_is_a_pile_up() -> None:
    call = over(3000, turn_end=False).speaks("So").cut(3).waits(800)
    call.add(ev.Withdrew(t=call.t)).waits(200).note(Act.RESUME).begins()
    call.clause(LONG, said=False, turn_end=False, facts=("lost_food",)).waits(1900).speaks("The food.").cut(3)
    assert floor_of(call.read("restates")).score == 25


def test_a_customer_who_had_to_ask_was_left_alone() -> None:
    call = (
        Call().opens().waits(10_000).says("Are you there?", act=Act.PROMPT).waits(500).speaks("Yes.").read()
    )
    assert floor_of(call).kind is FloorKind.PROMPTED


@pytest.mark.parametrize(("facts", "kind"), [((), FloorKind.TERMINAL), (("lost_food",), FloorKind.POWER)])
def test_chat_counts_only_what_held_something_new(facts: tuple[str, ...], kind: FloorKind) -> None:
    call = Call().note().begins().clause(LONG, said=False, facts=facts).waits(400)
    call.speaks("And your postcode?").yields(8) if not facts else call.speaks("And your postcode?").cut(
        8, facts
    )
    assert floor_of(call.read("asks_closed"), CHAT).kind is kind


def test_without_a_reply_there_is_no_floor_to_read() -> None:
    assert Call().opens().last().floor is None


def test_talk_time_counts_both_sides() -> None:
    call = Call().says("one two three four").speaks("five six").read()
    turn = call.last().occasion.turn
    assert talk_time_ms(turn, rules()) == 6 * 400
