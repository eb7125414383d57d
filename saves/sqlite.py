"""What SQLite says when something is wrong, in clear sentences."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from saves.errors import (
    SavesCorrupt,
    SavesElsewhere,
    SavesError,
    SavesFolderError,
    SavesFull,
    SavesLocked,
    SavesReadOnly,
)
from saves.folders import DATA_VARIABLE, folder_error

_READING = {
    sqlite3.SQLITE_IOERR_READ,
    sqlite3.SQLITE_IOERR_SHORT_READ,
    sqlite3.SQLITE_IOERR_FSTAT,
    sqlite3.SQLITE_IOERR_ACCESS,
}
_PRIMARY = 0xFF
"""SQLite keeps the kind of an error in the low byte of its code."""


def clear_error(error: sqlite3.Error, path: Path) -> SavesError:
    """Return the error of this room that fits what SQLite said about the database at `path`."""
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    kind = code & _PRIMARY
    if kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return SavesLocked(
            f"Another program is using {path}: close it (or the other window of the game) and try again."
        )
    if kind in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or "Could not decode" in str(error):
        return SavesCorrupt(f"The database {path} is damaged ({error}).")
    if kind == sqlite3.SQLITE_FULL or (kind == sqlite3.SQLITE_IOERR and code not in _READING):
        return SavesFull(
            f"There is no room left on the disk for {path}, or it refuses to be written: free some space; "
            f"what was saved before is whole."
        )
    if kind in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN):
        return _closed_door(error, path)
    if kind == sqlite3.SQLITE_CONSTRAINT:
        return elsewhere()
    return SavesError(f"The database {path} cannot be used ({error}).")


def elsewhere() -> SavesElsewhere:
    """Return the clear sentence for two windows that write the same conversation."""
    return SavesElsewhere(
        "This conversation was carried on in another window of the game: "
        "go on there, or start a new one here."
    )


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn what SQLite, SQLAlchemy and the system raise about the database into errors of this room."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except sqlite3.Error as error:
        raise clear_error(error, path) from error
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise clear_error(error.orig, path) from error
        raise
    except OSError as error:
        raise folder_error(path.parent, error) from error


def _closed_door(error: sqlite3.Error, path: Path) -> SavesError:
    writable = os.access(path.parent, os.W_OK) and (not path.exists() or os.access(path, os.W_OK))
    if getattr(error, "sqlite_errorcode", 0) & _PRIMARY != sqlite3.SQLITE_CANTOPEN or not writable:
        return SavesReadOnly(
            f"The database {path} cannot be written: give yourself write access to it and its folder, "
            f"or name another folder in {DATA_VARIABLE}."
        )
    return SavesFolderError(
        f"The database {path} cannot be opened ({error}): see what is at that place, "
        f"or name another folder in {DATA_VARIABLE}."
    )
