"""Work in a forked child process: to kill it, to take its rights away, to fill its disk."""

from __future__ import annotations

import json
import os
import select
import signal
import traceback
from collections.abc import Callable
from typing import Any

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

Say = Callable[[Any], None]


class Child:
    """A forked process that says JSON values, one per line."""

    def __init__(self, work: Callable[[Say], None]) -> None:
        reader, writer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(reader)
            _work_and_exit(work, writer)
        os.close(writer)
        self._reader = os.fdopen(reader, "rb")
        self.status: int | None = None

    def hear(self, timeout_s: float = 30) -> Any:
        """Return the next value it says, or None once it has ended."""
        ready, _, _ = select.select([self._reader], [], [], timeout_s)
        assert ready, "the child said nothing in time"
        line = self._reader.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def rest(self) -> list[Any]:
        """Wait for its end and return what it still said."""
        said = [json.loads(line) for line in self._reader if line.endswith(b"\n")]
        self._reader.close()
        _, self.status = os.waitpid(self.pid, 0)
        return said


def in_child(work: Callable[[Say], None]) -> list[Any]:
    """Run the work in a forked process to its end and return what it said."""
    child = Child(work)
    said = child.rest()
    assert child.status == 0, said
    return said


def become_nobody() -> None:
    """Give up root's power to ignore permissions."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def _work_and_exit(work: Callable[[Say], None], writer: int) -> None:
    status = 1
    try:
        # Unbuffered: each value is out in one write, whole, before the next step.
        work(lambda value: _write(writer, json.dumps(value).encode() + b"\n"))
        status = 0
    except BaseException:  # noqa: BLE001 - a child must never run on into the test session
        _write(writer, json.dumps(traceback.format_exc()).encode() + b"\n")
    finally:
        os._exit(status)


def _write(descriptor: int, data: bytes) -> None:
    os.write(descriptor, data)
