from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from personas.loader import (
    FailedPersona,
    LoadedPersona,
    builtin_folder,
    load_file,
    load_library,
    parse_persona,
)
from personas.problems import Problem
from tests.personas.samples import MINIMAL, edited, line_holding, minimal_text


def test_a_valid_file_loads_with_its_text_and_digest() -> None:
    result = load_file(MINIMAL)
    assert isinstance(result, LoadedPersona)
    assert result.persona.identity.id == "tests/late-parcel"
    assert result.path == MINIMAL
    assert result.text == minimal_text()
    assert result.sha256 == hashlib.sha256(MINIMAL.read_bytes()).hexdigest()


def test_an_embedded_text_loads_like_its_file() -> None:
    file, embedded = load_file(MINIMAL), parse_persona(minimal_text(), "run.hearmeout")
    assert isinstance(file, LoadedPersona) and isinstance(embedded, LoadedPersona)
    assert embedded.persona == file.persona
    assert embedded.sha256 == file.sha256


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def failure(path: Path) -> Problem:
    result = load_file(path)
    assert isinstance(result, FailedPersona)
    assert result.path == path
    (problem,) = result.problems
    assert problem.file == str(path)
    return problem


def test_files_that_cannot_be_read_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "link.toml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.toml").symlink_to(tmp_path / "loop.toml")
    os.mkfifo(tmp_path / "pipe.toml")
    assert "no such file" in failure(tmp_path / "none.toml").reason
    assert "not a file" in failure(tmp_path / "folder.toml").reason
    assert "leads nowhere" in failure(tmp_path / "link.toml").reason
    assert "cannot be read" in failure(tmp_path / "loop.toml").reason
    assert "not a file" in failure(tmp_path / "pipe.toml").reason


def test_a_file_above_the_bound_is_refused_and_one_at_it_is_read(tmp_path: Path) -> None:
    text = minimal_text()
    full = text + "#" * (512 * 1024 - len(text.encode()))
    assert isinstance(load_file(written(tmp_path, "full.toml", full)), LoadedPersona)
    assert "larger than 512 KiB" in failure(written(tmp_path, "over.toml", full + "#")).reason


def test_bytes_that_are_no_utf8_are_told_with_offset_and_line(tmp_path: Path) -> None:
    problem = failure(written(tmp_path, "latin.toml", b'schema = 1\nx = "caf\xe9"\n'))
    assert problem.line == 2
    assert "byte 19 (0xe9) is not UTF-8" in problem.reason


def test_windows_files_load_with_right_lines(tmp_path: Path) -> None:
    windows = "\ufeff" + minimal_text().replace("\n", "\r\n")
    assert isinstance(load_file(written(tmp_path, "windows.toml", windows)), LoadedPersona)
    text = edited(("heard = 40", "herd = 40"))
    problem = failure(written(tmp_path, "broken.toml", text.replace("\n", "\r\n")))
    assert problem.line == line_holding(text, "herd = 40")


def test_a_linked_file_loads(tmp_path: Path) -> None:
    (tmp_path / "linked.toml").symlink_to(MINIMAL)
    assert isinstance(load_file(tmp_path / "linked.toml"), LoadedPersona)


def test_broken_files_hide_no_good_ones(tmp_path: Path) -> None:
    written(tmp_path, "a-broken.toml", "schema = \n")
    written(tmp_path, "b-good.toml", minimal_text())
    written(tmp_path, "c-wrong.toml", edited(("tier = 1", "tier = 0")))
    written(tmp_path, "d-latin.toml", b"\xff")
    written(tmp_path, "e-other.toml", edited(("late-parcel", "other-parcel")))
    written(tmp_path, "notes.txt", "not read")
    (tmp_path / "manners").mkdir()
    library = load_library([tmp_path, tmp_path / "missing"])
    mine = [name for name in library.loaded if name.startswith("tests/")]
    assert mine == ["tests/late-parcel", "tests/other-parcel"]
    failed = [result.path.name for result in library.failed if result.path.parent == tmp_path]
    assert failed == ["a-broken.toml", "c-wrong.toml", "d-latin.toml"]


def test_of_two_files_with_one_id_the_later_fails_and_names_the_earlier(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    earlier = written(first, "z.toml", minimal_text())
    later = written(second, "a.toml", minimal_text())
    library = load_library([first, second])
    assert library.loaded["tests/late-parcel"].path == earlier
    (failed,) = (result for result in library.failed if result.path == later)
    (problem,) = failed.problems
    assert problem.key == "identity.id"
    assert problem.line == line_holding(minimal_text(), "late-parcel")
    assert str(earlier) in problem.reason


def test_a_users_file_does_not_replace_a_built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builtin = tmp_path / "library"
    builtin.mkdir()
    own = written(builtin, "parcel.toml", minimal_text())
    monkeypatch.setattr("personas.loader.builtin_folder", lambda: builtin)
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    written(theirs, "mine.toml", edited(("never came", "came late")))
    library = load_library([theirs, builtin])
    assert library.loaded["tests/late-parcel"].path == own
    (failed,) = library.failed
    assert "the built-in persona in" in failed.problems[0].reason


def test_the_same_folders_give_the_same_library(tmp_path: Path) -> None:
    for number in range(5):
        written(tmp_path, f"{4 - number}.toml", edited(("late-parcel", f"parcel-{number}")))
    names = [name for name in load_library([tmp_path]).loaded if name.startswith("tests/")]
    assert names == [f"tests/parcel-{4 - number}" for number in range(5)]


def test_the_built_in_personas_all_load() -> None:
    library = load_library([])
    assert not library.failed
    assert all(loaded.path.parent == builtin_folder() for loaded in library.loaded.values())
