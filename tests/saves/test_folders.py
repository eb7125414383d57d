from __future__ import annotations

import errno
import os
import stat
import tempfile
from pathlib import Path

import pytest

from saves.errors import SavesError, SavesFolderError, SavesFull, SavesReadOnly
from saves.folders import data_folder, folder_error, make_private, runs_folder
from tests.saves.children import Say, become_nobody, in_child, needs_fork


def test_the_variable_names_the_folder_and_it_is_private(tmp_path: Path) -> None:
    folder = data_folder({"HEARMEOUT_DATA": str(tmp_path / "a" / "b")})
    assert folder == tmp_path / "a" / "b"
    runs = runs_folder(folder)
    assert runs.parent == folder
    if os.name == "posix":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(runs.stat().st_mode) == 0o700


def test_without_the_variable_the_system_decides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saves.folders.platformdirs.user_data_path", lambda *_, **__: tmp_path / "system")
    assert data_folder({"HEARMEOUT_DATA": "  "}) == tmp_path / "system"


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    folder.mkdir(mode=0o755)
    before = folder.stat().st_mode
    assert make_private(folder).stat().st_mode == before


@pytest.mark.parametrize("below", ["", "deeper", "deeper/still"])
def test_a_file_in_the_way(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(SavesFolderError, match=r"a file is in its place.*HEARMEOUT_DATA"):
        make_private(tmp_path / "file" / below)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_home_of_nobody() -> None:
    with pytest.raises(SavesFolderError, match="in full"):
        data_folder({"HEARMEOUT_DATA": "~no-such-user-here/data"})


@needs_fork
def test_a_parent_that_may_not_be_written() -> None:
    with tempfile.TemporaryDirectory() as parent:
        os.chmod(parent, 0o555)

        def work(say: Say) -> None:
            become_nobody()
            try:
                make_private(Path(parent) / "data")
            except SavesReadOnly as error:
                say(str(error))

        (sentence,) = in_child(work)
        assert "cannot be written" in sentence and parent in sentence


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, SavesFull),
        (errno.EDQUOT, SavesFull),
        (errno.EROFS, SavesReadOnly),
        (errno.EACCES, SavesReadOnly),
        (errno.ENAMETOOLONG, SavesFolderError),
    ],
)
def test_each_refusal_has_its_sentence(number: int, kind: type[SavesError]) -> None:
    error = folder_error(Path("/somewhere"), OSError(number, os.strerror(number)))
    assert type(error) is kind
    assert str(error).endswith(".") and "/somewhere" in str(error)
