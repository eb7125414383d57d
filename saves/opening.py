"""From a path to a database that is whole, writable and of today's version."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Engine

from saves.damage import check_is_due, clear_suspect, set_aside
from saves.door import Door
from saves.engine import WRITING, open_engine, outside_transaction
from saves.errors import SavesCorrupt, SavesLocked
from saves.migrate import bring_up_to_date, is_up_to_date
from saves.sqlite import clear_errors

_LOG_PAGES = 8192
"""Pages of 4 KiB after which the write-ahead log is folded back in the middle of a conversation; a
conversation of twenty turns stays far below, so that no event waits for it."""

_TRIES = 5
"""How often to begin again when another program changed the database in the meantime."""


def enter(
    path: Path, door: Door, stamp: str, busy_ms: int, steps: Sequence[Path]
) -> tuple[Engine, str | None]:
    """Enter the door and return an engine on the database, and where a damaged one was put.

    Args:
        path: The database; made, migrated or set aside as needed.
        door: Its door, not entered; shared afterwards.
        stamp: UTC time for the name of a damaged database.
        busy_ms: How long to wait for a lock.
        steps: Folders of migration steps.

    Raises:
        SavesError: when the database cannot be used; the door is left.
    """
    notice = None
    try:
        for _ in range(_TRIES):
            door.share()
            with suppress(SavesCorrupt):
                if is_up_to_date(path, busy_ms=busy_ms, steps=steps):
                    return _engine(path, busy_ms), notice
            door.leave()
            with door.alone():
                notice = _make_ready(path, stamp, busy_ms, steps) or notice
    except BaseException:
        door.leave()
        raise
    raise SavesLocked(f"Another program keeps changing {path}: close it and try again.")


def _engine(path: Path, busy_ms: int) -> Engine:
    engine = open_engine(path, busy_ms)
    try:
        with clear_errors(path):
            outside_transaction(engine, f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
            with engine.execution_options(begin=WRITING).begin():
                pass  # Taking the lock shows now, and not in the first turn, whether writing is possible.
            if check_is_due(path):
                verdict = outside_transaction(engine, "PRAGMA quick_check(1)")
                if verdict != "ok":
                    raise SavesCorrupt(f"The database {path} is damaged ({verdict}).")
                clear_suspect(path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _make_ready(path: Path, stamp: str, busy_ms: int, steps: Sequence[Path]) -> str | None:
    """Make, migrate or set aside the database, whatever it needs; return the sentence about a damaged one."""
    try:
        bring_up_to_date(path, busy_ms=busy_ms, steps=steps)
        _engine(path, busy_ms).dispose()
    except SavesCorrupt as error:
        aside = set_aside(path, stamp)
        bring_up_to_date(path, busy_ms=busy_ms, steps=steps)
        return f"{error} It was kept as {aside} and a new database was begun."
    return None
