"""The lines of a run file: their one wording, and reading them with bounds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from saves.canonical import canonical_json, link, parse_json
from saves.errors import NotARunFile, RunFileDamaged, RunFileError
from saves.run import Materials, chain_start, format_of
from saves.upcast import newer_format
from scoring.events import FORMAT_VERSION

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_LINE_BYTES = 16 * 1024 * 1024
_MAGIC = b'{"hearmeout":'


@dataclass
class Scan:
    """What the lines of a run file say, and the first one that is not as it was written."""

    header: str = ""
    """Canonical JSON."""
    events: list[str] = field(default_factory=list)
    """Canonical JSON of each."""
    materials: Materials = field(default_factory=lambda: Materials("", {}, ""))
    result: Mapping[str, Any] | None = None
    broken: tuple[int, int | None, str] | None = None
    """(line from 1, event in it, what is wrong)."""

    def note(self, line: int, seq: int | None, reason: str) -> None:
        """Keep the first thing that is wrong."""
        if self.broken is None:
            self.broken = (line, seq, reason)


def first_line(number: int, header: str, digest: str) -> bytes:
    """Return the line of the header (canonical JSON) and the file's format number."""
    return f'{{"hearmeout":{number},"header":{header},"hash":"{digest}"}}\n'.encode("ascii")


def event_line(seq: int, event: str, digest: str) -> bytes:
    """Return the line of one event (canonical JSON)."""
    return f'{{"seq":{seq},"event":{event},"hash":"{digest}"}}\n'.encode("ascii")


def named_line(name: str, content: str, digest: str) -> bytes:
    """Return the line of the materials or the result (canonical JSON)."""
    return f'{{"{name}":{content},"hash":"{digest}"}}\n'.encode("ascii")


def end_line(events: int, digest: str) -> bytes:
    """Return the last line."""
    return f'{{"end":{{"events":{events},"hash":"{digest}"}}}}\n'.encode("ascii")


def scan(path: Path) -> Scan:
    """Read the lines of a run file. Wrong hashes and other wordings are noted, not raised.

    Raises:
        NotARunFile: when it is something else.
        RunFileDamaged: when a line is missing or unreadable.
        SavesNewer: when a newer program wrote it.
        RunFileError: when the file cannot be read from the disk or is too long.
    """
    try:
        with path.open("rb") as file:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise RunFileError(
                    f"{path} is too long for a run file (more than {MAX_FILE_BYTES >> 20} MiB)."
                )
            return _Reader(path, file).read()
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunFileError(
            f"The run file {path} cannot be read ({reason}): check the name and your access."
        ) from error


class _Reader:
    """Reads one run file from its first line to its last."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self._path = path
        self._file = file
        self._line = 0
        self._whole = hashlib.sha256()
        self._last_hash = ""
        self._found = Scan()

    def read(self) -> Scan:
        self._read_header()
        while True:
            row, raw = self._next()
            if "seq" not in row:
                break
            self._read_event(row, raw)
        self._read_materials(row, raw)
        row, raw = self._next()
        self._read_result(row, raw)
        self._read_end()
        return self._found

    def _read_header(self) -> None:
        start = self._file.read(len(_MAGIC))
        if start != _MAGIC:
            raise NotARunFile(
                f"{self._path} is not a run file of Hear Me Out: "
                f"line 1 does not begin with {_MAGIC.decode()}.",
                line=1,
            )
        self._file.seek(0)
        row, raw = self._next()
        number, header = row.get("hearmeout"), row.get("header")
        try:
            stated = format_of(header)
        except ValueError as error:
            raise self._damaged(str(error)) from error
        if not isinstance(number, int) or isinstance(number, bool):
            raise self._damaged("it states no format number")
        self._found.header = self._content(row, "header")
        start_hash = chain_start(self._found.header)
        if number == stated and number > FORMAT_VERSION and row.get("hash") == start_hash:
            raise newer_format(number)
        if number != stated:
            self._found.note(1, None, "two different format numbers are stated")
        self._expect(raw, row, start_hash, lambda digest: first_line(stated, self._found.header, digest))

    def _read_event(self, row: dict[str, Any], raw: bytes) -> None:
        seq = len(self._found.events)
        event = self._content(row, "event", seq)
        self._found.events.append(event)
        self._expect(
            raw, row, link(self._last_hash, event), lambda digest: event_line(seq, event, digest), seq
        )

    def _read_materials(self, row: dict[str, Any], raw: bytes) -> None:
        content = self._content(row, "materials")
        texts = parse_json(content)
        if not _are_materials(texts):
            raise self._damaged("its materials are not texts")
        self._found.materials = Materials(texts["persona"], texts["manners"], texts["rubric"])
        self._expect(
            raw, row, link(self._last_hash, content), lambda digest: named_line("materials", content, digest)
        )

    def _read_result(self, row: dict[str, Any], raw: bytes) -> None:
        content = self._content(row, "result")
        result = parse_json(content)
        if result is not None and not isinstance(result, dict):
            raise self._damaged("its result is not a table")
        self._found.result = result
        self._expect(
            raw, row, link(self._last_hash, content), lambda digest: named_line("result", content, digest)
        )

    def _read_end(self) -> None:
        digest = self._whole.hexdigest()
        row, raw = self._next()
        if "end" not in row:
            raise self._damaged("the last line must be the end")
        if raw != end_line(len(self._found.events), digest):
            self._found.note(self._line, None, "the number of events or the hash of the whole is another")
        if self._file.read(1):
            self._found.note(self._line + 1, None, "something was added after the end")

    def _next(self) -> tuple[dict[str, Any], bytes]:
        """Read the next line as a JSON object."""
        self._line += 1
        raw = self._file.readline(MAX_LINE_BYTES + 1)
        if not raw:
            raise self._damaged("the file breaks off here; get it again from whoever sent it")
        if len(raw) > MAX_LINE_BYTES:
            raise self._damaged(f"it is longer than {MAX_LINE_BYTES >> 20} MiB")
        self._whole.update(raw)
        try:
            row = parse_json(raw.decode("ascii"))
        except ValueError as error:
            if not raw.endswith(b"\n"):
                raise self._damaged("the file breaks off here; get it again from whoever sent it") from error
            raise self._damaged("it is not one JSON value in plain ASCII") from error
        if not isinstance(row, dict):
            raise self._damaged("it is not a JSON object")
        return row, raw

    def _content(self, row: dict[str, Any], key: str, seq: int | None = None) -> str:
        if key not in row:
            raise self._damaged(f"it should have {key!r}", seq)
        try:
            return canonical_json(row[key])
        except (ValueError, RecursionError) as error:
            raise self._damaged("it holds a number that is out of range", seq) from error

    def _expect(
        self,
        raw: bytes,
        row: dict[str, Any],
        digest: str,
        wording: Callable[[str], bytes],
        seq: int | None = None,
    ) -> None:
        """Note a line that does not follow from the one before, or is worded in another way."""
        stated = row.get("hash")
        if stated != digest:
            self._found.note(self._line, seq, "its hash does not follow from its content and the line before")
        elif raw != wording(digest):
            self._found.note(
                self._line,
                seq,
                "line ends were changed" if raw.endswith(b"\r\n") else "it was worded differently",
            )
        self._last_hash = stated if isinstance(stated, str) else digest

    def _damaged(self, reason: str, seq: int | None = None) -> RunFileDamaged:
        return RunFileDamaged(f"{self._path} is damaged in line {self._line}: {reason}.", self._line, seq)


def _are_materials(texts: Any) -> bool:
    return (
        isinstance(texts, dict)
        and texts.keys() == {"persona", "manners", "rubric"}
        and isinstance(texts["persona"], str)
        and isinstance(texts["rubric"], str)
        and isinstance(texts["manners"], dict)
        and all(isinstance(text, str) for text in texts["manners"].values())
    )
