from __future__ import annotations

from typing import cast

import pytest
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from sim.tui.widgets.composer import Composer
from tests.sim.tui.stage import HOSTILE, ShowApp, key, text_of


class Desk(Screen[None]):
    """A screen with a composer that keeps what the composer says."""

    CSS = "Composer { height: auto; max-height: 5; width: 20; }"

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield Composer(reduced=True)

    def on_mount(self) -> None:
        self.query_one(Composer).focus()

    def claims(self, key: str) -> bool:
        return key == "tab"

    def on_composer_sent(self, message: Composer.Sent) -> None:
        self.heard.append(message)

    def on_composer_key_moved(self, message: Composer.KeyMoved) -> None:
        self.heard.append(message)

    @property
    def composer(self) -> Composer:
        return self.query_one(Composer)

    @property
    def sent(self) -> list[tuple[str, int]]:
        return [(m.text, m.pasted_chars) for m in self.heard if isinstance(m, Composer.Sent)]

    @property
    def moved(self) -> list[tuple[float, bool]]:
        return [(m.time, m.empty) for m in self.heard if isinstance(m, Composer.KeyMoved)]


def shown(desk: Desk) -> ShowApp:
    return ShowApp(cast(Screen[object], desk))


async def strike(pilot: Pilot[int], *keys: str, at: float = 1.0) -> None:
    for number, name in enumerate(keys):
        pilot.app.post_message(key(name, at + number))
    await pilot.pause()


def paste(text: str, at: float = 1.0) -> events.Paste:
    event = events.Paste(text)
    event.time = at
    return event


async def test_enter_sends_and_empties() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "H", "i", "enter")
        assert desk.sent == [("Hi", 0)]
        assert desk.composer.text == ""
        assert desk.heard[-1].time == 3.0


async def test_keys_come_with_the_time_at_which_they_were_pressed() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "H", "i", "backspace", "backspace", at=10)
        assert desk.moved == [(10, False), (11, False), (12, False), (13, True)]


async def test_keys_struck_at_once_stay_in_order() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "a", "b", "backspace", "c", "left", "d", "enter", "e", "enter")
        assert desk.sent == [("adc", 0), ("e", 0)]


@pytest.mark.parametrize("name", ["ctrl+j", "shift+enter"])
async def test_a_new_line(name: str) -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "a", name, "b", "enter")
        assert desk.sent == [("a\nb", 0)]


async def test_a_space_bar_without_a_character_is_a_space() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        pilot.app.post_message(key("a", 1.0))
        pilot.app.post_message(key("space", 2.0))
        pilot.app.post_message(key("space", 3.0, " "))
        await strike(pilot, "b", at=4.0)
        assert desk.composer.text == "a  b"


async def test_a_key_of_the_screen_changes_nothing_here() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "a", "tab", "b")
        assert desk.composer.text == "ab"
        assert len(desk.moved) == 2


async def test_pasted_characters_that_are_still_there_are_counted() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "a")
        pilot.app.post_message(paste("one two", 5.0))
        await strike(pilot, "backspace", "b", "enter", at=6.0)
        assert desk.sent == [("aone twb", 6)]
        assert (5.0, False) in desk.moved


async def test_line_ends_of_a_paste_are_made_alike_and_escapes_are_taken_out() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        pilot.app.post_message(paste("a\r\nb\rc\x1b[31m\x00\u202e"))
        await strike(pilot, "enter")
        assert desk.sent == [("a\nb\nc[31m", 9)]


async def test_the_next_draft_begins_without_pasted_characters() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        pilot.app.post_message(paste("abc"))
        await strike(pilot, "enter", "a", "b", "c", "enter")
        assert desk.sent == [("abc", 3), ("abc", 0)]


async def test_what_could_not_be_sent_comes_back_before_what_was_written_since() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "a", "enter", "b")
        desk.composer.put_back("a")
        assert desk.composer.text == "ab"
        await strike(pilot, "c", "enter")
        assert desk.sent[-1] == ("abc", 0)


async def test_undo_brings_back_what_was_deleted() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        pilot.app.post_message(paste("one two"))
        await strike(pilot, "ctrl+u", "ctrl+z")
        assert desk.composer.text == "one two"
        assert desk.moved[-1][1] is False


async def test_it_grows_with_its_text_up_to_five_rows() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        heights = [desk.composer.size.height]
        for _ in range(7):
            await strike(pilot, "a", "ctrl+j")
            heights.append(desk.composer.size.height)
        assert heights == [1, 2, 3, 4, 5, 5, 5, 5]


async def test_wide_characters_and_emoji_wrap_by_cells() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        pilot.app.post_message(paste("日本" * 8))
        await pilot.pause()
        assert desk.composer.size.height == 2
        pilot.app.post_message(paste(HOSTILE))
        await pilot.pause()
        assert "[@click=app" in text_of(cast(ShowApp, desk.app))


async def test_losing_the_terminals_focus_loses_nothing() -> None:
    desk = Desk()
    async with shown(desk).run_test() as pilot:
        await strike(pilot, "a")
        pilot.app.post_message(events.AppBlur())
        await pilot.pause()
        assert desk.composer.text == "a"
        pilot.app.post_message(events.AppFocus())
        await pilot.pause()
        await strike(pilot, "b", "enter")
        assert desk.sent == [("ab", 0)]


async def test_with_reduced_motion_the_cursor_does_not_blink() -> None:
    desk = Desk()
    async with shown(desk).run_test():
        assert desk.composer.cursor_blink is False
