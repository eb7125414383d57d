"""A pseudo-terminal with the real program in it: what is typed, what is shown, what is left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyte

from tests.sim.calling import command, environment

WAIT_S = 30.0
"""How long anything may take at most that a test waits for; nothing takes a tenth of it."""
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KITTY = re.compile(rb"\x1b\[[<>=][\d;]*u")
"""Keyboard modes: the emulator does not know them and would print their last letter."""
_UNFINISHED = re.compile(rb"\x1b(?:\[[<=>?]?[\d;]*)?\Z")
NORMAL_MODES = {25: True, 7: True}
"""Private modes that are on where nothing runs: the cursor is shown, lines wrap. No other is."""


class Terminal:
    """A program at a terminal of its own."""

    def __init__(
        self, argv: Sequence[str], env: Mapping[str, str], *, rows: int = 24, columns: int = 80
    ) -> None:
        """Start a program.

        Args:
            argv: the program and its arguments.
            env: its whole environment.
            rows: of the terminal.
            columns: of the terminal.
        """
        self.master, self.slave = pty.openpty()
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._kept = b""
        self.raw = bytearray()
        """Every byte that came out."""
        self._size(rows, columns)
        self.settings_before = termios.tcgetattr(self.slave)
        self.started = self.ended_at = time.monotonic()
        """When it was started, and when it was found to have ended, monotonic seconds."""
        self.process = subprocess.Popen(
            argv,
            stdin=self.slave,
            stdout=self.slave,
            stderr=self.slave,
            env=dict(env),
            start_new_session=True,
            preexec_fn=_take_terminal,
        )

    def _size(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    # what comes out ---------------------------------------------------------------------------------------

    def pump(self, timeout_s: float) -> float | None:
        """Take what comes out within a time; return when it came, monotonic seconds, None for nothing."""
        ready, _, _ = select.select([self.master], [], [], timeout_s)
        if not ready:
            return None
        at = time.monotonic()
        self.take(os.read(self.master, 1 << 16))
        return at

    def take(self, data: bytes) -> None:
        """Let the screen show what came out."""
        self.raw += data
        whole = self._kept + data
        cut = _UNFINISHED.search(whole)
        whole, self._kept = (whole, b"") if cut is None else (whole[: cut.start()], whole[cut.start() :])
        self._stream.feed(_KITTY.sub(b"", whole))

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def until(self, true: Callable[[], bool], what: str = "it", wait_s: float = WAIT_S) -> float:
        """Wait until something is true; return when it became so, monotonic seconds.

        Raises:
            AssertionError: when it has not, with the screen in the message.
        """
        end = time.monotonic() + wait_s
        at = time.monotonic()
        while not true():
            left = end - time.monotonic()
            assert left > 0, f"{what} never came.\n{self.text}"
            at = self.pump(min(left, 0.05)) or time.monotonic()
        return at

    def see(self, *texts: str, wait_s: float = WAIT_S) -> float:
        """Wait until all the texts stand on the screen at once; return when they did."""
        return self.until(lambda: all(text in self.text for text in texts), " and ".join(texts), wait_s)

    def see_any(self, *texts: str) -> str:
        """Wait until one of the texts stands on the screen, and return it."""
        self.until(lambda: any(text in self.text for text in texts), " or ".join(texts))
        return next(text for text in texts if text in self.text)

    def modes_left_on(self) -> set[int]:
        """Return the private modes that are now not as they are where nothing runs."""
        now = dict(NORMAL_MODES)
        for numbers, state in _MODE.findall(bytes(self.raw)):
            now.update({int(number): state == b"h" for number in numbers.split(b";")})
        return {mode for mode, is_on in now.items() if is_on != NORMAL_MODES.get(mode, False)}

    # what goes in -----------------------------------------------------------------------------------------

    def type(self, text: str | bytes) -> float:
        """Type; return when, monotonic seconds."""
        at = time.monotonic()
        os.write(self.master, text.encode() if isinstance(text, str) else text)
        return at

    def resize(self, rows: int, columns: int) -> None:
        """Make the terminal another size; the program is told by SIGWINCH."""
        self.screen.resize(rows, columns)
        self._size(rows, columns)

    def hang_up(self) -> None:
        """Close the terminal's window."""
        os.close(self.master)
        self.master = -1

    # how it ends ------------------------------------------------------------------------------------------

    def ended(self, wait_s: float = WAIT_S) -> int:
        """Wait until the program has ended, and return its exit status."""
        if self.master >= 0:
            self.ended_at = self.until(lambda: self.process.poll() is not None, "the end", wait_s)
            while self.pump(0.0) is not None:
                continue
        return self.process.wait(wait_s)

    @property
    def restored(self) -> bool:
        """Whether the line settings of the terminal are those from before."""
        return bool(termios.tcgetattr(self.slave) == self.settings_before)

    def close(self) -> None:
        """End what still runs, and give the terminal back."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(WAIT_S)
        for descriptor in (self.master, self.slave):
            if descriptor >= 0:
                os.close(descriptor)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@contextmanager
def at_terminal(
    data: Path,
    *arguments: str,
    rows: int = 24,
    columns: int = 80,
    limits: Sequence[str] = (),
    **more: str,
) -> Iterator[Terminal]:
    """Run the game at a terminal.

    Args:
        data: the data folder.
        arguments: after `hearmeout`.
        rows: of the terminal.
        columns: of the terminal.
        limits: a command that runs this one, such as a shell with limits.
        more: added to the environment.
    """
    env = environment(data, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", **more)
    for name in ("NO_COLOR", "TEXTUAL", "COLORFGBG", "COLUMNS", "LINES"):
        if name not in more:
            env.pop(name, None)
    terminal = Terminal([*limits, *command(*arguments)], env, rows=rows, columns=columns)
    try:
        yield terminal
    finally:
        terminal.close()


def processes_with(data: Path) -> list[int]:
    """Return the ids of the running processes that were started with a data folder; Linux only."""
    wanted = f"HEARMEOUT_DATA={data}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes() + b"\0" and not _is_dead(folder):
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def _is_dead(folder: Path) -> bool:
    return (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] in "ZX"
