"""The help: what the game is, the keys of a call, what is measured; and two minutes of practice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen

from sim.tui.intents import PracticeWanted
from sim.tui.widgets.key_line import Key, KeyLine
from sim.tui.widgets.plain_text import Part, PlainText

_GAME = (
    "A customer talks, and you answer in writing: typing is preparing, Enter is speaking. "
    "Speak while they talk and you cut in; leave room, and you hear what others never do."
)
_KEYS = (
    ("Enter", "speak; e-mail: Ctrl+S"),
    ("Ctrl+J", "a new line"),
    ("Tab", "mm-hm: you are listening"),
    ("F2-F4", "words for this moment;"),
    ("", "one of them does not fit"),
    ("F1", "this page"),
)
_MORE_KEYS = (
    ("F5", "ask them to wait, say why"),
    ("F6", "the desk, and back"),
    ("Esc", "give the floor back"),
    ("Ctrl+C", "stop; the call is kept"),
    ("Ctrl+↑↓", "faster, slower"),
    ("Ctrl+N/F", "video: nod, show it"),
)
_UNTIMED = (
    ("Untimed play  ", "$quiet"),
    ("Enter", "bold"),
    " on an empty line listens on, ",
    ("F7", "bold"),
    " stays silent.",
)
_MEASURED = (
    "Measured: who held the floor, what a silence was for, what you gave back.",
    "Not measured: how fast you type, how you sound, what you feel.",
    "The times are those of keys: they describe a call, not a person.",
)
_KEY_CELLS = 10


class HelpScreen(Screen[None]):
    """One page that fits a small terminal."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = "#body"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-wide")]  # noqa: RUF012 - the base declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "main", "Practice", show=False),
        Binding("escape,f1", "leave", "Back", show=False),
    ]

    def __init__(self, *, in_call: bool = False, time_stands: bool = False) -> None:
        """Open the page.

        Args:
            in_call: whether a call is going on; practice is then not offered.
            time_stands: whether its time stands still meanwhile.
        """
        super().__init__()
        self._in_call = in_call
        self._time_stands = time_stands

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with Vertical(id="page"):
            yield PlainText([("How it works", "bold"), *self._time()], id="title")
            with VerticalScroll(id="body"):
                yield PlainText(_GAME, id="game")
                yield PlainText("In a call", classes="head quiet")
                with Horizontal(id="keys-of-a-call"):
                    yield PlainText(_listed(_KEYS), classes="keys")
                    yield PlainText(_listed(_MORE_KEYS), classes="keys")
                yield PlainText(_UNTIMED, id="untimed")
                yield PlainText("What counts", classes="head quiet")
                for line in _MEASURED:
                    yield PlainText(line, classes="line")
            yield KeyLine(self._keys(), main=True, id="keys")

    def _time(self) -> list[Part]:
        if not self._in_call:
            return []
        if self._time_stands:
            return [("  Time stands still while you read.", "$quiet")]
        return ["  Time goes on while you read."]

    def _keys(self) -> list[Key]:
        if self._in_call:
            return [("Esc", "back to the call", "leave")]
        return [("Enter", "two minutes of practice", "main"), ("Esc", "back", "leave")]

    def action_main(self) -> None:
        """Begin the practice call; in a call, go back to it."""
        if self._in_call:
            self.dismiss(None)
        else:
            self.post_message(PracticeWanted())

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


def _listed(keys: Sequence[tuple[str, str]]) -> list[Part]:
    parts: list[Part] = []
    for place, (key, does) in enumerate(keys):
        parts += ["\n" if place else "", (key.ljust(_KEY_CELLS), "bold"), (does, "$quiet")]
    return parts
