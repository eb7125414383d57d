"""Damaged databases: how they are noticed, and set aside without losing a byte."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from saves.folders import folder_error

CHEAP_CHECK_BYTES = 16 * 1024 * 1024
"""Databases up to this size are checked whole at every start."""

_SUSPECT_SUFFIX = ".suspect"


def mark_suspect(path: Path) -> None:
    """Note that damage was met, so that the next start checks the whole database whatever its size."""
    with suppress(OSError):
        _suspect(path).touch()


def clear_suspect(path: Path) -> None:
    """Forget the note: the database was checked, or set aside."""
    with suppress(OSError):
        _suspect(path).unlink()


def check_is_due(path: Path) -> bool:
    """Whether the whole database is to be checked at this start."""
    return path.stat().st_size <= CHEAP_CHECK_BYTES or _suspect(path).exists()


def set_aside(path: Path, stamp: str) -> Path:
    """Rename a damaged database and its log, never over anything, and return the new place.

    Args:
        path: The database.
        stamp: UTC time for the name, such as 20260102T030405Z.

    Raises:
        SavesFolderError: when it cannot be renamed.
    """
    base = f"{path.name}.corrupt-{stamp}"
    number = 1
    aside = path.with_name(base)
    while aside.exists():
        number += 1
        aside = path.with_name(f"{base}-{number}")
    try:
        # The log first: left behind alone it would be replayed into the new database.
        for suffix in ("-wal", "-journal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(aside.with_name(aside.name + suffix))
        path.rename(aside)
    except OSError as error:
        raise folder_error(path.parent, error) from error
    clear_suspect(path)
    return aside


def _suspect(path: Path) -> Path:
    return path.with_name(path.name + _SUSPECT_SUFFIX)
