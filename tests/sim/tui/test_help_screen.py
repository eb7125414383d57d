"""The help: one page, whole at 80x24, with a way into the practice call and none out of a call."""

from __future__ import annotations

import pytest
from textual.containers import VerticalScroll

from sim.tui.intents import PracticeWanted
from sim.tui.screens.help import HelpScreen
from sim.tui.themes import DARK, LIGHT
from tests.sim.tui.stage import ShowApp, text_of

KEYS = ("Enter", "Ctrl+J", "Tab", "F2-F4", "F5", "F6", "Esc", "Ctrl+C", "F1", "F7")


@pytest.mark.parametrize("in_call", [False, True])
@pytest.mark.parametrize("size", [(80, 24), (100, 30), (140, 40), (200, 60)])
async def test_the_page_fits_without_scrolling(size: tuple[int, int], in_call: bool) -> None:
    app = ShowApp(HelpScreen(in_call=in_call))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert app.screen.query_one("#body", VerticalScroll).max_scroll_y == 0
        shown = text_of(app)
        assert [key for key in KEYS if key not in shown] == []
        for words in ("typing is preparing", "Measured:", "Not measured:", "one of them does not fit"):
            assert words in shown


@pytest.mark.parametrize("theme", [DARK.name, LIGHT.name])
@pytest.mark.parametrize("in_call", [False, True])
async def test_a_small_terminal_scrolls_it_by_keys(in_call: bool, theme: str) -> None:
    app = ShowApp(HelpScreen(in_call=in_call), theme)
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        assert "describe a call" not in text_of(app)
        for _ in range(40):
            await pilot.press("down")
        assert "describe a call" in text_of(app)
        assert "Esc back" in text_of(app)


async def test_enter_begins_the_practice_call() -> None:
    app = ShowApp(HelpScreen())
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        assert "Enter two minutes of practice" in text_of(app)
        await pilot.press("enter")
        assert app.asked(PracticeWanted) == [PracticeWanted()]


@pytest.mark.parametrize("key", ["escape", "f1"])
async def test_it_goes_away_again(key: str) -> None:
    screen = HelpScreen()
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.press(key)
        assert app.screen is not screen
        assert app.asked(PracticeWanted) == []


@pytest.mark.parametrize(
    ("stands", "says"),
    [(True, "Time stands still while you read."), (False, "Time goes on while you read.")],
)
async def test_in_a_call_it_says_what_time_does_and_offers_no_practice(stands: bool, says: str) -> None:
    screen = HelpScreen(in_call=True, time_stands=stands)
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        assert says in text_of(app)
        assert "practice" not in text_of(app)
        await pilot.press("enter")
        assert app.screen is not screen
        assert app.asked(PracticeWanted) == []


async def test_the_mouse_does_what_the_keys_do() -> None:
    screen = HelpScreen()
    app = ShowApp(screen)
    async with app.run_test(size=(80, 24), message_hook=app.hook) as pilot:
        await pilot.pause()
        main, back = screen.query("#keys KeyHint")
        await pilot.click(main)
        assert app.asked(PracticeWanted) == [PracticeWanted()]
        await pilot.click(back)
        assert app.screen is not screen
