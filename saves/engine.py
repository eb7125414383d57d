"""One SQLAlchemy engine on one SQLite file, with explicit transactions."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import StaticPool

READING = ("BEGIN",)
WRITING = ("PRAGMA synchronous=NORMAL", "BEGIN IMMEDIATE")
"""Safe from a killed process at its commit; from a power cut once a later commit was durable."""
WRITING_DURABLY = ("PRAGMA synchronous=FULL", "BEGIN IMMEDIATE")
"""Safe from a power cut too: the log, with all earlier commits, is on the disk when the commit returns."""


def open_engine(path: Path, busy_ms: int) -> Engine:
    """Return an engine that keeps one connection open and waits at most `busy_ms` for a lock.

    Transactions begin with the statements in the execution option `begin` (`READING` when there is none).
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=StaticPool,
        connect_args={"timeout": busy_ms / 1000, "check_same_thread": False},
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: Any) -> None:
    # Python's driver would begin transactions by itself, and too late; ours are explicit.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")


def _begin(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    if isinstance(raw, sqlite3.Connection) and raw.in_transaction:
        # A signal handler that raised in the middle of an earlier transaction can leave it open.
        raw.rollback()
    for statement in connection.get_execution_options().get("begin", READING):
        connection.exec_driver_sql(statement)


def outside_transaction(engine: Engine, statement: str) -> Any:
    """Run a statement that SQLite does not take inside a transaction; return the first value it gives."""
    borrowed = engine.raw_connection()
    try:
        cursor = borrowed.cursor()
        cursor.execute(statement)
        row = cursor.fetchone()
        cursor.close()
        return row[0] if row else None
    finally:
        borrowed.close()
