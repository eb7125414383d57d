"""What every app of ours begins with: the themes, the common style, reduced motion, pictures of a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import App, SystemCommand
from textual.filter import LineFilter, Monochrome, NoColor
from textual.screen import Screen

from sim.tui.themes import DARK, LIGHT


class BaseApp(App[int]):
    """An app in our two themes."""

    CSS_PATH = Path(__file__).with_name("base.tcss")
    TITLE = "Hear Me Out"
    ENABLE_COMMAND_PALETTE = True
    COMMAND_PALETTE_BINDING = "ctrl+p"
    AUTO_FOCUS: ClassVar[str | None] = None

    def __init__(
        self, theme: str = DARK.name, *, reduced: bool = False, pictures: Path = Path("pictures")
    ) -> None:
        """Take the look.

        Args:
            theme: name of one of our themes.
            reduced: True for reduced motion.
            pictures: folder for pictures of screens; made when the first one is saved.
        """
        super().__init__()
        self._pictures = pictures
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self.theme = theme
        self.reduced = reduced
        """Whether motion is reduced: clauses appear whole, nothing glides or blinks."""
        if reduced:
            self.animation_level = "none"

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return what every line goes through: with NO_COLOR none keeps a colour, not even a grey."""
        found = super().get_line_filters()
        if not self.no_color:
            return found
        # Last of all, because the filter before it puts colours in.
        return [*(one for one in found if not isinstance(one, Monochrome)), NoColor()]

    def tell(self, sentence: str, *, alarm: bool = False) -> None:
        """Show a sentence in a corner; never read as markup."""
        from sim.text import shown

        self.notify(shown(sentence), severity="warning" if alarm else "information", markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return the commands of the palette that every screen has."""
        yield SystemCommand("Picture of this screen", "Save it as an SVG file", self.action_picture)
        yield SystemCommand("Quit", "Leave the game; a call that is going on is kept", self.action_quit)

    def action_picture(self) -> None:
        """Save the screen, without the palette, as an SVG picture, and say where."""
        self.call_after_refresh(self._save_picture)

    def _save_picture(self) -> None:
        try:
            self._pictures.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self.save_screenshot(path=str(self._pictures))
        except OSError as error:
            self.tell(f"The picture could not be saved in {self._pictures}: {error.strerror}.", alarm=True)
        else:
            self.tell(f"Saved as {path}")
