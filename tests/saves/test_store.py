from __future__ import annotations

import os
import stat
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saves.canonical import canonical_model
from saves.errors import NoSuchRun, SavesElsewhere
from saves.run import Materials, chain, chain_start
from saves.store import Store
from scoring.events import Ended, Event, FocusLost, Header, Spoke
from tests.saves.samples import MATERIALS, RESULT, RUN_ID, STAMP, conversation, make_header
from tests.saves.strategies import events, headers, materials


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(tmp_path_factory.mktemp("shared"), stamp=STAMP) as opened:
        yield opened


def test_a_conversation_is_there_again_after_closing(tmp_path: Path) -> None:
    log = conversation(3)
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.notices == ()
        store.begin(make_header(), MATERIALS)
        assert store.append(RUN_ID, log[:10]) == 9
        assert store.append(RUN_ID, []) == 9
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.append(RUN_ID, log[10:]) == len(log) - 1
        store.finish(RUN_ID, RESULT)
        assert store.events(RUN_ID) == log
        assert store.header(RUN_ID) == make_header()
        assert store.materials(RUN_ID) == MATERIALS
        run = store.load(RUN_ID)
        assert (run.header, list(run.events), run.materials) == (make_header(), log, MATERIALS)
        assert run.result == RESULT


def test_the_chain_starts_from_the_header_and_runs_over_every_event(store: Store) -> None:
    store.begin(make_header(), MATERIALS)
    log = conversation(1)
    for event in log:
        store.append(RUN_ID, [event])
    raw = store.raw(RUN_ID)
    texts = [canonical_model(event) for event in log]
    assert [text for text, _ in raw.events] == texts
    assert [digest for _, digest in raw.events] == chain(chain_start(canonical_model(make_header())), texts)


def test_runs_are_listed_newest_first(store: Store) -> None:
    for number in range(5):
        persona = "tests/rosa" if number % 2 else "tests/omar"
        store.begin(make_header(f"{number:032}", persona_id=persona, seed=number), MATERIALS)
    store.append(f"{1:032}", conversation(1))
    store.finish(f"{1:032}", RESULT)
    store.append(f"{2:032}", [Ended(t=5, reason="left")])
    store.abandon(f"{3:032}")
    assert [row.seed for row in store.runs()] == [4, 3, 2, 1, 0]
    assert [row.seed for row in store.runs(2)] == [4, 3]
    assert [row.seed for row in store.runs(persona_id="tests/rosa")] == [3, 1]
    assert [row.seed for row in store.unfinished()] == [4, 0]
    assert store.runs(whole=False) == store.runs()
    finished = next(row for row in store.runs() if row.seed == 1)
    assert (finished.ended, finished.result, finished.abandoned) == ("solved", RESULT, False)
    assert (finished.mode, finished.voice_kind, finished.medium) == ("rated", "written", "phone")
    left, gone = (next(row for row in store.runs() if row.seed == seed) for seed in (2, 3))
    assert (left.ended, left.result) == ("left", None)
    assert (gone.ended, gone.abandoned) == (None, True)


def test_beginning_twice_is_beginning_once(store: Store) -> None:
    store.begin(make_header(), MATERIALS)
    store.begin(make_header(), MATERIALS)
    assert len(store.runs()) == 1
    with pytest.raises(ValueError, match="another header"):
        store.begin(make_header(seed=8), MATERIALS)


@pytest.mark.parametrize("field", ["persona_sha256", "manners_sha256", "rubric_sha256"])
def test_texts_must_be_the_ones_that_the_header_names(store: Store, field: str) -> None:
    named: dict[str, Any] = {field: "0" * 64}
    with pytest.raises(ValueError, match=field.split("_")[0]):
        store.begin(make_header(**named), MATERIALS)
    assert store.runs() == []


def test_a_text_is_kept_once(tmp_path: Path) -> None:
    big = Materials("p" * 200_000, {"warm": "m" * 200_000}, "r" * 200_000)
    sizes = []
    for first in (0, 20):
        with Store.open(tmp_path, stamp=STAMP) as store:
            for number in range(first, first * 2 + 1):
                store.begin(make_header(f"{number:032}", materials=big), big)
            assert store.materials(f"{first:032}") == big
        sizes.append(store.path.stat().st_size)
    assert sizes[1] < sizes[0] + 200_000


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(RuntimeError, match="closed"):
        store.runs()


def test_the_same_events_given_with_their_place_are_kept_once(store: Store) -> None:
    log = conversation(1)
    store.begin(make_header(), MATERIALS)
    assert store.append(RUN_ID, log[:4], after=-1) == 3
    assert store.append(RUN_ID, log[:4], after=-1) == 3
    assert store.append(RUN_ID, log[:9], after=-1) == 8
    assert store.append(RUN_ID, log[7:], after=6) == len(log) - 1
    assert store.events(RUN_ID) == log


@pytest.mark.parametrize("after", [-1, 0, 1, 5])
def test_a_log_that_went_on_in_another_way_is_left_alone(store: Store, after: int) -> None:
    store.begin(make_header(), MATERIALS)
    store.append(RUN_ID, conversation(1)[:3])
    with pytest.raises(SavesElsewhere, match="another window"):
        store.append(RUN_ID, [FocusLost(t=99)], after=after)
    assert store.events(RUN_ID) == conversation(1)[:3]


def test_two_windows_on_one_conversation(tmp_path: Path) -> None:
    with Store.open(tmp_path, stamp=STAMP) as one, Store.open(tmp_path, stamp=STAMP) as other:
        one.begin(make_header(), MATERIALS)
        one.append(RUN_ID, [FocusLost(t=1)])
        other.append(RUN_ID, [FocusLost(t=2)])
        with pytest.raises(SavesElsewhere, match="another window"):
            one.append(RUN_ID, [FocusLost(t=3)])
        assert one.events(RUN_ID) == [FocusLost(t=1), FocusLost(t=2)]


def test_unknown_runs(store: Store) -> None:
    for call in (
        store.header,
        store.events,
        store.materials,
        store.load,
        store.abandon,
        lambda run_id: store.append(run_id, [FocusLost(t=0)]),
        lambda run_id: store.finish(run_id, {}),
        store.resolve,
    ):
        with pytest.raises(NoSuchRun, match="hearmeout runs"):
            call("\x1b[31m")


def test_an_id_may_be_shortened(store: Store) -> None:
    for run_id in ("aa11", "aa12", "b%_3", "aa"):
        store.begin(make_header(run_id), MATERIALS)
    assert store.resolve("aa11") == "aa11"
    assert store.resolve("b") == "b%_3"
    assert store.resolve("aa") == "aa"
    for prefix, sentence in (
        ("aa1", "Several"),
        ("_", "no stored"),
        ("%", "no stored"),
        ("", "no stored|Several"),
    ):
        with pytest.raises(NoSuchRun, match=sentence):
            store.resolve(prefix)


@pytest.mark.parametrize("letter", ["x", "[", "\x00", "\u202e", "\u200b", "\U0001f469"])
def test_a_line_of_a_megabyte(store: Store, letter: str) -> None:
    store.begin(make_header(), MATERIALS)
    store.append(RUN_ID, [Spoke(t=0, text=letter * 1_000_000)])
    assert store.events(RUN_ID) == [Spoke(t=0, text=letter * 1_000_000)]


def test_a_number_that_is_none_keeps_the_whole_batch_out(store: Store) -> None:
    from scoring.events import ChecksRead

    store.begin(make_header(), MATERIALS)
    with pytest.raises(ValueError):
        store.append(RUN_ID, [FocusLost(t=0), ChecksRead(t=0, answers={"restates": float("nan")})])
    assert store.append(RUN_ID, [FocusLost(t=1)]) == 0


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
def test_nobody_else_may_read_it(store: Store) -> None:
    store.begin(make_header(), MATERIALS)
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    files = [file for file in store.path.parent.iterdir() if file.suffix != ".lock"]
    assert len(files) == 3
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_log_in_any_batches_comes_back(shared_store: Store, data: st.DataObject) -> None:
    played_with: Materials = data.draw(materials())
    header: Header = data.draw(headers(uuid.uuid4().hex, played_with))
    batches: list[list[Event]] = data.draw(st.lists(st.lists(events(), max_size=5), max_size=5))
    shared_store.begin(header, played_with)
    for batch in batches:
        shared_store.append(header.run_id, batch, durable=False)
    run = shared_store.load(header.run_id)
    assert run.header == header
    assert run.materials == played_with
    assert list(run.events) == [event for batch in batches for event in batch]
    assert [row.run_id for row in shared_store.runs(1)] == [header.run_id]
