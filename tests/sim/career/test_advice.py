from __future__ import annotations

from collections.abc import Sequence

import pytest

from personas.loader import Library, builtin_folder, load_library
from saves.run import RunRow
from sim.career.outlook import home_view
from sim.career.views import NextCall
from tests.sim.career.samples import BUILTIN, OWN, TODAY, broken, customer, interrupted, library, row, summary

HOUSE = library(
    customer("Priya", 1, ("interruptions", "pauses", "record")),
    customer("Ben", 1, ("empathy", "cues"), they="he"),
    customer("Daniel", 2, ("cues", "empathy"), medium="chat", they="they"),
    customer("Ada", 2, ("pauses", "questions"), medium="email"),
    customer("Own", 1, ("pauses",), folder=OWN),
)


def advised(house: Library, rows: Sequence[RunRow]) -> NextCall:
    chosen = home_view(house, rows, [], TODAY, BUILTIN).next
    assert chosen is not None
    return chosen


def words(house: Library, rows: Sequence[RunRow]) -> str:
    return " ".join(advised(house, rows).reason)


def test_the_first_thing_offered_is_the_first_customer() -> None:
    view = home_view(HOUSE, [], [], TODAY, BUILTIN)

    assert view.first_start and view.interrupted is None and view.next is not None
    assert (view.next.persona_id, view.next.medium, view.next.minutes) == ("house/priya", "phone", 6)
    assert view.next.reason == (
        "A first call to begin with: hear what happened before you mend it.",
        "With Priya you practise letting people finish and leaving pauses.",
    )


def test_the_library_that_comes_with_the_program_offers_a_first_tier_customer() -> None:
    house = load_library([])
    view = home_view(house, [], [], TODAY, builtin_folder())

    assert view.next is not None
    assert house.loaded[view.next.persona_id].persona.identity.tier == 1


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        pytest.param([row("Priya", 0, summary("unsolved"))], "Priya", id="lowest tier, file order"),
        pytest.param([row("Priya")], "Ben", id="never finished well"),
        pytest.param([row("Ben", 0, summary(empathy=20.0))], "Priya", id="lowest tier before the weakest"),
        pytest.param(
            [row("Priya", 0, summary("left", empathy=20.0))], "Ben", id="the one that trains the weakest"
        ),
        pytest.param(
            [row("Priya", 0), row("Ben", 1, summary(pauses=20.0))], "Ada", id="in the next tier too"
        ),
        pytest.param([row("Priya", 0), row("Ben", 1, summary(empathy=20.0))], "Daniel", id="by skill"),
        pytest.param(
            [row("Priya", 0), row("Ben", 1), row("Ada", 2, summary(pauses=1.0)), row("Daniel", 3)],
            "Own",
            id="one's own after the built-in ones",
        ),
        pytest.param(
            [
                row(name, at, summary(pauses=1.0))
                for at, name in enumerate(["Ada", "Ben", "Priya", "Own", "Daniel"])
            ],
            "Ada",
            id="all finished well: longest ago of those that train the weakest",
        ),
        pytest.param(
            [
                row(name, at, summary(empathy=1.0))
                for at, name in enumerate(["Ada", "Daniel", "Priya", "Own", "Ben"])
            ],
            "Daniel",
            id="the same for another skill",
        ),
    ],
)
def test_who_comes_next(rows: list[RunRow], chosen: str) -> None:
    assert advised(HOUSE, rows).short_name == chosen


def test_where_only_skills_are_missing_a_customer_of_that_tier_comes_again() -> None:
    house = library(customer("Priya", 1, ("pauses",)), customer("Daniel", 2), customer("Own", folder=OWN))
    rows = [row("Priya", 10, summary("won", pauses=30.0))]

    assert advised(house, rows).reason == (
        "Pauses cost you most in your last call: 30 of 100.",
        "You last talked to Priya nine days ago.",
        "Tier 2 opens once a tier-1 call that ends well shows pauses at 50 or more.",
    )


REASONS: list[tuple[str, list[RunRow], str]] = [
    (
        "over several calls",
        [row("Priya", at, summary("unsolved", pauses=value)) for at, value in enumerate([30.0, 40.0, 53.0])],
        "Pauses cost you most in your last three calls: 41 of 100. "
        "Your last call with Priya ended without an answer. "
        "With her you practise leaving pauses and letting people finish.",
    ),
    (
        "not every call asked for it",
        [
            row("Ben", 0, summary(pauses=40.0)),
            row("Ben", 1, summary(pauses=None, interruptions=None)),
        ],
        "Pauses cost you most in the last call that asked for them: 40 of 100. "
        "You have not talked to Priya yet. "
        "With her you practise leaving pauses and letting people finish.",
    ),
    (
        "nothing is bad",
        [row("Ben", 0, summary(values=90.0, pauses=75.0))],
        "Of the four headline skills pauses came out lowest in your last call, at 75 of 100. "
        "You have not talked to Priya yet. "
        "With her you practise leaving pauses and letting people finish.",
    ),
    (
        "the weakest is not what they train",
        [row("Priya", 0, summary(paraphrasing=5.0))],
        "You have not talked to Ben yet. With him you practise empathy and reading cues.",
    ),
    (
        "hung up",
        [row("Priya", 0), row("Ben", 1, summary("walked_out", paraphrasing=5.0))],
        "In your last call Ben walked out. With him you practise empathy and reading cues.",
    ),
    (
        "left",
        [row("Priya", 0), row("Ben", 1, summary("left", paraphrasing=5.0))],
        "You left your last call with Ben before its end. With him you practise empathy and reading cues.",
    ),
    (
        "stopped",
        [row("Priya", 0), row("Ben", 1, summary("stopped", paraphrasing=5.0))],
        "You stopped your last call with Ben. With him you practise empathy and reading cues.",
    ),
    (
        "too short",
        [row("Priya", 0, summary(paraphrasing=5.0)), row("Ben", 1, summary("walked_out", too_short=True))],
        "Your last call with Ben was too short to learn from. "
        "With him you practise empathy and reading cues.",
    ),
]


@pytest.mark.parametrize(
    ("rows", "reason"), [case[1:] for case in REASONS], ids=[case[0] for case in REASONS]
)
def test_the_reason_is_drawn_from_the_calls(rows: list[RunRow], reason: str) -> None:
    assert words(HOUSE, rows) == reason


def test_a_customer_is_spoken_of_as_they_are() -> None:
    assert words(HOUSE, [row("Priya"), row("Ben", 1, summary(empathy=20.0))]).endswith(
        "With them you practise empathy and reading cues."
    )


@pytest.mark.parametrize(
    ("rows", "minutes"),
    [
        ([row("Ben", 0, summary(minutes=3))], 3),
        ([row("Ben", at, summary(minutes=long)) for at, long in enumerate([3, 4, 20])], 4),
        ([row("Ben", 0, summary(minutes=3)), row("Priya", 1, summary("unsolved", minutes=9.4))], 9),
        (
            [
                row("Ben", 0, summary(minutes=3)),
                row("Priya", 1, summary("left", minutes=0.1, too_short=True)),
            ],
            3,
        ),
        ([row("Ben", 0, summary(minutes=0.2))], 1),
        ([interrupted("Ben")], 6),
    ],
)
def test_the_minutes_are_those_of_the_own_calls(rows: list[RunRow], minutes: int) -> None:
    chosen = advised(HOUSE, rows)

    assert (chosen.short_name, chosen.minutes) == ("Priya", minutes)


def test_no_reason_counts_calls_as_merit() -> None:
    many = [row(name, at) for at, name in enumerate(["Priya", "Ben", "Daniel", "Ada", "Own"] * 12)]

    assert words(HOUSE, many) == words(HOUSE, many[-10:])


def test_an_interrupted_call_comes_first() -> None:
    rows = [interrupted("Ben", 17), interrupted("Priya", 3), row("Priya", 1)]
    view = home_view(HOUSE, rows, rows[:2], TODAY, BUILTIN)

    assert view.interrupted is not None and not view.first_start
    assert (view.interrupted.run_id, view.interrupted.name) == (rows[0].run_id, "Ben Quill")
    assert (view.interrupted.ago, view.interrupted.others) == ("two days ago", 1)


def test_an_interrupted_call_with_somebody_who_is_gone_is_still_offered() -> None:
    view = home_view(HOUSE, [], [interrupted("Gone", started_utc="rubbish")], TODAY, BUILTIN)

    assert view.interrupted is not None
    assert (view.interrupted.name, view.interrupted.title, view.interrupted.ago) == ("house/gone", "", "")


def test_without_customers_there_is_nothing_to_offer_but_what_is_broken_is_counted() -> None:
    view = home_view(library(failed=[broken(), broken("b.toml")]), [], [], TODAY, BUILTIN)

    assert view.next is None and view.broken == 2


def test_a_call_with_a_customer_who_is_gone_disturbs_nothing() -> None:
    assert advised(HOUSE, [row("Gone")]).short_name == "Priya"
