"""The briefing: who is on the line, which chair you sit in, what you may do; Enter begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen

from sim.briefing_view import BriefingView
from sim.tui.intents import CallWanted, PlaceWanted, PreferenceChanged
from sim.tui.widgets.key_line import Key, KeyLine
from sim.tui.widgets.plain_text import Part, PlainText

_GETTING_READY = "The voice is getting ready."
_REMEMBERED = "The call begins as soon as the voice is ready."
_NAMES = {"practice": "Practice", "rated": "Rated", "competition": "Competition"}
_COUNTS = "It counts: your first attempt at this very call."
_PLAYED_BEFORE = "Played before, so it does not count."
_PRACTICE = "It does not count."
_GOES = {
    "practice": "Time stands still after each reply, for one line of feedback.",
    "rated": "No feedback before the end.",
    "competition": "The pace is the same for everybody.",
}
_GOES_UNTIMED = {
    "practice": "Feedback after each reply. Untimed: nothing runs by itself.",
    "rated": "Feedback at the end. Untimed: nothing runs by itself.",
}


class BriefingScreen(Screen[None]):
    """Sets the scene, while the voice gets ready."""

    CSS_PATH = "briefing.tcss"
    AUTO_FOCUS = "#scene"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-wide")]  # noqa: RUF012 - the base declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "begin", "Begin", show=False),
        Binding("m,M", "mode", "Practice or rated", show=False),
        Binding("escape", "leave", "Back", show=False),
        Binding("f1,h,H", "help", "Help", show=False),
    ]

    def __init__(self, view: BriefingView) -> None:
        """Take what is told before the call."""
        super().__init__()
        self._view = view
        self._mode = view.mode
        self._voice = view.voice_note or _GETTING_READY
        self._ready = False
        self._begin_when_ready = False
        self._begun = False
        self._scrolls = False

    def compose(self) -> ComposeResult:
        """Lay out the page: the scene scrolls, what one decides stays."""
        view = self._view
        with Vertical(id="page"):
            yield PlainText([(view.title, "bold"), (f"  {view.company}", "$quiet")], id="title")
            yield PlainText(_chair(view), id="chair")
            with VerticalScroll(id="scene"), Horizontal(id="columns"):
                with Vertical(id="desk"):
                    yield from _listing("Your desk shows", view.card)
                    yield from _listing("In the call you can open", view.records)
                with Vertical(id="leave-to"):
                    yield from _listing("You may", view.may)
                    yield from _listing("You may not", view.may_not)
                    yield from _listing("Rules of the house", view.policy)
            yield PlainText(id="trains")
            yield PlainText(id="mode")
            yield PlainText(id="voice")
            yield KeyLine(main=True, id="keys")

    async def on_mount(self) -> None:
        """Draw what changes."""
        await self._draw()

    def on_resize(self) -> None:
        """See whether the scene still fits."""
        self.call_after_refresh(self._see_what_fits)

    async def _see_what_fits(self) -> None:
        scrolls = self.query_one("#scene", VerticalScroll).max_scroll_y > 0
        if scrolls is not self._scrolls:
            self._scrolls = scrolls
            await self._draw()

    def voice_state(self, text: str, ready: bool) -> None:
        """Show how the voice stands; a call that was asked for before begins once it is ready.

        Args:
            text: whose words will be heard, or what is still awaited.
            ready: whether the call can begin.
        """
        self._voice, self._ready = text, ready
        if self.is_mounted:
            self.call_later(self._draw)
        if ready and self._begin_when_ready:
            self._begin()

    # keys -------------------------------------------------------------------------------------------------

    async def action_begin(self) -> None:
        """Begin the call, or remember that it is wanted."""
        if self._ready:
            self._begin()
            return
        self._begin_when_ready = True
        await self._draw()

    async def action_mode(self) -> None:
        """Change between practice and rated; a competition and today's call stay what they are."""
        if self._mode_stays:
            return
        self._mode = "rated" if self._mode == "practice" else "practice"
        self.post_message(PreferenceChanged("mode", self._mode))
        await self._draw()

    @property
    def _mode_stays(self) -> bool:
        return self._mode == "competition" or self._view.daily

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_help(self) -> None:
        """Show the help over this screen."""
        self.post_message(PlaceWanted("help"))

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        mode: Literal["practice", "rated"] = "practice" if self._mode == "practice" else "rated"
        self.post_message(CallWanted(self._view.persona_id, mode))

    # drawing ----------------------------------------------------------------------------------------------

    async def _draw(self) -> None:
        self._put("#trains", [("A call for ", "$quiet"), (f"{self._view.trains}.", "")])
        self._put("#mode", self._mode_line())
        self._put("#voice", self._voice_line())
        await self.query_one("#keys", KeyLine).show(self._keys())

    def _mode_line(self) -> list[Part]:
        view, mode = self._view, self._mode
        name = f"Today's call, {_NAMES[mode].lower()}" if view.daily else _NAMES[mode]
        counts = _PLAYED_BEFORE if view.played_before else _COUNTS
        goes = _GOES[mode] if view.timed else _GOES_UNTIMED.get(mode, _GOES[mode])
        says = _PRACTICE if mode == "practice" else counts
        return [(f"{name}. ", ""), (f"{says} {goes}", "$quiet")]

    def _voice_line(self) -> list[Part]:
        if self._ready:
            return [("The words come from ", "$quiet"), (self._voice, "$quiet"), (".", "$quiet")]
        if self._begin_when_ready:
            return [(_REMEMBERED, "$foreground")]
        return [(self._voice, "$quiet")]

    def _keys(self) -> list[Key]:
        keys = [("Enter", self._begins(), "begin")]
        if not self._mode_stays:
            keys.append(("M", "rated instead" if self._mode == "practice" else "practice instead", "mode"))
        keys += [("Esc", "back", "leave"), ("F1", "help", "help")]
        return [*keys, ("↑↓", "more", "")] if self._scrolls else keys

    def _begins(self) -> str:
        if self._begin_when_ready and not self._ready:
            return "waits for the voice"
        return {"phone": "answer the phone", "e-mail": "open the mail"}.get(self._view.medium, "begin")

    def _put(self, where: str, text: str | list[Part]) -> None:
        self.query_one(where, PlainText).show(text)


def _chair(view: BriefingView) -> list[Part]:
    return [(view.name, "bold $customer"), f" {view.arrives}\n", view.role]


def _listing(head: str, lines: Sequence[str]) -> ComposeResult:
    """Yield a heading and its lines; nothing when there are none."""
    if lines:
        yield PlainText(head, classes="head quiet")
        for line in lines:
            with Horizontal(classes="line"):
                yield PlainText("·", classes="mark quiet")
                yield PlainText(line, classes="text")
