from __future__ import annotations

from typing import cast

import pytest
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen

from personas.acts import Act, MediumKind
from scoring import events as ev
from sim.call_view import CallView, Entry, EntryKind
from sim.tui.widgets.plain_text import plain
from sim.tui.widgets.transcript import EntryLine, Transcript, clause_parts
from tests.sim.stage import persona_of, rules
from tests.sim.tui.stage import HOSTILE, ShowApp, text_of

TEXT = "You had my parcel, and then you did not"


def clause(text: str = TEXT, said_words: int | None = None, *, done: bool = False) -> Entry:
    entry = Entry(EntryKind.CLAUSE, text, 0, 0, words=len(text.split()), duration_ms=900, done=done)
    entry.said_words = said_words
    return entry


class Reading(Screen[None]):
    """A screen with nothing but a transcript."""

    CSS = "Transcript { height: 100%; width: 100%; }"

    def __init__(self) -> None:
        super().__init__()
        self.view = CallView(persona_of(), rules(), MediumKind.PHONE, timed=True)
        self.view.apply(ev.NoteIssued(t=0, turn=0, act=Act.OPEN, intensity=2))

    def compose(self) -> ComposeResult:
        yield Transcript(self.view)

    @property
    def transcript(self) -> Transcript:
        return self.query_one(Transcript)

    def lines(self) -> list[EntryLine]:
        return list(self.query(EntryLine))

    def starts(self, text: str, t: int, cue: str | None = None) -> None:
        self.view.apply(ev.CustomerTurnStarted(t=t, turn=0))
        self.goes_on(text, t, cue)

    def goes_on(self, text: str, t: int, cue: str | None = None) -> None:
        words = len(text.split())
        self.view.apply(
            ev.ClauseStarted(t=t, text=text, words=words, duration_ms=900, turn_end=True, cue=cue)
        )

    def ends(self, t: int) -> None:
        self.view.apply(ev.ClauseEnded(t=t))
        self.view.apply(ev.CustomerTurnEnded(t=t))


def parts_of(said: int, *, marked: bool) -> list[tuple[str, str]]:
    return [
        (part, "") if isinstance(part, str) else part for part in clause_parts(clause(), said, marked=marked)
    ]


def app_of(reading: Reading) -> ShowApp:
    return ShowApp(cast(Screen[object], reading))


# one clause -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", range(10))
@pytest.mark.parametrize("marked", [True, False])
def test_the_words_never_move_while_they_brighten(said: int, marked: bool) -> None:
    assert plain(clause_parts(clause(), said, marked=marked)).plain == TEXT


def test_what_was_said_is_bright_and_what_comes_is_dim() -> None:
    parts = parts_of(4, marked=False)
    assert [text for text, style in parts if style == "bold"] == ["You had my ", "parcel,"]
    assert [text for text, style in parts if style == "$faint"] == [" and then you did not"]


def test_without_colour_the_word_being_said_is_marked() -> None:
    parts = parts_of(4, marked=True)
    assert [text for text, style in parts if "underline" in style] == ["parcel,"]


@pytest.mark.parametrize(("said", "shown"), [(4, "You had my parcel, —"), (0, "You —")])
def test_a_broken_clause_ends_in_a_dash(said: int, shown: str) -> None:
    assert plain(clause_parts(clause(said_words=said), said, marked=False)).plain == shown


# all of it ------------------------------------------------------------------------------------------------


async def test_the_current_clause_brightens_and_only_it_is_drawn() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 12)) as pilot:
        reading.starts("First of all.", 0)
        reading.view.apply(ev.ClauseEnded(t=900))
        reading.goes_on(TEXT, 1000)
        reading.transcript.draw(1000, reduced=False)
        await pilot.pause()
        first, second = reading.lines()
        drawn = [str(line.visual) for line in (first, second)]
        reading.transcript.draw(1500, reduced=False)
        assert str(first.visual) == drawn[0]
        assert second.has_class("-age0")
        assert first.has_class("-age1")


async def test_with_reduced_motion_a_clause_appears_whole() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 12)):
        reading.starts(TEXT, 0)
        reading.transcript.draw(0, reduced=True)
        styles = {str(span.style) for span in cast(Content, reading.lines()[0].visual).spans}
        assert styles == {"bold"}


async def test_a_cue_stands_on_its_own_line_in_brackets() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 12)) as pilot:
        reading.starts(TEXT, 0, cue="a short breath")
        reading.transcript.draw(0, reduced=False)
        await pilot.pause()
        lines = [line.strip() for line in text_of(app).splitlines() if line.strip()]
        assert lines == ["(a short breath)", TEXT]


async def test_signs_in_a_row_share_a_line_and_open_no_gap() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 12)) as pilot:
        reading.starts("One.", 0)
        reading.view.apply(ev.Backchannelled(t=100, token="mm-hm", channel="voice"))
        reading.view.apply(ev.Backchannelled(t=200, token="eleven years", channel="voice"))
        reading.view.apply(ev.ClauseEnded(t=900))
        reading.goes_on("Two.", 1000)
        reading.transcript.draw(1000, reduced=False)
        await pilot.pause()
        lines = text_of(app).rstrip().splitlines()[-3:]
        assert [line.strip() for line in lines] == ["One.", "· mm-hm   · eleven years", "Two."]


async def test_parties_are_set_apart_by_an_empty_line() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 12)) as pilot:
        reading.starts("One.", 0)
        reading.ends(900)
        reading.view.apply(ev.Spoke(t=2000, text="Two?"))
        reading.starts("Three.", 3000)
        reading.transcript.draw(3000, reduced=False)
        await pilot.pause()
        lines = [line.strip(" ▌") for line in text_of(app).rstrip().splitlines()[-5:]]
        assert lines == ["One.", "", "Two?", "", "Three."]


async def test_what_was_said_earlier_is_older() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 12)):
        for turn in range(3):
            reading.view.apply(ev.NoteIssued(t=turn * 3000, turn=turn, act=Act.TELL, intensity=2))
            reading.starts(f"Turn {turn}.", turn * 3000)
            reading.ends(turn * 3000 + 900)
            reading.view.apply(ev.Spoke(t=turn * 3000 + 2000, text="Yes?"))
        reading.view.apply(ev.NoteIssued(t=9000, turn=3, act=Act.TELL, intensity=2))
        reading.starts("Now.", 9000)
        reading.transcript.draw(9000, reduced=False)
        ages = [next(age for age in range(4) if line.has_class(f"-age{age}")) for line in reading.lines()]
        assert ages == [3, 3, 3, 3, 2, 2, 0]


async def test_the_reader_can_scroll_away_and_come_back() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 8)) as pilot:
        for number in range(30):
            reading.starts(f"Sentence number {number}.", number * 1000)
            reading.ends(number * 1000 + 900)
        reading.transcript.draw(40_000, reduced=True)
        await pilot.pause()
        assert "number 29" in text_of(app)
        assert not reading.transcript.away
        reading.transcript.scroll_page_up(animate=False)
        await pilot.pause()
        assert reading.transcript.away
        reading.starts("And another one.", 50_000)
        reading.transcript.draw(50_000, reduced=True)
        await pilot.pause()
        assert "another one" not in text_of(app)
        reading.transcript.to_latest()
        await pilot.pause()
        assert "another one" in text_of(app)
        assert not reading.transcript.away


async def test_a_clause_wraps_anew_when_the_window_changes_in_its_middle() -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(60, 12)) as pilot:
        reading.starts(TEXT + " 日本語 👩‍👧", 0)
        reading.transcript.draw(300, reduced=False)
        await pilot.pause()
        await pilot.resize_terminal(20, 12)
        reading.transcript.draw(330, reduced=False)
        await pilot.pause()
        shown = " ".join(text_of(app).split())
        assert TEXT in shown
        assert reading.lines()[0].size.height >= 3


@pytest.mark.parametrize("kind", ["clause", "cue", "reply", "token", "hold"])
async def test_text_from_anywhere_is_shown_never_obeyed(kind: str) -> None:
    reading = Reading()
    app = app_of(reading)
    async with app.run_test(size=(120, 12)) as pilot:
        reading.starts(HOSTILE if kind == "clause" else "One.", 0, cue=HOSTILE if kind == "cue" else None)
        reading.ends(900)
        if kind == "token":
            reading.view.apply(ev.Backchannelled(t=950, token=HOSTILE, channel="voice"))
        if kind == "hold":
            reading.view.apply(ev.HoldAnnounced(t=950, text=HOSTILE))
        if kind == "reply":
            reading.view.apply(ev.Spoke(t=950, text=HOSTILE))
        reading.transcript.draw(1000, reduced=False)
        await pilot.pause()
        shown = text_of(app)
        assert "a[b] [/foo] [/ [red]x[/]" in shown
        assert "[@click=app.quit]q[/]" in shown
        assert "\x1b" not in shown
        assert "\u202e" not in shown
