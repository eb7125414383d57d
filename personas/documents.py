"""Reads one TOML document safely and sets its findings down with file and line."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import tomli

from personas.positions import KeyPath, LineMap, dotted, line_map
from personas.problems import Finding, Problem, quoted

MOST_BYTES = 512 * 1024
"""Largest file that is read; a customer needs about a tenth of it."""


@dataclass(frozen=True)
class Document:
    """A TOML text that parses, with the line of every key."""

    name: str
    """What messages call it: its path, or the run file that it came from."""
    text: str
    data: Mapping[str, object]

    @cached_property
    def lines(self) -> LineMap:
        """The line of every key; looked for only where there is something to point at."""
        try:
            return line_map(self.text)
        except RecursionError:
            # What can just be read may be nested too deeply to be looked through.
            return LineMap({})

    @property
    def sha256(self) -> str:
        """The hex digest of the text as UTF-8, without a byte order mark."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def problem(self, finding: Finding) -> Problem:
        """Return the finding with its file, line and dotted key, naming the entry that it stands in."""
        entry = self._entry(finding.path)
        reason = finding.reason
        if entry is not None and quoted(entry) not in reason:
            reason = f"{reason} (in {quoted(entry)})"
        line = self.lines.of(finding.path)
        return Problem(self.name, line, dotted(finding.path), reason, finding.to_do, finding.severity)

    def problems(self, findings: Iterable[Finding]) -> tuple[Problem, ...]:
        """Return the findings as problems, each once, in the order of the file."""
        found = dict.fromkeys(self.problem(finding) for finding in findings)
        return tuple(sorted(found, key=lambda problem: (problem.line, problem.key, problem.reason)))

    def _entry(self, path: KeyPath) -> str | None:
        """Return the id of the innermost list entry that the path leads through."""
        place: object = self.data
        entry: str | None = None
        for part in path:
            if isinstance(place, Mapping):
                place = place.get(part)
            elif isinstance(place, list) and isinstance(part, int) and part < len(place):
                place = place[part]
                name = place.get("id") if isinstance(place, Mapping) else None
                entry = name if isinstance(name, str) else entry
            else:
                break
        return entry


def toml_files(folder: Path) -> tuple[Path, ...]:
    """Return everything in a folder whose name ends in `.toml`, by name; nothing when there is no folder.

    Raises:
        OSError: when the folder cannot be listed.
    """
    if not folder.is_dir():
        return ()
    return tuple(sorted(path for path in folder.iterdir() if path.suffix == ".toml"))


def read_document(path: Path) -> Document | Problem:
    """Return the document in a file, or what keeps it from being read."""
    text = _read_text(path)
    return text if isinstance(text, Problem) else parse_document(text, str(path))


def parse_document(text: str, name: str) -> Document | Problem:
    """Return the document of a text, or its first syntax error with line and column."""
    try:
        data = tomli.loads(text)
        return Document(name, text, data)
    except tomli.TOMLDecodeError as error:
        return _syntax_problem(error, text, name)
    except RecursionError:
        return Problem(name, 1, "", "lists or tables are nested too deeply", "Write it flatter.")
    except ValueError as error:
        to_do = "Write a shorter value; a number has at most 4300 digits."
        return Problem(name, 1, "", f"a value cannot be read: {str(error).rstrip('.')}", to_do)


def _syntax_problem(error: tomli.TOMLDecodeError, text: str, name: str) -> Problem:
    line = max(1, min(error.lineno, len(text.splitlines())))
    message = error.msg[:1].lower() + error.msg[1:]
    reason = f"this is not TOML at column {error.colno}: {message.rstrip('.')}"
    if "Cannot declare" in error.msg or "Cannot overwrite" in error.msg:
        return Problem(name, line, "", reason, "The same key or section stands there twice; remove one.")
    to_do = "Look there and on the line before for a missing quote, bracket, comma or equals sign."
    return Problem(name, line, "", reason, to_do)


def _read_text(path: Path) -> str | Problem:
    """Read a regular file of bounded size as UTF-8; a byte order mark is dropped."""
    name = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Problem(name, 0, "", "this is not a file", "Give a persona file, a text ending in .toml.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        if path.is_symlink():
            return Problem(name, 0, "", "this link leads nowhere", "Remove it or mend its target.")
        return Problem(name, 0, "", "there is no such file", "Check the name.")
    except OSError as error:
        reason = f"the file cannot be read ({error.strerror or type(error).__name__})"
        return Problem(name, 0, "", reason, "Check who may read it.")
    if len(content) > MOST_BYTES:
        reason = f"the file is larger than {MOST_BYTES // 1024} KiB"
        return Problem(name, 0, "", reason, "One customer needs far less; check what is in it.")
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        reason = f"byte {error.start} (0x{content[error.start]:02x}) is not UTF-8 text"
        return Problem(name, line, "", reason, "Save the file as UTF-8.")
