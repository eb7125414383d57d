from __future__ import annotations

import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Table, create_engine, inspect

from saves.errors import SavesError, SavesLocked
from saves.migrate import STEPS, bring_up_to_date, latest_version, read_version
from saves.store import DATABASE, Store
from saves.tables import METADATA
from tests.saves.children import Child, Say, in_child, needs_fork
from tests.saves.make_fixtures import FIXTURES, INTERRUPTED_ID
from tests.saves.samples import MATERIALS, RESULT, RUN_ID, STAMP, conversation, make_header

STEP = """
import os, signal
import sqlalchemy as sa
from alembic import op
revision = "{version}"
down_revision = "{before}"

def upgrade():
    op.add_column("runs", sa.Column("mark", sa.Text, server_default="new"))
    op.execute("UPDATE runs SET mark = 'old'")
    {then}
"""


def more_steps(folder: Path, then: str = "") -> tuple[Path, ...]:
    """The shipped steps and one more, which adds a column and then does something."""
    folder = folder / "steps 100%"
    folder.mkdir(exist_ok=True)
    before = latest_version()
    name = folder / f"{before + 1:04}_mark.py"
    name.write_text(STEP.format(version=f"{before + 1:04}", before=f"{before:04}", then=then))
    return (*STEPS, folder)


def old_data(folder: Path) -> Path:
    data = folder / "data"
    data.mkdir()
    shutil.copy(FIXTURES / "v0001.db", data / DATABASE)
    return data


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


def marks(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [mark for (mark,) in connection.execute("SELECT mark FROM runs")]


def names_in(folder: Path) -> list[str]:
    """The files in a data folder, without the lock that stays there."""
    return [file.name for file in folder.iterdir() if file.name != f"{DATABASE}.lock"]


def test_there_is_a_fixture_of_every_version() -> None:
    assert sorted(file.name for file in FIXTURES.glob("v*.db")) == [
        f"v{number:04}.db" for number in range(1, latest_version() + 1)
    ]


@pytest.mark.parametrize("fixture", sorted(FIXTURES.glob("v*.db")), ids=lambda file: file.name)
def test_every_version_ever_shipped_can_be_read_and_gone_on_with(tmp_path: Path, fixture: Path) -> None:
    shutil.copy(fixture, tmp_path / DATABASE)
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.notices == ()
        assert store.events(RUN_ID) == conversation(2)
        assert store.header(RUN_ID) == make_header()
        assert store.materials(RUN_ID) == MATERIALS
        finished = store.runs()[-1]
        assert (finished.ended, finished.result) == ("solved", RESULT)
        assert [row.run_id for row in store.unfinished()] == [INTERRUPTED_ID]
        assert store.append(INTERRUPTED_ID, conversation(2)[20:], after=19) == 60
        assert store.events(INTERRUPTED_ID) == conversation(2)


def test_the_steps_make_the_tables_of_today(tmp_path: Path) -> None:
    with Store.open(tmp_path, stamp=STAMP) as store:
        engine = create_engine(f"sqlite:///{store.path}")
        found = inspect(engine)
        assert set(found.get_table_names()) == {*METADATA.tables, "alembic_version"}
        for table in METADATA.tables.values():
            assert shape(found.get_columns(table.name)) == wanted(table)
            assert {key["name"] for key in found.get_indexes(table.name)} == {
                key.name for key in table.indexes
            }
            assert {key["referred_table"] for key in found.get_foreign_keys(table.name)} == {
                key.column.table.name for key in table.foreign_keys
            }
        engine.dispose()


def shape(columns: list) -> list[tuple[str, str, bool, bool]]:  # type: ignore[type-arg]
    return [(one["name"], str(one["type"]), one["nullable"], one["primary_key"] > 0) for one in columns]


def wanted(table: Table) -> list[tuple[str, str, bool, bool]]:
    return [(one.name, str(one.type), bool(one.nullable), one.primary_key) for one in table.columns]


def test_a_step_is_taken_on_a_copy_that_then_takes_its_place(tmp_path: Path) -> None:
    data = old_data(tmp_path)
    steps = more_steps(tmp_path)
    before = (data / DATABASE).stat().st_ino
    assert read_version(data / DATABASE, 50) == 1
    bring_up_to_date(data / DATABASE, busy_ms=50, steps=steps)
    assert read_version(data / DATABASE, 50) == latest_version(steps)
    assert (data / DATABASE).stat().st_ino != before
    assert marks(data / DATABASE) == ["old", "old"]
    assert names_in(data) == [DATABASE]
    with Store.open(data, stamp=STAMP, steps=steps) as store:
        assert store.events(RUN_ID) == conversation(2)
        store.begin(make_header("9" * 32), MATERIALS)
    assert marks(data / DATABASE) == ["old", "old", "new"]


def test_the_last_words_before_a_migration_are_in_it(tmp_path: Path) -> None:
    """What an older program left in its write-ahead log, having been killed, is migrated too."""

    def play(_say: Say) -> None:
        store = Store.open(tmp_path, stamp=STAMP)
        store.begin(make_header(), MATERIALS)
        store.append(RUN_ID, conversation(1))

    in_child(play)
    assert (tmp_path / f"{DATABASE}-wal").stat().st_size > 0
    with Store.open(tmp_path, stamp=STAMP, steps=more_steps(tmp_path)) as store:
        assert store.events(RUN_ID) == conversation(1)
    assert marks(tmp_path / DATABASE) == ["old"]


@pytest.mark.parametrize(
    "then",
    ['raise RuntimeError("broken")', 'op.execute("INSERT INTO runs (run_id) VALUES (NULL)")'],
)
def test_a_step_that_fails_leaves_the_original(tmp_path: Path, then: str) -> None:
    data = old_data(tmp_path)
    before = dump(data / DATABASE)
    with pytest.raises((RuntimeError, SavesError)):
        Store.open(data, stamp=STAMP, steps=more_steps(tmp_path, then))
    assert dump(data / DATABASE) == before
    assert names_in(data) == [DATABASE]
    with Store.open(data, stamp=STAMP) as store:
        assert store.events(RUN_ID) == conversation(2)


@needs_fork
@pytest.mark.parametrize(
    "then",
    ["os.kill(os.getpid(), signal.SIGKILL)", 'op.execute("COMMIT"); os.kill(os.getpid(), signal.SIGKILL)'],
)
def test_killed_in_the_middle_of_a_step(tmp_path: Path, then: str) -> None:
    data = old_data(tmp_path)
    before = dump(data / DATABASE)
    deadly = more_steps(tmp_path, then)
    child = Child(lambda _say: Store.open(data, stamp=STAMP, steps=deadly).close())
    child.rest()
    assert child.status == signal.SIGKILL
    assert len(list(data.glob(f"{DATABASE}.migrating*"))) > 0
    assert dump(data / DATABASE) == before
    with Store.open(data, stamp=STAMP, steps=more_steps(tmp_path)) as store:
        assert store.events(RUN_ID) == conversation(2)
    assert marks(data / DATABASE) == ["old", "old"]
    assert names_in(data) == [DATABASE]


@needs_fork
def test_what_a_killed_migration_left_is_removed_by_the_older_program_too(tmp_path: Path) -> None:
    data = old_data(tmp_path)
    deadly = more_steps(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)")
    Child(lambda _say: Store.open(data, stamp=STAMP, steps=deadly).close()).rest()
    with Store.open(data, stamp=STAMP) as store:
        assert store.events(RUN_ID) == conversation(2)
    assert names_in(data) == [DATABASE]


def hold_open(data: Path) -> Callable[[], None]:
    return Store.open(data, stamp=STAMP).close


def hold_for_writing(data: Path) -> Callable[[], None]:
    connection = sqlite3.connect(data / DATABASE, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection.close


@pytest.mark.parametrize("hold", [hold_open, hold_for_writing])
def test_nothing_is_replaced_under_another_program(
    tmp_path: Path, hold: Callable[[Path], Callable[[], None]]
) -> None:
    data = old_data(tmp_path)
    steps = more_steps(tmp_path)
    let_go = hold(data)
    before = dump(data / DATABASE)
    with pytest.raises(SavesLocked, match="close it"):
        Store.open(data, stamp=STAMP, busy_ms=20, steps=steps)
    assert dump(data / DATABASE) == before
    let_go()
    Store.open(data, stamp=STAMP, steps=steps).close()
    assert marks(data / DATABASE) == ["old", "old"]


@needs_fork
def test_many_windows_migrate_at_once(tmp_path: Path) -> None:
    """All but the first find the new file; those that cannot wait say so, and nothing of anybody is lost."""
    data = old_data(tmp_path)
    steps = more_steps(tmp_path)

    def work(number: int) -> Callable[[Say], None]:
        def one(say: Say) -> None:
            try:
                with Store.open(data, stamp=STAMP, busy_ms=20_000, steps=steps) as store:
                    store.begin(make_header(f"{number:032}"), MATERIALS)
                    store.append(f"{number:032}", conversation(1))
                say(number)
            except SavesLocked:
                say(None)

        return one

    children = [Child(work(number)) for number in range(5)]
    done = [said for child in children for said in child.rest()]
    assert len(done) == 5
    with Store.open(data, stamp=STAMP, steps=steps) as store:
        assert store.notices == ()
        assert store.events(RUN_ID) == conversation(2)
        kept = {row.run_id for row in store.runs()} - {RUN_ID, INTERRUPTED_ID}
        assert kept == {f"{number:032}" for number in done if number is not None}
        assert all(store.events(run_id) == conversation(1) for run_id in kept)
    assert not list(data.glob("*corrupt*"))
