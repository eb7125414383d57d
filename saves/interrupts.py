"""Keeps a Ctrl+C out of the few milliseconds in which the database is in the middle of something."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def held_back() -> Iterator[None]:
    """Hold Ctrl+C back while the block runs, and let it through afterwards.

    Libraries on the way to the database are not made to be stopped at any instruction: a transaction could
    stay open on a connection that nobody knows any more. Python raises KeyboardInterrupt in the main thread
    only, so in any other nothing is done.
    """
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is None:
        yield
        return
    pressed = False

    def note(_number: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True

    usual = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)
        if pressed:
            signal.raise_signal(signal.SIGINT)
