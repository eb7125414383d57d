"""A process killed or interrupted at any moment: whatever `append` gave back is there, and nothing twice."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from saves.run import chain, chain_start
from saves.store import Store
from scoring.events import Event
from tests.saves.children import Child, Say, needs_fork
from tests.saves.samples import MATERIALS, RUN_ID, STAMP, conversation, make_header

pytestmark = needs_fork

LOG = conversation(4)


def batches(seed: int) -> list[list[Event]]:
    """The log cut into batches of one to four events."""
    draw = random.Random(seed)
    cut: list[list[Event]] = []
    at = 0
    while at < len(LOG):
        size = draw.randint(1, 4)
        cut.append(LOG[at : at + size])
        at += size
    return cut


def assert_whole(folder: Path, at_least: int) -> int:
    """The stored log is the start of what was written, unbroken; return how many events it has."""
    with Store.open(folder, stamp=STAMP) as store:
        assert store.notices == ()
        raw = store.raw(RUN_ID)
        kept = store.events(RUN_ID)
        assert len(kept) >= at_least
        assert kept == LOG[: len(kept)]
        assert [digest for _, digest in raw.events] == chain(
            chain_start(raw.header), [text for text, _ in raw.events]
        )
        assert store.append(RUN_ID, LOG[len(kept) :]) == len(LOG) - 1
        assert store.events(RUN_ID) == LOG
    return len(kept)


@pytest.mark.parametrize("seed", range(40))
def test_killed_after_some_events(tmp_path: Path, seed: int) -> None:
    def work(say: Say) -> None:
        store = Store.open(tmp_path, stamp=STAMP)
        store.begin(make_header(), MATERIALS)
        say(-1)
        for batch in batches(seed):
            say(store.append(RUN_ID, batch))
        while True:
            signal.pause()

    child = Child(work)
    heard = [child.hear() for _ in range(random.Random(seed).randint(1, len(batches(seed))))]
    child.signal(signal.SIGKILL)
    heard += child.rest()
    assert child.status == signal.SIGKILL
    assert_whole(tmp_path, at_least=heard[-1] + 1)


@pytest.mark.parametrize("nap_ms", range(0, 60, 5))
def test_killed_while_the_store_is_made(tmp_path: Path, nap_ms: int) -> None:
    def work(say: Say) -> None:
        # The alarm kills this process by itself, wherever it then is.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, 0.001 + nap_ms / 1000)
        Store.open(tmp_path, stamp=STAMP).begin(make_header(), MATERIALS)
        say("begun")
        while True:
            signal.pause()

    child = Child(work)
    said = child.rest()
    assert child.status == signal.SIGALRM
    with Store.open(tmp_path, stamp=STAMP) as store:
        assert store.notices == ()
        assert len(store.runs()) >= len(said)
        store.begin(make_header(), MATERIALS)
        assert store.append(RUN_ID, LOG) == len(LOG) - 1


@pytest.mark.parametrize("seed", range(6))
def test_ctrl_c_at_any_moment(tmp_path: Path, seed: int) -> None:
    """A caller that calls again with the same place loses and doubles nothing."""

    def work(say: Say) -> None:
        signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
        draw = random.Random(seed)
        interrupted = 0
        store = Store.open(tmp_path, stamp=STAMP)
        store.begin(make_header(), MATERIALS)
        last = -1
        for batch in batches(seed):
            goal = last + len(batch)
            wait_s = draw.uniform(0.00002, 0.0006)
            while last < goal:
                try:
                    # One interruption a batch: a second try runs to its end.
                    wait_s, now_s = 0.0, wait_s
                    signal.setitimer(signal.ITIMER_REAL, now_s)
                    last = store.append(RUN_ID, batch, after=goal - len(batch))
                    signal.setitimer(signal.ITIMER_REAL, 0)
                except KeyboardInterrupt:
                    interrupted += 1
        say(interrupted)
        store.close()

    child = Child(work)
    (interrupted,) = child.rest()
    assert interrupted > 0, interrupted
    assert assert_whole(tmp_path, at_least=len(LOG)) == len(LOG)
