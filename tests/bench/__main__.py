"""Prints what the budgets measure on this machine: `make bench`."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from pathlib import Path

from saves.store import Store
from sim.home import Home, Wanted
from sim.recompute import recompute
from sim.session import new_table
from sim.virtual import VirtualCall
from tests.bench import screens, voice, year
from tests.bench.table import head, row, timed

REPLIES = (
    "So that has gone on for a while and nobody came back to you. What happened then?",
    "That sounds wearing. How have you been managing since?",
    "I can see it on the record. I will look at it myself today.",
)
"""Replies of an ordinary length, one after the other."""
TURNS = 20


def _home(folder: Path) -> Home:
    return Home(
        data=folder,
        environment={},
        now_utc=lambda: "2026-01-01T00:00:00+00:00",
        monotonic_ms=lambda: 0,
        new_id=lambda: "0" * 32,
        say=print,
        warn=print,
    )


def bench(folder: Path) -> None:
    """Play one long call, store it event by event, recompute it, and print a line for each budget."""
    table = new_table(_home(folder), Wanted("hearmeout/priya-nair", 7, "written"), timed=True)
    conversation = table.conversation(lambda events: None)
    call = VirtualCall(conversation)
    conversation.start(0)
    reading, scoring = [], []
    for number in range(TURNS):
        call.listen()
        if conversation.over:
            break
        call.run_to(call.now + 2500)
        call.listen()
        if conversation.over:
            break
        reading.append(
            timed(lambda n=number: conversation.speak(call.now, REPLIES[n % len(REPLIES)]))  # type: ignore[misc]
        )
        scoring.append(timed(lambda: table.score(conversation.events)))
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {len(reading)} replies"
    )
    head()
    row("read and decide one turn", reading[1:], "p99 <= 40 ms with scoring")
    row("score the whole call so far", scoring[1:], "")
    with Store.open(folder, stamp="bench") as store:
        store.begin(table.header, table.materials)
        appends = [
            timed(lambda e=event: store.append(table.header.run_id, [e]))  # type: ignore[misc]
            for event in conversation.events
        ]
        row("append one event", appends, "p99 <= 5 ms")
        store.finish(table.header.run_id, table.score(conversation.events).as_dict())
        loads = [timed(lambda: store.load(table.header.run_id)) for _ in range(5)]
        row("load the stored call", loads, "")
        run = store.load(table.header.run_id)
    row(
        "recompute the stored call",
        [timed(lambda: recompute(run)) for _ in range(5)],
        "<= 50 ms for 20 turns",
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        bench(Path(scratch) / "core")
        year.bench()
        voice.bench(Path(scratch) / "voice")
        if sys.platform == "linux":
            screens.bench(Path(scratch))
