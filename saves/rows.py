"""Between rows of the database and plain objects."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert
from sqlalchemy.dialects.sqlite import insert as insert_or

from saves.canonical import clean_text, parse_json, sha256_text
from saves.errors import NoSuchRun
from saves.run import Materials, RunRow
from saves.tables import RUN_TEXTS, RUNS, TEXTS

WITHOUT_TURNS = [
    func.json_remove(column, "$.turns").label("result") if column.name == "result" else column
    for column in RUNS.c
]
"""The columns of a run with a summary of a few hundred characters instead of tens of thousands."""


def keep_texts(connection: Connection, run: int, materials: Materials) -> None:
    """Keep the texts of a run, each different text once."""
    rows = [("persona", "", materials.persona_text), ("rubric", "", materials.rubric_text)]
    rows += [("manner", name, text) for name, text in materials.manners.items()]
    for role, name, text in rows:
        clean = clean_text(text)
        digest = sha256_text(clean)
        connection.execute(insert_or(TEXTS).values(sha256=digest, text=clean).on_conflict_do_nothing())
        connection.execute(insert(RUN_TEXTS).values(run=run, role=role, name=clean_text(name), sha256=digest))


def to_row(run: Any) -> RunRow:
    """Return the list line of a row of `runs`, also when a newer program wrote its header."""
    header = parse_json(run.header)
    voice = header.get("voice") or {}
    return RunRow(
        run_id=run.run_id,
        persona_id=run.persona_id,
        started_utc=str(header.get("started_utc", "")),
        mode=str(header.get("mode", "")),
        seed=int(header.get("seed", 0)),
        voice_kind=str(voice.get("kind", "")),
        medium=str(header.get("medium", "")),
        ended=run.ended,
        abandoned=run.abandoned,
        parent_run=header.get("parent_run"),
        result=parse_result(run.result),
    )


def parse_result(text: str | None) -> Mapping[str, Any] | None:
    """Return the summary kept in a row, if there is one."""
    if text is None:
        return None
    result: Mapping[str, Any] = parse_json(text)
    return result


def no_such_run(run_id: str) -> NoSuchRun:
    """Return the clear sentence for an id that is not there."""
    return NoSuchRun(
        f"There is no stored conversation {json.dumps(run_id[:40])}: `hearmeout runs` lists them."
    )
