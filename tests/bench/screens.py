"""Measures the screens from outside: the real program in a pseudo-terminal, bytes in and bytes out."""

from __future__ import annotations

import os
import queue
import signal
import statistics
import sys
import threading
import time
from pathlib import Path

from personas.draws import draw
from tests.bench.table import note, row
from tests.sim.calling import command, environment
from tests.sim.tui.terminal import Terminal, processes_with
from tests.tiny_model import write_tiny_model

STARTS = 11
"""Starts of each program; they take turns, so that what else the machine does falls on both alike."""
TURNS = 9
WORDS = "so your bill was charged twice and nobody rang you back"
"""What is typed: short enough for one row, of letters only."""
EMPTY_APP = [sys.executable, "-c", "from textual.app import App; App().run()"]
CTRL_Q = "\x11"


class Stamped(Terminal):
    """A terminal whose output is stamped the moment it comes, whatever else is being done with it."""

    def __init__(self, argv: list[str], data: Path, **more: str) -> None:
        """Start a program with a data folder; keywords go to its environment."""
        env = environment(data, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", **more)
        env.pop("NO_COLOR", None)
        self._inbox: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        super().__init__(argv, env)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        descriptor = os.dup(self.master)
        try:
            while data := os.read(descriptor, 1 << 16):
                self._inbox.put((time.monotonic(), data))
        except OSError:
            return
        finally:
            os.close(descriptor)

    def pump(self, timeout_s: float) -> float | None:
        """Take what comes out within a time; return when it came, monotonic seconds, None for nothing."""
        try:
            at, data = self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except queue.Empty:
            return None
        self.take(data)
        return at

    def wait_s(self, seconds: float) -> None:
        """Take what comes out for a while."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.pump(left)

    @property
    def painted(self) -> bool:
        """Whether the last cell of the screen has been given a background."""
        return bool(self.screen.buffer[self.screen.lines - 1][self.screen.columns - 1].bg != "default")

    def row_of(self, mark: str) -> str:
        """Return the row of the screen that holds a mark; "" where none does."""
        return next((line.rstrip() for line in self.screen.display if mark in line), "")


def bench_start(folder: Path) -> None:
    """Time from the start of the process to the first whole screen, against an app without anything."""
    ours: list[float] = []
    empty: list[float] = []
    for _ in range(STARTS):
        for argv, times in ((EMPTY_APP, empty), (command(), ours)):
            terminal = Stamped(argv, folder)
            try:
                at = terminal.until(lambda t=terminal: t.painted, "the first paint")  # type: ignore[misc]
                times.append((at - terminal.started) * 1000)
                terminal.type(CTRL_Q)
                terminal.ended()
            finally:
                terminal.close()
    row("start to first paint, an empty Textual app", empty)
    row("start to first paint, hearmeout", ours, "<= 1.5x the empty app")
    note(f"{statistics.median(ours) / statistics.median(empty):.2f}x the empty app, medians of {STARTS} each")


def bench_keys(folder: Path, model: Path) -> None:
    """Time from a key to its letter on the screen in a call whose customer a model voices; then quit."""
    keys: list[tuple[float, bool]] = []
    quits: list[float] = []
    while len(keys) < TURNS * len(WORDS):
        keys += _one_call(folder, model, quits)
    row("key to echo, while a model's customer speaks", [ms for ms, _ in keys], "p99 <= 33 ms")
    busy = [ms for ms, worked in keys if worked]
    if busy:
        row("  those of them at which the model computed", busy)
    note(f"{len(keys)} keys, {len(busy)} of them while the model computed; slowest {max(keys)[0]:.0f} ms")
    row("quit while the model speaks, by the keys", quits, "<= 500 ms")
    _bench_terminate(folder, model)


def _into_call(folder: Path, model: Path, **more: str) -> Stamped:
    terminal = Stamped(
        command("play", "--model", str(model), "--mode", "rated", "--seed", "3"), folder, **more
    )
    terminal.see("answer the phone")
    terminal.type("\r")
    terminal.see("is speaking", "Enter speak")
    return terminal


def _child(folder: Path, terminal: Stamped) -> int:
    return next(pid for pid in processes_with(folder) if pid != terminal.process.pid)


def _worked(pid: int) -> int:
    """Return the processor time of a process so far, in ticks; 0 once it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _one_call(folder: Path, model: Path, quits: list[float]) -> list[tuple[float, bool]]:
    """Cut in again and again, so that the model has to speak; return each key time, ms, and if it worked."""
    terminal = _into_call(folder, model)
    found: list[tuple[float, bool]] = []
    try:
        child = _child(folder, terminal)
        for turn in range(TURNS):
            if "The call is over" in terminal.text:
                break
            found += _type_words(terminal, child, turn)
            terminal.type("\r")
            terminal.until(lambda: not terminal.row_of("›").endswith(WORDS), "the words gone")
        if "The call is over" not in terminal.text:
            quits.append(_quit(terminal))
        return found
    finally:
        terminal.close()


def _type_words(terminal: Stamped, child: int, turn: int) -> list[tuple[float, bool]]:
    found = []
    for place, letter in enumerate(WORDS):
        terminal.wait_s(0.02 + draw(turn, place, "gap") % 100 / 1000)
        if "The call is over" in terminal.text:
            break
        wanted = f"› {WORDS[: place + 1]}".rstrip()
        before = _worked(child)
        at = terminal.type(letter)
        if letter == " ":
            continue
        echo = terminal.until(lambda: wanted in terminal.row_of("›"), wanted)  # noqa: B023 - used at once
        found.append(((echo - at) * 1000, _worked(child) > before))
    return found


def _quit(terminal: Stamped) -> float:
    begun = terminal.type(CTRL_Q)
    terminal.see("Stop here?")
    terminal.type("\r")
    terminal.see("Your call was interrupted")
    terminal.type("q")
    terminal.process.wait()
    return (time.monotonic() - begun) * 1000


def _bench_terminate(folder: Path, model: Path) -> None:
    ends = []
    for _ in range(5):
        terminal = _into_call(folder, model)
        try:
            terminal.type(f"{WORDS}\r")
            terminal.until(lambda t=terminal: WORDS not in t.row_of("›"), "the words gone")  # type: ignore[misc]
            begun = time.monotonic()
            terminal.process.send_signal(signal.SIGTERM)
            terminal.process.wait()
            ends.append((time.monotonic() - begun) * 1000)
        finally:
            terminal.close()
    row("quit while the model speaks, by a signal", ends, "<= 500 ms")


def bench(folder: Path) -> None:
    """Print a line for each budget of the screens."""
    # The reading thread must get its turn at once, or the stamps would be late.
    sys.setswitchinterval(0.0005)
    bench_start(folder / "start")
    model = write_tiny_model(folder / "talker.gguf", width=512, layers=8, context=16384, ends=False)
    bench_keys(folder / "keys", model)
