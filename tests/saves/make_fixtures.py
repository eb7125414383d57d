"""Writes the fixtures of today's formats: `python -m tests.saves.make_fixtures`. Never over an old one."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from saves.migrate import latest_version
from saves.runfile import write_run
from saves.store import DATABASE, Store
from scoring.events import FORMAT_VERSION
from tests.saves.samples import MATERIALS, RESULT, RUN_ID, STAMP, conversation, make_header, sample_run

FIXTURES = Path(__file__).parent / "fixtures"
INTERRUPTED_ID = "fedcba9876543210fedcba9876543210"


def main() -> None:
    file = FIXTURES / f"format{FORMAT_VERSION}.hearmeout"
    if not file.exists():
        write_run(file, sample_run())
    database = FIXTURES / f"v{latest_version():04}.db"
    if not database.exists():
        _write_database(database)


def _write_database(target: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        with Store.open(Path(folder), stamp=STAMP) as store:
            store.begin(make_header(), MATERIALS)
            store.append(RUN_ID, conversation(2))
            store.finish(RUN_ID, RESULT)
            store.begin(make_header(INTERRUPTED_ID), MATERIALS)
            store.append(INTERRUPTED_ID, conversation(2)[:20])
        with closing(sqlite3.connect(Path(folder) / DATABASE, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
            connection.execute("VACUUM")
        target.write_bytes((Path(folder) / DATABASE).read_bytes())


if __name__ == "__main__":
    main()
