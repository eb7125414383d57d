from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from personas.loader import Library, builtin_folder, load_library
from personas.section import Skill
from saves.run import RunRow
from sim.career.figures import FIGURES, Figures, TierFigures
from sim.career.outlook import career_view, library_view, unlocked
from sim.career.played import played_calls
from sim.career.tiers import Standing, tiers_of
from tests.sim.career.samples import BUILTIN, OWN, TODAY, customer, interrupted, library, row, summary

FIVE: tuple[Skill, ...] = ("pauses", "paraphrasing", "record", "empathy", "questions")
TWO_AND_TWO = library(
    customer("Priya", 1, FIVE),
    customer("Ben", 1, ("pauses",)),
    customer("Daniel", 2, ("cues", "empathy")),
    customer("Ada", 2, ("cues",)),
)


def open_tiers(house: Library, rows: Sequence[RunRow]) -> list[int]:
    return [tier.number for tier in tiers_of(house, played_calls(rows), BUILTIN) if tier.is_open]


def missing(house: Library, rows: Sequence[RunRow]) -> str:
    return career_view(house, rows, TODAY, BUILTIN).missing


def low(**skills: Any) -> dict[str, Any]:
    """A call that ended well with these skills; the others were weak."""
    return summary("won", values=10.0, **skills)


OPENING: list[tuple[str, list[RunRow], bool]] = [
    ("nothing played", [], False),
    ("one customer", [row("Priya", 0)], False),
    ("the same one twice", [row("Priya", 0), row("Priya", 1)], False),
    ("the same one twenty times", [row("Priya", at) for at in range(20)], False),
    ("two customers", [row("Priya", 0), row("Ben", 1)], True),
    ("one of them settled", [row("Priya", 0), row("Ben", 1, summary("settled"))], True),
    ("one of them unsolved", [row("Priya", 0), row("Ben", 1, summary("unsolved"))], False),
    ("one of them too short", [row("Priya", 0), row("Ben", 1, summary(too_short=True))], False),
    ("one of them a moment again", [row("Priya", 0), row("Ben", 1, parent_run="a" * 32)], False),
    ("one of them interrupted", [row("Priya", 0), interrupted("Ben", 1)], False),
    ("one of them not readable", [row("Priya", 0), row("Ben", 1, {"outcome": "won"})], False),
    (
        "three of five skills at 50",
        [row("Priya", 0, low(pauses=50.0, record=50.0)), row("Ben", 1, low(empathy=50.0))],
        True,
    ),
    (
        "two of five skills at 50",
        [row("Priya", 0, low(pauses=50.0, record=49.9)), row("Ben", 1, low(empathy=50.0))],
        False,
    ),
    (
        "skills not tried",
        [
            row("Priya", 0, summary(values=None, pauses=90.0, record=90.0)),
            row("Ben", 1, summary(values=None)),
        ],
        False,
    ),
    (
        "skills that nobody in the tier trains",
        [row("Priya", 0, low(cues=90.0, attention=90.0, engagement=90.0)), row("Ben", 1, low())],
        False,
    ),
    (
        "skills shown in a call that was lost",
        [row("Priya", 0, low()), row("Ben", 1, low()), row("Ben", 2, summary("unsolved", values=90.0))],
        False,
    ),
    ("skills shown later", [row("Priya", 0, low()), row("Ben", 1, low()), row("Ben", 2)], True),
    (
        "weak again after that",
        [row("Priya", 0), row("Ben", 1), row("Ben", 2, low()), row("Ben", 3, low())],
        True,
    ),
]


@pytest.mark.parametrize(("rows", "opens"), [case[1:] for case in OPENING], ids=[case[0] for case in OPENING])
def test_what_opens_the_second_tier(rows: list[RunRow], opens: bool) -> None:
    assert open_tiers(TWO_AND_TWO, rows) == ([1, 2] if opens else [1])


def test_where_a_tier_has_fewer_customers_all_there_are_open_the_next() -> None:
    house = library(customer("Priya"), customer("Daniel", 2, ("cues",)))

    assert open_tiers(house, []) == [1]
    assert open_tiers(house, [row("Priya")]) == [1, 2]


def test_an_empty_tier_holds_nobody_up() -> None:
    house = library(customer("Priya"), customer("Mo", 4))

    assert open_tiers(house, []) == [1]
    assert open_tiers(house, [row("Priya")]) == [1, 2, 3, 4]
    assert open_tiers(house, [row("Priya"), row("Mo", 1)]) == [1, 2, 3, 4, 5, 6]


def test_the_users_own_customers_are_open_and_open_nothing() -> None:
    house = library(
        customer("Priya"),
        customer("Daniel", 2),
        customer("Own", 6, folder=OWN),
        customer("Easy", 1, folder=OWN),
    )

    assert unlocked(house, [row("Easy")], BUILTIN) == {"house/priya", "house/own", "house/easy"}
    assert unlocked(house, [row("Priya")], BUILTIN) >= {"house/daniel"}


@pytest.mark.parametrize("link", [{"requires": ("house/priya", "house/ben")}, {"sequel_of": "house/ben"}])
def test_prerequisites_lock_an_open_tiers_customer(link: dict[str, Any]) -> None:
    house = library(customer("Priya"), customer("Ben"), customer("Sequel", 1, **link))

    assert "house/sequel" not in unlocked(house, [row("Priya")], BUILTIN)
    assert "house/sequel" not in unlocked(house, [row("Ben", 0, summary("unsolved"))], BUILTIN)
    assert "house/sequel" in unlocked(house, [row("Priya"), row("Ben", 1)], BUILTIN)


def test_prerequisites_of_an_own_customer_lock_nothing() -> None:
    house = library(customer("Priya"), customer("Own", 3, requires=("house/priya",), folder=OWN))

    assert "house/own" in unlocked(house, [], BUILTIN)


def test_who_was_finished_well_stays_open() -> None:
    """A competition may have put a customer of a later tier before the trainee."""
    assert "house/daniel" in unlocked(TWO_AND_TWO, [row("Daniel")], BUILTIN)


def test_what_opens_a_locked_customer_is_told() -> None:
    house = library(
        customer("Priya"),
        customer("Ben"),
        customer("Daniel", 2),
        customer("Sequel", 1, sequel_of="house/ben"),
        customer("Lost", 1, requires=("house/nobody",)),
        customer("Mo", 4, requires=("house/daniel", "house/ben")),
    )
    opens = {entry.persona_id: entry.opens for entry in library_view(house, [row("Priya")], BUILTIN).entries}

    assert opens["house/priya"] == opens["house/ben"] == ()
    assert opens["house/daniel"] == ("One more tier-1 customer finished well opens tier 2.",)
    assert opens["house/sequel"] == ("Ben Quill must have been finished well first.",)
    assert opens["house/lost"] == (
        "house/nobody (a customer that is not in your library) must have been finished well first.",
    )
    assert opens["house/mo"] == (
        "One more tier-1 customer finished well opens tier 2. Tier 4 comes after that.",
        "Daniel Quill and Ben Quill must have been finished well first.",
    )


WORDS: list[tuple[Library, list[RunRow], str]] = [
    (TWO_AND_TWO, [], "Two tier-1 customers finished well open tier 2, with three skills at 50 or more."),
    (TWO_AND_TWO, [row("Priya")], "One more tier-1 customer finished well opens tier 2."),
    (
        TWO_AND_TWO,
        [row("Priya", 0, low(pauses=60.0))],
        "One more tier-1 customer finished well opens tier 2, with two of paraphrasing, empathy, "
        "questions or use of the record at 50 or more.",
    ),
    (
        TWO_AND_TWO,
        [row("Priya", 0, low(pauses=60.0, record=50.0)), row("Ben", 1, low())],
        "Tier 2 opens once a tier-1 call that ends well shows one of paraphrasing, empathy or questions "
        "at 50 or more.",
    ),
    (
        library(customer("Priya", 1, ("pauses",)), customer("Daniel", 2)),
        [row("Priya", 0, low())],
        "Tier 2 opens once a tier-1 call that ends well shows pauses at 50 or more.",
    ),
    (
        TWO_AND_TWO,
        [row("Priya"), row("Ben", 1), row("Ada", 2)],
        "One more tier-2 customer finished well opens tier 3. Nobody is there yet.",
    ),
    (
        library(customer("Priya"), customer("Mo", 4)),
        [],
        "One tier-1 customer finished well opens tier 4, with two skills at 50 or more.",
    ),
    (library(customer("Priya")), [row("Priya")], "Every tier is open to you."),
    (library(customer("Last", 6)), [], "Every tier is open to you."),
    (library(), [], "Every tier is open to you."),
]


@pytest.mark.parametrize(("house", "rows", "words"), WORDS)
def test_what_is_missing_is_told_in_words(house: Library, rows: list[RunRow], words: str) -> None:
    assert missing(house, rows) == words


def test_where_one_stands_with_each_customer() -> None:
    rows = [row("Priya", 0, summary("unsolved")), row("Priya", 1), row("Ben", 2, summary("left"))]
    tiers = career_view(TWO_AND_TWO, rows, TODAY, BUILTIN).tiers

    assert [(stop.name, stop.standing) for tier in tiers for stop in tier.stops] == [
        ("Priya", Standing.WELL),
        ("Ben", Standing.TRIED),
        ("Daniel", Standing.LOCKED),
        ("Ada", Standing.LOCKED),
    ]
    assert [len(tier.stops) for tier in tiers] == [2, 2, 0, 0, 0, 0]


def test_the_library_that_comes_with_the_program_begins_with_an_open_customer() -> None:
    house = load_library([])
    tiers = tiers_of(house, [], builtin_folder())

    assert tiers[0].customers and tiers[0].is_open and not tiers[1].is_open
    assert unlocked(house, [], builtin_folder()) == set(tiers[0].customers)


NAMES = ("Priya", "Ben", "Daniel", "Ada")
a_call = st.builds(
    lambda name, ending, value, short: (name, summary(ending, values=value, too_short=short)),
    st.sampled_from(NAMES),
    st.sampled_from(["won", "settled", "unsolved", "walked_out", "left", "stopped"]),
    st.none() | st.floats(0, 100),
    st.booleans(),
)


@settings(deadline=None)
@given(st.lists(a_call, max_size=8))
def test_no_further_call_ever_closes_what_was_open(calls: list[tuple[str, dict[str, Any]]]) -> None:
    rows = [row(name, at, result) for at, (name, result) in enumerate(calls)]
    before: frozenset[str] = frozenset()
    for count in range(len(rows) + 1):
        now = unlocked(TWO_AND_TWO, rows[:count], BUILTIN)
        assert before <= now
        before = now


@settings(deadline=None)
@given(st.integers(1, 30), st.sampled_from(["won", "settled"]))
def test_playing_one_customer_again_and_again_opens_nothing_more(times: int, ending: str) -> None:
    rows = [row("Priya", at, summary(ending, values=95.0)) for at in range(times)]

    assert open_tiers(TWO_AND_TWO, rows) == [1]


def test_the_figures_are_read_strictly() -> None:
    assert (FIGURES.tiers.customers_well, FIGURES.tiers.skills_shown, FIGURES.tiers.success) == (2, 0.6, 50)
    with pytest.raises(ValueError, match="succes"):
        TierFigures.model_validate({"customers_well": 2, "skills_shown": 0.6, "succes": 50})
    with pytest.raises(ValueError, match="usual"):
        Figures.model_validate({"tiers": FIGURES.tiers.model_dump()})
