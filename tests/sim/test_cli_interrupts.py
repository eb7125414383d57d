"""The command line and Ctrl+C: a clear sentence or silence, never a traceback."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.recompute import recompute
from tests.sim.calling import (
    WAIT_S,
    Outcome,
    command,
    environment,
    hearmeout,
    stored,
)
from tests.sim.cli_calls import PLAY

# Ctrl+C


class Started:
    """A command that is running, at a pipe."""

    def __init__(self, data: Path, *arguments: str) -> None:
        self._process = subprocess.Popen(
            command(*arguments),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(data),
        )

    def type(self, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def read_until(self, part: str) -> None:
        assert self._process.stdout is not None
        seen = b""
        while part.encode() not in seen:
            ready, _, _ = select.select([self._process.stdout], [], [], WAIT_S)
            more = os.read(self._process.stdout.fileno(), 65536) if ready else b""
            if not more:
                self._process.kill()
                self._process.communicate()
                raise AssertionError(f"it never said {part!r}: {seen.decode()}")
            seen += more

    def interrupt(self) -> Outcome:
        self._process.send_signal(signal.SIGINT)
        out, err = self._process.communicate(timeout=WAIT_S)
        return Outcome(self._process.returncode, out.decode(), err.decode())


def test_ctrl_c_at_the_prompt_says_what_became_of_the_call(data: Path) -> None:
    started = Started(data, *PLAY)
    started.type("\n\n")
    started.read_until("On the thir")
    done = started.interrupt()
    assert done.status == 130
    assert done.sentence() == "Stopped. What was said is kept; `hearmeout resume` goes on with it."
    assert hearmeout(data, "resume", stdin="\n/leave\n").status == 0
    assert recompute(stored(data)[0]).difference is None


def test_ctrl_c_at_the_menu_leaves_at_once(data: Path) -> None:
    started = Started(data)
    started.read_until("tier 2")
    done = started.interrupt()
    assert done.status == 130 and done.err.strip() == ""


def test_ctrl_c_while_a_model_speaks(data: Path, tiny_model: Path) -> None:
    started = Started(data, "play", "--plain", "--seed", "3", "--voice", "local", "--model", str(tiny_model))
    started.type("\n" * 12 + "What happened on the Thursday?\n")
    started.read_until("  [")
    done = started.interrupt()
    assert done.status == 130 and "Traceback" not in done.err
    assert hearmeout(data, "resume", stdin="\n/leave\n").status == 0
    assert recompute(stored(data)[0]).difference is None


INTERRUPT_AT = """
import os, signal, sys
count = int(sys.argv.pop(1))
class Stop:
    def find_spec(self, name, path=None, target=None):
        global count
        count -= 1
        if count == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return None
sys.argv[0] = "hearmeout"
sys.meta_path.insert(0, Stop())
from sim.start import main
main()
"""


@pytest.mark.parametrize("number", [4, 12, 40, 110, 230, 380, 540, 700])
def test_ctrl_c_while_anything_is_being_imported_is_silent(data: Path, number: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT_AT, str(number), *PLAY],
        input="/leave\n",
        capture_output=True,
        text=True,
        env=environment(data),
        timeout=WAIT_S,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 130)
    if done.returncode == 130:
        assert done.stderr.strip() == "" and "DEBRIEF" not in done.stdout


def test_ctrl_c_that_the_shell_has_switched_off_stays_off(data: Path) -> None:
    ignoring: Callable[[], object] = lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)  # noqa: E731
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPT_AT, "50", *PLAY],
        input="\n/leave\n",
        capture_output=True,
        text=True,
        env=environment(data),
        timeout=WAIT_S,
        check=False,
        preexec_fn=ignoring,
    )
    assert done.returncode == 0 and "DEBRIEF" in done.stdout
