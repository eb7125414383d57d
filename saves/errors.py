"""What can go wrong with saved conversations; every message is one clear sentence for the user."""

from __future__ import annotations


class SavesError(Exception):
    """Something about the saves cannot be done; the message says what, where, and what to do."""


class SavesFolderError(SavesError):
    """The data folder cannot be made or used."""


class SavesReadOnly(SavesFolderError):
    """The data folder or the database may be read but not written."""


class SavesFull(SavesError):
    """There is no room left to write; what was saved before is whole."""


class SavesLocked(SavesError):
    """Another program holds the database."""


class SavesElsewhere(SavesError):
    """The same conversation was carried on by another window."""


class SavesCorrupt(SavesError):
    """The database holds something that this program did not write."""


class SavesNewer(SavesError):
    """A newer version of the program wrote the database or the file; it was not touched."""


class NoSuchRun(SavesError):
    """No stored conversation has this id."""


class RunFileError(SavesError):
    """A run file cannot be read or written."""

    def __init__(self, message: str, line: int | None = None, seq: int | None = None) -> None:
        super().__init__(message)
        self.line = line
        """The line it is about, counted from 1."""
        self.seq = seq
        """The event in that line."""


class NotARunFile(RunFileError):
    """The file is something else."""


class RunFileDamaged(RunFileError):
    """The file is a run file, but part of it is missing or unreadable."""
