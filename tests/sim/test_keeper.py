"""Storing while the call goes on: what cannot be kept waits, in order, and is told once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from saves.errors import SavesError, SavesFull
from saves.store import DATABASE, Store
from scoring.events import ClauseEnded, Event, FocusLost
from sim.keeper import Keeper
from tests.sim.calling import STAMP, begun, table_for

RUN = "ab" * 16


class Moody:
    """A store that can be told to be full; the real one does the work."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.full = False

    def append(self, run_id: str, events: Sequence[Event], *, after: int | None = None) -> int:
        self._check()
        return self._store.append(run_id, events, after=after)

    def finish(self, run_id: str, result: Any) -> None:
        self._check()
        self._store.finish(run_id, result)

    def _check(self) -> None:
        if self.full:
            raise SavesFull("The disk is full.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    table = table_for()
    with Store.open(tmp_path, stamp=STAMP) as opened:
        opened.begin(table.header, table.materials)
        yield opened


@pytest.fixture
def told() -> list[str]:
    return []


def events(start: int, count: int) -> list[Event]:
    return [FocusLost(t=number) for number in range(start, start + count)]


def test_batches_are_stored_in_order(store: Store, told: list[str]) -> None:
    keeper = Keeper(store, RUN, told.append)
    keeper.keep(events(0, 2))
    keeper.keep(events(2, 1))
    keeper.keep([])
    assert store.events(RUN) == events(0, 3)
    assert keeper.waiting == 0 and told == []


def test_what_cannot_be_stored_waits_and_is_told_once(store: Store, told: list[str]) -> None:
    moody = Moody(store)
    keeper = Keeper(moody, RUN, told.append)  # type: ignore[arg-type]
    keeper.keep(events(0, 1))
    moody.full = True
    keeper.keep(events(1, 2))
    keeper.keep(events(3, 2))
    assert told == ["The disk is full. The call goes on; what is not saved is tried again."]
    assert keeper.waiting == 4 and not keeper.retry()
    assert store.events(RUN) == events(0, 1)
    moody.full = False
    keeper.keep(events(5, 1))
    assert store.events(RUN) == events(0, 6)
    assert told[1:] == ["Saving works again; nothing is missing."]


def test_a_call_that_could_not_be_saved_says_so_and_one_that_could_is_whole(
    store: Store, told: list[str]
) -> None:
    moody = Moody(store)
    keeper = Keeper(moody, RUN, told.append)  # type: ignore[arg-type]
    moody.full = True
    keeper.keep(events(0, 1))
    assert not keeper.finish({"score": 1})
    assert told[-1] == "This call could not be saved to its end."
    moody.full = False
    assert keeper.finish({"score": 1})
    assert store.load(RUN).result == {"score": 1}


def test_only_the_scores_missing_is_told_as_that(store: Store, told: list[str]) -> None:
    moody = Moody(store)
    keeper = Keeper(moody, RUN, told.append)  # type: ignore[arg-type]
    keeper.keep(events(0, 1))
    moody.full = True
    assert not keeper.finish({"score": 1})
    assert told == ["The disk is full. The scores of this call were not kept; its events were."]


def test_a_database_that_another_program_holds_is_waited_for(
    tmp_path: Path, store: Store, told: list[str]
) -> None:
    keeper = Keeper(store, RUN, told.append)
    with closing(sqlite3.connect(tmp_path / DATABASE, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        keeper.keep(events(0, 2))
        assert keeper.waiting == 2 and len(told) == 1
        other.execute("ROLLBACK")
    keeper.keep(events(2, 1))
    assert store.events(RUN) == events(0, 3)


def test_another_window_that_goes_on_with_the_call_is_not_overwritten(store: Store, told: list[str]) -> None:
    mine, theirs = Keeper(store, RUN, told.append), Keeper(store, RUN, told.append)
    mine.keep(events(0, 1))
    theirs.keep(events(10, 1))
    assert store.events(RUN) == events(0, 1)
    assert theirs.waiting == 1 and told


def test_every_clause_of_a_call_is_stored_before_it_can_be_seen(store: Store, told: list[str]) -> None:
    table = table_for(timed=False)
    keeper = Keeper(store, RUN, told.append)
    seen: list[int] = []

    def keep(batch: Sequence[Event]) -> None:
        keeper.keep(batch)
        seen.append(len(store.events(RUN)))

    talk = table.conversation(keep)
    talk.start(0)
    assert seen[-1] == len(talk.events)
    while not talk.floor_is_free:
        due = talk.next_due()
        assert due is not None
        talk.advance(due)
        assert seen[-1] == len(talk.events)
    assert sum(isinstance(event, ClauseEnded) for event in store.events(RUN)) > 5


def test_keeping_never_raises_a_saves_error() -> None:
    class Broken:
        def append(self, *args: object, **named: object) -> int:
            raise SavesError("It is broken.")

    told: list[str] = []
    keep: Callable[[Sequence[Event]], None] = Keeper(Broken(), RUN, told.append).keep  # type: ignore[arg-type]
    talk = table_for().conversation(keep)
    talk.start(0)
    talk.advance(20_000)
    assert len(told) == 1
    assert len(talk.events) > 5
    assert begun(table_for()).events[0] == talk.events[0]
