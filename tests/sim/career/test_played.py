from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saves.store import Store
from scoring.skills import SKILLS
from sim.career.played import played_call, played_calls
from sim.home import Wanted
from sim.script import parse_script
from sim.session import play_script
from tests.sim.calling import GOOD_CALL, PRIYA, STAMP, Paper
from tests.sim.career.samples import interrupted, row, summary


def test_a_stored_call_is_read() -> None:
    call = played_call(row("Priya", 2, summary("settled", values=50.5, stars=3, pauses=None, minutes=2)))

    assert call is not None
    assert (call.persona_id, call.medium, call.mode, call.ended) == (
        "house/priya",
        "phone",
        "practice",
        "solved",
    )
    assert (call.ending, call.stars, call.score, call.length_ms) == ("settled", 3, 50.5, 120_000)
    assert call.skills["pauses"] is None and call.skills["empathy"] == 50.5
    assert call.started_utc == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert call.finished_well


def test_what_this_program_stores_can_be_read(tmp_path: Path) -> None:
    paper = Paper(tmp_path / "data")
    paper.data.mkdir()
    play_script(paper.home(), Wanted(PRIYA, 3, "written"), parse_script(f"{GOOD_CALL}leave\n"), as_json=True)
    with Store.open(paper.data, stamp=STAMP) as store:
        call = played_call(store.runs()[0])

    assert call is not None and (call.persona_id, call.timed, call.replies) == (PRIYA, True, 4)
    assert set(call.skills) == set(SKILLS) and call.skills["pauses"] is not None
    assert call.length_ms > 0 and call.started_utc.tzinfo is not None


UNREADABLE: dict[str, dict[str, Any]] = {
    "no outcome": summary(outcome=None),
    "outcome is a word": summary(outcome="won"),
    "a score above 100": summary(score=100.5),
    "a skill that is text": summary(pauses="61"),
    "a skill that is a truth value": summary(empathy=True),
    "not a number": summary(pauses=float("nan")),
    "endless": summary(score=float("inf")),
    "negative length": summary(length_ms=-1),
    "six stars": summary(stars=6),
    "another ending": summary("[red]won[/]"),
    "skills are a list": summary() | {"skills": [1, 2]},
    "empty": {},
    "nothing but turns": {"turns": []},
}


@pytest.mark.parametrize("stored", UNREADABLE.values(), ids=UNREADABLE)
def test_a_summary_that_is_none_is_no_call(stored: dict[str, Any]) -> None:
    assert played_call(row("Priya", 0, stored)) is None


@pytest.mark.parametrize("stored", [[], ["won"], "won", 3, None])
def test_a_summary_of_another_shape_is_no_call(stored: Any) -> None:
    assert played_call(replace(row("Priya"), result=stored)) is None


@given(
    st.dictionaries(
        st.sampled_from(["timed", "score", "skills", "replies", "too_short", "length_ms", "outcome", "more"]),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
            ),
            max_leaves=6,
        ),
    )
)
def test_no_summary_can_break_the_reading(stored: dict[str, Any]) -> None:
    call = played_call(row("Priya", 0, summary() | stored))

    assert call is None or all(value is None or 0 <= value <= 100 for value in call.skills.values())


def test_an_interrupted_call_and_one_without_a_time_are_no_played_calls() -> None:
    assert played_call(interrupted("Priya")) is None
    assert played_call(row("Priya", started_utc="yesterday")) is None
    assert played_call(row("Priya", started_utc="9999-12-31T23:59:59-23:59")) is None


def test_what_a_later_version_adds_is_passed_over_and_what_lacks_is_none() -> None:
    stored = summary() | {"weather": "rain", "skills": {"pauses": 40.0, "juggling": 99.0}}
    call = played_call(row("Priya", 0, stored))

    assert call is not None
    assert call.skills == dict.fromkeys(SKILLS) | {"pauses": 40.0}


@pytest.mark.parametrize(
    ("ending", "changes", "well"),
    [
        ("won", {}, True),
        ("settled", {}, True),
        ("unsolved", {}, False),
        ("walked_out", {}, False),
        ("left", {}, False),
        ("stopped", {}, False),
        ("won", {"too_short": True}, False),
    ],
)
def test_finished_well(ending: str, changes: dict[str, Any], well: bool) -> None:
    call = played_call(row("Priya", 0, summary(ending, **changes)))

    assert call is not None and call.finished_well is well


def test_a_moment_played_again_is_never_finished_well() -> None:
    call = played_call(row("Priya", parent_run="f" * 32))

    assert call is not None and not call.finished_well and not call.judged


def test_calls_come_newest_first_whatever_their_order() -> None:
    rows = [row("Priya", 1), row("Ben", 3), interrupted("Priya", 4), row("Priya", 0, {}), row("Ben", 2)]

    assert [call.started_utc.day for call in played_calls(rows)] == [4, 3, 2]
