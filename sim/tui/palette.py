"""What the command palette offers beside the common things."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.app import App, SystemCommand

from sim.tui.intents import Place, PlaceWanted, PreferenceChanged

_PLACES: tuple[tuple[Place, str, str], ...] = (
    ("career", "Career", "Tiers, skills over time, calls so far"),
    ("library", "Library", "All customers"),
    ("settings", "Settings", "Pace, voice, theme, motion"),
)


def places(app: App[int]) -> Iterable[SystemCommand]:
    """Return a command for every place one can go to."""

    def going(place: Place) -> Callable[[], object]:
        return lambda: app.post_message(PlaceWanted(place))

    for place, title, told in _PLACES:
        yield SystemCommand(title, told, going(place))


def other_theme(app: App[int]) -> SystemCommand:
    """Return the command that changes between dark and light."""

    def change() -> None:
        app.post_message(PreferenceChanged("theme", "light" if app.theme.endswith("dark") else "dark"))

    return SystemCommand("Dark or light", "Change the theme", change)
