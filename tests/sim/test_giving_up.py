"""Giving an interrupted call up: practice is put away, a rated call that was replied to ends as left."""

from __future__ import annotations

from pathlib import Path

import pytest

from saves.store import Store
from scoring import events as ev
from sim.career.counting import Counts, counts_of, days_of
from sim.career.played import played_calls
from sim.giving_up import give_up
from sim.home import Mode
from sim.recompute import recompute
from sim.virtual import VirtualCall
from tests.sim.calling import STAMP, begun, table_for


def broken_off(store: Store, mode: Mode, *, replied: bool, number: int = 1) -> str:
    """A call that was stopped in the middle; return its id."""
    table = table_for(mode=mode, run_id=f"{number:032x}", seed=number)
    conversation = begun(table)
    call = VirtualCall(conversation)
    call.listen()
    if replied:
        conversation.speak(call.now, "So you were charged twice. What happened on the Thursday?")
    store.begin(table.header, table.materials)
    store.append(table.header.run_id, conversation.events)
    return table.header.run_id


@pytest.mark.parametrize(
    ("mode", "replied", "ends"),
    [
        ("rated", True, True),
        ("competition", True, True),
        ("rated", False, False),
        ("practice", True, False),
    ],
)
def test_what_giving_up_does(tmp_path: Path, mode: Mode, replied: bool, ends: bool) -> None:
    with Store.open(tmp_path, stamp=STAMP) as store:
        name = broken_off(store, mode, replied=replied)
        give_up(store, name)
        (row,) = store.runs()
        run = store.load(name)

        assert store.unfinished() == []
        assert (row.ended, row.abandoned) == (("stopped", False) if ends else (None, True))
        assert isinstance(run.events[-1], ev.Ended) is ends
        if ends:
            assert recompute(run).difference is None
            give_up(store, name)
            assert store.load(name).events == run.events


def test_breaking_off_is_no_way_around_leaving(tmp_path: Path) -> None:
    with Store.open(tmp_path, stamp=STAMP) as store:
        for number in (1, 2):
            give_up(store, broken_off(store, "rated", replied=True, number=number))
        calls = played_calls(store.runs())

    counts = counts_of(calls, days_of(calls, None))
    assert sorted(counts.values()) == sorted([Counts.EXCUSED, Counts.LOST])


def test_a_call_whose_customer_cannot_be_read_is_put_away(tmp_path: Path) -> None:
    with Store.open(tmp_path, stamp=STAMP) as store:
        name = broken_off(store, "rated", replied=True)
        header = store.header(name).model_copy(update={"run_id": "f" * 32})
        materials = store.materials(name)
        broken = type(materials)("no persona", materials.manners, materials.rubric_text)
        header = header.model_copy(update={"persona_sha256": broken.persona_sha256})
        store.begin(header, broken)
        store.append("f" * 32, store.events(name))
        give_up(store, "f" * 32)

        assert [row.run_id for row in store.unfinished()] == [name]
