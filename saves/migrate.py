"""Brings a database up to date: numbered steps, on a copy that replaces the original when it is whole.

While the copy is made and changed, an explicit `BEGIN IMMEDIATE` keeps every other program from writing to
the original. A process killed at any moment leaves the original as it was; what is left of the copy is
removed later.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from saves.errors import SavesCorrupt, SavesError, SavesFolderError, SavesNewer
from saves.sqlite import clear_errors

if TYPE_CHECKING:
    from sqlalchemy import Engine

MIGRATIONS = Path(__file__).parent / "migrations"
STEPS = (MIGRATIONS / "versions",)
"""Folders of numbered steps."""

_UNFINISHED = {
    sqlite3.SQLITE_READONLY_ROLLBACK,
    sqlite3.SQLITE_READONLY_RECOVERY,
    sqlite3.SQLITE_READONLY_CANTINIT,
}
_COPY_SUFFIX = ".migrating"


def latest_version(steps: Sequence[Path] = STEPS) -> int:
    """Return the number of the last step there is."""
    return max(int(file.name[:4]) for folder in steps for file in folder.glob("[0-9][0-9][0-9][0-9]_*.py"))


def read_version(path: Path, busy_ms: int) -> int:
    """Return the number of the last step a database has taken; 0 when there is none or it is empty.

    It is opened for reading only.

    Raises:
        SavesCorrupt: when it is no database or a damaged one.
        SavesError: when it is the database of something else, or cannot be read.
    """
    with clear_errors(path):
        if path.is_dir():
            raise SavesFolderError(f"{path} is a folder: move it away, or name another folder for the data.")
        if not path.exists() or path.stat().st_size == 0:
            return 0
        try:
            return _version_in(path, "ro", busy_ms)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode not in _UNFINISHED:
                raise
            # A killed program left a transaction to undo, which a reader may not do.
            return _version_in(path, "rw", busy_ms)


def is_up_to_date(path: Path, *, busy_ms: int, steps: Sequence[Path] = STEPS) -> bool:
    """Whether the database can be used as it is; it is not changed.

    Raises:
        SavesNewer: when it has steps this program does not know.
        SavesCorrupt: when it is no database or a damaged one.
        SavesError: when it is the database of something else, or cannot be read.
    """
    version, target = read_version(path, busy_ms), latest_version(steps)
    if version > target:
        raise _newer(path, version, target)
    return version == target and not any(path.parent.glob(f"{path.name}{_COPY_SUFFIX}*"))


def bring_up_to_date(path: Path, *, busy_ms: int, steps: Sequence[Path] = STEPS) -> None:
    """Make the database, or take the steps that it lacks. The caller has its door alone.

    Args:
        path: The database file.
        busy_ms: How long to wait for another program's lock.
        steps: Folders of numbered steps.

    Raises:
        SavesNewer: when it has steps this program does not know; it was not touched.
        SavesLocked: when another program has it open.
        SavesCorrupt: when it is damaged.
        SavesError: when the disk or the folder does not allow it; the original is as it was.
    """
    version, target = read_version(path, busy_ms), latest_version(steps)
    if version > target:
        raise _newer(path, version, target)
    with clear_errors(path):
        _remove(path.with_name(path.name + _COPY_SUFFIX))
        if version == 0:
            _make(path, busy_ms, steps)
        elif version < target:
            _replace(path, target, busy_ms, steps)
        with closing(sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()


def same_file(before: os.stat_result, path: Path) -> bool:
    """Whether the path still names the file it named when `before` was taken."""
    try:
        now = path.stat()
    except OSError:
        return False
    return (before.st_dev, before.st_ino) == (now.st_dev, now.st_ino)


def _newer(path: Path, version: int, target: int) -> SavesNewer:
    return SavesNewer(
        f"The database {path} was written by a newer version of Hear Me Out (version {version}; this one "
        f"knows up to {target}) and was not touched: update the program, or name another folder."
    )


def _version_in(path: Path, mode: str, busy_ms: int) -> int:
    source = f"{path.resolve().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(source, uri=True, timeout=busy_ms / 1000)) as connection:
        return _version(connection, path)


def _version(connection: sqlite3.Connection, path: Path) -> int:
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not names:
        return 0
    row = None
    if "alembic_version" in names:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None or not str(row[0]).isdecimal():
        raise SavesError(
            f"The database {path} was not made by Hear Me Out and was not touched: "
            f"move it away, or name another folder."
        )
    return int(row[0])


def _make(path: Path, busy_ms: int, steps: Sequence[Path]) -> None:
    """Make the tables in one transaction."""
    _create_private(path)
    with _engine(path, busy_ms) as engine, engine.begin() as connection:
        _take_steps(connection, steps)


def _replace(path: Path, target: int, busy_ms: int, steps: Sequence[Path]) -> None:
    """Take the steps on a copy and put it in place."""
    copy = path.with_name(path.name + _COPY_SUFFIX)
    with closing(_hold(path, busy_ms)) as holder:
        try:
            _create_private(copy)
            with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as changed:
                source.backup(changed)
            with _engine(copy, busy_ms) as engine, engine.begin() as connection:
                _take_steps(connection, steps)
            _check_whole(copy, path, target)
            _sync(copy)
            if os.name == "nt":
                holder.close()  # Windows does not replace a file that is open.
            os.replace(copy, path)
            _sync_folder(path.parent)
        finally:
            _remove(copy)


def _hold(path: Path, busy_ms: int) -> sqlite3.Connection:
    """Return a connection that lets nobody else write, with the whole database in the one file.

    Leaving WAL mode needs the database for oneself: it fails while another program has it open, so that none
    goes on writing to a file that has been replaced.
    """
    connection = sqlite3.connect(path, timeout=busy_ms / 1000, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        connection.execute("BEGIN IMMEDIATE")
    except BaseException:
        connection.close()
        raise
    return connection


def _take_steps(connection: object, steps: Sequence[Path]) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.attributes["connection"] = connection
    for key, value in (
        ("script_location", str(MIGRATIONS)),
        ("path_separator", "newline"),
        ("version_locations", "\n".join(str(folder) for folder in steps)),
    ):
        config.set_main_option(key, value.replace("%", "%%"))
    command.upgrade(config, "head")


@contextmanager
def _engine(path: Path, busy_ms: int) -> Iterator[Engine]:
    from saves.engine import WRITING_DURABLY, open_engine

    engine = open_engine(path, busy_ms)
    try:
        yield engine.execution_options(begin=WRITING_DURABLY)
    finally:
        engine.dispose()


def _check_whole(copy: Path, path: Path, target: int) -> None:
    with closing(sqlite3.connect(copy)) as connection:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchone()
        if verdict != "ok" or orphans is not None:
            raise SavesCorrupt(f"The database {path} is damaged ({verdict if orphans is None else orphans}).")
        if _version(connection, copy) != target:
            raise SavesError(
                f"The database {path} could not be brought to version {target}; it is as it was."
            )


def _remove(copy: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            os.unlink(f"{copy}{suffix}")


def _create_private(path: Path) -> None:
    """Make an empty file that only its owner may read, unless it is there."""
    with clear_errors(path):
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open folders; its file system orders a replace by itself.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
