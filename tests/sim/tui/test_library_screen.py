"""The library: who is in it, what is told about each, and what the keys ask for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message
from textual.screen import Screen

from sim.career.outlook import library_view
from sim.career.tiers import Standing
from sim.career.views import BrokenFile, LibraryView
from sim.tui.intents import BriefingWanted, PlaceWanted
from sim.tui.screens.library import LibraryScreen, state_words
from tests.sim.career.samples import BUILTIN, OWN, broken, customer, library, row, summary
from tests.sim.tui.stage import HOSTILE, ShowApp, flat, shown_by, text_of, until

HOUSE = library(
    customer("Priya", 1, ("pauses", "record"), title="Charged twice"),
    customer("Ben", 1, title="A cold house"),
    customer("Daniel", 2, ("cues",), medium="chat", title="Nobody at home"),
    customer("Own", 5, title="My own", folder=OWN),
    failed=[broken("half.toml", 12), broken("other.toml", 1)],
)
VIEW = library_view(HOUSE, [row("Priya", 0, summary("settled", stars=3))], BUILTIN)
SIZES = [(60, 20), (80, 24), (100, 30), (140, 40), (200, 60)]


def app_of(screen: Screen[Any]) -> ShowApp:
    return ShowApp(screen)


async def shown(view: LibraryView, *keys: str, size: tuple[int, int] = (80, 24)) -> tuple[str, list[Message]]:
    return await shown_by(LibraryScreen(view), *keys, size=size)


@pytest.mark.parametrize("size", SIZES)
async def test_all_customers_and_broken_files_are_listed(size: tuple[int, int]) -> None:
    text, asked = await shown(VIEW, size=size)

    for words in (
        "Charged twice",
        "finished well",
        "A cold house",
        "new",
        "Nobody at",
        "locked",
        "My own",
        "yours",
    ):
        assert words in text, words
    for words in ("half.toml", "12 mistakes", "other.toml", "one mistake"):
        assert words in text, words
    assert "Enter briefing" in flat(text) and "F1 help" in flat(text) and asked == []


@pytest.mark.parametrize("size", SIZES)
async def test_the_chosen_customer_is_told_about(size: tuple[int, int]) -> None:
    text, _ = await shown(VIEW, size=size)

    for words in (
        "Priya Quill phone · tier 1 · parcel delivery",
        "pauses, use of the record",
        "settled, three stars, 60 of 100",
        "The tests, Apache-2.0",
    ):
        assert words in flat(text.replace("│", " ")), words


async def test_of_a_locked_customer_only_what_opens_them_is_told() -> None:
    text, _ = await shown(VIEW, "down", "down")

    assert "Locked. One more tier-1 customer finished well opens tier 2." in flat(text)
    assert "reading" not in text and "Trains" not in text and "parcel" not in text


async def test_an_own_customer_is_told_with_its_file() -> None:
    text, _ = await shown(VIEW, "down", "down", "down")

    assert "Last call   none yet" in text and str(OWN / "own.toml") in text


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (["enter"], [BriefingWanted("house/priya")]),
        (["down", "enter"], [BriefingWanted("house/ben")]),
        (["down", "down", "enter"], []),
        (["down", "down", "down", "enter"], [BriefingWanted("house/own")]),
        (["end", "enter"], []),
        (["f1"], [PlaceWanted("help")]),
    ],
)
async def test_enter_asks_for_the_briefing_of_who_is_open(keys: list[str], asked: list[Message]) -> None:
    _, intents = await shown(VIEW, *keys)

    assert intents == asked


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (["down", "down", "enter"], "One more tier-1 customer finished well opens tier 2."),
        (["end", "enter"], "other.toml cannot be played until what is told here is mended."),
    ],
)
async def test_enter_says_why_somebody_cannot_be_played(keys: list[str], said: str) -> None:
    app = app_of(LibraryScreen(VIEW))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press(*keys)
        await pilot.pause()

        assert [note.message for note in app._notifications] == [said]


@pytest.mark.parametrize("size", SIZES)
async def test_every_mistake_of_a_broken_file_can_be_read(size: tuple[int, int]) -> None:
    app = app_of(LibraryScreen(VIEW))
    async with app.run_test(size=size) as pilot:
        await pilot.press("end", "up", "right")
        await pilot.pause()
        assert "half.toml cannot be played." in text_of(app) and "line 3, facts[0].gaet" in text_of(app)
        await pilot.press("end")
        await until(pilot, lambda: "line 14, facts[11].gaet" in text_of(app))
        assert "Did you mean 'gate'?" in text_of(app)
        await pilot.press("left", "home")
        await until(pilot, lambda: "Last call" in text_of(app))


async def test_the_mouse_chooses_and_opens() -> None:
    app = app_of(LibraryScreen(VIEW))
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        await pilot.click("#list", offset=(5, 1))
        await pilot.pause()

        assert app.intents == [BriefingWanted("house/ben")]


async def test_the_chosen_one_stays_chosen_when_the_window_changes() -> None:
    app = app_of(LibraryScreen(VIEW))
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press("down")
        await pilot.resize_terminal(140, 40)
        await pilot.press("enter")
        await pilot.pause()

        assert app.intents == [BriefingWanted("house/ben")]


async def test_escape_leaves_it() -> None:
    app = app_of(screen := LibraryScreen(VIEW))
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is not screen)


async def test_an_empty_library_says_what_to_do() -> None:
    text, asked = await shown(LibraryView((), ()), "enter", "right", "left")

    assert "There is no customer here" in flat(text) and asked == []


async def test_only_broken_files_are_told_at_once() -> None:
    text, _ = await shown(LibraryView((), VIEW.broken))

    assert "half.toml cannot be played." in flat(text)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("standing", list(Standing))
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int], standing: Standing) -> None:
    entry = replace(
        VIEW.entries[0],
        persona_id=HOSTILE,
        name=HOSTILE,
        short_name=HOSTILE,
        title=HOSTILE,
        medium=HOSTILE,
        standing=standing,
        opens=(HOSTILE,),
        yours=True,
        industry=HOSTILE,
        skills=(HOSTILE,),
        tags=(HOSTILE,),
        author=HOSTILE,
        licence=HOSTILE,
        last=HOSTILE,
        path=Path(HOSTILE.replace("\x00", "")),
    )
    file = BrokenFile(HOSTILE, HOSTILE, ((HOSTILE, HOSTILE), ("", HOSTILE)))
    view = LibraryView((entry,), (file,))

    for keys in ([], ["down"], ["down", "enter"]):
        text, asked = await shown(view, *keys, size=size)
        assert "[@click=app.quit]" in text and "\x1b" not in text and asked == []


@pytest.mark.parametrize(
    ("standing", "yours", "words"),
    [
        (Standing.NEW, False, "new"),
        (Standing.TRIED, False, "tried"),
        (Standing.WELL, False, "finished well"),
        (Standing.LOCKED, False, "locked"),
        (Standing.NEW, True, "yours"),
        (Standing.TRIED, True, "yours, tried"),
        (Standing.WELL, True, "yours, well"),
    ],
)
def test_where_one_stands_in_words(standing: Standing, yours: bool, words: str) -> None:
    assert state_words(replace(VIEW.entries[0], standing=standing, yours=yours)) == words
