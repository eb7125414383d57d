"""The replay on the screen: what was said comes back along a clock that can be wound."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from personas.acts import MediumKind
from saves.run import RunFile
from scoring import events as ev
from sim.game import StoredTextError
from sim.tui.intents import PlaceWanted
from sim.tui.screens.replay import ReplayScreen, TurnLine
from sim.tui.widgets.chat_pane import ChatPane
from sim.tui.widgets.course_line import CourseLine, cell_of, course_cells, time_of
from sim.tui.widgets.mail_list import MailRow
from sim.tui.widgets.mail_pane import MailPane
from tests.sim.calling import run_of, table_for
from tests.sim.test_replaying import LENGTH, Hand, played, replaying
from tests.sim.tui.stage import HOSTILE, ShowApp, text_of, until

SIZES = [(60, 20), (80, 24), (140, 40), (200, 60)]


def the_run() -> RunFile:
    return run_of(table_for(), played())


def as_medium(run: RunFile, kind: MediumKind) -> RunFile:
    """The same events under another medium: what the screen shows of them is its own affair."""
    text = run.materials.persona_text.replace('kind = "phone"', f'kind = "{kind.value}"', 1)
    if kind is MediumKind.EMAIL:
        text = text.replace('kind = "email"', 'kind = "email"\nsubject = "Charged twice"', 1)
    return replace(
        run,
        header=run.header.model_copy(update={"medium": kind}),
        materials=replace(run.materials, persona_text=text),
    )


class Shown:
    """A replay on a screen and the clock it runs on."""

    def __init__(self, run: RunFile | None = None, *, from_ms: int = 0, speed: float = 1.0) -> None:
        self.hand = Hand()
        self.screen = ReplayScreen(run or the_run(), self.hand, from_ms=from_ms, speed=speed)
        self.app = ShowApp(self.screen)

    @property
    def text(self) -> str:
        return text_of(self.app)

    @property
    def pane(self) -> MailPane:
        return self.screen.query_one(MailPane)

    @property
    def mail(self) -> str:
        """The words of the mail that is shown."""
        return self.pane.reading.text if self.pane.reading else ""

    async def shows(self, pilot: Pilot[Any], *texts: str) -> None:
        await until(pilot, lambda: all(text in self.text for text in texts))

    async def pass_ms(self, pilot: Pilot[Any], ms: int) -> None:
        """Let real time pass, and wait until the screen has seen it."""
        self.hand.pass_ms(ms)
        self.screen._frame()
        await pilot.pause()


async def test_it_plays_by_itself_and_stands_at_the_end() -> None:
    shown = Shown()
    async with shown.app.run_test(size=(80, 24)) as pilot:
        await shown.shows(pilot, "▶ 1×   0:00 of 1:25", "Priya Nair  phone, a replay")
        assert "third of March" not in shown.text
        await shown.pass_ms(pilot, 12_000)
        await shown.shows(pilot, "On the thir— of March", "· mm-hm", "Priya is speaking", "0:12 of 1:25")
        await shown.pass_ms(pilot, LENGTH)
        await shown.shows(pilot, "■ 1×   1:25 of 1:25", "The call is over", "Space again")


async def test_every_key_does_what_it_says() -> None:
    shown = Shown(speed=3.0)
    replay = shown.screen.replay
    starts = [turn.start for turn in replay.course.turns]
    async with shown.app.run_test(size=(80, 24)) as pilot:
        await pilot.press("right")
        assert replay.now == starts[1]
        await shown.shows(pilot, "What happened then?", "▶ 3×")
        await pilot.press("space")
        await shown.shows(pilot, "‖ 3×", "Space go on")
        await pilot.press("left")
        assert (replay.now, replay.paused) == (starts[0], True)
        await shown.shows(pilot, "0:00 of 1:25")
        assert "What happened then?" not in shown.text
        await pilot.press("up")
        await pilot.press("plus")
        assert replay.speed == 8.0
        await pilot.press("down", "minus", "minus", "minus")
        await shown.shows(pilot, "0.5×")
        await pilot.press("end")
        await shown.shows(pilot, "■", "The call is over")
        await pilot.press("home")
        assert replay.now == 0


async def test_help_is_asked_for_and_escape_or_q_closes() -> None:
    for name in ("escape", "q"):
        shown = Shown()
        async with shown.app.run_test(size=(80, 24), message_hook=shown.app.hook) as pilot:
            await pilot.press("f1")
            assert [wanted.place for wanted in shown.app.asked(PlaceWanted)] == ["help"]
            await pilot.press(name)
            assert shown.app.screen is not shown.screen


async def test_it_stands_while_another_screen_lies_over_it() -> None:
    shown = Shown()
    async with shown.app.run_test(size=(80, 24)) as pilot:
        await shown.pass_ms(pilot, 3000)
        over = ReplayScreen(the_run(), shown.hand)
        await shown.app.push_screen(over)
        shown.hand.pass_ms(20_000)
        await pilot.press("escape")
        await pilot.pause()
        assert shown.screen.replay.now == 3000
        await shown.pass_ms(pilot, 500)
        assert shown.screen.replay.now == 3500
        await pilot.press("space")
        await shown.app.push_screen(ReplayScreen(the_run(), shown.hand))
        await pilot.press("escape")
        await pilot.pause()
        assert shown.screen.replay.paused


async def test_what_a_reply_showed_stands_until_the_next_reply() -> None:
    reply_at = next(event.t for event in played() if isinstance(event, ev.Spoke))
    shown = Shown(from_ms=reply_at - 500)
    async with shown.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "Your reply" not in shown.text
        await shown.pass_ms(pilot, 600)
        await shown.shows(pilot, "Your reply at 0:45", "There was a cue")
        await pilot.press("end")
        await shown.shows(pilot, "Your reply at 1:13")
        await pilot.press("home")
        await until(pilot, lambda: "Your reply" not in shown.text)


async def test_where_there_is_room_the_turns_stand_beside_it_and_can_be_clicked() -> None:
    shown = Shown()
    async with shown.app.run_test(size=(140, 40)) as pilot:
        await shown.shows(pilot, "0:00  So you were charged twice", "no reply")
        lines = list(shown.screen.query(TurnLine))
        assert [line.has_class("-now") for line in lines] == [True, False, False]
        await pilot.click(lines[1])
        assert shown.screen.replay.now == shown.screen.replay.course.turns[1].start
        await until(pilot, lambda: lines[1].has_class("-now"))
        assert not lines[0].has_class("-now")


async def test_a_click_on_the_course_winds_there_and_on_a_key_presses_it() -> None:
    shown = Shown()
    async with shown.app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        line = shown.screen.query_one(CourseLine)
        width = line.content_size.width
        await pilot.click(CourseLine, offset=(40, 0))
        assert shown.screen.replay.now == time_of(40, shown.screen.replay.course, width)
        await shown.shows(pilot, "So on the Thursday I rang you.")
        await pilot.click("#keys KeyLabel")
        await until(pilot, lambda: shown.screen.replay.paused)


@pytest.mark.parametrize("width", [1, 7, 78, 198])
def test_the_course_is_to_scale_and_every_mark_keeps_its_place(width: int) -> None:
    course = replaying(Hand()).course
    cells = course_cells(course, width)
    assert len(cells) == width
    for t in course.replies:
        assert cells[cell_of(t, course, width)] == "◆"
    assert [cell_of(time_of(cell, course, width), course, width) for cell in range(width)] == [*range(width)]
    if width > 70:
        assert cells.count("◆") == 2 and cells.count("▪") == 1 and {*cells} == {*"━◆▪─"}
    assert course_cells(course, 0) == ""


@pytest.mark.parametrize("kind", [MediumKind.CHAT, MediumKind.EMAIL, MediumKind.VIDEO])
async def test_every_medium_has_its_own_look(kind: MediumKind) -> None:
    shown = Shown(as_medium(the_run(), kind), from_ms=50_000)
    async with shown.app.run_test(size=(140, 40)) as pilot:
        word = "e-mail" if kind is MediumKind.EMAIL else kind.value
        await shown.shows(pilot, f"{word}, a replay")
        assert bool(shown.screen.query(ChatPane)) is (kind is MediumKind.CHAT)
        assert bool(shown.screen.query(MailPane)) is (kind is MediumKind.EMAIL)
        await pilot.press("end")
        await pilot.press("left")
        await pilot.press("left")
        await pilot.press("tab", "enter", "pageup", "pagedown")
        await pilot.pause()
        assert len(shown.screen.query(".said")) == 1
        assert shown.screen.focused is None, "the keys stay the replay's"


async def test_a_replay_of_mails_shows_what_was_sent_and_any_mail_that_is_clicked() -> None:
    shown = Shown(as_medium(the_run(), MediumKind.EMAIL))
    async with shown.app.run_test(size=(140, 40)) as pilot:
        await shown.pass_ms(pilot, LENGTH)
        await until(pilot, lambda: "That must have been worrying." in shown.mail)
        rows = list(shown.screen.query(MailRow))
        await pilot.click(rows[[row.mail.id for row in rows].index(shown.pane.mails[0].id)])
        await until(pilot, lambda: "before you ask me to turn anything off" in shown.mail)


@pytest.mark.parametrize("size", SIZES)
async def test_hostile_text_is_shown_and_never_obeyed(size: tuple[int, int]) -> None:
    def spoilt(event: ev.Event) -> ev.Event:
        if isinstance(event, ev.ClauseStarted):
            return event.model_copy(update={"text": HOSTILE, "cue": HOSTILE})
        return event.model_copy(update={"text": HOSTILE}) if isinstance(event, ev.Spoke) else event

    run = the_run()
    text = run.materials.persona_text.replace('"Priya Nair"', '"[red]Pri[/ya"', 1)
    run = replace(
        run,
        events=tuple(spoilt(event) for event in run.events),
        materials=replace(run.materials, persona_text=text),
    )
    shown = Shown(run, from_ms=50_000)
    async with shown.app.run_test(size=size) as pilot:
        await shown.shows(pilot, "[red]Pri[/ya", "[red]x[/]")
        await pilot.press("end", "left", "space", "home")
        await pilot.pause()
        assert "\x1b" not in shown.text and "\u202e" not in shown.text


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_important_is_cut_off(size: tuple[int, int]) -> None:
    shown = Shown(from_ms=52_000)
    async with shown.app.run_test(size=size) as pilot:
        await shown.shows(pilot, "Priya Nair", "0:52 of 1:25", "I'd checked the bank as well,", "Space pause")
        if size[0] >= 80:
            await shown.shows(pilot, "Esc close", "Priya is speaking", "┃")


async def test_an_interrupted_and_an_empty_call_can_be_shown_too() -> None:
    run = the_run()
    for events in (run.events[:9], ()):
        shown = Shown(replace(run, events=tuple(events), result=None))
        async with shown.app.run_test(size=(80, 24)) as pilot:
            await pilot.press("right", "left", "end", "space", "home")
            await shown.shows(pilot, "Priya Nair")


def test_a_run_whose_customer_cannot_be_used_says_so() -> None:
    run = the_run()
    with pytest.raises(StoredTextError, match="cannot be used"):
        ReplayScreen(replace(run, materials=replace(run.materials, persona_text="schema = 1\n")), Hand())
