"""The first screen: what it tells, what its keys ask for, and keys that come before it knows anything."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from textual.geometry import Offset
from textual.message import Message
from textual.screen import Screen

from sim.career.views import DailyCall, DailyState, HomeView, Interrupted, NextCall
from sim.tui.intents import BriefingWanted, DebriefWanted, GiveUpWanted, GoOnWanted, PlaceWanted
from sim.tui.screens.home import HomeScreen
from tests.sim.tui.stage import HOSTILE, ShowApp, flat, shown_by, text_of, until

NEXT = NextCall(
    persona_id="house/priya",
    name="Priya Nair",
    short_name="Priya",
    title="Charged twice",
    medium="phone",
    reason=("Pauses cost you most in your last three calls: 41 of 100.", "You have not talked to Priya yet."),
    minutes=6,
)
STOPPED = Interrupted("ab" * 16, "Daniel Okafor", "Mr Okafor", "Nobody at home", "chat", "an hour ago", 0)
FIRST = HomeView(None, NEXT, first_start=True, broken=0)
TODAYS = DailyCall("house/mo", 41, "Mo Quill", "Mo", "A parcel", "chat", DailyState.NEW)
BEGUN = replace(TODAYS, state=DailyState.BEGUN, run_id="cd" * 16)
DONE = replace(TODAYS, state=DailyState.DONE, run_id="ef" * 16, result="won, four stars, 71 of 100")
LATER = HomeView(None, NEXT, first_start=False, broken=0, daily=TODAYS)
RESUMED = HomeView(STOPPED, NEXT, first_start=False, broken=0)
SIZES = [(60, 20), (80, 24), (100, 30), (140, 40), (200, 60)]


def app_of(screen: Screen[Any]) -> ShowApp:
    return ShowApp(screen)


async def shown(
    view: HomeView | None, *keys: str, size: tuple[int, int] = (80, 24)
) -> tuple[str, list[Message]]:
    """Return what the screen shows after some keys, and what it asked for."""
    return await shown_by(HomeScreen(view), *keys, size=size)


@pytest.mark.parametrize("size", SIZES)
async def test_it_tells_what_comes_next_and_why(size: tuple[int, int]) -> None:
    text, asked = await shown(FIRST, size=size)

    for part in ("Hear Me Out", "Your first call", "Priya Nair phone · about 6 minutes", "Charged twice"):
        assert part in flat(text)
    assert "Pauses cost you most in your last three calls: 41 of 100. You have not" in flat(text)
    assert "Enter hear Priya out" in flat(text) and "New here? H two minutes of practice" in flat(text)
    assert "L library C career S settings H help Q quit" in flat(text)
    assert asked == []


async def test_later_on_nobody_is_told_to_practise_the_keys() -> None:
    text, _ = await shown(LATER)

    assert "New here" not in text and "Your first call" not in text and "Next" in text


@pytest.mark.parametrize(
    ("view", "keys", "asked"),
    [
        (FIRST, ["enter"], [BriefingWanted("house/priya")]),
        (FIRST, ["g"], []),
        (FIRST, ["x"], []),
        (FIRST, ["l"], [PlaceWanted("library")]),
        (FIRST, ["L"], [PlaceWanted("library")]),
        (FIRST, ["c"], [PlaceWanted("career")]),
        (FIRST, ["s"], [PlaceWanted("settings")]),
        (FIRST, ["h"], [PlaceWanted("help")]),
        (FIRST, ["f1"], [PlaceWanted("help")]),
        (LATER, ["t"], [BriefingWanted("house/mo", 41)]),
        (LATER, ["T"], [BriefingWanted("house/mo", 41)]),
        (LATER, ["enter"], [BriefingWanted("house/priya")]),
        (replace(LATER, daily=BEGUN), ["t"], [GoOnWanted("cd" * 16)]),
        (replace(LATER, daily=DONE), ["t"], [DebriefWanted("ef" * 16)]),
        (replace(LATER, daily=None), ["t"], []),
        (replace(RESUMED, daily=TODAYS), ["t"], [BriefingWanted("house/mo", 41)]),
        (replace(RESUMED, daily=TODAYS), ["x", "t", "x"], [BriefingWanted("house/mo", 41)]),
        (RESUMED, ["enter"], [GoOnWanted("ab" * 16)]),
        (RESUMED, ["g"], [GoOnWanted("ab" * 16)]),
        (RESUMED, ["x"], []),
        (RESUMED, ["x", "x"], [GiveUpWanted("ab" * 16)]),
        (RESUMED, ["x", "escape"], []),
        (RESUMED, ["x", "escape", "x"], []),
        (RESUMED, ["x", "enter"], []),
        (RESUMED, ["x", "enter", "enter"], [GoOnWanted("ab" * 16)]),
        (RESUMED, ["x", "l"], [PlaceWanted("library")]),
        (RESUMED, ["x", "l", "x"], [PlaceWanted("library")]),
        (HomeView(None, None, first_start=True, broken=1), ["enter"], []),
    ],
)
async def test_each_key_asks_for_one_thing(view: HomeView, keys: list[str], asked: list[Message]) -> None:
    _, intents = await shown(view, *keys)

    assert [vars_of(one) for one in intents] == [vars_of(one) for one in asked]


def vars_of(message: Message) -> tuple[str, object]:
    fields = message.__dataclass_fields__  # type: ignore[attr-defined]
    return type(message).__name__, [getattr(message, name) for name in fields]


async def test_an_interrupted_call_comes_first_and_giving_it_up_is_asked_once() -> None:
    text, _ = await shown(RESUMED)
    assert "Your call was interrupted" in text and "Daniel Okafor chat · begun an hour ago" in flat(text)
    assert "Enter go on X give it up" in flat(text) and "Priya" not in text

    text, _ = await shown(RESUMED, "x")
    assert "Give this call up? It stays in your career" in flat(text)
    assert "X give it up Esc keep it" in flat(text)

    assert "leaving it" not in text

    text, _ = await shown(replace(RESUMED, interrupted=replace(STOPPED, rated=True)), "x")
    assert "It is rated: once you have replied, that is leaving it." in flat(text)

    text, _ = await shown(RESUMED, "x", "escape")
    assert "Enter go on X give it up" in flat(text)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("daily", "told"),
    [
        (TODAYS, ("Today's call Mo Quill chat · rated, the same for everybody", "T today's call")),
        (BEGUN, ("Today's call Mo Quill chat · interrupted", "T go on with today's")),
        (DONE, ("Today's call Mo Quill won, four stars, 71 of 100", "T today's debrief")),
    ],
)
async def test_todays_call_is_told(daily: DailyCall, told: tuple[str, str], size: tuple[int, int]) -> None:
    text, _ = await shown(replace(LATER, daily=daily), size=size)

    assert all(part in flat(text) for part in told) and "Enter hear Priya out" in flat(text)


async def test_the_first_start_has_one_thing_to_do() -> None:
    text, _ = await shown(replace(FIRST, daily=TODAYS))

    assert "Today's call" not in text and "T " not in flat(text).replace("T i", "")


async def test_without_a_call_for_today_the_key_says_so() -> None:
    app = app_of(HomeScreen(replace(LATER, daily=None)))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("t")
        await pilot.pause()

        assert [note.message for note in app._notifications] == [
            "There is no call for today: no customer of the program can be read."
        ]


async def test_what_else_waits_is_told() -> None:
    text, _ = await shown(HomeView(replace(STOPPED, others=2), NEXT, first_start=False, broken=3))

    assert "2 more interrupted calls wait in the career." in flat(text)
    assert "3 customer files cannot be read; the library tells why." in flat(text)


async def test_without_anybody_to_talk_to_it_says_so() -> None:
    text, _ = await shown(HomeView(None, None, first_start=True, broken=1))

    assert "no customer file can be read" in flat(text) and "L shows what is wrong" in flat(text)


async def test_before_anything_is_known_it_is_a_finished_page_that_does_not_jump() -> None:
    app = app_of(screen := HomeScreen())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        before = text_of(app).splitlines()
        screen.show(FIRST)
        await until(pilot, lambda: "Priya Nair" in text_of(app))
        after = text_of(app).splitlines()

        assert "Hear Me Out" in "".join(before) and "Q quit" in "".join(before)
        assert [line for line in after if line in before and line] == [line for line in before if line]
        assert [at for at, line in enumerate(before) if line] == [
            at for at, line in enumerate(after) if line and line in before
        ]
        assert app.intents == []


@pytest.mark.parametrize(
    ("keys", "view", "asked"),
    [
        (["enter"], FIRST, BriefingWanted("house/priya")),
        (["enter"], RESUMED, GoOnWanted("ab" * 16)),
        (["l"], FIRST, PlaceWanted("library")),
        (["enter", "c"], FIRST, PlaceWanted("career")),
    ],
)
async def test_a_key_before_anything_is_known_is_not_lost(
    keys: list[str], view: HomeView, asked: Message
) -> None:
    app = app_of(screen := HomeScreen())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press(*keys)
        assert app.intents == []
        screen.show(view)
        await until(pilot, lambda: bool(app.intents))
        screen.show(view)
        await pilot.pause()

        assert [vars_of(one) for one in app.intents] == [vars_of(asked)]


@pytest.mark.parametrize("key", ["q", "Q", "ctrl+q"])
async def test_it_can_be_left_at_any_time(key: str) -> None:
    app = app_of(HomeScreen())
    async with app.run_test() as pilot:
        await pilot.press(key)
        await until(pilot, lambda: app._exit)

    assert app.return_code == 0


async def test_another_view_takes_the_place_of_the_first() -> None:
    app = app_of(screen := HomeScreen(RESUMED))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("x")
        screen.show(LATER)
        await until(pilot, lambda: "Priya Nair" in text_of(app))
        assert "Okafor" not in text_of(app) and "give it up" not in text_of(app)
        screen.show(HomeView(None, None, first_start=False, broken=0))
        await until(pilot, lambda: "Nobody is here" in text_of(app))
        assert "Priya" not in text_of(app)


async def test_the_mouse_does_what_the_keys_do() -> None:
    app = app_of(HomeScreen(FIRST))
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        await pilot.click("#ways KeyHint")
        await pilot.click("#places KeyHint")

        assert [vars_of(one) for one in app.intents] == [
            vars_of(BriefingWanted("house/priya")),
            vars_of(PlaceWanted("library")),
        ]


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int]) -> None:
    call = replace(NEXT, name=HOSTILE, short_name=HOSTILE, title=HOSTILE, medium=HOSTILE, reason=(HOSTILE,))
    daily = replace(DONE, name=HOSTILE, result=HOSTILE, medium=HOSTILE)
    text, asked = await shown(HomeView(None, call, first_start=False, broken=0, daily=daily), size=size)
    assert "[@click=app.quit]" in text and "\x1b" not in text and asked == []

    stopped = replace(STOPPED, name=HOSTILE, short_name=HOSTILE, title=HOSTILE, medium=HOSTILE, ago=HOSTILE)
    text, asked = await shown(HomeView(stopped, None, first_start=False, broken=0), size=size)
    assert "[@click=app.quit]" in text and "\x1b" not in text and asked == []


async def test_a_long_reason_can_be_read_on_a_small_screen() -> None:
    call = replace(NEXT, reason=("word " * 150,))
    app = app_of(HomeScreen(HomeView(None, call, first_start=True, broken=0)))
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert "Q quit" in text_of(app)
        middle = app.screen.query_one("#next")
        assert middle.max_scroll_y > 0
        middle.scroll_end(animate=False)
        await until(pilot, lambda: "Enter hear Priya out" in text_of(app))
        assert middle.scroll_offset != Offset(0, 0)


def test_the_first_paint_loads_nothing_heavy() -> None:
    heavy = ("pydantic", "sqlalchemy", "personas", "scoring", "saves", "tomli", "fsrs")
    code = f"import sys, sim.tui.screens.home; print([n for n in {heavy!r} if n in sys.modules])"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )

    assert (child.stdout.strip(), child.stderr) == ("[]", "")
