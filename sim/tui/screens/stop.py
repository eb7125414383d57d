"""The stop key asks once: stop and go on later, hang up, or go on."""

from __future__ import annotations

from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from sim.tui.widgets.key_bar import KeyBar, KeyShown
from sim.tui.widgets.key_first import Pressed
from sim.tui.widgets.plain_text import PlainText

Choice = Literal["stop", "leave", "on"]


class StopScreen(ModalScreen[Choice]):
    """Asks what stopping shall mean; dismissed with the choice."""

    CSS_PATH = "stop.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose('stop')", "Stop", priority=True),
        Binding("ctrl+c,ctrl+q", "choose('stop')", "Stop", priority=True),
        Binding("l", "choose('leave')", "Hang up"),
        Binding("escape", "choose('on')", "Go on"),
    ]

    def __init__(self, *, again_possible: bool = True, time_stands: bool = True) -> None:
        """Ask.

        Args:
            again_possible: whether a stopped call can be gone on with later.
            time_stands: whether the clock stands still meanwhile.
        """
        super().__init__()
        self._again_possible = again_possible
        self._time_stands = time_stands

    def compose(self) -> ComposeResult:
        """Lay out the question and its three answers."""
        stop = "stop for now; you can go on later" if self._again_possible else "stop"
        with Vertical(id="stop"):
            yield PlainText("Stop here?", classes="strong")
            yield PlainText(
                "Time stands still." if self._time_stands else "Time goes on while you decide.",
                classes="quiet",
            )
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
