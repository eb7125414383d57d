"""The command line in trouble: folders, databases, models and customers that are no good."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from saves.store import DATABASE
from sim.recompute import recompute
from tests.saves.children import become_nobody
from tests.sim.calling import (
    forked,
    hearmeout,
    stored,
)
from tests.sim.cli_calls import PLAY, SHORT_CALL
from tests.tiny_model import not_a_model, truncated_copy

# folders and databases


@contextmanager
def folder_for_nobody() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o777)
        yield Path(name)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


@needs_root
def test_a_data_folder_that_may_not_be_written(script: Path) -> None:
    with folder_for_nobody() as folder:
        data = folder / "data"
        forked(data, *PLAY, stdin="\n/leave\n")
        for file in [*data.rglob("*")]:
            file.chmod(0o755 if file.is_dir() else 0o444)
        data.chmod(0o555)
        before = contents(data)
        for arguments in (PLAY, ("runs",), ("resume",), ()):
            done = forked(data, *arguments, stdin="\n/leave\n", before=become_nobody)
            assert done.status == 2, (arguments, done)
            assert "write access" in done.sentence() and str(data) in done.sentence()
        assert contents(data) == before


@needs_root
def test_a_data_folder_that_cannot_be_made() -> None:
    with folder_for_nobody() as folder:
        folder.chmod(0o555)
        done = forked(folder / "data", *PLAY, before=become_nobody)
        assert done.status == 2
        assert str(folder / "data") in done.sentence() and "HEARMEOUT_DATA" in done.sentence()


def full_after(kilobytes: int) -> tuple[str, ...]:
    """A command that lets no file grow beyond a size, as a full disk does."""
    program = (
        "import os, resource, signal, sys;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({kilobytes * 1024}, {kilobytes * 1024}));"
        "os.execv(sys.argv[1], sys.argv[1:])"
    )
    return (sys.executable, "-c", program)


@pytest.mark.parametrize("kilobytes", [0, 8, 40])
def test_a_disk_that_is_full_from_the_start(data: Path, kilobytes: int) -> None:
    data.mkdir()
    done = hearmeout(data, *PLAY, stdin=SHORT_CALL, limits=full_after(kilobytes))
    assert done.status == 2
    assert "free some space" in done.sentence()
    again = hearmeout(data, *PLAY, stdin=SHORT_CALL)
    assert again.status == 0 and "DEBRIEF" in again.out


def test_a_disk_that_fills_up_during_a_call_keeps_what_was_saved_and_the_call_goes_on(data: Path) -> None:
    hearmeout(data, *PLAY, stdin=SHORT_CALL)
    size = max(file.stat().st_size for file in data.iterdir() if file.is_file())
    before = stored(data)
    lines = "\n" * 12 + ("What happened then? " + "And then? " * 4000 + "\n\n\n\n") * 6 + "/leave\n"
    done = hearmeout(data, *PLAY, stdin=lines, limits=full_after(size // 1024 + 60))
    assert "Traceback" not in done.err
    if done.status == 0:
        assert "DEBRIEF" in done.out
        assert "The call goes on; what is not saved is tried again." in done.err
        assert "This call could not be saved to its end." in done.err
        assert "Kept as" not in done.out
    else:
        assert "free some space" in done.sentence()
    assert stored(data)[: len(before)] == before
    assert all(recompute(run).difference is None for run in stored(data))


def test_a_database_that_another_program_holds(data: Path) -> None:
    forked(data, *PLAY, stdin="\n/leave\n")
    with closing(sqlite3.connect(data / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        done = forked(data, *PLAY, stdin="\n/leave\n")
        other.execute("ROLLBACK")
    assert done.status == 2
    assert "another" in done.sentence().lower()
    assert len(stored(data)) == 1


@pytest.mark.parametrize("damage", [b"this is no database", b"", b"SQLite format 3\x00" + b"\xff" * 8000])
def test_a_damaged_database_is_set_aside_and_never_overwritten(data: Path, damage: bytes) -> None:
    data.mkdir()
    (data / DATABASE).write_bytes(damage)
    done = forked(data, *PLAY, stdin="\n/leave\n")
    assert done.status == 0 and "DEBRIEF" in done.out
    if damage:
        assert "It was kept as" in done.sentence() and "a new database was begun" in done.sentence()
        (kept,) = (file for file in data.iterdir() if ".corrupt-" in file.name and file.suffix != ".log")
        assert kept.read_bytes() == damage
    assert len(stored(data)) == 1


def test_a_newer_database_is_refused_and_not_touched(data: Path) -> None:
    forked(data, *PLAY, stdin="\n/leave\n")
    with closing(sqlite3.connect(data / DATABASE)) as raw:
        (table,) = raw.execute("SELECT name FROM sqlite_master WHERE name LIKE 'alembic%'").fetchone()
        raw.execute(f"UPDATE {table} SET version_num = '9999'")
        raw.commit()
    before = (data / DATABASE).read_bytes()
    for arguments in (PLAY, ("runs",), ("resume",)):
        done = forked(data, *arguments, stdin="\n/leave\n")
        assert done.status == 2 and "newer" in done.sentence()
    assert (data / DATABASE).read_bytes() == before


# models


def test_models_that_are_no_good_are_named_before_the_call(
    data: Path, tiny_model: Path, tmp_path: Path
) -> None:
    for model in (not_a_model(tmp_path / "page.gguf"), tmp_path / "none.gguf", tmp_path):
        done = forked(data, "play", "--plain", "--voice", "local", "--model", str(model), stdin="\n/leave\n")
        assert done.status == 2 and str(model) in done.sentence()
        assert stored(data) == []
    half = truncated_copy(tiny_model, tmp_path / "half.gguf")
    done = forked(data, "play", "--plain", "--voice", "local", "--model", str(half), stdin=SHORT_CALL)
    assert "Traceback" not in done.err
    assert done.status == 0 or str(half) in done.sentence()


# broken customers


def test_broken_customers_among_good_ones_hide_none(data: Path) -> None:
    mine = data / "personas"
    mine.mkdir(parents=True)
    (mine / "broken.toml").write_text("schema = 1\n[identity\n")
    (mine / "evil.toml").write_text('schema = 1\n[identity]\nid = "\x1b[31m"\n')
    done = forked(data, stdin="1\n/leave\n")
    assert done.status == 0 and "DEBRIEF" in done.out
    assert done.err.count("Left out: ") == 2 and "broken.toml:2" in done.err
    assert "\x1b" not in done.err
    checked = forked(data, "persona", "check", str(mine / "broken.toml"))
    assert checked.status == 1 and "broken.toml:2" in checked.out
