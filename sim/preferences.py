"""What a trainee has set: one small TOML file in the data folder, read strictly, written whole."""

from __future__ import annotations

import os
import tempfile
import tomllib
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, get_args

Voice = Literal["auto", "written", "local"]
ThemeChoice = Literal["auto", "dark", "light"]
Motion = Literal["full", "reduced"]
CallMode = Literal["practice", "rated"]
FILE_NAME = "settings.toml"
SLOWEST, FASTEST = 50, 200
"""Percent of the customer's own pace (DESIGN 3: 0.5-2x)."""
PACE_STEP = 10
"""Percent by which the settings screen changes the pace; the file may say any whole number."""
_REPEATED = 60
"""Characters of a wrong value that a message repeats."""


@dataclass(frozen=True)
class Preferences:
    """The settings; the defaults are right for a first start."""

    pace_percent: int = 100
    """The customer's pace, 50-200; 100 is their own."""
    voice: Voice = "auto"
    """auto: a model when there is one in the models folder, else the author's lines."""
    model: str = ""
    """File name of the model in the models folder; "" for the first one there."""
    timed: bool = True
    """False: nothing runs by itself, and skills that need a clock are not scored."""
    theme: ThemeChoice = "auto"
    motion: Motion = "full"
    """reduced: words appear clause by clause, nothing glides or blinks."""
    mode: CallMode = "practice"
    """practice: the clock stops for a coach's line after each reply; rated: nothing before the debrief."""

    def changed(self, name: str, value: object) -> Preferences:
        """Return the settings with one of them changed.

        Raises:
            ValueError: when there is no such setting or it cannot be that.
        """
        problem = _problem(name, value)
        if problem:
            raise ValueError(problem)
        changes: dict[str, Any] = {name: value}
        return replace(self, **changes)


_CHOICES: dict[str, tuple[str, ...]] = {
    "voice": get_args(Voice),
    "theme": get_args(ThemeChoice),
    "motion": get_args(Motion),
    "mode": get_args(CallMode),
}


def choices(name: str) -> tuple[str, ...]:
    """Return what a setting of words can be, in the order in which it is offered.

    Raises:
        KeyError: when the setting has no list of words.
    """
    return _CHOICES[name]


def _problem(name: str, value: object) -> str:
    if name in _CHOICES:
        known = _CHOICES[name]
        listed = f"{', '.join(known[:-1])} or {known[-1]}"
        return "" if value in known else f"{name} is {listed}, not {_repeated(value)}"
    if name == "pace_percent":
        fits = isinstance(value, int) and not isinstance(value, bool) and SLOWEST <= value <= FASTEST
        wanted = f"a whole number from {SLOWEST} to {FASTEST}"
        return "" if fits else f"{name} is {wanted}, not {_repeated(value)}"
    if name == "timed":
        return "" if isinstance(value, bool) else f"{name} is true or false, not {_repeated(value)}"
    if name == "model":
        fits = isinstance(value, str) and _is_file_name(value)
        return "" if fits else f"{name} is the name of a file in the models folder, not {_repeated(value)}"
    known = tuple(field.name for field in fields(Preferences))
    return f"there is no setting {_repeated(name)}; there is {', '.join(known[:-1])} and {known[-1]}"


def _repeated(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _REPEATED else f"{text[:_REPEATED]}..."


def _is_file_name(text: str) -> bool:
    """Return whether a text names a file in a folder and nowhere else; "" stands for none."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return text not in (".", "..") and not set(text) & set("/\\\0")


def load_preferences(folder: Path) -> tuple[Preferences, tuple[str, ...]]:
    """Return the settings of a data folder, and a sentence for everything in the file that cannot be used.

    What is missing or wrong takes its default; the file itself is never changed by reading it.
    """
    path = folder / FILE_NAME
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return Preferences(), ()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return Preferences(), (f"{path} cannot be read ({reason}); the usual settings are used.",)
    except (ValueError, RecursionError) as error:  # not UTF-8, not TOML, or beyond what can be parsed
        return Preferences(), (
            f"{path} is not TOML ({error}); the usual settings are used. Mend or delete it.",
        )
    found, problems = Preferences(), []
    for name, value in values.items():
        try:
            found = found.changed(name, value)
        except ValueError as error:
            problems.append(f"{path}: {error}; the usual is used.")
    return found, tuple(problems)


def save_preferences(folder: Path, preferences: Preferences) -> None:
    """Write the settings whole or not at all.

    Raises:
        OSError: when the folder cannot be written; the file is as it was.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = ["# Settings of Hear Me Out; the game writes this file anew when a setting is changed there."]
    lines += [f"{name} = {_toml(value)}" for name, value in asdict(preferences).items()]
    handle, name = tempfile.mkstemp(dir=folder, prefix=f".{FILE_NAME}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder / FILE_NAME)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04X}" for c in text) + '"'
