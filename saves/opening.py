"""From a path to a database that is whole, writable and of today's version."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Engine

from saves.damage import check_is_due, clear_suspect
from saves.engine import WRITING, open_engine, outside_transaction
from saves.errors import SavesCorrupt, SavesLocked
from saves.migrate import bring_up_to_date, same_file
from saves.sqlite import clear_errors

_LOG_PAGES = 8192
"""Pages of 4 KiB after which the write-ahead log is folded back in the middle of a conversation; a
conversation of twenty turns stays far below, so that no event waits for it."""


def ready_engine(path: Path, busy_ms: int, steps: Sequence[Path]) -> Engine:
    """Return an engine on a whole, writable database of today's version, in WAL mode.

    Raises:
        SavesCorrupt: when the database is damaged.
        SavesError: when it cannot be used for another reason.
    """
    for _ in range(3):
        bring_up_to_date(path, busy_ms=busy_ms, steps=steps)
        engine = open_engine(path, busy_ms)
        try:
            with clear_errors(path):
                before = path.stat()
                outside_transaction(engine, "PRAGMA journal_mode=WAL")
                outside_transaction(engine, f"PRAGMA wal_autocheckpoint={_LOG_PAGES}")
                with engine.execution_options(begin=WRITING).begin():
                    # Nothing to write: taking the lock shows now, not in the first turn, that writing is
                    # possible.
                    ours = same_file(before, path)
                if ours:
                    _check(engine, path)
                    return engine
        except BaseException:
            engine.dispose()
            raise
        engine.dispose()  # Another program replaced the file while it was being opened.
    raise SavesLocked(f"Another program keeps replacing {path}: close it and try again.")


def _check(engine: Engine, path: Path) -> None:
    if check_is_due(path):
        verdict = outside_transaction(engine, "PRAGMA quick_check(1)")
        if verdict != "ok":
            raise SavesCorrupt(f"The database {path} is damaged ({verdict}).")
        clear_suspect(path)
