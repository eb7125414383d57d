"""The first screen: the one thing to do next, and why; painted at once, filled when the house is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen

from sim.tui.base import BaseApp
from sim.tui.intents import (
    BriefingWanted,
    DebriefWanted,
    GiveUpWanted,
    GoOnWanted,
    Place,
    PlaceWanted,
)
from sim.tui.widgets.key_line import KeyLine
from sim.tui.widgets.plain_text import Part, PlainText

if TYPE_CHECKING:
    from sim.career.views import DailyCall, HomeView, Interrupted, NextCall

_NO_DAILY = "There is no call for today: no customer of the program can be read."
_GIVE_UP = "Give this call up? It stays in your career, but nobody can go on with it."
_GIVE_UP_RATED = "It is rated: once you have replied, that is leaving it."
_NOTHING = "Nobody is here to talk to: no customer file can be read. L shows what is wrong with them."


class HomeScreen(Screen[None]):
    """Shows what to play next, an interrupted call first."""

    CSS_PATH = "home.tcss"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - the base declares it
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "want('main')", "Begin", show=False),
        Binding("t,T", "want('daily')", "Today's call", show=False),
        Binding("g,G", "want('go_on')", "Go on", show=False),
        Binding("x,X", "want('give_up')", "Give up", show=False),
        Binding("escape", "want('keep')", "Keep it", show=False),
        Binding("l,L", "want('library')", "Library", show=False),
        Binding("c,C", "want('career')", "Career", show=False),
        Binding("s,S", "want('settings')", "Settings", show=False),
        Binding("h,H,f1", "want('help')", "Help", show=False),
        Binding("q,Q,ctrl+q", "leave", "Quit", show=False),
    ]

    def __init__(self, view: HomeView | None = None) -> None:
        """Take what is told; None until it is known."""
        super().__init__()
        self._view = view
        self._wish = ""
        self._asking = False

    def compose(self) -> ComposeResult:
        """Lay out the page; what is not known yet has its place already."""
        with Vertical(id="page"):
            yield PlainText("Hear Me Out", id="name", classes="strong")
            yield PlainText("Practice in listening, one customer at a time.", id="motto", classes="quiet")
            with VerticalScroll(id="next", can_focus=False):
                yield PlainText(id="label", classes="quiet")
                yield PlainText(id="who")
                yield PlainText(id="title")
                yield PlainText(id="reason")
                yield KeyLine(main=True, id="ways")
                yield PlainText(id="daily")
                yield PlainText(id="beside", classes="quiet")
            yield KeyLine(
                (
                    ("L", "library", "want('library')"),
                    ("C", "career", "want('career')"),
                    ("S", "settings", "want('settings')"),
                    ("H", "help", "want('help')"),
                    ("Q", "quit", "leave"),
                ),
                id="places",
            )

    async def on_mount(self) -> None:
        """Draw what is known."""
        await self._draw()

    def show(self, view: HomeView) -> None:
        """Take what is told and draw it; a key that was pressed before counts now."""
        self._view = view
        self._asking = False
        wish, self._wish = self._wish, ""
        if self.is_mounted:
            self.call_later(self._draw)
        if wish:
            self._act(wish)

    def action_want(self, wish: str) -> None:
        """Do what a key asks for, or remember it until the house is open."""
        if self._view is None:
            self._wish = wish
        else:
            self._act(wish)

    def action_leave(self) -> None:
        """Leave the game."""
        self.app.exit()

    def _act(self, wish: str) -> None:
        places: dict[str, Place] = {
            "library": "library",
            "career": "career",
            "settings": "settings",
            "help": "help",
        }
        if wish in places:
            self._ask(False)
            self.post_message(PlaceWanted(places[wish]))
        elif wish == "give_up":
            self._give_up()
        elif wish == "daily":
            self._ask(False)
            self._take_daily()
        elif self._asking:
            self._ask(False)
        elif wish in ("main", "go_on"):
            self._begin(only_interrupted=wish == "go_on")

    def _begin(self, *, only_interrupted: bool) -> None:
        assert self._view is not None
        if self._view.interrupted is not None:
            self.post_message(GoOnWanted(self._view.interrupted.run_id))
        elif self._view.next is not None and not only_interrupted:
            self.post_message(BriefingWanted(self._view.next.persona_id))

    def _take_daily(self) -> None:
        call = self._view.daily if self._view else None
        if call is None:
            if isinstance(self.app, BaseApp):
                self.app.tell(_NO_DAILY)
        elif call.state == "begun":
            self.post_message(GoOnWanted(call.run_id))
        elif call.state == "done":
            self.post_message(DebriefWanted(call.run_id))
        else:
            self.post_message(BriefingWanted(call.persona_id, call.seed))

    def _give_up(self) -> None:
        call = self._view.interrupted if self._view else None
        if call is None:
            return
        if self._asking:
            self.post_message(GiveUpWanted(call.run_id))
        self._ask(not self._asking)

    def _ask(self, asking: bool) -> None:
        if asking is not self._asking:
            self._asking = asking
            self.call_later(self._draw)

    # drawing ----------------------------------------------------------------------------------------------

    async def _draw(self) -> None:
        view = self._view
        if view is None:
            return
        if view.interrupted is not None:
            await self._draw_interrupted(view.interrupted)
        elif view.next is not None:
            await self._draw_next(view.next, first=view.first_start)
        else:
            for where in ("#label", "#who", "#title"):
                self._put(where, "")
            self._put("#reason", _NOTHING)
            await self._ways([])
        daily = None if view.first_start else view.daily
        self._put("#daily", _daily(daily) if daily else "")
        self._put("#beside", _beside(view))

    async def _draw_next(self, call: NextCall, *, first: bool) -> None:
        self._put("#label", "Your first call" if first else "Next")
        self._put("#who", _who(call.name, call.medium, _about(call.minutes)))
        self._put("#title", call.title)
        self._put("#reason", " ".join(call.reason))
        await self._ways([("Enter", f"hear {call.short_name} out", "want('main')")])

    async def _draw_interrupted(self, call: Interrupted) -> None:
        self._put("#label", "Your call was interrupted")
        self._put("#who", _who(call.name, call.medium, f"begun {call.ago}" if call.ago else ""))
        self._put("#title", call.title)
        if self._asking:
            self._put("#reason", f"{_GIVE_UP} {_GIVE_UP_RATED}" if call.rated else _GIVE_UP)
            await self._ways([("X", "give it up", "want('give_up')"), ("Esc", "keep it", "want('keep')")])
        else:
            self._put("#reason", "All that was said is kept. You go on where you left off.")
            await self._ways([("Enter", "go on", "want('main')"), ("X", "give it up", "want('give_up')")])

    async def _ways(self, keys: list[tuple[str, str, str]]) -> None:
        view = self._view
        if view is not None and view.daily is not None and not view.first_start and not self._asking:
            keys = [*keys, ("T", _DAILY_WAYS[view.daily.state], "want('daily')")]
        await self.query_one("#ways", KeyLine).show(keys)

    def _put(self, where: str, text: str | list[Part]) -> None:
        widget = self.query_one(where, PlainText)
        widget.show(text)
        widget.display = bool(text)


def _who(name: str, medium: str, more: str) -> list[Part]:
    rest = " · ".join(part for part in (medium, more) if part)
    return [(name, "bold $customer"), (f"  {rest}", "$quiet")]


def _about(minutes: int) -> str:
    return f"about {minutes} minute{'' if minutes == 1 else 's'}"


_DAILY_WAYS = {"new": "today's call", "begun": "go on with today's", "done": "today's debrief"}


def _daily(call: DailyCall) -> list[Part]:
    told: list[Part] = [("Today's call  ", "$quiet"), (call.name, "$customer")]
    if call.state == "done":
        return [*told, (f"  {call.result}", "$quiet")]
    more = "interrupted" if call.state == "begun" else "rated, the same for everybody"
    return [*told, (f"  {call.medium} · {more}", "$quiet")]


def _beside(view: HomeView) -> list[Part]:
    """Return what stands below: a way in for newcomers, or what else waits."""
    said: list[Part] = []
    if view.first_start:
        said += ["New here?  ", ("H", "bold $foreground"), "  two minutes of practice"]
    others = view.interrupted.others if view.interrupted else 0
    if others:
        calls = "One more interrupted call waits" if others == 1 else f"{others} more interrupted calls wait"
        said += [f"{calls} in the career."]
    if view.broken:
        files = "One customer file" if view.broken == 1 else f"{view.broken} customer files"
        said += ["\n" if said else "", f"{files} cannot be read; the library tells why."]
    return said
