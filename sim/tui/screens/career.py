"""The career: the path of tiers, how the headline skills move, and the calls so far."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Grid, Vertical
from textual.screen import Screen
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from scoring.debrief_text import skill_name
from sim.career.trends import Trend
from sim.career.views import CallLine, CallState, CareerView
from sim.tui.base import BaseApp
from sim.tui.intents import DebriefWanted, GoOnWanted, PlaceWanted, ReplayWanted
from sim.tui.widgets.key_line import KeyLine
from sim.tui.widgets.plain_text import Part, PlainText, plain
from sim.tui.widgets.plot import Plot
from sim.tui.widgets.ratings import RatingsTable
from sim.tui.widgets.tier_path import TierPath, cut

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NO_CALLS = (
    "Every call you make is kept here, with its debrief. After your first one this page also shows how you "
    "let people finish, how you say back what you heard, how you meet a feeling, and what you do with a "
    "silence.\n\n"
    "Esc, then Enter: your first call."
)
_NO_TRENDS = "Nothing to draw yet: a call shows here once it has gone on for a few replies."
_SHADE = "Your last calls, oldest left. Shaded: your usual range."
_COLUMNS, _COUNTS, _LEAST_NAME = 41, 9, 14
"""Cells of a line of the list: beside the name, for what it counted for, for the name."""


class CareerScreen(Screen[None]):
    """Shows where one stands, without counting calls."""

    CSS_PATH = "career.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (76, "-middle"), (112, "-wide")]  # noqa: RUF012 - the base's
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (24, "-short"), (34, "-tall")]  # noqa: RUF012 - the base's
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("r,R", "replay", "Replay", show=False),
        Binding("s,S", "skills", "Ratings", show=False),
        Binding("f1", "help", "Help", show=False),
    ]

    def __init__(self, view: CareerView, zone: tzinfo | None = None) -> None:
        """Take what is told.

        Args:
            view: the career.
            zone: where days are told; None for the machine's own.
        """
        super().__init__()
        self._view = view
        self._zone = zone
        self._shows_skills = False

    def compose(self) -> ComposeResult:
        """Lay out path, plots and calls."""
        with Vertical(id="page"):
            yield PlainText("Career", id="heading", classes="strong")
            yield TierPath(self._view.tiers, id="path")
            yield PlainText(f"{self._view.missing} {self._view.due}".strip(), id="missing")
            if self._view.calls:
                yield from self._compose_calls()
            else:
                yield PlainText(_NO_CALLS, id="nothing", classes="quiet")
            yield KeyLine(self._keys(), id="keys")

    def _compose_calls(self) -> ComposeResult:
        with Container(id="below"):
            with Vertical(id="trends"):
                if any(trend.last is not None for trend in self._view.trends):
                    yield PlainText(_SHADE, classes="quiet")
                    with Grid(id="plots"):
                        for trend in self._view.trends:
                            yield from _compose_trend(trend)
                else:
                    yield PlainText(_NO_TRENDS, classes="quiet")
            with Vertical(id="calls"):
                yield PlainText("Calls so far", classes="quiet")
                yield OptionList(id="list", compact=True)
            yield RatingsTable(self._view.skills, id="skills")

    def _keys(self) -> list[tuple[str, str, str]]:
        back = ("Esc", "back", "back")
        if not self._view.calls:
            return [back, ("F1", "help", "help")]
        if self._shows_skills:
            return [("S", "plots and calls", "skills"), back, ("↑↓", "more", ""), ("F1", "help", "help")]
        return [
            ("Enter", "debrief", "open"),
            ("R", "replay", "replay"),
            ("S", "ratings", "skills"),
            back,
            ("↑↓", "walk", ""),
            ("F1", "help", "help"),
        ]

    def on_mount(self) -> None:
        """Fill the list and give it the keys."""
        if self._view.calls:
            self._fill()
            self._list.highlighted = 0
            self._list.focus()

    def on_resize(self) -> None:
        """Fit the list's columns, once it has its new width."""
        if self._view.calls:
            self.call_after_refresh(self._fill)

    @property
    def _list(self) -> OptionList:
        return self.query_one("#list", OptionList)

    def _fill(self) -> None:
        width = self._list.scrollable_content_region.width
        if self._shows_skills:
            return
        free = width - _COLUMNS
        name = min(24, max(min(free, _LEAST_NAME), free - _COUNTS, 1))
        at = self._list.highlighted
        today = self._local(self._view.today)
        lines = [call_parts(call, self._local(call.started), today, name) for call in self._view.calls]
        self._list.set_options([Option(plain(parts).truncate(max(1, width))) for parts in lines])
        self._list.highlighted = at

    def _local(self, at: datetime | None) -> datetime | None:
        try:
            return None if at is None else at.astimezone(self._zone)
        except (OverflowError, ValueError):
            return None

    def _call(self) -> CallLine | None:
        if not self._view.calls or self._list.highlighted is None:
            return None
        return self._view.calls[self._list.highlighted]

    @on(OptionList.OptionSelected)
    def action_open(self) -> None:
        """Open the debrief of a call, or go on with one that was interrupted."""
        call = self._call()
        if call is None:
            return
        if call.state is CallState.INTERRUPTED:
            self.post_message(GoOnWanted(call.run_id))
        elif call.state is CallState.GIVEN_UP:
            self._tell("You gave this call up before its end, so there is no debrief. R shows what was said.")
        else:
            self.post_message(DebriefWanted(call.run_id))

    def action_replay(self) -> None:
        """Show a call again as it went."""
        call = self._call()
        if call is not None:
            self.post_message(ReplayWanted(call.run_id))

    async def action_skills(self) -> None:
        """Show the ratings in the place of plots and calls, or the other way about."""
        if not self._view.calls:
            return
        self._shows_skills = not self._shows_skills
        self.set_class(self._shows_skills, "-skills")
        self.query_one("#skills" if self._shows_skills else "#list").focus()
        await self.query_one("#keys", KeyLine).show(self._keys())
        self.call_after_refresh(self._fill)

    def action_help(self) -> None:
        """Ask for the help."""
        self.post_message(PlaceWanted("help"))

    def action_back(self) -> None:
        """Leave the screen."""
        self.dismiss(None)

    def _tell(self, sentence: str) -> None:
        if isinstance(self.app, BaseApp):
            self.app.tell(sentence)


def _compose_trend(trend: Trend) -> ComposeResult:
    with Vertical(classes="trend"):
        last = "" if trend.last is None else f"{trend.last:.0f} "
        yield PlainText([(last, "bold $trainee"), (skill_name(trend.skill), "bold")], classes="words")
        yield Plot(trend.values, trend.own_range)
        yield PlainText(range_words(trend), classes="words quiet")


def range_words(trend: Trend) -> str:
    """Return the range of a skill in words."""
    if trend.last is None:
        return "not scored yet"
    if trend.own_range is None:
        return "no range yet"
    low, high = (f"{bound:.0f}" for bound in trend.own_range)
    return f"usual {low}" if low == high else f"usual {low}–{high}"


def day_words(day: datetime | None, today: datetime | None) -> str:
    """Return a day as "12 Mar", with the year where it is another one; "" when it is not known."""
    if day is None:
        return ""
    words = f"{day.day} {_MONTHS[day.month - 1]}"
    return words if today is None or day.year == today.year else f"{words} {day.year % 100:02d}"


def call_parts(call: CallLine, day: datetime | None, today: datetime | None, name: int) -> list[Part]:
    """Return one line of the list: day, customer, medium, ending, stars, score, what it counted for.

    Args:
        call: the call.
        day: when it began, in local time.
        today: now, in local time.
        name: cells for the customer.
    """
    stars = "" if call.stars is None else "★" * call.stars + "☆" * (5 - call.stars)
    score = "" if call.score is None else f"{call.score:.0f}"
    waiting = call.state is CallState.INTERRUPTED
    return [
        (cut(day_words(day, today), 10), "$quiet"),
        (cut(call.name, name), ""),
        (f" {cut(call.medium, 7)}", "$quiet"),
        (cut(call.ending, 13), "bold $trainee" if waiting else ""),
        (cut(stars, 6), "$quiet"),
        (f"{score:>3}", "bold"),
        (f" {'again' if call.again else call.counts}".rstrip(), "italic $quiet"),
    ]
