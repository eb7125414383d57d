"""The event store: every conversation of this user in one SQLite database.

A batch of events is one transaction. Once `append` returns, a killed process loses none of them; at the end
of a turn they are on the disk, so that a power cut loses none either.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from saves.canonical import canonical_json, canonical_model
from saves.damage import mark_suspect
from saves.door import Door
from saves.engine import READING, WRITING, WRITING_DURABLY, outside_transaction
from saves.errors import NoSuchRun, SavesCorrupt, SavesError, SavesFolderError
from saves.folders import make_private
from saves.interrupts import held_back
from saves.migrate import STEPS, same_file
from saves.opening import enter
from saves.rows import WITHOUT_TURNS, keep_texts, no_such_run, parse_result, to_row
from saves.run import Materials, RawRun, RunFile, RunRow, chain, chain_start, parse_run
from saves.sqlite import clear_errors, elsewhere
from saves.tables import EVENTS, RUN_TEXTS, RUNS, TEXTS
from scoring.events import CustomerTurnEnded, Ended, Event, Header, HungUp, Spoke

DATABASE = "hearmeout.db"
BUSY_MS = 400
"""How long to wait for another window's write before saying so."""

_TURN_ENDS = (Spoke, CustomerTurnEnded, HungUp, Ended)


@dataclass(frozen=True)
class _Tail:
    """Where a run's log ends."""

    number: int
    """Primary key of the run."""
    seq: int
    hash: str


class Store:
    """All conversations of one data folder. Safe to call from several threads, one call at a time."""

    notices: tuple[str, ...]
    """Sentences for the user about what was found at opening."""

    def __init__(self, path: Path, engine: Engine, door: Door, notices: tuple[str, ...] = ()) -> None:
        self.path = path
        self.notices = notices
        self._engine = engine
        self._door = door
        self._closed = False
        self._file = path.stat()
        self._lock = RLock()
        self._tails: dict[str, _Tail] = {}
        self._unsure: dict[str, tuple[_Tail, list[str]]] = {}

    @classmethod
    def open(
        cls, folder: Path, *, stamp: str, busy_ms: int = BUSY_MS, steps: Sequence[Path] = STEPS
    ) -> Store:
        """Open the store of a data folder; make what is not there, migrate what is old.

        A damaged database is set aside under a new name, a new one is begun, and `notices` says so.

        Args:
            folder: The data folder.
            stamp: UTC time for the name of a database set aside, such as 20260102T030405Z.
            busy_ms: How long a call waits for another program's lock.
            steps: Folders of migration steps.

        Raises:
            SavesNewer: when a newer program wrote the database; it was not touched.
            SavesLocked: when another program holds it.
            SavesReadOnly: when it may not be written.
            SavesFull: when the disk is full.
            SavesError: when folder or database cannot be used for another reason.
        """
        path = make_private(folder) / DATABASE
        with held_back():
            door = Door(path, busy_ms)
            try:
                engine, notice = enter(path, door, stamp, busy_ms, steps)
            except BaseException:
                door.close()
                raise
            return cls(path, engine, door, () if notice is None else (notice,))

    def close(self) -> None:
        """Give the database back. Safe to call twice."""
        with held_back(), self._lock:
            self._closed = True
            self._engine.dispose()
            self._door.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def begin(self, header: Header, materials: Materials) -> None:
        """Keep the start of a conversation; beginning the same one again changes nothing.

        Raises:
            ValueError: when a text is not the one the header names, or the id is another conversation's.
            SavesError: when it cannot be written; nothing of it was.
        """
        wrong = materials.mismatch(header)
        if wrong is not None:
            raise ValueError(f"the {wrong} text is not the one that the header's hash names")
        text = canonical_model(header)
        with self._transaction(WRITING_DURABLY) as connection:
            there = connection.execute(select(RUNS.c.header).where(RUNS.c.run_id == header.run_id)).scalar()
            if there == text:
                return
            if there is not None:
                raise ValueError(f"run {header.run_id} was begun with another header")
            number = connection.execute(
                insert(RUNS).values(run_id=header.run_id, persona_id=header.persona_id, header=text)
            ).inserted_primary_key
            assert number is not None
            keep_texts(connection, number[0], materials)

    def append(
        self, run_id: str, events: Sequence[Event], *, after: int | None = None, durable: bool | None = None
    ) -> int:
        """Add events to a run's log in one transaction and return the sequence number of its last event.

        When it fails, none of them is kept and the caller may call again later with the same events,
        followed by newer ones if there are any; nothing is kept twice.

        Args:
            run_id: The run; sequence numbers count from 0 in each.
            events: What happened, oldest first; none gives the last number (-1 in an empty log).
            after: The sequence number that this call's events follow, as far as the caller knows (-1: they
                are the first). Events that are there already are not written again, so that a caller that was
                stopped at any point, a Ctrl+C after the writing included, can simply call again.
            durable: Whether to wait until the disk has them; None: when one of them ends a turn.

        Raises:
            NoSuchRun: when the run was not begun.
            SavesFull: when the disk is full.
            SavesReadOnly: when the database may not be written any more.
            SavesFolderError: when it was moved away.
            SavesLocked: when another program holds it.
            SavesElsewhere: when the log goes on in another way, or is shorter than `after`.
            ValueError: when a number in an event is NaN or infinite.
        """
        texts = [canonical_model(event) for event in events]
        ended = next((event.reason for event in events if isinstance(event, Ended)), None)
        if durable is None:
            durable = any(isinstance(event, _TURN_ENDS) for event in events)
        with self._lock:
            if after is not None:
                self._unsure.pop(run_id, None)
            elif run_id in self._unsure:
                texts = self._settle(run_id, texts)
            tail = self._tails.get(run_id) or self._read_tail(run_id)
            if after is not None and after != tail.seq:
                texts = self._beyond(tail, after, texts)
            if not texts:
                self._tails[run_id] = tail
                return tail.seq
            hashes = chain(tail.hash, texts)
            # Whatever stops the next lines, Ctrl+C included, leaves a note of what may have been kept.
            self._unsure[run_id] = (tail, texts)
            self._tails.pop(run_id, None)
            with self._transaction(WRITING_DURABLY if durable else WRITING) as connection:
                connection.execute(
                    insert(EVENTS),
                    [
                        {"run": tail.number, "seq": tail.seq + place, "event": text, "hash": digest}
                        for place, (text, digest) in enumerate(zip(texts, hashes, strict=True), 1)
                    ],
                )
                if ended is not None:
                    connection.execute(update(RUNS).where(RUNS.c.number == tail.number).values(ended=ended))
            self._tails[run_id] = _Tail(tail.number, tail.seq + len(texts), hashes[-1])
            del self._unsure[run_id]
            return tail.seq + len(texts)

    def finish(self, run_id: str, result: Mapping[str, Any]) -> None:
        """Keep the summary of a conversation (plain data; a later one replaces it).

        Raises:
            NoSuchRun: when the run was not begun.
            ValueError: when a number in it is NaN or infinite.
            SavesError: when it cannot be written.
        """
        self._update(run_id, result=canonical_json(dict(result)))
        # Folding the log back now keeps it out of the next conversation; if it cannot be done, it can wait.
        with held_back(), self._lock, suppress(SavesError), clear_errors(self.path):
            outside_transaction(self._engine, "PRAGMA wal_checkpoint(PASSIVE)")

    def abandon(self, run_id: str) -> None:
        """Note that the trainee does not want to go on with an interrupted conversation.

        Raises:
            NoSuchRun: when the run was not begun.
            SavesError: when it cannot be written.
        """
        self._update(run_id, abandoned=True)

    def load(self, run_id: str) -> RunFile:
        """Return a whole conversation, in today's format.

        Raises:
            NoSuchRun: when there is none of that id.
            SavesNewer: when a newer program wrote it.
            SavesCorrupt: when it cannot be read.
        """
        raw = self.raw(run_id)
        try:
            header, events = parse_run(raw.header, [text for text, _ in raw.events])
        except SavesCorrupt as error:
            raise SavesCorrupt(f"The conversation {run_id} in {self.path} is damaged: {error}.") from error
        return RunFile(header, tuple(events), raw.materials, raw.result)

    def header(self, run_id: str) -> Header:
        """Return what a conversation was played with; raises as `load`."""
        return self.load(run_id).header

    def events(self, run_id: str) -> list[Event]:
        """Return the log of a conversation; raises as `load`."""
        return list(self.load(run_id).events)

    def materials(self, run_id: str) -> Materials:
        """Return the texts of a conversation; raises as `load`."""
        return self.raw(run_id).materials

    def raw(self, run_id: str) -> RawRun:
        """Return a conversation as it was written, with its chain.

        Raises:
            NoSuchRun: when there is none of that id.
            SavesCorrupt: when parts of it are missing.
        """
        with self._transaction(READING) as connection:
            run = connection.execute(
                select(RUNS.c.number, RUNS.c.header, RUNS.c.result).where(RUNS.c.run_id == run_id)
            ).one_or_none()
            if run is None:
                raise no_such_run(run_id)
            rows = connection.execute(
                select(EVENTS.c.seq, EVENTS.c.event, EVENTS.c.hash)
                .where(EVENTS.c.run == run.number)
                .order_by(EVENTS.c.seq)
            ).all()
            texts = connection.execute(
                select(RUN_TEXTS.c.role, RUN_TEXTS.c.name, TEXTS.c.text)
                .join(TEXTS, TEXTS.c.sha256 == RUN_TEXTS.c.sha256)
                .where(RUN_TEXTS.c.run == run.number)
            ).all()
        if any(row[0] != place for place, row in enumerate(rows)):
            raise SavesCorrupt(f"The conversation {run_id} in {self.path} is damaged: events are missing.")
        by_role = {role: text for role, _, text in texts}
        manners = {name: text for role, name, text in texts if role == "manner"}
        return RawRun(
            header=run.header,
            events=tuple((row[1], row[2]) for row in rows),
            materials=Materials(by_role.get("persona", ""), manners, by_role.get("rubric", "")),
            result=parse_result(run.result),
        )

    def runs(
        self, limit: int | None = None, *, persona_id: str | None = None, whole: bool = True
    ) -> list[RunRow]:
        """Return the conversations, newest first.

        Args:
            limit: At most so many; all when left out.
            persona_id: Only those with this customer.
            whole: False leaves the turns out of every summary, which is most of it.
        """
        columns = list(RUNS.c) if whole else WITHOUT_TURNS
        query = select(*columns).order_by(RUNS.c.number.desc()).limit(limit)
        if persona_id is not None:
            query = query.where(RUNS.c.persona_id == persona_id)
        with self._transaction(READING) as connection:
            return [to_row(run) for run in connection.execute(query)]

    def unfinished(self) -> list[RunRow]:
        """Return the interrupted conversations that were not abandoned, newest first."""
        query = select(RUNS).where(RUNS.c.ended.is_(None), RUNS.c.abandoned.is_(False))
        with self._transaction(READING) as connection:
            return [to_row(run) for run in connection.execute(query.order_by(RUNS.c.number.desc()))]

    def resolve(self, prefix: str) -> str:
        """Return the id of the one conversation whose id begins with `prefix`.

        Raises:
            NoSuchRun: when there is none, or more than one.
        """
        query = select(RUNS.c.run_id).where(RUNS.c.run_id.startswith(prefix, autoescape=True)).limit(2)
        with self._transaction(READING) as connection:
            found = connection.execute(query).scalars().all()
        if len(found) > 1 and prefix not in found:
            raise NoSuchRun(f"Several conversations begin with {json.dumps(prefix)}: give more of the id.")
        if not found or not prefix:
            raise no_such_run(prefix)
        return prefix if prefix in found else found[0]

    def _update(self, run_id: str, **values: Any) -> None:
        with self._transaction(WRITING_DURABLY) as connection:
            if not connection.execute(update(RUNS).where(RUNS.c.run_id == run_id).values(**values)).rowcount:
                raise no_such_run(run_id)

    def _read_tail(self, run_id: str) -> _Tail:
        last = (
            select(RUNS.c.number, RUNS.c.header, EVENTS.c.seq, EVENTS.c.hash)
            .outerjoin(EVENTS, EVENTS.c.run == RUNS.c.number)
            .where(RUNS.c.run_id == run_id)
            .order_by(EVENTS.c.seq.desc())
            .limit(1)
        )
        with self._transaction(READING) as connection:
            row = connection.execute(last).one_or_none()
        if row is None:
            raise no_such_run(run_id)
        if row.seq is None:
            return _Tail(row.number, -1, chain_start(row.header))
        return _Tail(row.number, row.seq, row.hash)

    def _settle(self, run_id: str, texts: list[str]) -> list[str]:
        """Find out whether the last batch was kept; return what of the new one is still to be written."""
        before, tried = self._unsure[run_id]
        now = self._read_tail(run_id)
        written = (before.seq + len(tried), chain(before.hash, tried)[-1])
        if (now.seq, now.hash) == written:
            texts = texts[len(tried) :] if texts[: len(tried)] == tried else texts
        elif now != before:
            raise elsewhere()
        self._tails[run_id] = now
        del self._unsure[run_id]
        return texts

    def _beyond(self, tail: _Tail, after: int, texts: list[str]) -> list[str]:
        """Return what is left to write of events that were to follow number `after`."""
        kept = select(EVENTS.c.event).where(EVENTS.c.run == tail.number, EVENTS.c.seq > after)
        with self._transaction(READING) as connection:
            there = connection.execute(kept.order_by(EVENTS.c.seq)).scalars().all()
        if tail.seq < after or texts[: len(there)] != there:
            raise elsewhere()
        return texts[len(there) :]

    @contextmanager
    def _transaction(self, begin: Sequence[str]) -> Iterator[Connection]:
        if self._closed:
            raise RuntimeError("this store was closed")
        try:
            with (
                held_back(),
                self._lock,
                clear_errors(self.path),
                self._engine.execution_options(begin=begin).begin() as connection,
            ):
                if begin is not READING and not same_file(self._file, self.path):
                    raise SavesFolderError(
                        f"The database {self.path} was moved or deleted while it was in use: "
                        f"put it back, or start the game again."
                    )
                yield connection
        except SavesCorrupt:
            mark_suspect(self.path)
            raise
