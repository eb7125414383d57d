"""What a call counts for: first attempts, practice, leaving, and all the rest."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta, timezone, tzinfo
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saves.run import RunRow
from sim.career.counting import Counts, counts_of, days_of, waiting_attempts
from sim.career.played import played_calls
from tests.sim.career.samples import interrupted, row, summary


def counted(rows: Sequence[RunRow], zone: tzinfo = UTC) -> list[str]:
    """What each call counts for, in the order of the rows; interrupted ones are left out."""
    calls = played_calls(rows)
    found = counts_of(calls, days_of(calls, zone), waiting_attempts(rows))
    return [found[one.run_id].value for one in rows if one.run_id in found]


def rated(name: str, at: int, result: dict[str, Any] | None = None, **changes: Any) -> RunRow:
    return row(name, at, result, **({"mode": "rated"} | changes))


def left(at: int, hour: int = 12, replies: int = 3, **changes: Any) -> RunRow:
    """A rated call that was left on day `at` of March."""
    ending, short = changes.pop("ending", "left"), changes.pop("too_short", False)
    result = summary(ending, replies=replies, too_short=short)
    number = at * 100 + hour
    named = {"run_id": f"{number:032x}", "started_utc": f"2026-03-{at:02d}T{hour:02d}:00:00+00:00"}
    return rated("Priya", number, result, **(named | changes))


CASES: list[tuple[str, list[RunRow], list[str]]] = [
    ("rated", [rated("Priya", 0)], ["rated"]),
    ("competition", [rated("Priya", 0, mode="competition")], ["rated"]),
    ("practice", [row("Priya", 0)], ["practice"]),
    ("a new seed is a new attempt", [rated("Priya", 0), rated("Priya", 1)], ["rated", "rated"]),
    (
        "the same seed is not",
        [rated("Priya", 0, seed=5), rated("Priya", 1, seed=5)],
        ["rated", "played before"],
    ),
    (
        "another customer with that seed",
        [rated("Priya", 0, seed=5), rated("Ben", 1, seed=5)],
        ["rated", "rated"],
    ),
    ("practised before", [row("Priya", 0, seed=5), rated("Priya", 1, seed=5)], ["practice", "played before"]),
    (
        "the first begun counts, whatever the order of the rows",
        [rated("Priya", 1, seed=5), rated("Priya", 0, seed=5)],
        ["played before", "rated"],
    ),
    ("a moment again", [rated("Priya", 0, parent_run="a" * 32)], ["a moment again"]),
    (
        "a moment again takes no attempt",
        [rated("Priya", 0, seed=5, parent_run="a" * 32), rated("Priya", 1, seed=5)],
        ["a moment again", "rated"],
    ),
    ("too short", [rated("Priya", 0, summary("walked_out", too_short=True))], ["too short"]),
    ("nothing scored", [rated("Priya", 0, summary(score=None))], ["too short"]),
    (
        "too short was an attempt",
        [rated("Priya", 0, summary("walked_out", too_short=True), seed=5), rated("Priya", 1, seed=5)],
        ["too short", "played before"],
    ),
    (
        "an interrupted call holds its place",
        [interrupted("Priya", 0, seed=5), rated("Priya", 1, seed=5)],
        ["played before"],
    ),
    (
        "only against later ones",
        [rated("Priya", 0, seed=5), interrupted("Priya", 1, seed=5)],
        ["rated"],
    ),
    (
        "one that was put away unanswered holds none",
        [interrupted("Priya", 0, seed=5, abandoned=True), rated("Priya", 1, seed=5)],
        ["rated"],
    ),
    ("left once", [left(2)], ["left"]),
    ("left twice on a day", [left(2, 9), left(2, 15)], ["left", "lost"]),
    ("left three times", [left(2, 9), left(2, 15), left(2, 16, ending="stopped")], ["left", "lost", "lost"]),
    ("left on two days", [left(2), left(3)], ["left", "left"]),
    ("the stop key is leaving", [left(2, 9, ending="stopped"), left(2, 10)], ["left", "lost"]),
    (
        "a short one that was left is lost, too",
        [left(2, 9), left(2, 10, 1, too_short=True)],
        ["left", "lost"],
    ),
    (
        "left before any reply",
        [left(2, 9, 0), left(2, 10, 0), left(2, 11)],
        ["no attempt", "no attempt", "left"],
    ),
    (
        "left before any reply can be tried again",
        [left(2, 9, 0, seed=5), left(2, 10, seed=5)],
        ["no attempt", "left"],
    ),
    ("leaving practice costs nothing", [left(2, 9, mode="practice"), left(2, 10)], ["practice", "left"]),
    (
        "leaving a call played before costs nothing",
        [left(2, 9, seed=5), left(3, 9, seed=5), left(3, 10)],
        ["left", "played before", "left"],
    ),
    (
        "a customer who hangs up is not left",
        [
            rated("Priya", 0, summary("walked_out")),
            rated("Priya", 0, summary("walked_out"), run_id="e" * 32, seed=9),
        ],
        ["rated", "rated"],
    ),
]


@pytest.mark.parametrize(("rows", "counts"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_a_call_counts_for(rows: list[RunRow], counts: list[str]) -> None:
    assert counted(rows) == counts


def test_the_day_is_the_trainees_own() -> None:
    evening_and_night = [left(2, 20), left(3, 2)]

    assert counted(evening_and_night, UTC) == ["left", "left"]
    assert counted(evening_and_night, timezone(timedelta(hours=-6))) == ["left", "lost"]


def test_a_time_at_the_end_of_the_calendar_breaks_nothing() -> None:
    rows = [
        left(2, started_utc="9999-12-31T23:00:00+00:00"),
        left(3, started_utc="0001-01-01T01:00:00+00:00"),
    ]

    assert counted(rows, timezone(timedelta(hours=14))) == ["left", "left"]
    assert counted(rows, timezone(timedelta(hours=-12))) == ["left", "left"]


a_call = st.builds(
    lambda at, seed, mode, ending, replies, short: (at, seed, mode, ending, replies, short),
    st.integers(1, 4),
    st.integers(1, 4),
    st.sampled_from(["practice", "rated", "competition"]),
    st.sampled_from(["won", "unsolved", "left", "stopped"]),
    st.integers(0, 3),
    st.booleans(),
)


@given(st.lists(a_call, max_size=12), st.randoms(use_true_random=False))
def test_whatever_was_played_the_rules_hold(
    calls: list[tuple[int, int, str, str, int, bool]], chance: Any
) -> None:
    rows = [
        left(at, 10, replies, seed=seed, mode=mode, ending=ending, too_short=short, run_id=f"{number:032x}")
        for number, (at, seed, mode, ending, replies, short) in enumerate(calls)
    ]
    found = counted(rows)

    counting = [
        (one.persona_id, one.seed) for one, counts in zip(rows, found, strict=True) if Counts(counts).rates
    ]
    assert len(counting) == len(set(counting))
    for one, counts in zip(rows, found, strict=True):
        assert not (one.mode == "practice" and Counts(counts).rates)
        assert counts != "lost" or one.result["outcome"]["ending"] in ("left", "stopped")  # type: ignore[index]
    excused = [one.started_utc[:10] for one, counts in zip(rows, found, strict=True) if counts == "left"]
    assert len(excused) == len(set(excused))
    mixed = list(rows)
    chance.shuffle(mixed)
    assert dict(zip([one.run_id for one in mixed], counted(mixed), strict=True)) == dict(
        zip([one.run_id for one in rows], found, strict=True)
    )
