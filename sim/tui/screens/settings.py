"""The settings: each change counts at once, each row says in a sentence what it does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen

from sim.preferences import Preferences
from sim.tui.intents import PlaceWanted, PreferenceChanged
from sim.tui.setting_rows import Setting, rows_of
from sim.tui.widgets.key_line import KeyLine
from sim.tui.widgets.plain_text import PlainText
from sim.tui.widgets.setting_row import SettingRow


class SettingsScreen(Screen[None]):
    """Rows to walk through and change."""

    CSS_PATH = "settings.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-wide")]  # noqa: RUF012 - the base declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (36, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "walk(-1)", "Up", show=False),
        Binding("down,j", "walk(1)", "Down", show=False),
        Binding("left", "change(-1)", "Less", show=False),
        Binding("right,enter,space", "change(1)", "More", show=False),
        Binding("escape", "leave", "Back", show=False),
        Binding("f1,h,H", "help", "Help", show=False),
    ]

    def __init__(
        self,
        preferences: Preferences,
        *,
        models: Sequence[str],
        data: str,
        notices: Sequence[str] = (),
    ) -> None:
        """Take what is set.

        Args:
            preferences: the settings.
            models: file names in the models folder.
            data: the data folder.
            notices: sentences on what was wrong with the settings file.
        """
        super().__init__()
        self._preferences = preferences
        self._models = tuple(models)
        self._data = data
        self._notices = tuple(notices)
        self._current = 0

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        with Vertical(id="page"):
            yield PlainText("Settings", id="title", classes="strong")
            for notice in self._notices:
                yield PlainText([("! ", "bold $alarm"), notice], classes="notice")
            with VerticalScroll(id="rows", can_focus=False):
                for place, setting in enumerate(self._settings()):
                    yield SettingRow(setting, place)
            yield KeyLine(
                (
                    ("↑↓", "choose", ""),
                    ("←→", "change", ""),
                    ("Esc", "back", "leave"),
                    ("F1", "help", "help"),
                ),
                id="keys",
            )

    def on_mount(self) -> None:
        """Mark the first row."""
        self._mark()

    def show(self, preferences: Preferences) -> None:
        """Draw the settings as they are now."""
        self._preferences = preferences
        if self.is_mounted:
            for row, setting in zip(self._rows(), self._settings(), strict=True):
                row.show(setting)

    # keys and clicks --------------------------------------------------------------------------------------

    def action_walk(self, step: int) -> None:
        """Choose another row."""
        self._choose(max(0, min(len(self._settings()) - 1, self._current + step)))

    def action_change(self, step: int) -> None:
        """Change the chosen row: the value before or after it."""
        setting = self._settings()[self._current]
        value = setting.stepped(step)
        if value is None:
            return
        self.post_message(PreferenceChanged(setting.name, value))
        self.show(self._preferences.changed(setting.name, value))

    def on_setting_row_touched(self, message: SettingRow.Touched) -> None:
        """Choose a row that was clicked, and change it where its value was."""
        self._choose(message.place)
        if message.step:
            self.action_change(message.step)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_help(self) -> None:
        """Show the help over this screen."""
        self.post_message(PlaceWanted("help"))

    def _choose(self, place: int) -> None:
        self._current = place
        self._mark()

    def _mark(self) -> None:
        for row in self._rows():
            row.mark(row.place == self._current)
        chosen = self._rows()[self._current]
        self.call_after_refresh(chosen.scroll_visible, animate=False)

    def _rows(self) -> list[SettingRow]:
        return list(self.query(SettingRow))

    def _settings(self) -> tuple[Setting, ...]:
        folder = str(Path(self._data) / "models")
        return rows_of(self._preferences, self._models, self._data, folder)
