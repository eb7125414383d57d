"""Run files (`.hearmeout`): one conversation, carried anywhere.

JSON lines in pure ASCII, in this order:

    {"hearmeout":1,"header":{...},"hash":"..."}
    {"seq":0,"event":{...},"hash":"..."}            one for each event
    {"materials":{"persona":"...","manners":{...},"rubric":"..."},"hash":"..."}
    {"result":{...},"hash":"..."}                   null when the conversation was interrupted
    {"end":{"events":1,"hash":"..."}}

Every hash is SHA-256 in hex: the header's over its canonical JSON, each following one over the hash of the
line before and the canonical JSON of its own content, the last one over all bytes before its line. Every
line has one possible wording, so that one changed byte is found in the line it is in.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from saves.canonical import canonical_json, clean_text, link
from saves.errors import NotARunFile, RunFileDamaged, RunFileError, SavesCorrupt
from saves.lines import (
    MAX_FILE_BYTES,
    MAX_LINE_BYTES,
    Scan,
    end_line,
    event_line,
    first_line,
    named_line,
    scan,
)
from saves.run import RawRun, RunFile, chain_start, parse_run, to_raw
from scoring.events import Header

if TYPE_CHECKING:
    from saves.store import Store

SUFFIX = ".hearmeout"


@dataclass(frozen=True)
class ChainReport:
    """Whether a run file is as it was written."""

    intact: bool
    sentence: str
    line: int | None = None
    """First line that is not as it was written, counted from 1."""
    seq: int | None = None
    """The event in that line, if it is one."""
    events: int = 0
    """How many events were read."""


def write_run(path: Path, run: RunFile) -> None:
    """Write a conversation to a run file: whole or not at all.

    Raises:
        RunFileError: when it cannot be written or is too long; a file that was there is as it was.
        ValueError: when a number in an event is NaN or infinite.
    """
    _write(path, to_raw(run))


def export(store: Store, run_id: str, path: Path) -> None:
    """Write a stored conversation to a run file, in the words and with the hashes that are stored.

    Raises:
        NoSuchRun: when there is none of that id.
        SavesCorrupt: when it cannot be read.
        RunFileError: when the file cannot be written; one that was there is as it was.
    """
    _write(path, store.raw(run_id))


def read_run(path: Path) -> RunFile:
    """Read a run file, whether or not its chain holds (`check_chain` tells).

    Raises:
        NotARunFile: when it is something else.
        RunFileDamaged: when a line is missing or unreadable; the message names it.
        SavesNewer: when a newer program wrote it.
        RunFileError: when the file cannot be read or is too long.
    """
    return to_run(scan(path), path)


def to_run(found: Scan, path: Path) -> RunFile:
    """Return the conversation in the lines of a run file; raises as `read_run`."""
    try:
        header, events = parse_run(found.header, found.events)
    except SavesCorrupt as error:
        raise RunFileDamaged(f"{path}: {error}.") from error
    return RunFile(header, tuple(events), found.materials, found.result)


def check_chain(path: Path) -> ChainReport:
    """Say whether every line is as it was written, or else which is the first that is not.

    Raises:
        SavesNewer: when a newer program wrote it.
        RunFileError: when the file cannot be read from the disk or is too long.
    """
    try:
        found = scan(path)
    except (RunFileDamaged, NotARunFile) as error:
        return ChainReport(False, str(error), line=error.line, seq=error.seq)
    return chain_report(found)


def chain_report(found: Scan) -> ChainReport:
    """Say whether lines that could be read are as they were written."""
    count = len(found.events)
    if found.broken is not None:
        line, seq, reason = found.broken
        where = f"line {line}" if seq is None else f"line {line} (event {seq})"
        return ChainReport(False, f"Changed after it was written: {where}: {reason}.", line, seq, count)
    return ChainReport(True, f"Every line is as it was written ({count} events).", events=count)


def default_name(header: Header) -> str:
    """Return a file name: customer, UTC date, first eight digits of the run; nothing the trainee typed."""
    customer = _plain(header.persona_id)[:60] or "customer"
    try:
        day = datetime.fromisoformat(header.started_utc).astimezone(UTC).date().isoformat()
    except (ValueError, OverflowError):
        day = "undated"
    return f"{customer}-{day}-{_plain(header.run_id)[:8] or 'run'}{SUFFIX}"


def _plain(text: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in text.lower())
    return "-".join(part for part in kept.split("-") if part)


def _write(path: Path, run: RawRun) -> None:
    lines = _lines(run)
    if any(len(line) > MAX_LINE_BYTES for line in lines) or sum(map(len, lines)) > MAX_FILE_BYTES:
        raise RunFileError(
            f"This conversation is too long for a run file (more than {MAX_FILE_BYTES >> 20} MiB, or a line "
            f"of more than {MAX_LINE_BYTES >> 20} MiB): it stays in the database."
        )
    try:
        _replace_whole(path, lines)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RunFileError(
            f"The run file {path} cannot be written ({reason}): choose another place; "
            f"nothing there was changed."
        ) from error


def _lines(run: RawRun) -> list[bytes]:
    last = chain_start(run.header)
    lines = [first_line(run.format, run.header, last)]
    for seq, (text, stored) in enumerate(run.events):
        last = stored
        lines.append(event_line(seq, text, stored))
    materials = canonical_json(
        {
            "persona": clean_text(run.materials.persona_text),
            "manners": dict(run.materials.manners),
            "rubric": clean_text(run.materials.rubric_text),
        }
    )
    result = canonical_json(None if run.result is None else dict(run.result))
    for name, text in (("materials", materials), ("result", result)):
        last = link(last, text)
        lines.append(named_line(name, text, last))
    whole = hashlib.sha256(b"".join(lines)).hexdigest()
    return [*lines, end_line(len(run.events), whole)]


def _replace_whole(path: Path, lines: list[bytes]) -> None:
    """Write beside the target, bring it to the disk, then take the target's name in one step."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
