"""The stop key asks once: stop and go on later, hang up, or go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from sim.tui.widgets.key_bar import KeyBar, KeyShown
from sim.tui.widgets.key_first import Pressed
from sim.tui.widgets.plain_text import PlainText

if TYPE_CHECKING:
    from sim.live import LiveCall

Choice = Literal["stop", "leave", "on"]


_COUNTS = "This call is rated. To hang up after a reply is excused once a day, then it counts as lost."


class StopScreen(ModalScreen[Choice]):
    """Asks what stopping shall mean; dismissed with the choice."""

    CSS_PATH = "stop.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose('stop')", "Stop", priority=True),
        Binding("ctrl+c,ctrl+q", "choose('stop')", "Stop", priority=True),
        Binding("l", "choose('leave')", "Hang up"),
        Binding("escape", "choose('on')", "Go on"),
    ]

    def __init__(
        self, *, again_possible: bool = True, time_stands: bool = True, counts: bool = False
    ) -> None:
        """Ask.

        Args:
            again_possible: whether a stopped call can be gone on with later.
            time_stands: whether the clock stands still meanwhile.
            counts: whether hanging up has its price.
        """
        super().__init__()
        self._counts = counts
        self._again_possible = again_possible
        self._time_stands = time_stands

    @classmethod
    def during(cls, call: LiveCall, *, kept: bool) -> StopScreen:
        """Return the question for a call, which is kept or not."""
        return cls(
            again_possible=kept,
            time_stands=call.practice or not call.timed,
            counts=kept and not call.practice,
        )

    def compose(self) -> ComposeResult:
        """Lay out the question and its three answers."""
        stop = "stop for now; you can go on later" if self._again_possible else "stop"
        with Vertical(id="stop"):
            yield PlainText("Stop here?", classes="strong")
            yield PlainText(
                "Time stands still." if self._time_stands else "Time goes on while you decide.",
                classes="quiet",
            )
            if self._counts:
                yield PlainText(_COUNTS, id="stop-counts", classes="quiet")
            yield KeyBar(1, id="stop-stop", classes="choice")
            yield KeyBar(1, classes="choice")
            yield KeyBar(1, classes="choice")
        self._answers = (
            KeyShown("enter", "Enter", stop),
            KeyShown("l", "L    ", "hang up and see what it showed"),
            KeyShown("escape", "Esc  ", "go on with the call"),
        )

    def on_mount(self) -> None:
        """Show the answers."""
        for bar, answer in zip(self.query(KeyBar), self._answers, strict=True):
            bar.show([answer])

    def on_pressed(self, message: Pressed) -> None:
        """Take a click on an answer."""
        message.stop()
        choices: dict[str, Choice] = {"enter": "stop", "l": "leave", "escape": "on"}
        self.dismiss(choices[message.key])

    def action_choose(self, choice: Choice) -> None:
        """Take an answer."""
        self.dismiss(choice)
