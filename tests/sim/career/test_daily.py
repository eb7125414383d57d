"""Today's call: the same for everybody, every customer in turn, and how far one is with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from personas.loader import Library, builtin_folder, load_library
from saves.run import RunRow
from sim.career.daily import LARGEST_SEED, todays_call
from sim.career.outlook import home_view, played_before
from sim.career.views import DailyCall, DailyState
from tests.sim.career.samples import BUILTIN, OWN, customer, interrupted, library, row, summary

HOUSE = library(
    customer("Priya", 1),
    customer("Ben", 2),
    customer("Mo", 3, medium="chat"),
    customer("Ada", 4),
    customer("Own", 1, folder=OWN),
    customer("Again", 2, sequel_of="house/priya"),
)
DAY = date(2026, 3, 20)
NOON = "2026-03-20T12:00:00+00:00"


def told(rows: list[RunRow], now: str = NOON, house: Library = HOUSE) -> DailyCall:
    view = home_view(house, rows, [], now, BUILTIN, UTC).daily
    assert view is not None
    return view


def test_only_built_in_customers_of_the_first_three_tiers_take_part_and_all_of_them() -> None:
    calls = [todays_call(HOUSE, DAY + timedelta(days=at), BUILTIN) for at in range(60)]

    assert {call.persona_id for call in calls if call} == {"house/priya", "house/ben", "house/mo"}
    assert len({call.seed for call in calls if call}) == 60
    assert all(call and 1 <= call.seed <= LARGEST_SEED for call in calls)


def test_everybody_comes_once_in_a_round() -> None:
    first = DAY - timedelta(days=DAY.toordinal() % 3)
    for start in range(0, 30, 3):
        days = [first + timedelta(days=start + at) for at in range(3)]
        assert len({call.persona_id for day in days if (call := todays_call(HOUSE, day, BUILTIN))}) == 3


def test_it_is_the_same_for_everybody_whatever_else_they_have() -> None:
    other = library(*reversed(HOUSE.loaded.values()), customer("Zed", 2, folder=OWN))

    assert [todays_call(other, DAY + timedelta(days=at), BUILTIN) for at in range(9)] == [
        todays_call(HOUSE, DAY + timedelta(days=at), BUILTIN) for at in range(9)
    ]


def test_the_call_of_a_day_is_fixed() -> None:
    """A change here would give two versions of the program two different calls of the same day."""
    call = todays_call(HOUSE, DAY, BUILTIN)

    assert call is not None and (call.persona_id, call.seed) == ("house/ben", 1595329874)


def test_without_anybody_there_is_none() -> None:
    assert todays_call(library(customer("Ada", 4)), DAY, BUILTIN) is None
    assert home_view(library(), [], [], NOON, BUILTIN, UTC).daily is None


def test_the_library_that_comes_with_the_program_has_one() -> None:
    assert todays_call(load_library([]), DAY, builtin_folder()) is not None


def test_the_day_is_the_trainees_own() -> None:
    late = "2026-03-20T23:30:00+00:00"
    here = home_view(HOUSE, [], [], late, BUILTIN, UTC).daily
    east = home_view(HOUSE, [], [], late, BUILTIN, timezone(timedelta(hours=2))).daily
    tomorrow = todays_call(HOUSE, DAY + timedelta(days=1), BUILTIN)

    assert here is not None and east is not None and tomorrow is not None
    assert (here.seed == east.seed, east.seed) == (False, tomorrow.seed)


def mine(at: int = 0, **changes: object) -> RunRow:
    """A call with today's customer and seed."""
    call = told([])
    made = row("x", at, mode="rated", persona_id=call.persona_id, seed=call.seed)
    return replace(made, **({"started_utc": NOON} | changes))  # type: ignore[arg-type]


def test_how_far_one_is_with_it() -> None:
    assert told([]).state is DailyState.NEW
    assert told([mine(seed=1)]).state is DailyState.NEW
    assert told([mine(parent_run="a" * 32)]).state is DailyState.NEW

    begun = told([mine(3, ended=None, result=None)])
    assert (begun.state, begun.run_id) == (DailyState.BEGUN, f"{3:032x}")
    assert told([mine(ended=None, result=None, abandoned=True)]).state is DailyState.NEW

    done = told([mine(4, result=summary("won", values=71.0, stars=4))])
    assert (done.state, done.run_id, done.result) == (
        DailyState.DONE,
        f"{4:032x}",
        "won, four stars, 71 of 100",
    )


@pytest.mark.parametrize(
    ("changes", "state", "result"),
    [
        ({"result": summary("left", replies=0, too_short=True)}, DailyState.NEW, ""),
        (
            {"result": summary("left", replies=2)},
            DailyState.DONE,
            "you ended it, four stars, 60 of 100 (left, not counted)",
        ),
        ({"mode": "practice"}, DailyState.DONE, "won, four stars, 60 of 100 (practice)"),
    ],
)
def test_what_became_of_it(changes: dict[str, object], state: DailyState, result: str) -> None:
    call = told([mine(5, **changes)])

    assert (call.state, call.result) == (state, result)


def test_the_first_attempt_stays_the_result() -> None:
    rows = [mine(1, result=summary(values=40.0)), mine(2, started_utc="2026-03-20T14:00:00+00:00")]

    assert told(rows).run_id == f"{1:032x}"


def test_whether_a_call_was_played_before() -> None:
    assert played_before([row("Priya", 4)], "house/priya", 5)
    assert played_before([interrupted("Priya", 4)], "house/priya", 5)
    for other in (
        row("Priya", 3),
        row("Ben", 4),
        row("Priya", 4, parent_run="a" * 32),
        interrupted("Priya", 4, abandoned=True),
        row("Priya", 4, summary("left", replies=0, too_short=True)),
    ):
        assert not played_before([other], "house/priya", 5)


def test_the_seed_needs_no_clock() -> None:
    now = datetime(2026, 3, 20, 0, 0, tzinfo=UTC)

    assert told([], now.isoformat()).seed == told([], NOON).seed
