"""The tables as they are today; the numbered steps in `saves.migrations` make them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, false

METADATA = MetaData()

TEXTS = Table(
    "texts",
    METADATA,
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
)
"""Persona files, shared lines and rubrics, each once."""

RUNS = Table(
    "runs",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("run_id", Text, nullable=False, unique=True),
    Column("persona_id", Text, nullable=False),
    Column("header", Text, nullable=False),
    Column("ended", Text),
    Column("abandoned", Boolean, nullable=False, server_default=false()),
    Column("result", Text),
    Index("runs_by_persona", "persona_id"),
)
"""Conversations in the order they were begun; `header` and `result` are canonical JSON."""

RUN_TEXTS = Table(
    "run_texts",
    METADATA,
    Column("run", Integer, ForeignKey("runs.number"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("sha256", Text, ForeignKey("texts.sha256"), nullable=False),
    sqlite_with_rowid=False,
)
"""Which texts a run was played with: role persona, manner or rubric; name of a manner, else empty."""

EVENTS = Table(
    "events",
    METADATA,
    Column("run", Integer, ForeignKey("runs.number"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("event", Text, nullable=False),
    Column("hash", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The event log: canonical JSON and the hash that chains it to the event before."""
