"""The frame of every call: its clock, the desk, the coach's line, the stop key and the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget

from sim.career.wording import medium_word
from sim.conversation.conversation import IntentRefused
from sim.live import LiveCall, StandStill
from sim.preferences import FASTEST, SLOWEST
from sim.text import one_line
from sim.tui.base import BaseApp
from sim.tui.call_commands import PACE_STEP, CallCommands
from sim.tui.guide import Guide as Guide
from sim.tui.intents import CallClosed, PlaceWanted
from sim.tui.screens.stop import Choice, StopScreen
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.desk_card import DeskCard, DeskItem
from sim.tui.widgets.key_bar import KeyBar, KeyShown
from sim.tui.widgets.key_first import Pressed
from sim.tui.widgets.notes import Notes
from sim.tui.widgets.plain_text import PlainText

TICKS_PER_S, REMARK_S = 30, 5.0
"""How long a quiet sentence stands in the place of the keys."""
WIDE, ROOMY, SMALL, LOW = 120, 100, 56, 20
"""Columns from which notes stand beside the desk, it is broad, below which it hides; rows that are few."""


class CallScreen(Screen[None]):
    """A call under way; what it looks like is up to the medium."""

    CSS_PATH = "call.tcss"
    COMMANDS = Screen.COMMANDS | {CallCommands}
    AUTO_FOCUS = ""
    KEYS: ClassVar[dict[str, str]] = {
        "f1": "help",
        "f6": "next_place",
        "escape": "escape",
        "ctrl+c": "stop",
        "ctrl+q": "stop",
        "ctrl+up": "faster",
        "ctrl+down": "slower",
        "enter": "enter",
    }
    """Keys that belong to the call whatever has the focus, with the `press_` method that takes them."""
    PATIENT: ClassVar[frozenset[str]] = frozenset(
        {"help", "next_place", "escape", "stop", "faster", "slower", "enter"}
    )
    """What can be pressed while the coach's line stands without making time go on."""

    def __init__(self, call: LiveCall, *, guide: Guide | None = None, pace_percent: int = 100) -> None:
        """Take a call that has not begun.

        Args:
            call: the call.
            guide: a lesson that watches it.
            pace_percent: the trainee's pace, 50-200; 100 is the customer's own.
        """
        super().__init__()
        self.call = call
        self.customer = call.table.setting.persona.customer
        self._guide = guide
        self._pace_percent = pace_percent
        self._covered = StandStill(call, "paused")
        self._terminal_gone = StandStill(call, "paused")
        self._call_left = False
        self._stop: StopScreen | None = None
        self._drawn: dict[str, object] = {}
        self._remark_ends = 0.0

    # what it is made of -----------------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """Head, the call, what the coach says, where one writes, keys."""
        with Horizontal(id="head"):
            yield PlainText(id="who")
            yield PlainText(id="time")
            yield KeyBar(1, id="head-keys")
        yield from self.compose_call()
        yield PlainText(id="guide")
        yield PlainText(id="coach")
        yield from self.compose_writing()
        yield PlainText(id="over")
        yield PlainText(id="remark")
        yield KeyBar(id="foot")

    def compose_call(self) -> ComposeResult:
        """The conversation, with the desk and the notes beside it."""
        with Horizontal(id="body"):
            yield self.make_pane()
            yield DeskCard(self.call.table.setting.persona.desk, id="desk")
            with Vertical(id="notes-box"):
                yield PlainText([("YOUR NOTES", "bold")], classes="desk-title")
                yield Notes(id="notes", reduced=self.reduced)

    def compose_writing(self) -> ComposeResult:
        """Where the trainee writes."""
        yield from ()

    def make_pane(self) -> CallPane:
        """Return the widget that shows the conversation."""
        raise NotImplementedError

    def writing_places(self) -> list[Widget]:
        """Return what F6 walks through before the desk; the first one has the focus at first."""
        return []

    def foot_keys(self) -> list[KeyShown]:
        """Return the keys at the foot, the most important first."""
        return [KeyShown("ctrl+c", "Ctrl+C", "stop")]

    def draw_call(self, t: int) -> None:
        """Show what only this medium has, at a time of the call, ms; called thirty times a second."""

    @property
    def reduced(self) -> bool:
        """Whether motion is reduced."""
        return isinstance(self.app, BaseApp) and self.app.reduced

    @property
    def pane(self) -> CallPane:
        """The conversation."""
        return self.query_one(CallPane)

    @property
    def desk(self) -> DeskCard:
        """The desk."""
        return self.query_one(DeskCard)

    def on_mount(self) -> None:
        """Begin."""
        kind = medium_word(self.call.table.setting.medium.value)
        mode = self.call.table.header.mode if self._guide is None else "two minutes of practice"
        name = one_line(self.customer.name)
        self._widget("who").show([(name, "bold $customer"), (f"  {kind}, {mode}", "$quiet")])
        self.query_one("#head-keys", KeyBar).show([KeyShown("f1", "F1", "help")])
        self.watch(self.app, "app_focus", self._terminal_focus, init=False)
        self.app.app_suspend_signal.subscribe(self, self._terminal_away, immediate=True)
        self.app.app_resume_signal.subscribe(self, self._terminal_back, immediate=True)
        self.focus_first()
        self.attempt(lambda: self.call.begin(self._pace_percent))
        self.tick()
        self.set_interval(1 / TICKS_PER_S, self.tick)

    def on_resize(self, event: events.Resize) -> None:
        """Choose what stands beside what."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.width >= ROOMY, "-roomy")
        self.set_class(event.size.width < SMALL, "-small")
        self.set_class(event.size.height < LOW, "-low")
        if event.size.width < WIDE and isinstance(self.focused, Notes):
            self.focus_first()

    # time -------------------------------------------------------------------------------------------------

    def tick(self) -> None:
        """Let happen what is due, and show what has changed."""
        if self._call_left:
            return
        self.attempt(self.call.tick)
        t = self.call.now
        self.pane.draw(t, reduced=self.reduced)
        self._draw_frame(t)
        self.draw_call(t)

    def _draw_frame(self, t: int) -> None:
        call = self.call
        if call.timed:
            self._show("time", f"{t // 60_000:02d}:{t // 1000 % 60:02d}")
        guide = self._guide.line(call) if self._guide is not None else ""
        self._show("guide", guide, hide=True)
        self._show("coach", call.coach, hide=True)
        self._show("over", "The call is over." if call.over else "", hide=True)
        self.set_class(call.over, "-over")
        self.set_class(bool(call.coach), "-coached")
        items = call.table.setting.persona.desk.items
        left = {item.id: call.ready_ms(item.id) for item in items}
        if left != self._drawn.get("desk"):
            self._drawn["desk"] = left
            self.desk.draw(left)
        if self._remark_ends and call.clock.moment() >= self._remark_ends:
            self.remark("")
        keys = self.foot_keys()
        if keys != self._drawn.get("foot"):
            self._drawn["foot"] = keys
            self.query_one("#foot", KeyBar).show(keys)

    def _show(self, name: str, text: str, *, hide: bool = False) -> None:
        if self._drawn.get(name) != text:
            self._drawn[name] = text
            self._widget(name).show(self.line_parts(name, text))
            self._widget(name).display = bool(text) or not hide

    def _widget(self, name: str) -> PlainText:
        return self.query_one(f"#{name}", PlainText)

    def line_parts(self, name: str, text: str) -> list[tuple[str, str]]:
        """Return one of the lines above the keys as texts with styles."""
        if name in ("coach", "guide"):
            return [("Coach   " if name == "coach" else "Lesson  ", "bold $trainee"), (text, "")]
        end = [("   Enter", "bold $trainee"), (" what it showed", "")] if name == "over" else []
        return [(text, ""), *end]

    def on_screen_suspend(self) -> None:
        """Something lies over the call: in practice time stands still meanwhile."""
        if self.call.practice:
            self._covered.begin()

    def on_screen_resume(self) -> None:
        """The call is what one sees again."""
        if not self._call_left:
            self._covered.end()

    def _terminal_away(self, _: App[object]) -> None:
        self._terminal_gone.begin()

    def _terminal_back(self, _: App[object]) -> None:
        self._terminal_gone.end()

    def _terminal_focus(self, focused: bool) -> None:
        self.attempt(lambda: self.call.focus(self.call.clock.moment(), lost=not focused))

    # what is asked of the call ----------------------------------------------------------------------------

    def attempt(self, step: Callable[[], object]) -> bool:
        """Do something the call may refuse; its sentence is shown quietly. Return whether it was done."""
        try:
            step()
        except IntentRefused as refused:
            self.remark(str(refused))
            return False
        return True

    def remark(self, sentence: str) -> None:
        """Show a quiet sentence in the place of the keys for a while; "" takes it away."""
        self._remark_ends = self.call.clock.moment() + REMARK_S if sentence else 0.0
        self._widget("remark").show(sentence)
        self.set_class(bool(sentence), "-remark")

    def go_on(self) -> None:
        """Let time go on after the coach's line."""
        if self.call.coach:
            self.attempt(lambda: self.call.go_on("feedback"))
            self.tick()

    def focus_first(self) -> None:
        """Put the focus where one writes."""
        for place in self.writing_places()[:1]:
            self.set_focus(place, scroll_visible=False)

    # keys -------------------------------------------------------------------------------------------------

    def claims(self, key: str) -> bool:
        """Return whether a key is the call's now, whatever has the focus."""
        if key == "enter":
            return self.call.over or (bool(self.call.coach) and self.focused is not self.desk)
        return key in self.KEYS

    def on_key(self, event: events.Key) -> None:
        """Take a key that no widget has taken."""
        if self.claims(event.key):
            event.stop()
            event.prevent_default()
            self.press(event.key, event.time)

    def on_pressed(self, message: Pressed) -> None:
        """Take a key that a widget has handed on, or a click on its label."""
        message.stop()
        self.press(message.key, message.time)

    def press(self, key: str, time: float) -> None:
        """Do what a key of the call does.

        Args:
            key: Textual's name of it.
            time: when it was pressed, seconds.
        """
        name = self.KEYS.get(key)
        if name is None or self._call_left:
            return
        if name not in self.PATIENT:
            self.go_on()
        self.remark("")
        self.attempt(lambda: getattr(self, f"press_{name}")(time))
        self.tick()

    def press_help(self, _: float) -> None:
        """Show the help."""
        self.post_message(PlaceWanted("help"))

    def press_enter(self, _: float) -> None:
        """Go on after the coach's line; see the debrief when it is over."""
        if self.call.over:
            self.close(debrief=True)
        else:
            self.go_on()

    def press_escape(self, time: float) -> None:
        """Give the floor back while that can be done; else go back to where one writes."""
        if self.call.can_give_back:
            self.call.give_back(time)
        elif isinstance(self.focused, DeskCard | Notes):
            self.focus_first()

    def press_next_place(self, _: float) -> None:
        """Move the focus on: writing, desk, and notes where they are seen."""
        # Notes that are not seen would swallow what is typed.
        notes = self.query(Notes) if self.has_class("-wide") else ()
        places = [*self.writing_places(), self.desk, *notes]
        shown = [place for place in places if place.focusable or place is self.desk]
        now = shown.index(self.focused) if self.focused in shown else -1
        chosen = shown[(now + 1) % len(shown)]
        self.set_class(chosen is self.desk, "-at-desk")
        if chosen.focusable:
            self.set_focus(chosen, scroll_visible=False)
        else:
            self.call_after_refresh(self.set_focus, chosen, scroll_visible=False)

    def on_descendant_focus(self) -> None:
        """Where the screen is small, the desk shows only while it has the focus."""
        self.set_class(self.focused is self.desk, "-at-desk")

    def press_slower(self, _: float) -> None:
        """The customer speaks slower from the next clause on."""
        self.change_pace(-PACE_STEP)

    def press_faster(self, _: float) -> None:
        """The customer speaks faster from the next clause on."""
        self.change_pace(PACE_STEP)

    def change_pace(self, step: int) -> None:
        """Change the customer's pace by so many percent; it stays within 50-200."""
        if not self.call.timed or self.call.table.header.mode == "competition":
            self.remark("The pace is fixed here.")
            return
        percent = max(SLOWEST, min(FASTEST, self.call.view.fold.pace_percent + step))
        if self.attempt(lambda: self.call.set_pace(percent)):
            self.remark(f"{self.customer.short_name} speaks at {percent} percent of their own pace.")

    def on_desk_item_chosen(self, message: DeskItem.Chosen) -> None:
        """Open an item of the record, or fold it away."""
        message.stop()
        self.remark("")
        if self.desk.is_open(message.item_id):
            self.desk.fold(message.item_id)
        else:
            self.attempt(lambda: self.call.open_item(message.time, message.item_id))
        self.tick()

    def on_desk_card_typed(self, message: DeskCard.Typed) -> None:
        """A letter typed at the desk belongs to the draft."""
        message.stop()
        self.focus_first()
        for place in self.writing_places()[:1]:
            place.post_message(message.key)

    # stopping ---------------------------------------------------------------------------------------------

    def press_stop(self, _: float) -> None:
        """The stop key."""
        self.action_stop()

    def action_stop(self) -> None:
        """Ask what stopping shall mean; pressed again, stop. Works at any time."""
        if self.call.over:
            self.close(debrief=False)
        elif self._stop is not None:
            self._stop.dismiss("stop")
        else:
            self._stop = StopScreen.during(self.call, kept=self._guide is None)
            self.app.push_screen(self._stop, self._stop_chosen)

    def _stop_chosen(self, choice: Choice | None) -> None:
        self._stop = None
        if choice == "stop":
            self.close(debrief=False)
        elif choice == "leave":
            self.attempt(lambda: self.call.end("left"))
            self.tick()

    def close(self, *, debrief: bool) -> None:
        """Leave the call.

        Args:
            debrief: whether its debrief is wanted.
        """
        if self._call_left:
            return
        self._call_left = True
        while self in self.app.screen_stack and self.app.screen is not self:
            self.app.pop_screen()
        self.post_message(CallClosed(debrief=debrief))
