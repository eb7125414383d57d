"""The small valid persona of the tests, and broken copies of it."""

from __future__ import annotations

from pathlib import Path

from personas.lint import lint
from personas.loader import LoadedPersona, parse_persona
from personas.manners import load_manners
from personas.problems import Problem
from personas.schema import Manner

HERE = Path(__file__).parent
MINIMAL = HERE / "minimal.toml"
MANNERS = HERE / "manners"

Change = tuple[str, str]


def minimal_text() -> str:
    return MINIMAL.read_text(encoding="utf-8")


def edited(*changes: Change) -> str:
    """Return the valid persona with each text replaced once; each must be there."""
    text = minimal_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_holding(text: str, needle: str) -> int:
    """Return the first line that holds the needle, which must be there."""
    assert needle in text, needle
    return text[: text.index(needle)].count("\n") + 1


def loaded(text: str) -> LoadedPersona:
    result = parse_persona(text, "edited.toml")
    assert isinstance(result, LoadedPersona), [str(problem) for problem in getattr(result, "problems", ())]
    return result


def plain() -> dict[str, Manner]:
    return {"plain": load_manners([MANNERS]).loaded["plain"]}


def linted(*changes: Change) -> tuple[Problem, ...]:
    return lint(loaded(edited(*changes)), plain())
