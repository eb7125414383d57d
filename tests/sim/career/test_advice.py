from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from personas.loader import Library, builtin_folder, load_library
from saves.run import RunRow
from sim.career.advice import Choice, Fit, next_choice
from sim.career.outlook import home_view
from sim.career.played import played_calls
from sim.career.record import track_record
from sim.career.views import NextCall
from tests.sim.career.samples import BUILTIN, OWN, TODAY, broken, customer, interrupted, library, row, summary

HOUSE = library(
    customer("Priya", 1, ("interruptions", "pauses", "record")),
    customer("Ben", 1, ("empathy", "cues"), they="he"),
    customer("Daniel", 2, ("cues", "empathy"), medium="chat", they="they"),
    customer("Ada", 2, ("pauses", "questions"), medium="email"),
    customer("Own", 1, ("pauses",), folder=OWN),
)


FOUR = library(
    customer("Priya", 1, ("pauses", "record")),
    customer("Ben", 1, ("empathy", "cues"), they="he"),
    customer("Daniel", 2, ("cues", "empathy")),
    customer("Ada", 2, ("pauses", "questions")),
)


def rated(name: str, at: int, result: dict[str, Any] | None = None) -> RunRow:
    return row(name, at, result, mode="rated")


def choice(house: Library, rows: Sequence[RunRow]) -> Choice:
    record = track_record(house, played_calls(rows), BUILTIN, datetime.fromisoformat(TODAY), UTC)
    chosen = next_choice(house, record, BUILTIN)
    assert chosen is not None
    return chosen


def who(house: Library, rows: Sequence[RunRow]) -> str:
    return house.loaded[choice(house, rows).persona_id].persona.customer.short_name


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
        "With her you practise letting people finish and leaving pauses.",
    )


def test_the_library_that_comes_with_the_program_offers_a_first_tier_customer() -> None:
    house = load_library([])
    view = home_view(house, [], [], TODAY, builtin_folder())

    assert view.next is not None
    assert view.next.persona_id == "hearmeout/priya-nair"


@pytest.mark.parametrize(
    ("rows", "chosen"),
    [
        pytest.param([rated("Priya", 0)], "Ben", id="who opens the next tier"),
        pytest.param(
            [rated("Priya", 0, summary("unsolved"))], "Ben", id="after a lost call somebody else who fits"
        ),
        pytest.param([rated("Priya", 0), rated("Ben", 1)], "Daniel", id="a little above, in the next tier"),
        pytest.param(
            [rated("Priya", 0), rated("Ben", 1, summary("unsolved")), rated("Ben", 2)],
            "Daniel",
            id="the same after two with one customer",
        ),
        pytest.param(
            [rated("Priya", 0), rated("Ben", 1), rated("Daniel", 2, summary("walked_out"))],
            "Priya",
            id="not above after a lost call: longest ago",
        ),
        pytest.param([row("Priya", 0), row("Ben", 1)], "Daniel", id="practice opens the same way"),
    ],
)
def test_who_comes_next(rows: list[RunRow], chosen: str) -> None:
    assert who(FOUR, rows) == chosen


def test_ones_own_customers_come_after_the_built_in_ones() -> None:
    rows = [rated("Priya", 0), rated("Ben", 1)]
    house = library(
        customer("Own", 1, folder=OWN), *(FOUR.loaded[f"house/{name}"] for name in ("priya", "ben"))
    )

    assert who(house, rows) == "Priya"
    assert who(house, [*rows, rated("Priya", 2), rated("Ben", 3), rated("Own", 4)]) == "Priya"


def test_nobody_comes_three_times_running_while_somebody_else_is_open() -> None:
    weak = summary(pauses=5.0)
    twice = [rated("Ben", 0), rated("Priya", 1, weak), rated("Priya", 2, weak)]

    assert who(FOUR, [*twice[:1], *twice[1:2]]) == "Priya"
    assert who(FOUR, twice) != "Priya"
    assert who(library(FOUR.loaded["house/priya"]), twice) == "Priya"


WEAK_PAUSES = [
    rated("Ben", 0, summary(pauses=10.0)),
    rated("Priya", 1, summary(pauses=10.0)),
    rated("Ben", 2, summary(pauses=10.0)),
    rated("Priya", 3, summary(pauses=10.0)),
]


def test_a_weak_skill_that_is_due_leads() -> None:
    chosen = choice(FOUR, WEAK_PAUSES)

    assert chosen.focus is not None and (chosen.focus.skill, chosen.focus.grade) == ("pauses", "again")
    assert "pauses" in FOUR.loaded[chosen.persona_id].persona.identity.skills
    assert words(FOUR, WEAK_PAUSES).startswith("Pauses are due again: 10 of 100 16 days ago.")


def test_every_third_call_none_leads() -> None:
    led = [choice(FOUR, WEAK_PAUSES[:count]).focus is not None for count in range(1, 5)]

    assert led == [True, True, False, True]


def test_a_strong_skill_that_is_due_does_not_lead() -> None:
    strong = [rated(name, at, summary(pauses=99.0)) for at, name in enumerate(["Ben", "Priya"] * 2)]
    focus = choice(FOUR, strong).focus

    assert focus is None or focus.skill != "pauses"


def played(value: float, calls: int, *names: str) -> list[RunRow]:
    ending = "won" if value >= 50 else "walked_out"
    return [rated(names[at % len(names)], at, summary(ending, values=value)) for at in range(calls)]


def test_where_all_has_become_easy_the_hardest_and_who_opens_comes() -> None:
    rows = played(99.0, 120, "Priya", "Ben")
    chosen = choice(FOUR, rows)

    assert (chosen.fit, chosen.opens) == (Fit.EASY, True) and chosen.success > 0.85
    assert "Everybody open has become easy for you: expect about 8" in words(FOUR, rows)
    alone = library(customer("Priya"), customer("Ben"))
    assert choice(alone, rows).fit is Fit.EASY


def test_three_easy_calls_are_enough_to_reach_further() -> None:
    house = library(customer("Priya"), customer("Ben"), customer("Cy", 3), customer("Di", 3))
    rows = [*played(97.0, 6, "Priya", "Ben"), rated("Priya", 6, summary(values=50.0))]
    more = [*rows[:6], rated("Priya", 6, summary(values=97.0))]

    assert (choice(house, rows).fit, who(house, rows)) == (Fit.FITS, "Ben")
    assert (choice(house, more).fit, who(house, more)) == (Fit.BORED, "Cy")
    assert "Your last three calls came out at 97 on average, so here is more: expect about 5" in words(
        house, more
    )


def test_where_nothing_comes_easily_the_gentlest_is_practised_first() -> None:
    rows = played(5.0, 16, "Priya", "Ben")
    chosen = choice(FOUR, rows)

    assert (chosen.fit, chosen.mode) == (Fit.HARD, "practice") and chosen.success < 0.5
    assert "Nobody open comes easily yet;" in words(FOUR, rows)
    assert words(FOUR, rows).endswith("it does not count, and time stands still after each reply.")
    again = [*rows, *(row(name, 16, summary("unsolved", values=5.0), seed=99) for name in ("Priya", "Ben"))]
    assert choice(FOUR, again).mode == "rated"


def test_a_standstill_lets_one_reach_a_little_further() -> None:
    house = library(customer("Priya"), customer("Ben"), customer("Cy", 3), customer("Di", 3))
    rows = played(78.0, 14, "Priya", "Ben")
    served = {count: choice(house, rows[:count]) for count in range(2, 15)}

    assert {chosen.fit for count, chosen in served.items() if count < 12} == {Fit.FITS}
    assert (served[12].fit, served[12].persona_id) == (Fit.REACH, "house/cy")
    assert "A little above you: expect about" in words(house, rows[:12])


def test_where_only_skills_are_missing_a_customer_of_that_tier_comes_again() -> None:
    house = library(customer("Priya", 1, ("pauses",)), customer("Daniel", 2), customer("Own", folder=OWN))
    rows = [row("Priya", 10, summary("won", pauses=30.0))]

    assert advised(house, rows).reason == (
        "Pauses are due again: 30 of 100 nine days ago.",
        "You last talked to Priya nine days ago.",
        "Tier 2 opens once a tier-1 call that ends well shows pauses at 50 or more.",
        "Play it rated: until a call has counted, nobody can say how you do.",
    )


REASONS: list[tuple[str, list[RunRow], str]] = [
    (
        "not every call asked for it",
        [
            rated("Ben", 0, summary(values=75.0, pauses=70.0)),
            rated("Ben", 1, summary(values=75.0, pauses=None)),
            rated("Ben", 2, summary(values=75.0, pauses=None)),
        ],
        "Of the four headline skills pauses came out lowest in the last call that asked for them, at 70 of "
        "100. You have not talked to Priya yet; by your calls so far expect about 77 of 100. "
        "One more tier-1 customer finished well opens tier 2.",
    ),
    (
        "hung up",
        [rated("Ben", 0), rated("Priya", 1, summary("walked_out", values=75.0, too_short=True))],
        "Your last call with Priya was too short to learn from. "
        "One more tier-1 customer finished well opens tier 2.",
    ),
    (
        "left",
        [rated("Ben", 0), rated("Priya", 1, summary("left", values=75.0, too_short=True))],
        "You left your last call with Priya before its end. "
        "One more tier-1 customer finished well opens tier 2.",
    ),
    (
        "stopped",
        [rated("Ben", 0), rated("Priya", 1, summary("stopped", values=75.0, too_short=True))],
        "You stopped your last call with Priya. One more tier-1 customer finished well opens tier 2.",
    ),
    (
        "nothing is rated",
        [row("Ben", 0)],
        "You have not talked to Priya yet. One more tier-1 customer finished well opens tier 2. "
        "Play it rated: until a call has counted, nobody can say how you do.",
    ),
]


@pytest.mark.parametrize(
    ("rows", "reason"), [case[1:] for case in REASONS], ids=[case[0] for case in REASONS]
)
def test_the_reason_is_drawn_from_the_calls(rows: list[RunRow], reason: str) -> None:
    assert words(FOUR, rows).endswith(reason)


def test_a_customer_is_spoken_of_as_they_are() -> None:
    house = library(
        customer("Priya", 1, ("empathy",)), customer("Daniel", 1, ("cues", "empathy"), they="they")
    )
    rows = [rated(name, at) for at, name in enumerate(["Daniel", "Priya", "Priya"])]

    assert words(house, rows).endswith("With them you practise reading cues and empathy.")


def test_figures_in_the_reason_are_those_of_the_record() -> None:
    rows = WEAK_PAUSES
    record = track_record(FOUR, played_calls(rows), BUILTIN, datetime.fromisoformat(TODAY), UTC)
    chosen = choice(FOUR, rows)
    tier = FOUR.loaded[chosen.persona_id].persona.identity.tier

    assert chosen.success == record.form.success(chosen.persona_id, tier, "pauses")
    assert f"expect about {100 * chosen.success:.0f} of 100 in pauses" in words(FOUR, rows)


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
