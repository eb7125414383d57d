"""kill -9 at two hundred points of a plain call: nothing is lost but the sentence being typed."""

from __future__ import annotations

import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from personas.draws import draw
from saves.run import RunFile
from saves.runfile import check_chain, export
from saves.store import Store
from scoring import events as ev
from sim.recompute import recompute
from tests.sim.calling import STAMP, fork_main, forked

KILLS = 200
GONE_ON_WITH = 4
"""Every fourth call is gone on with, to its end."""
REPLIES = (
    "So you were charged twice on the third of March. What happened when you rang?",
    "You had checked the app and nobody looked. That must have been maddening. What did it mean for you?",
    "I see.",
    "/desk billing",
    "/mm-hm",
    "/wait 5",
    "Calm down please.",
)
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def typed_lines(number: int) -> list[str]:
    """What is typed in a call: mostly listening on, now and then something else."""
    lines = []
    for place in range(40):
        choice = draw(number, place, "line") % 12
        lines.append(REPLIES[choice] if choice < len(REPLIES) and place > 3 else "")
    return lines


@dataclass(frozen=True)
class Killed:
    """What could be seen of a call before it was killed."""

    shown: list[str]
    """Whole lines of standard output."""
    ran_out: bool
    """Whether it had ended by itself before."""


def killed_after(data: Path, number: int, signs: int) -> Killed:
    """Start a call with that seed and kill it once it has shown so many characters."""
    typed = data / "typed"
    typed.write_text("\n".join(typed_lines(number)) + "\n")
    reader, writer = os.pipe()
    with typed.open() as lines, (data / "err").open("w") as err:
        play = ("play", "--plain", "--voice", "written", "--seed", str(number))
        pid = fork_main(data, play, [lines.fileno(), writer, err.fileno()])
    os.close(writer)
    seen = b""
    while len(seen) < signs:
        more = os.read(reader, signs - len(seen))
        if not more:
            break
        seen += more
    os.kill(pid, signal.SIGKILL)
    # What it had shown already and nobody had read yet counts as shown, too.
    while more := os.read(reader, 65536):
        seen += more
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    whole = seen.decode().rsplit("\n", 1)[0] if b"\n" in seen else ""
    return Killed(whole.split("\n") if whole else [], os.waitstatus_to_exitcode(status) == 0)


def check_nothing_is_lost(killed: Killed, run: RunFile, number: int) -> None:
    said = [event.text for event in run.events if isinstance(event, ev.ClauseStarted)]
    heard = [line.removeprefix("Priya: ") for line in killed.shown if line.startswith("Priya: ")]
    assert len(heard) <= len(said)
    for shown, kept in zip(heard, said, strict=False):
        assert kept.startswith(shown), (shown, kept)
    ended = sum(isinstance(event, ev.ClauseEnded | ev.CustomerCutOff | ev.Yielded) for event in run.events)
    assert ended >= len(heard) - 1, "a clause that was followed by another was told to its end"
    replies = [event.text for event in run.events if isinstance(event, ev.Spoke)]
    typed = [line for line in typed_lines(number) if line and not line.startswith("/")]
    assert replies == typed[: len(replies)]
    acknowledged = sum(line.startswith("  [") for line in killed.shown)
    assert acknowledged <= len(replies)
    nods = sum(line == "You: (mm-hm)" for line in killed.shown)
    assert nods <= sum(isinstance(event, ev.Backchannelled) for event in run.events)
    if any(re.fullmatch("Billing, 6 months", line) for line in killed.shown):
        assert any(isinstance(event, ev.DeskOpened) for event in run.events)


def check_whole(store: Store, run: RunFile, folder: Path) -> None:
    path = folder / "one.hearmeout"
    export(store, run.header.run_id, path)
    assert check_chain(path).intact
    found = recompute(run)
    assert found.difference is None, found


def test_two_hundred_kills_lose_nothing_and_the_calls_go_on_to_an_end(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    points = []
    for number in range(1, KILLS + 1):
        # From the first moment of the start, before anything is shown, to the middle of the debrief.
        signs = draw(7, number, "kill") % 2600
        killed = killed_after(data, number, signs)
        with Store.open(data, stamp=STAMP) as store:
            assert store.notices == ()
            begun = [row for row in store.runs(1) if row.seed == number]
            if not begun:
                assert killed.shown == [], "a call that was shown is stored"
                continue
            run = store.load(begun[0].run_id)
            check_nothing_is_lost(killed, run, number)
            if begun[0].result is None:
                check_whole(store, run, tmp_path)
        points.append(len(run.events))
        over = any(isinstance(event, ev.Ended) for event in run.events)
        if number % GONE_ON_WITH == 0 and not over:
            goes_on_to_an_end(data, run, tmp_path)
    assert len(set(points)) > 20, "the kills came at many different points"


def goes_on_to_an_end(data: Path, before: RunFile, folder: Path) -> None:
    resumed = forked(data, "resume", before.header.run_id, stdin="\n\n/leave\n")
    assert resumed.status == 0 and "DEBRIEF" in resumed.out, resumed
    with Store.open(data, stamp=STAMP) as store:
        after = store.load(before.header.run_id)
        assert after.events[: len(before.events)] == before.events
        assert any(isinstance(event, ev.Ended) for event in after.events) and after.result is not None
        check_whole(store, after, folder)
