"""What is wrong with a file, said so that its author can mend it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from personas.positions import KeyPath

Severity = Literal["error", "warning"]

_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def is_unsafe(character: str) -> bool:
    """Return whether a character is a control, a direction override, of no width, or of private meaning."""
    return unicodedata.category(character) in _UNSAFE


def printable(text: str) -> str:
    r"""Return the text with every unsafe character written as an escape (`\x1b`, `\u202e`)."""
    return "".join(_escaped(character) if is_unsafe(character) else character for character in text)


def _escaped(character: str) -> str:
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def quoted(text: str, most: int = 60) -> str:
    """Return a value in single quotes, safe to print and cut after `most` characters."""
    shown = printable(text)
    return f"'{shown}'" if len(shown) <= most else f"'{shown[: most - 3]}...'"


@dataclass(frozen=True)
class Finding:
    """One thing wrong at one place of a document, before file and line are known."""

    path: KeyPath
    reason: str
    """What is wrong; no full stop at the end."""
    to_do: str
    """What to do about it; one sentence with its full stop."""
    severity: Severity = "error"


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one file."""

    file: str
    line: int
    """Counted from 1; 0 when the file could not be read at all."""
    key: str
    """Dotted, lists counted from 0: `facts[2].gate.trust`; empty when it is about the whole file."""
    reason: str
    to_do: str
    severity: Severity = "error"

    @property
    def is_error(self) -> bool:
        """Whether it must be mended; a warning is advice."""
        return self.severity == "error"

    def __str__(self) -> str:
        """Return `FILE:LINE: key.path: what is wrong. What to do.` as one line without control characters."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        marks = ["warning"] if self.severity == "warning" else []
        marks += [self.key] if self.key else []
        return printable(": ".join([place, *marks, f"{self.reason}. {self.to_do}"]))
