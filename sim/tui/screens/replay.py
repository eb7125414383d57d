"""A stored call, played again as it went; nothing in it can be changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath
from typing import ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen

from personas.acts import MediumKind
from personas.schema import Persona
from saves.run import RunFile
from scoring.call_score import CallScore, score_call
from scoring.debrief_text import clock
from scoring.debrief_text import one_line as coach_line
from sim.call_view import CallView
from sim.career.wording import medium_word
from sim.game import stored_setting
from sim.office_clock import OfficeClock
from sim.replaying import Replaying, TurnPlace
from sim.text import one_line
from sim.tui.base import BaseApp
from sim.tui.intents import PlaceWanted
from sim.tui.widgets.call_pane import CallPane
from sim.tui.widgets.chat_pane import ChatPane
from sim.tui.widgets.course_line import CourseLine
from sim.tui.widgets.floor_line import FloorLine, FloorShown
from sim.tui.widgets.key_bar import KeyBar, KeyShown
from sim.tui.widgets.key_first import Pressed
from sim.tui.widgets.mail_flow import MailKind
from sim.tui.widgets.mail_list import MailList, MailRow
from sim.tui.widgets.mail_pane import MailPane
from sim.tui.widgets.plain_text import Part, PlainText
from sim.tui.widgets.transcript import Transcript

FRAMES = 30
"""Times a second that the screen is drawn."""


class TurnLine(PlainText):
    """One turn in the list beside the conversation: when, what was answered, what that showed."""

    def __init__(self, place: TurnPlace, reply: str, showed: str) -> None:
        """Take what is told.

        Args:
            place: where the turn lies.
            reply: the trainee's words; "" for a turn without.
            showed: what the reply did; "" for nothing to say.
        """
        parts: list[Part] = [(f"{clock(place.start)}  ", "$quiet")]
        parts.append((one_line(reply), "") if reply else ("no reply", "$quiet italic"))
        super().__init__([*parts, (f"\n{showed}", "$quiet")] if showed else parts)
        self.place = place

    def on_click(self, event: events.Click) -> None:
        """Ask for the turn's beginning."""
        event.stop()
        self.post_message(CourseLine.Sought(self.place.start))


class ReplayedMail(MailPane):
    """A mailbox that opens what was opened and shows what was sent, and leaves every key to the replay."""

    _sent = 0

    def on_mount(self) -> None:
        """Keep the list from taking the focus."""
        self.query_one(MailList).can_focus = False

    def draw(self, t: int, *, reduced: bool) -> None:
        """Show the mailbox at a time of the call, ms, and the reply that has just been sent."""
        super().draw(t, reduced=reduced)
        sent = [mail for mail in self.mails if mail.kind is not MailKind.RECEIVED]
        if len(sent) > self._sent:
            self._sent = len(sent)
            self.read(sent[-1].id)


def _what_replies_showed(score: CallScore, persona: Persona) -> dict[int, str]:
    told = {turn.number: coach_line(turn, persona) for turn in score.turns if turn.trainee}
    return {number: line for number, line in told.items() if line}


class ReplayScreen(Screen[None]):
    """Shows a call as it was, along a clock that can be wound."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["conversation.tcss", "replay.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "play", "Pause"),
        Binding("left", "previous_turn", "Turn before"),
        Binding("right", "next_turn", "Next turn"),
        Binding("up,plus,equals_sign", "faster", "Faster"),
        Binding("down,minus", "slower", "Slower"),
        Binding("home", "wind(0)", "Beginning"),
        Binding("end", "wind_to_end", "End"),
        Binding("pageup", "read(-1)", "Read back", show=False),
        Binding("pagedown", "read(1)", "Read on", show=False),
        Binding("f1", "help", "Help"),
        Binding("escape,q", "close", "Close"),
    ]

    def __init__(
        self, run: RunFile, now: Callable[[], float], *, from_ms: int = 0, speed: float = 1.0
    ) -> None:
        """Make a replay ready.

        Args:
            run: the stored call.
            now: monotonic seconds.
            from_ms: the time of the call to begin at.
            speed: milliseconds of the call per real one.

        Raises:
            StoredTextError: when its persona cannot be used.
            RubricError: when its rubric cannot be read.
            ValueError: when the speed is not above 0.
        """
        super().__init__()
        self.setting = stored_setting(run).setting
        self.replay = Replaying(self.setting, run.events, now, from_ms=from_ms, speed=speed)
        rules, whole = self.setting.rules, self.replay.fold
        self._clock = OfficeClock.of_run(run.header.seed, self.setting.medium, rules, whole)
        score = score_call(self.setting.persona, self.setting.rules, run.header, run.events)
        self._showed = _what_replies_showed(score, self.setting.persona)
        self._pane = self._pane_for(self.replay.view)
        self._was_playing = False
        self._head_drawn: object = None
        self._turn_drawn: object = None

    def _pane_for(self, view: CallView) -> CallPane:
        if self.setting.medium is MediumKind.CHAT:
            return ChatPane(view, self._clock, classes="said")
        if self.setting.medium is MediumKind.EMAIL:
            return ReplayedMail(view, self._clock, classes="said")
        return Transcript(view, classes="said")

    def compose(self) -> ComposeResult:
        """Head, the conversation and its turns, the floor, the course, what the reply did, keys."""
        with Horizontal(id="head"):
            yield PlainText(id="who")
            yield PlainText(id="when")
        with Horizontal(id="stage"):
            yield self._pane
            with VerticalScroll(id="turns", can_focus=False):
                for place in self.replay.course.turns:
                    showed = self._showed.get(place.number, "")
                    yield TurnLine(place, self.replay.fold.turns[place.number].reply, showed)
        with Vertical(id="foot"):
            floor = FloorLine(id="floor")
            # Nobody holds the floor in an exchange of mails.
            floor.display = self.setting.medium is not MediumKind.EMAIL
            yield floor
            yield CourseLine(self.replay.course, id="course")
            yield PlainText(id="showed")
            yield KeyBar(id="keys")

    def on_mount(self) -> None:
        """Begin to draw."""
        self._size_up(self.app.size.width)
        self.set_interval(1 / FRAMES, self._frame)
        self.call_after_refresh(self._draw)

    # drawing ----------------------------------------------------------------------------------------------

    def _frame(self) -> None:
        if self.is_current:
            self.replay.tick()
            self._draw()

    def _draw(self) -> None:
        replay = self.replay
        if self._pane.view is not replay.view:
            self._change_pane()
        t = replay.now
        if self._pane.is_mounted:
            self._pane.draw(t, reduced=cast(BaseApp, self.app).reduced)
        running = replay.view.running
        self.query_one(FloorLine).draw(
            FloorShown(
                replay.floor(),
                self.setting.persona.customer.short_name,
                said=running.spoken_words(t) if running else 0,
                words=running.words if running else 0,
                begun=bool(replay.view.entries),
                typed=self.setting.medium is MediumKind.CHAT,
                timed=self.setting.timed,
            )
        )
        self.query_one(CourseLine).draw(t)
        self._draw_head(t)
        self._draw_turn()

    def _change_pane(self) -> None:
        old, self._pane = self._pane, self._pane_for(self.replay.view)
        with self.app.batch_update():
            self.query_one("#stage").mount(self._pane, before=old)
            old.remove()

    def _draw_head(self, t: int) -> None:
        replay = self.replay
        state = (t // 1000, replay.speed, replay.paused, replay.over, self.app.size.width)
        if state == self._head_drawn:
            return
        self._head_drawn = state
        customer, medium = self.setting.persona.customer, self.setting.medium
        self.query_one("#who", PlainText).show(
            [
                (one_line(customer.name), "bold $customer"),
                (f"  {medium_word(medium.value)}, a replay", "$quiet"),
            ]
        )
        mark, does = ("■", "again") if replay.over else ("‖", "go on") if replay.paused else ("▶", "pause")
        self.query_one("#when", PlainText).show(
            [
                (f"{mark} ", "bold"),
                (f"{replay.speed:g}×   ", "bold"),
                (f"{clock(t)} of {clock(replay.length_ms)}", "$quiet"),
            ]
        )
        self.query_one(KeyBar).show(
            [
                KeyShown("space", "Space", does, strong=True),
                KeyShown("right", "←→", "turns"),
                KeyShown("plus", "+−", "speed"),
                KeyShown("home", "Home", "start"),
                KeyShown("end", "End", "end"),
                KeyShown("escape", "Esc", "close"),
            ]
        )

    def _draw_turn(self) -> None:
        replay = self.replay
        place, answered = replay.turn, replay.answered
        if (place, answered) == self._turn_drawn:
            return
        self._turn_drawn = (place, answered)
        told = self._showed.get(answered.number, "") if answered is not None else ""
        said_at = f"Your reply at {clock(answered.replied_at or 0)}   " if answered is not None else ""
        self.query_one("#showed", PlainText).show([(said_at, "$trainee"), (told, "$quiet")] if told else "")
        for line in self.query(TurnLine):
            line.set_class(line.place == place, "-now")
            if line.place == place:
                self.query_one("#turns", VerticalScroll).scroll_to_widget(line, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Put the turns beside the conversation where there is room."""
        self._size_up(event.size.width)

    def _size_up(self, width: int) -> None:
        self.set_class(width >= 110, "-wide")

    # keys -------------------------------------------------------------------------------------------------

    def action_play(self) -> None:
        """Let it stand, or go on; from the beginning at the end."""
        if self.replay.paused or self.replay.over:
            self.replay.go_on()
        else:
            self.replay.pause()
        self._draw()

    def action_previous_turn(self) -> None:
        """Wind to where this turn began, or the one before it."""
        self.replay.previous_turn()
        self._draw()

    def action_next_turn(self) -> None:
        """Wind to where the next turn begins."""
        self.replay.next_turn()
        self._draw()

    def action_faster(self) -> None:
        """Play faster."""
        self.replay.faster()
        self._draw()

    def action_slower(self) -> None:
        """Play slower."""
        self.replay.slower()
        self._draw()

    def action_wind(self, ms: int) -> None:
        """Wind to a time of the call, ms."""
        self.replay.seek(ms)
        self._draw()

    def action_wind_to_end(self) -> None:
        """Wind to the end."""
        self.action_wind(self.replay.length_ms)

    def action_read(self, pages: int) -> None:
        """Scroll what was said by a page."""
        if pages < 0:
            self._pane.scroll_page_up(animate=False)
        else:
            self._pane.scroll_page_down(animate=False)

    def action_help(self) -> None:
        """Ask for the help."""
        self.post_message(PlaceWanted("help"))

    def action_close(self) -> None:
        """Leave the replay."""
        self.dismiss(None)

    @on(CourseLine.Sought)
    def wind_to_click(self, event: CourseLine.Sought) -> None:
        """Wind to a time that was clicked, on the course or in the list of turns."""
        self.action_wind(event.ms)

    @on(MailRow.Chosen)
    def read_mail(self, event: MailRow.Chosen) -> None:
        """Show a mail that was clicked."""
        if isinstance(self._pane, MailPane):
            self._pane.read(event.mail_id)

    @on(Pressed)
    def press(self, event: Pressed) -> None:
        """Take a click on a key as its press."""
        self.app.simulate_key(event.key)

    def on_screen_suspend(self) -> None:
        """Stand while another screen lies over this one."""
        self._was_playing = not self.replay.paused and not self.replay.over
        if self._was_playing:
            self.replay.pause()

    def on_screen_resume(self) -> None:
        """Go on where it stood."""
        if self._was_playing:
            self._was_playing = False
            self.replay.go_on()
