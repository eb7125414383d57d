from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sim.career.outlook import career_view, library_view
from sim.career.tiers import Standing
from sim.career.views import CallState
from sim.career.wording import ago, counted, listed, number
from tests.sim.career.samples import BUILTIN, OWN, TODAY, broken, customer, interrupted, library, row, summary

HOUSE = library(
    customer("Own", 1, folder=OWN),
    customer("Daniel", 2, ("cues",), medium="chat"),
    customer("Priya", 1),
    failed=[broken("half.toml", 2)],
)


def test_every_call_is_listed_newest_first_as_what_it_is() -> None:
    rows = [
        row("Priya", 0, summary("settled", stars=3, values=61.0)),
        row("Daniel", 5, {}, medium="chat"),
        interrupted("Priya", 4),
        interrupted("Priya", 3, abandoned=True),
        row("Gone", 2, summary("walked_out"), parent_run="a" * 32),
    ]
    lines = career_view(HOUSE, rows, TODAY, BUILTIN).calls

    assert [(line.name, line.state, line.ending, line.stars, line.again) for line in lines] == [
        ("Daniel Quill", CallState.UNREAD, "not scored", None, False),
        ("Priya Quill", CallState.INTERRUPTED, "interrupted", None, False),
        ("Priya Quill", CallState.GIVEN_UP, "given up", None, False),
        ("house/gone", CallState.ENDED, "walked out", 4, True),
        ("Priya Quill", CallState.ENDED, "settled", 3, False),
    ]
    assert (lines[-1].score, lines[-1].started) == (61.0, datetime(2026, 3, 1, 12, tzinfo=UTC))


def test_the_library_tells_all_customers_by_tier_own_ones_last() -> None:
    rows = [row("Priya", 0, summary("unsolved", stars=1, values=40.4)), row("Priya", 1, parent_run="a" * 32)]
    view = library_view(HOUSE, rows, BUILTIN)

    assert [(entry.short_name, entry.standing, entry.yours, entry.last) for entry in view.entries] == [
        ("Priya", Standing.TRIED, False, "not solved, one star, 40 of 100"),
        ("Daniel", Standing.LOCKED, False, ""),
        ("Own", Standing.NEW, True, ""),
    ]
    assert view.entries[0].skills == ("pauses", "paraphrasing", "use of the record")


def test_a_short_call_is_told_as_one() -> None:
    rows = [row("Priya", 0, summary("left", too_short=True, values=None))]

    assert (
        library_view(HOUSE, rows, BUILTIN).entries[0].last == "you ended it, four stars, too short to judge"
    )


def test_a_broken_file_is_told_with_all_that_is_wrong() -> None:
    (file,) = library_view(HOUSE, [], BUILTIN).broken

    assert (file.name, file.path) == ("half.toml", str(OWN / "half.toml"))
    assert file.problems == (
        ("line 3, facts[0].gaet", "this key is not known. Did you mean 'gate'?"),
        ("line 4, facts[1].gaet", "this key is not known. Did you mean 'gate'?"),
    )


@pytest.mark.parametrize(
    ("then", "words"),
    [
        ("2026-03-20T12:00:00+00:00", "just now"),
        ("2026-03-20T13:00:00+00:00", "just now"),
        ("2026-03-20T11:59:00+00:00", "a minute ago"),
        ("2026-03-20T11:45:00+00:00", "15 minutes ago"),
        ("2026-03-20T12:00:00+02:00", "two hours ago"),
        ("2026-03-20T11:00:00", "an hour ago"),
        ("2026-03-19T11:00:00+00:00", "a day ago"),
        ("2026-03-10T12:00:00+00:00", "ten days ago"),
        ("2026-01-01T12:00:00+00:00", "two months ago"),
        ("2020-03-20T12:00:00+00:00", "six years ago"),
        ("", ""),
        ("now", ""),
    ],
)
def test_how_long_ago(then: str, words: str) -> None:
    assert ago(then, TODAY) == words


def test_small_words() -> None:
    assert [number(0), number(10), number(11), number(-1)] == ["no", "ten", "11", "-1"]
    assert [counted(1, "call"), counted(2, "call")] == ["one call", "two calls"]
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"], "or")] == [
        "",
        "a",
        "a and b",
        "a, b or c",
    ]
