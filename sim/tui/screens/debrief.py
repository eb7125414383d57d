"""The debrief of a call: how it ended, the whole call to scale, and every reply to walk through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal, VerticalScroll
from textual.screen import Screen

from sim.debriefing import DebriefView, Ranked
from sim.tui.base import BaseApp
from sim.tui.intents import AgainWanted, PlaceWanted, ReplayWanted, StoryWanted
from sim.tui.widgets.key_hint import KeyHint
from sim.tui.widgets.moment import MomentPane
from sim.tui.widgets.outcome import HeadLine, OutcomeText, ReviewText
from sim.tui.widgets.skill_bars import HeadlineSkills, SkillTable
from sim.tui.widgets.timeline import TimelineStrip

WIDE, HIGH, WIDE_KEYS = 120, 34, 136
"""From this size on everything stands on one page; from this width on the keys are told in more words."""
TALL = 44
"""From this height on trust and feeling heard are drawn as well."""
ROOMIEST = 50
"""From this height on a skill's evidence may take two lines beside the rest."""
USUAL = 80
"""Under this width the key line names fewer keys."""
LOW = 24
"""Under this height no row is left empty."""
_MARKS = {"win": "+", "loss": "−"}


class DebriefScreen(Screen[None]):
    """Walks through a call; Enter and Esc leave it."""

    CSS_PATH = "debrief.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "step(-1)", "Earlier reply"),
        Binding("right", "step(1)", "Later reply"),
        Binding("home", "edge(0)", "First reply"),
        Binding("end", "edge(-1)", "Last reply"),
        Binding("up,p", "weigh(-1)", "Weightier moment"),
        Binding("down,n", "weigh(1)", "Next moment by weight"),
        Binding("m", "more", "More moments"),
        Binding("plus,equals_sign", "zoom(1)", "Zoom in"),
        Binding("minus", "zoom(-1)", "Zoom out"),
        Binding("space", "all_words", "All the words"),
        Binding("r", "replay", "Replay"),
        Binding("a", "again", "Again from here"),
        Binding("s", "story", "Save a story card"),
        Binding("f1", "help", "Help"),
        Binding("f2", "page('skills')", "All ten skills"),
        Binding("f3", "page('outcome')", "How it ended"),
        Binding("pageup", "scroll_page(-1)", "Scroll up"),
        Binding("pagedown", "scroll_page(1)", "Scroll down"),
        Binding("escape", "back", "Back"),
        Binding("enter", "leave", "Leave"),
    ]

    def __init__(self, view: DebriefView) -> None:
        """Take all that is shown.

        Args:
            view: the debrief.
        """
        super().__init__()
        self._view = view
        self._more = False
        self._page = ""
        ranked = view.ranked()
        first = ranked[0].turn if ranked else (view.turns[0].number if view.turns else None)
        self._turn = first

    @property
    def turn(self) -> int | None:
        """Number of the turn that is walked; None where there was no reply."""
        return self._turn

    def compose(self) -> ComposeResult:
        """Yield head, timeline, body and keys."""
        view = self._view
        yield HeadLine(view, id="title")
        yield ReviewText(view, id="review")
        yield TimelineStrip(view.timeline, view.debrief.short_name, self._marks(), id="strip")
        with Container(id="body"):
            yield MomentPane(view, id="moment")
            with VerticalScroll(id="side", can_focus=False):
                yield SkillTable(view, id="skills")
                yield OutcomeText(view, id="outcome")
        yield HeadlineSkills(view, id="headline")
        with Horizontal(id="keys"):
            yield from self._hints()

    def _hints(self) -> Iterator[KeyHint]:
        yield KeyHint("←→", "in time", "step(1)", "reply by reply", id="key-time")
        yield KeyHint("↑↓", "by weight", "weigh(1)", "what weighed most", id="key-weight")
        yield KeyHint("↑↓", "scroll", "scroll_page(1)", id="key-scroll")
        yield KeyHint("R", "replay", "replay", id="key-replay")
        if self._view.can_play_again:
            yield KeyHint("A", "again", "again", "again from here", id="key-again")
        yield KeyHint("S", "story", "story", "save a story card", id="key-story")
        yield KeyHint("F2", "skills", "page('skills')", id="key-skills")
        yield KeyHint("F3", "ending", "page('outcome')", id="key-outcome")
        yield KeyHint("Esc", "back to the moments", "back", id="key-back")
        yield KeyHint("Enter", "desk", "leave", id="key-leave")

    def on_mount(self) -> None:
        """Show the moment that decided most."""
        self._fit()
        self._walk()

    def on_resize(self, _: events.Resize) -> None:
        """Lay everything out for the new size."""
        self._fit()

    # layout -----------------------------------------------------------------------------------------------

    def _fit(self) -> None:
        width, height = self.app.size
        roomy = width >= WIDE and height >= HIGH
        wide = roomy and not self._page
        self.set_class(roomy, "-roomy")
        self.set_class(wide, "-wide")
        self.set_class(height < LOW, "-low")
        self.set_class(width < USUAL, "-narrow")
        for page in ("skills", "outcome"):
            self.set_class(self._page == page, f"-{page}")
        for hint in self.query(KeyHint):
            hint.set_roomy(width >= WIDE_KEYS)
        self.query_one(TimelineStrip).set_tall(height >= TALL)
        self.query_one(SkillTable).set_brief(wide and height < ROOMIEST)
        self.query_one(OutcomeText).set_review(self._page == "outcome")

    # walking ----------------------------------------------------------------------------------------------

    def _ranked(self) -> tuple[Ranked, ...]:
        return self._view.ranked(more=self._more)

    def _marks(self) -> dict[int, str]:
        return {moment.turn: _MARKS[moment.kind] for moment in self._ranked()}

    def _walk(self) -> None:
        row = None if self._turn is None else self._view.row(self._turn)
        every = {moment.turn: moment for moment in self._view.ranked(more=True)}
        self.query_one(MomentPane).walk(row, None if row is None else every.get(row.number))
        if row is not None:
            self.query_one(TimelineStrip).walk(row.number)

    def _go(self, turn: int) -> None:
        if self._page:
            self._page = ""
            self._fit()
        self._turn = turn
        self._walk()

    def action_step(self, by: int) -> None:
        """Walk to the reply before or after this one."""
        numbers = [row.number for row in self._view.turns]
        if self._turn is not None:
            place = numbers.index(self._turn) + by
            self._go(numbers[max(0, min(place, len(numbers) - 1))])

    def action_edge(self, place: int) -> None:
        """Walk to the first or the last reply."""
        if self._view.turns:
            self._go(self._view.turns[place].number)

    def action_weigh(self, by: int) -> None:
        """Walk to the moment that weighs next most, or the one before; over the end it begins anew."""
        if self._page:
            self.action_scroll_page(by)
            return
        order = [moment.turn for moment in self._ranked()]
        if not order:
            self.action_step(by)
        elif self._turn in order:
            self._go(order[(order.index(self._turn) + by) % len(order)])
        else:
            self._go(order[0])

    def action_more(self) -> None:
        """Walk by weight through all moments, or through the first few again."""
        if not self._view.held_back:
            self._tell("These are all the moments that weighed anything.")
            return
        self._more = not self._more
        self.query_one(TimelineStrip).mark(self._marks())
        few = f"the {self._view.debrief.shown} heaviest of each kind"
        self._tell(f"↑↓ now walk through {'every moment' if self._more else few}.")

    @on(TimelineStrip.Jumped)
    def _jump(self, message: TimelineStrip.Jumped) -> None:
        """Walk to the reply of the turn that was clicked on, or to the nearest one."""
        message.stop()
        if not self._view.turns:
            return
        number = self._view.timeline.turn_at(message.at_ms).turn
        self._go(min(self._view.turns, key=lambda row: abs(row.number - number)).number)

    def action_zoom(self, by: int) -> None:
        """Show less of the call, larger; or more of it."""
        self.query_one(TimelineStrip).nearer(by)

    # pages ------------------------------------------------------------------------------------------------

    def action_page(self, page: str) -> None:
        """Show the ten skills or how it ended; the same key goes back."""
        self._page = "" if self._page == page else page
        self._fit()
        self.query_one("#side", VerticalScroll).scroll_home(animate=False)

    def action_scroll_page(self, by: int) -> None:
        """Scroll what does not fit."""
        moment = self.query_one("#moment", VerticalScroll)
        beside = self._page or (self.has_class("-wide") and not moment.max_scroll_y)
        target = self.query_one("#side", VerticalScroll) if beside else moment
        target.scroll_relative(y=by * max(1, target.size.height - 2), animate=False)

    def action_all_words(self) -> None:
        """Show a long moment whole, to scroll through; or as much as fits."""
        pane = self.query_one(MomentPane)
        pane.show_all(not pane.all_words)

    # asking the app ---------------------------------------------------------------------------------------

    def _tell(self, sentence: str) -> None:
        if isinstance(self.app, BaseApp):
            self.app.tell(sentence)

    def action_replay(self) -> None:
        """Ask for the call to be played again from this turn on."""
        start = 0 if self._turn is None else self._view.row(self._turn).start_ms
        self.post_message(ReplayWanted(self._view.run_id, start))

    def action_again(self) -> None:
        """Ask for a new call that branches off before this reply."""
        if not self._view.can_play_again:
            self._tell("This call cannot be taken up again in the middle.")
        elif self._turn is not None:
            self.post_message(AgainWanted(self._view.run_id, self._turn))

    def action_story(self) -> None:
        """Ask for this moment to be saved as a story card."""
        if self._turn is not None:
            self.post_message(StoryWanted(self._view.run_id, self._turn))

    def action_help(self) -> None:
        """Ask for the help."""
        self.post_message(PlaceWanted("help"))

    def action_back(self) -> None:
        """Leave a page, or the debrief."""
        if self._page:
            self._page = ""
            self._fit()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Leave the debrief."""
        self.dismiss(None)
