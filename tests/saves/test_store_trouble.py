"""Full disks, folders that may not be written, other programs, damage: a sentence, and nothing lost."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event

from saves.errors import (
    SavesCorrupt,
    SavesError,
    SavesFolderError,
    SavesFull,
    SavesLocked,
    SavesNewer,
    SavesReadOnly,
)
from saves.store import DATABASE, Store
from scoring.events import FocusLost, Spoke
from tests.saves.children import Say, become_nobody, in_child, needs_fork
from tests.saves.samples import MATERIALS, RUN_ID, STAMP, conversation, make_header

ASIDE = f"{DATABASE}.corrupt-{STAMP}"


@contextmanager
def folder_for_nobody() -> Iterator[Path]:
    """A folder that another user can reach, which pytest's own are not."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def fill(folder: Path, turns: int = 2) -> None:
    with Store.open(folder, stamp=STAMP) as store:
        store.begin(make_header(), MATERIALS)
        store.append(RUN_ID, conversation(turns))


def everything_in(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@needs_fork
def test_read_only_at_the_start() -> None:
    with folder_for_nobody() as folder:
        fill(folder)
        os.chmod(folder / DATABASE, 0o444)
        os.chmod(folder, 0o555)
        before = everything_in(folder)

        def work(say: Say) -> None:
            become_nobody()
            try:
                Store.open(folder, stamp=STAMP)
            except SavesReadOnly as error:
                say(str(error))

        (sentence,) = in_child(work)
        assert "write access" in sentence and str(folder) in sentence
        assert everything_in(folder) == before


@needs_fork
def test_read_only_before_there_is_anything() -> None:
    with folder_for_nobody() as folder:
        os.chmod(folder, 0o555)

        def work(say: Say) -> None:
            become_nobody()
            try:
                Store.open(folder, stamp=STAMP)
            except SavesReadOnly as error:
                say(str(error))

        assert len(in_child(work)) == 1
        assert everything_in(folder) == {}


def test_read_only_in_the_middle_of_a_conversation(store: Store) -> None:
    log = conversation(1)
    store.begin(make_header(), MATERIALS)
    store.append(RUN_ID, log[:5])
    writable = {"query_only": "ON"}

    def set_query_only(connection: Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA query_only={writable['query_only']}")

    event.listen(Engine, "begin", set_query_only)
    try:
        for _ in range(2):
            with pytest.raises(SavesReadOnly, match="cannot be written"):
                store.append(RUN_ID, log[5:9])
        assert store.events(RUN_ID) == log[:5]
        writable["query_only"] = "OFF"
        store.append(RUN_ID, log[5:])
    finally:
        event.remove(Engine, "begin", set_query_only)
    assert store.events(RUN_ID) == log


@pytest.mark.skipif(os.name == "nt", reason="Windows does not rename a file that is open")
def test_moved_away_in_the_middle_of_a_conversation(store: Store) -> None:
    log = conversation(1)
    store.begin(make_header(), MATERIALS)
    store.append(RUN_ID, log[:5])
    away = store.path.with_name("away")
    store.path.rename(away)
    for _ in range(2):
        with pytest.raises(SavesFolderError, match="moved or deleted"):
            store.append(RUN_ID, log[5:9])
    away.rename(store.path)
    store.append(RUN_ID, log[5:])
    assert store.events(RUN_ID) == log


@needs_fork
@pytest.mark.skipif(not hasattr(signal, "SIGXFSZ"), reason="this system has no limit on the size of files")
def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    def work(say: Say) -> None:
        import resource

        batches = [[Spoke(t=number, text=str(number) * 20_000)] for number in range(40)]
        with Store.open(tmp_path, stamp=STAMP) as store:
            store.begin(make_header(), MATERIALS)
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, hard))
            kept = 0
            try:
                for batch in batches:
                    store.append(RUN_ID, batch)
                    kept += 1
            except SavesFull as error:
                say([kept, str(error)])
            say(store.events(RUN_ID) == [event for batch in batches[:kept] for event in batch])
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            for batch in batches[kept:]:
                store.append(RUN_ID, batch)
            say(store.events(RUN_ID) == [event for batch in batches for event in batch])

    (kept, sentence), as_before, whole = in_child(work)
    assert 0 < kept < 40
    assert "no room" in sentence and "saved before is whole" in sentence
    assert as_before is True and whole is True


FULL_DISK = """
import sys
from pathlib import Path
from saves.errors import SavesFull
from saves.store import Store
from scoring.events import Spoke
from tests.saves.samples import MATERIALS, RUN_ID, STAMP, make_header

folder = Path(sys.argv[1])
ballast = folder / "ballast"
store = Store.open(folder / "data", stamp=STAMP)
store.begin(make_header(), MATERIALS)
events = [Spoke(t=number, text="x" * 5000) for number in range(200)]
ballast.write_bytes(b"x" * 100_000)
kept = 0
try:
    for event in events:
        store.append(RUN_ID, [event])
        kept += 1
except SavesFull as error:
    assert "no room" in str(error)
assert 0 < kept < 200, kept
assert store.events(RUN_ID) == events[:kept]
ballast.unlink()
more = kept
try:
    for event in events[kept:]:
        store.append(RUN_ID, [event])
        more += 1
except SavesFull:
    pass
assert more > kept
store.close()
with Store.open(folder / "data", stamp=STAMP) as again:
    assert again.notices == () and again.events(RUN_ID) == events[:more]
try:
    Store.open(folder / "second", stamp=STAMP)
except SavesFull as error:
    print(error)
"""


def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    mount = shutil.which("unshare"), shutil.which("mount")
    if None in mount:
        pytest.skip("no unshare and mount here")
    enter = [
        "unshare",
        "--mount",
        "sh",
        "-c",
        'mount -t tmpfs -o size=600k none "$0" && exec "$@"',
        str(tmp_path),
    ]
    if subprocess.run([*enter, "true"], capture_output=True, check=False).returncode:
        pytest.skip("not allowed to mount a small disk")
    ran = subprocess.run(
        [*enter, sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "no room" in ran.stdout


def test_another_program_holds_the_database(tmp_path: Path) -> None:
    log = conversation(1)
    with Store.open(tmp_path, stamp=STAMP, busy_ms=20) as store:
        store.begin(make_header(), MATERIALS)
        store.append(RUN_ID, log[:3])
        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(SavesLocked, match="close it"):
                Store.open(tmp_path, stamp=STAMP, busy_ms=20)
            for _ in range(2):
                with pytest.raises(SavesLocked, match="close it"):
                    store.append(RUN_ID, log[3:6])
            assert store.events(RUN_ID) == log[:3]
            other.execute("ROLLBACK")
        store.append(RUN_ID, log[3:])
        assert store.events(RUN_ID) == log
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.notices == ()


@needs_fork
def test_many_windows_start_at_once(tmp_path: Path) -> None:
    from tests.saves.children import Child

    def work(number: int) -> Callable[[Say], None]:
        def one(say: Say) -> None:
            with Store.open(tmp_path / "data", stamp=STAMP, busy_ms=20_000) as store:
                store.begin(make_header(f"{number:032}"), MATERIALS)
                for event in conversation(1):
                    store.append(f"{number:032}", [event])
            say("done")

        return one

    children = [Child(work(number)) for number in range(5)]
    assert [child.rest() for child in children] == [["done"]] * 5
    with Store.open(tmp_path / "data", stamp=STAMP) as store:
        assert store.notices == ()
        assert all(store.events(f"{number:032}") == conversation(1) for number in range(5))


def garbage(path: Path) -> None:
    path.write_bytes(b"this was a diary once" * 500)


def broken_header(path: Path) -> None:
    path.write_bytes(b"\x00" * 100 + path.read_bytes()[100:])


def broken_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    page = int.from_bytes(data[16:18], "big")
    for start in range(page, len(data), page):
        data[start : start + 64] = b"\xa5" * 64
    path.write_bytes(bytes(data))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [garbage, broken_header, broken_page, cut_short])
def test_a_damaged_database_is_set_aside(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    fill(tmp_path, turns=10)
    damage(tmp_path / DATABASE)
    lost = (tmp_path / DATABASE).read_bytes()
    with Store.open(tmp_path, stamp=STAMP) as store:
        (notice,) = store.notices
        assert "damaged" in notice and str(tmp_path / ASIDE) in notice and "new database" in notice
        store.begin(make_header(), MATERIALS)
        assert store.append(RUN_ID, conversation(1)) > 0
    assert (tmp_path / ASIDE).read_bytes() == lost
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.notices == ()
    garbage(tmp_path / DATABASE)
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert f"{ASIDE}-2" in store.notices[0]
    assert (tmp_path / ASIDE).read_bytes() == lost


def test_the_log_of_a_damaged_database_goes_with_it(tmp_path: Path) -> None:
    garbage(tmp_path / DATABASE)
    (tmp_path / f"{DATABASE}-wal").write_bytes(b"old log")
    with Store.open(tmp_path, stamp=STAMP):
        pass
    assert (tmp_path / f"{ASIDE}-wal").read_bytes() == b"old log"


def test_damage_met_in_the_middle_is_found_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a database too big to be checked at every start."""
    monkeypatch.setattr("saves.damage.CHEAP_CHECK_BYTES", 0)
    fill(tmp_path, turns=10)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'events'").fetchone()
    data = bytearray((tmp_path / DATABASE).read_bytes())
    page = int.from_bytes(data[16:18], "big")
    data[(root - 1) * page : root * page] = b"\xa5" * page
    (tmp_path / DATABASE).write_bytes(bytes(data))
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.notices == ()
        with pytest.raises(SavesCorrupt, match="damaged"):
            store.events(RUN_ID)
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert ASIDE in store.notices[0]
    assert (tmp_path / ASIDE).read_bytes() == bytes(data)


@pytest.mark.parametrize(
    "version",
    ["0002", "0999"],
)
def test_a_newer_database_is_refused_and_not_touched(tmp_path: Path, version: str) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
    before = (tmp_path / DATABASE).read_bytes()
    for _ in range(2):
        with pytest.raises(SavesNewer, match=r"newer version.*update the program"):
            Store.open(tmp_path, stamp=STAMP)
    assert (tmp_path / DATABASE).read_bytes() == before
    assert not list(tmp_path.glob("*corrupt*"))


def test_the_database_of_something_else_is_refused_and_not_touched(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection, connection:
        connection.execute("CREATE TABLE recipes (name)")
    before = (tmp_path / DATABASE).read_bytes()
    with pytest.raises(SavesError, match="not made by Hear Me Out"):
        Store.open(tmp_path, stamp=STAMP)
    assert (tmp_path / DATABASE).read_bytes() == before


def test_a_folder_in_the_database_s_place(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()
    with pytest.raises(SavesError, match=r"another folder"):
        Store.open(tmp_path, stamp=STAMP)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE events SET event = 'no json' WHERE seq = 3", "event 3"),
        ('UPDATE events SET event = \'{"kind":"sung","t":0}\' WHERE seq = 3', "event 3"),
        ("DELETE FROM events WHERE seq = 3", "events are missing"),
        ("UPDATE runs SET header = '{\"format\":1}'", "header"),
        ("UPDATE runs SET header = 'nothing'", "cannot be read"),
        ("UPDATE events SET event = CAST(x'ff' AS TEXT) WHERE seq = 3", "damaged"),
    ],
)
def test_rows_that_this_program_did_not_write(tmp_path: Path, change: str, sentence: str) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection, connection:
        connection.execute(change)
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.notices == ()
        with pytest.raises(SavesCorrupt, match=sentence):
            store.events(RUN_ID)


def test_a_run_of_a_newer_program_is_listed_and_not_opened(tmp_path: Path) -> None:
    fill(tmp_path)
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection, connection:
        connection.execute('UPDATE runs SET header = \'{"format":2,"seed":9}\'')
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert [row.seed for row in store.runs()] == [9]
        with pytest.raises(SavesNewer, match="update the program"):
            store.events(RUN_ID)


def test_after_a_failure_other_events_may_follow_too(tmp_path: Path) -> None:
    with Store.open(tmp_path, stamp=STAMP, busy_ms=20) as store:
        store.begin(make_header(), MATERIALS)
        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(SavesLocked):
                store.append(RUN_ID, [FocusLost(t=1)])
            other.execute("ROLLBACK")
        assert store.append(RUN_ID, [FocusLost(t=1), FocusLost(t=2)]) == 1
        assert store.events(RUN_ID) == [FocusLost(t=1), FocusLost(t=2)]
