"""Where conversations are kept: one private folder per user."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from pathlib import Path

import platformdirs

from saves.errors import SavesFolderError, SavesFull, SavesReadOnly

DATA_VARIABLE = "HEARMEOUT_DATA"
"""Environment variable that names another data folder."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING = {errno.EACCES, errno.EPERM, errno.EROFS}


def data_folder(env: Mapping[str, str]) -> Path:
    """Return the user's data folder, made with mode 0700 when it is not there.

    `HEARMEOUT_DATA` in `env` names it; otherwise it is where the operating system wants such data.

    Raises:
        SavesFolderError: when it cannot be made.
    """
    chosen = env.get(DATA_VARIABLE, "").strip()
    if not chosen:
        return make_private(platformdirs.user_data_path("hearmeout", appauthor=False))
    try:
        return make_private(Path(chosen).expanduser())
    except RuntimeError as error:
        raise SavesFolderError(
            f"{DATA_VARIABLE} names the home folder of somebody unknown ({chosen}): write the path in full."
        ) from error


def runs_folder(data: Path) -> Path:
    """Return the folder for exported run files inside the data folder, made when it is not there.

    Raises:
        SavesFolderError: when it cannot be made.
    """
    return make_private(data / "runs")


def make_private(folder: Path) -> Path:
    """Make a folder (mode 0700) and its parents; a folder that exists keeps its mode.

    Raises:
        SavesFolderError: when it cannot be made, or something else has its name.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    except (OSError, ValueError) as error:
        raise folder_error(folder, error) from error
    return folder


def folder_error(folder: Path, error: OSError | ValueError) -> SavesFolderError | SavesFull:
    """Return the clear sentence for what the operating system said about a folder."""
    number = error.errno if isinstance(error, OSError) else None
    if number in _NO_ROOM:
        return SavesFull(f"There is no room left on the disk for {folder}: free some space and start again.")
    if number in _NO_WRITING:
        return SavesReadOnly(
            f"The data folder {folder} cannot be written: "
            f"give yourself write access or name another folder in {DATA_VARIABLE}."
        )
    if isinstance(error, FileExistsError | NotADirectoryError):
        return SavesFolderError(
            f"The data folder {folder} cannot be made because a file is in its place: "
            f"move that file away or name another folder in {DATA_VARIABLE}."
        )
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return SavesFolderError(
        f"The data folder {folder} cannot be used ({reason}): name another folder in {DATA_VARIABLE}."
    )
