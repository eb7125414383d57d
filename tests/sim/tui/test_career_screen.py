"""The career: its path, its plots, its list of calls, and what the keys ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from rich.cells import cell_len
from textual.message import Message
from textual.screen import Screen

from sim.career.outlook import career_view
from sim.career.tiers import Standing
from sim.career.trends import Trend
from sim.career.views import CallLine, CallState, CareerView, SkillLine, Stop, TierView
from sim.tui.intents import DebriefWanted, GoOnWanted, PlaceWanted, ReplayWanted
from sim.tui.screens.career import CareerScreen, call_parts, day_words, range_words
from sim.tui.widgets.plot import Plot
from sim.tui.widgets.ratings import rating_parts
from sim.tui.widgets.tier_path import cut, path_rows
from tests.sim.career.samples import BUILTIN, TODAY, customer, interrupted, library, row, summary
from tests.sim.tui.stage import HOSTILE, ShowApp, flat, shown_by, text_of, until

HOUSE = library(
    customer("Priya", 1),
    customer("Ben", 1, ("pauses", "empathy")),
    customer("Daniel", 2, ("cues",), medium="chat"),
)
CALLS = [
    *(row("Priya", at, summary("unsolved", pauses=20.0 + 2 * at), mode="rated") for at in range(22)),
    row("Ben", 22, summary("won", stars=5, values=71.0), parent_run="a" * 32),
    row("Ben", 23, {"broken": True}),
    interrupted("Ben", 24, abandoned=True),
    interrupted("Ben", 25),
]
FULL = career_view(HOUSE, CALLS, TODAY, BUILTIN)
DUE = career_view(HOUSE, CALLS, "2026-04-30T12:00:00+00:00", BUILTIN, UTC)
EMPTY = career_view(HOUSE, [], TODAY, BUILTIN)
SIZES = [(60, 20), (80, 24), (100, 30), (140, 40), (200, 60)]


def run_id(at: int) -> str:
    return f"{at:032x}"


def app_of(screen: Screen[Any]) -> ShowApp:
    return ShowApp(screen)


def career(view: CareerView) -> CareerScreen:
    return CareerScreen(view, UTC)


async def shown(view: CareerView, *keys: str, size: tuple[int, int] = (80, 24)) -> tuple[str, list[Message]]:
    return await shown_by(career(view), *keys, size=size)


@pytest.mark.parametrize("size", SIZES)
async def test_it_shows_the_path_the_plots_and_the_calls(size: tuple[int, int]) -> None:
    text, asked = await shown(FULL, size=size)

    assert "1 open" in text and "2 locked" in text and "nobody" in text and "~ Priya" in text
    assert "tier-1 customers finished well open tier 2" in flat(text)
    for words in ("100┤", "60 empathy", "62 pauses", "usual 60", "Calls so far", "26 Mar", "interrupted"):
        assert words in text, words
    assert "Esc back" in flat(text) and asked == []


@pytest.mark.parametrize("size", SIZES)
async def test_there_are_four_plots_of_the_last_twenty_calls(size: tuple[int, int]) -> None:
    app = app_of(career(FULL))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        plots = list(app.screen.query(Plot))

        assert len(plots) == 4
        assert all(plot.size.width >= 8 and plot.size.height >= 3 for plot in plots)
        braille = [sum("⠀" < character <= "⣿" for character in plot.render().plain) for plot in plots]
        assert all(drawn >= 4 for drawn in braille)


@pytest.mark.parametrize("size", SIZES)
async def test_without_calls_it_says_what_will_be_here(size: tuple[int, int]) -> None:
    text, asked = await shown(EMPTY, "enter", "r", size=size)

    assert "Every call you make is kept here" in flat(text) and "your first call" in flat(text)
    assert "Calls so far" not in text and "┤" not in text and asked == []


async def test_calls_that_nothing_can_be_drawn_of_say_so() -> None:
    text, _ = await shown(career_view(HOUSE, [interrupted("Ben", 1)], TODAY, BUILTIN))

    assert "Nothing to draw yet" in text and "interrupted" in text and "┤" not in text


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (["enter"], [GoOnWanted(run_id(25))]),
        (["down", "enter"], []),
        (["down", "down", "enter"], [DebriefWanted(run_id(23))]),
        (["down", "down", "down", "enter"], [DebriefWanted(run_id(22))]),
        (["down", "down", "down", "r"], [ReplayWanted(run_id(22))]),
        (["R"], [ReplayWanted(run_id(25))]),
        (["end", "enter"], [DebriefWanted(run_id(0))]),
        (["f1"], [PlaceWanted("help")]),
    ],
)
async def test_each_key_asks_for_one_thing(keys: list[str], asked: list[Message]) -> None:
    _, intents = await shown(FULL, *keys)

    assert intents == asked


@pytest.mark.parametrize("size", SIZES)
async def test_s_shows_the_ratings_and_the_calls_again(size: tuple[int, int]) -> None:
    text, _ = await shown(DUE, "s", size=size)

    assert "the whole call" in text and "22 calls" in text and "due today" in text and "┤" not in text
    assert "S plots and calls" in flat(text) and "Esc back" in flat(text)
    if size[0] >= 80:
        assert "on the way to tier 1" in text
    again, asked = await shown(DUE, "s", "S", "enter", size=size)
    assert "60 empathy" in again and "the whole call" not in again and asked == [GoOnWanted(run_id(25))]


async def test_what_a_rating_means_can_be_read_on_a_small_screen() -> None:
    app = app_of(career(FULL))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        await pilot.press("s", "end")
        await until(pilot, lambda: "then it counts as lost" in flat(text_of(app)))


async def test_without_calls_there_are_no_ratings() -> None:
    text, asked = await shown(EMPTY, "s")

    assert "the whole call" not in text and asked == []


async def test_the_skills_that_are_due_are_told() -> None:
    text, _ = await shown(DUE, size=(140, 40))

    assert "Ten skills are due today, pauses and interruptions first." in flat(text)
    assert "due today" not in (await shown(FULL))[0]


def test_a_rating_that_rests_on_nothing_says_so() -> None:
    new = career_view(HOUSE, [row("Priya", 0)], TODAY, BUILTIN).skills
    some = career_view(HOUSE, [row("Priya", 0, mode="rated")], TODAY, BUILTIN).skills

    assert [line.name for line in new[:5]] == [
        "the whole call",
        "interruptions",
        "paraphrasing",
        "empathy",
        "pauses",
    ]
    assert {(line.rating, line.calls, line.means, line.sure) for line in new} == {
        (1000, 0, "where all start", "not rated")
    }
    assert {(line.calls, line.sure) for line in some} == {(1, "1 call, rough")}
    for one in DUE.skills:
        parts = rating_parts(one, 74)
        assert sum(cell_len(part if isinstance(part, str) else part[0]) for part in parts) <= 74


async def test_a_call_that_was_given_up_says_why_it_opens_nothing() -> None:
    app = app_of(career(FULL))
    async with app.run_test(size=(80, 24), message_hook=app.hook, notifications=True) as pilot:
        await pilot.press("down", "enter")
        await pilot.pause()

        assert [note.message for note in app._notifications] == [
            "You gave this call up before its end, so there is no debrief. R shows what was said."
        ]


async def test_escape_leaves_it() -> None:
    app = app_of(screen := career(FULL))
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)


async def test_the_mouse_opens_a_debrief() -> None:
    app = app_of(career(FULL))
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        await pilot.click("#list", offset=(5, 2))
        await pilot.pause()

        assert app.intents == [DebriefWanted(run_id(23))]


async def test_the_chosen_call_stays_chosen_when_the_window_changes() -> None:
    app = app_of(career(FULL))
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("down", "down", "down")
        await pilot.resize_terminal(140, 40)
        await pilot.pause()
        assert "Ben Quill" in text_of(app) and "again" in text_of(app)
        await pilot.press("enter")
        await pilot.pause()

        assert app.intents == [DebriefWanted(run_id(22))]


HOSTILE_CALL = CallLine(HOSTILE, None, HOSTILE, HOSTILE, HOSTILE, CallState.ENDED, HOSTILE, 3, 50.0, True)


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int]) -> None:
    stops = tuple(Stop(HOSTILE, HOSTILE, standing) for standing in Standing)
    tiers = tuple(TierView(at, at == 1, False, stops) for at in range(1, 7))
    lines = (SkillLine(HOSTILE, 1000, 1, HOSTILE, HOSTILE, HOSTILE, True),) * 3
    view = CareerView(tiers, HOSTILE, FULL.trends, (HOSTILE_CALL,) * 3, None, lines, HOSTILE)
    ratings, _ = await shown(view, "s", size=size)
    assert "a[b] [" in ratings and "\x1b" not in ratings
    text, asked = await shown(view, size=size)

    assert "a[b] [" in text and "[@click=app.quit]" in text and "\x1b" not in text and asked == []


def test_a_line_of_the_list_keeps_its_columns() -> None:
    call = FULL.calls[3]
    day = datetime(2026, 3, 23, tzinfo=UTC)
    plain = "".join(part if isinstance(part, str) else part[0] for part in call_parts(call, day, day, 14))

    assert plain == "23 Mar    Ben Quill      phone  won          ★★★★★  71 again"
    for name in (HOSTILE, "日本語の名前はとても長い", "a\nb\tc", ""):
        parts = call_parts(replace(call, name=name, ending=name, medium=name), None, None, 14)
        assert sum(cell_len(part if isinstance(part, str) else part[0]) for part in parts) == cell_len(plain)


@pytest.mark.parametrize(
    ("day", "today", "words"),
    [
        (datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC), "9 Mar"),
        (datetime(2025, 12, 31, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC), "31 Dec 25"),
        (datetime(2005, 12, 31, tzinfo=UTC), None, "31 Dec"),
        (None, None, ""),
    ],
)
def test_a_day_in_words(day: datetime | None, today: datetime | None, words: str) -> None:
    assert day_words(day, today) == words


async def test_days_are_told_where_the_trainee_is() -> None:
    late = career_view(HOUSE, [row("Priya", 0, started_utc="2026-03-01T23:30:00+00:00")], TODAY, BUILTIN)
    app = app_of(CareerScreen(late, timezone(timedelta(hours=2))))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "2 Mar" in text_of(app)


@pytest.mark.parametrize(
    ("values", "own_range", "words"),
    [
        ((), None, "not scored yet"),
        ((None,), None, "not scored yet"),
        ((40.0,), None, "no range yet"),
        ((40.0,) * 4, (39.6, 40.4), "usual 40"),
        ((40.0,) * 4, (30.0, 61.7), "usual 30–62"),
    ],
)
def test_the_range_in_words(
    values: tuple[float | None, ...], own_range: tuple[float, float] | None, words: str
) -> None:
    assert range_words(Trend("pauses", values, own_range)) == words


def path(*tiers: TierView, width: int) -> list[str]:
    rows = path_rows(tiers, width)
    return ["".join(part if isinstance(part, str) else part[0] for part in parts).rstrip() for parts in rows]


def stops(*names: str, standing: Standing = Standing.NEW) -> tuple[Stop, ...]:
    return tuple(Stop(name, name, standing) for name in names)


def test_the_path_shows_passed_open_and_locked_tiers() -> None:
    drawn = path(
        TierView(1, True, True, stops("Priya", standing=Standing.WELL)),
        TierView(2, True, False, stops("Mr Okafor", standing=Standing.TRIED)),
        TierView(3, False, False, ()),
        width=39,
    )

    assert drawn == [
        "●━━━━━━━━━━━━◉────────────○",
        "1 open       2 open       3 locked",
        "✓ Priya      ~ Mr Okafor    nobody yet",
    ]


def test_many_names_are_cut_and_counted() -> None:
    drawn = path(
        TierView(1, True, False, stops("A rather long name", "Bo", "Cy", "Di", "Ed", "Flo")),
        TierView(2, False, False, ()),
        width=24,
    )

    assert [line.split("  ")[1] if line.startswith("  ") else line for line in drawn[2:]] == [
        "A rather…",
        "Bo",
        "Cy",
        "3 more",
    ]


@pytest.mark.parametrize("width", [0, 5, 29, 30, 56, 76, 150])
def test_every_line_of_the_path_fits(width: int) -> None:
    tiers = tuple(TierView(at, True, False, stops(HOSTILE, "日本語の名前", "x")) for at in range(1, 7))

    assert all(
        sum(cell_len(part if isinstance(part, str) else part[0]) for part in parts) <= width
        for parts in path_rows(tiers, width)
    )


@pytest.mark.parametrize(
    ("text", "cells", "cut_to"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 4, "abc…"),
        ("日本語", 4, "日… "),
        ("a\nb", 3, "a b"),
        ("abc", 0, ""),
        ("", 2, "  "),
    ],
)
def test_a_text_is_cut_to_its_cells(text: str, cells: int, cut_to: str) -> None:
    assert cut(text, cells) == cut_to
