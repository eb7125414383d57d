"""A voice that is being made ready while the trainee reads: loading a model must stop no screen."""

from __future__ import annotations

import threading
from collections.abc import Callable

from sim.customer.voices.base import Voice


class VoiceInWaiting:
    """Opens a voice on a thread of its own; the thread never keeps the program from ending."""

    def __init__(self, opening: Callable[[], Voice], told: Callable[[], None]) -> None:
        """Begin to open.

        Args:
            opening: opens the voice; may take long, may raise.
            told: called on the other thread once it is ready or has failed.
        """
        self._opening = opening
        self._told = told
        self._voice: Voice | None = None
        self._error: Exception | None = None
        self._given_up = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._open, name="voice", daemon=True)
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether `take` will not wait."""
        return self._voice is not None or self._error is not None

    def take(self) -> Voice:
        """Return the voice, which now belongs to the caller; waits until it is ready.

        Raises:
            Exception: what opening it raised.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._voice is not None
        voice, self._voice = self._voice, None
        return voice

    def close(self) -> None:
        """Give up a voice that nobody has taken; does not wait for one that is still loading."""
        with self._lock:
            self._given_up = True
            voice, self._voice = self._voice, None
        if voice is not None:
            voice.close()

    def _open(self) -> None:
        try:
            voice = self._opening()
        except Exception as error:  # noqa: BLE001 - carried to the thread that waits for the voice
            self._error = error
        else:
            with self._lock:
                unwanted = self._given_up
                self._voice = None if unwanted else voice
            if unwanted:
                voice.close()
        self._told()
