"""A lock beside the database, for what SQLite's own locks do not cover: putting another file in its place.

Whoever has the database open shares the door; whoever makes, migrates or sets aside the database has it
alone. A connection to a file that lost its name would take the log of the new one for its own and ruin
both.

The lock is a transaction on an empty SQLite file: it waits with a bound on every system, and the kernel
lets go of it when a process is killed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from saves.sqlite import clear_errors

_SUFFIX = ".lock"


class Door:
    """The door of one database; at first not entered."""

    def __init__(self, database: Path, busy_ms: int) -> None:
        self._database = database
        with clear_errors(database):
            self._connection = sqlite3.connect(
                database.with_name(database.name + _SUFFIX),
                timeout=busy_ms / 1000,
                isolation_level=None,
                check_same_thread=False,
            )

    def share(self) -> None:
        """Enter together with others; stays until `leave`.

        Raises:
            SavesLocked: when somebody stays alone in there for too long.
        """
        with clear_errors(self._database):
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one inside while the block runs.

        Raises:
            SavesLocked: when somebody else stays inside for too long.
        """
        with clear_errors(self._database):
            self._connection.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            self.leave()

    def leave(self) -> None:
        """Let others be alone in there. Safe to call twice."""
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def close(self) -> None:
        """Leave for good. Safe to call twice."""
        self._connection.close()
