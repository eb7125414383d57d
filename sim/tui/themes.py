"""Two themes: one colour for the customer, one for the trainee, one for alarm, greys for the rest."""

from __future__ import annotations

from collections.abc import Mapping

from textual.theme import Theme

DARK = Theme(
    name="hearmeout-dark",
    dark=True,
    primary="#e3b567",
    secondary="#74c5b8",
    accent="#e3b567",
    foreground="#e4e1da",
    background="#15171b",
    surface="#15171b",
    panel="#1e2126",
    warning="#ec7358",
    error="#ec7358",
    success="#74c5b8",
    variables={
        "customer": "#e3b567",
        "customer-dim": "#8a7348",
        "trainee": "#74c5b8",
        "trainee-dim": "#4b7a73",
        "alarm": "#ec7358",
        "quiet": "#9a9c9f",
        "faint": "#6c7076",
        "rule": "#33373d",
        "raised": "#1e2126",
        "footer-key-foreground": "#e3b567",
        "input-selection-background": "#74c5b8 35%",
    },
)
LIGHT = Theme(
    name="hearmeout-light",
    dark=False,
    primary="#8a5200",
    secondary="#0d6b62",
    accent="#8a5200",
    foreground="#23262b",
    background="#fbf9f5",
    surface="#fbf9f5",
    panel="#f0ece4",
    warning="#b02f18",
    error="#b02f18",
    success="#0d6b62",
    variables={
        "customer": "#8a5200",
        "customer-dim": "#b59a6d",
        "trainee": "#0d6b62",
        "trainee-dim": "#77a8a2",
        "alarm": "#b02f18",
        "quiet": "#5d6066",
        "faint": "#85888d",
        "rule": "#d8d3c8",
        "raised": "#f0ece4",
        "footer-key-foreground": "#8a5200",
        "input-selection-background": "#0d6b62 25%",
    },
)


def theme_for(choice: str, environment: Mapping[str, str]) -> str:
    """Return the name of the theme for a setting.

    Args:
        choice: auto, dark or light; auto follows COLORFGBG where the terminal sets it, else it is dark.
        environment: the process's environment.
    """
    if choice in ("dark", "light"):
        return f"hearmeout-{choice}"
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in ("7", "15") else DARK.name
