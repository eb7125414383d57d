"""What the settings screen says and offers, row by row; without any drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.preferences import FASTEST, PACE_STEP, SLOWEST, Preferences, choices

_WORDS: dict[str, dict[object, str]] = {
    "voice": {"auto": "automatic", "written": "the author's lines", "local": "a model on this machine"},
    "theme": {"auto": "as the terminal", "dark": "dark", "light": "light"},
    "motion": {"full": "full", "reduced": "reduced"},
    "mode": {"practice": "after each reply", "rated": "at the end"},
}


@dataclass(frozen=True)
class Setting:
    """One row."""

    name: str
    """The setting's name in the file; "" where nothing can be changed."""
    title: str
    shows: str
    """Its value in words."""
    tells: str
    """One sentence on what it does."""
    values: tuple[object, ...] = ()
    """What it can be, in order."""
    value: object = None
    ends: bool = False
    """Whether there is a first and a last value; else they go round."""

    def stepped(self, step: int) -> object | None:
        """Return the value so many steps on; None where there is no other."""
        if len(self.values) < 2:
            return None
        if not self.ends:
            place = self.values.index(self.value) + step
            return self.values[place % len(self.values)]
        beyond = [v for v in self.values if (_as_int(v) - _as_int(self.value)) * step > 0]
        if not beyond:
            return None
        return beyond[0] if step > 0 else beyond[-1]


def rows_of(preferences: Preferences, models: Sequence[str], data: str, folder: str) -> tuple[Setting, ...]:
    """Return the rows of the settings screen.

    Args:
        preferences: the settings.
        models: file names in the models folder.
        data: the data folder.
        folder: the models folder.
    """
    return (
        _pace(preferences.pace_percent),
        _words("voice", "Voice", preferences.voice, _voice_tells(preferences.voice, models, folder)),
        _model(preferences.model, models, folder),
        Setting(
            "timed",
            "Untimed play",
            "off" if preferences.timed else "on",
            "On: nothing runs by itself, Enter listens on, and pauses are not scored.",
            (True, False),
            preferences.timed,
        ),
        _words(
            "mode",
            "Feedback",
            preferences.mode,
            "After each reply: practice, time stands still. At the end: a rated call.",
        ),
        _words("theme", "Theme", preferences.theme, "Dark or light; many terminals do not tell: then dark."),
        _words(
            "motion",
            "Motion",
            preferences.motion,
            "Reduced: words appear a clause at a time, and nothing glides or blinks.",
        ),
        Setting(
            "",
            "Data folder",
            data,
            "Everything is kept there; set HEARMEOUT_DATA to start in another folder.",
        ),
    )


def _pace(percent: int) -> Setting:
    shows = f"{percent} %" + (", their own" if percent == 100 else "")
    return Setting(
        "pace_percent",
        "Pace",
        shows,
        "How fast customers speak; 100 is their own pace, always so in competitions.",
        tuple(range(SLOWEST, FASTEST + 1, PACE_STEP)),
        percent,
        ends=True,
    )


def _words(name: str, title: str, value: str, tells: str) -> Setting:
    return Setting(name, title, _WORDS[name][value], tells, choices(name), value)


def _voice_tells(voice: str, models: Sequence[str], folder: str) -> str:
    if models:
        return "Automatic is a model when there is one here, else the author's lines."
    put = f"put a .gguf file into {folder}"
    if voice == "local":
        return f"There is no model yet, so no call can begin: {put}, or choose another voice."
    return f"There is no model yet, so the author's lines are heard; for another voice, {put}."


def _model(model: str, models: Sequence[str], folder: str) -> Setting:
    values = tuple(dict.fromkeys(("", *models, model)))
    if not model:
        shows = f"the first one, {models[0]}" if models else "none yet"
    else:
        shows = model if model in models else f"{model} (not there)"
    tells = f"Which file of {folder} speaks, when a model does."
    return Setting("model", "Model", shows, tells, values if len(values) > 1 else (), model)


def _as_int(value: object) -> int:
    assert isinstance(value, int)
    return value
