"""The parent's end of the pipe: one child process, and the turns it is speaking.

Two threads do all reading and writing, so that nothing here ever blocks the caller.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sim.customer.voices import wire
from sim.customer.voices.base import VoiceError, VoicePiece

SOURCE_ROOT = Path(__file__).resolve().parents[3]
"""Where the packages lie; the child starts there, so that it imports the same code."""
LARGEST_LOG = 1024 * 1024
"""Bytes above which the child's log is begun anew."""
CLOSING_S = 1.0
"""Seconds a child has to end by itself."""
OVER = VoicePiece("", done=True)


class LocalSpeech:
    """One turn spoken by the child."""

    def __init__(self, turn: int, child: Child) -> None:
        self.id = turn
        self._child = child
        self._inbox: queue.SimpleQueue[wire.Sentence | wire.Done | VoiceError] = queue.SimpleQueue()
        self._error: VoiceError | None = None
        self._over = False
        self.began: wire.Began | None = None
        """How long the prompt is and how much of it was cached; None until its evaluation begins."""
        self.done: wire.Done | None = None
        """The child's closing message, also after `cancel`; None until it came."""
        self.probability = 0.0
        """Mean probability the model gave the tokens of the sentence polled last, 0-1."""

    def deliver(self, message: wire.Began | wire.Sentence | wire.Done | VoiceError) -> None:
        """Take a message from the reader thread."""
        if isinstance(message, wire.Began):
            self.began = message
            return
        if isinstance(message, wire.Done):
            self.done = message
        self._inbox.put(message)

    def poll(self, timeout_s: float) -> VoicePiece | None:
        """Return the next finished sentence, or None when none came within the time. Never blocks longer.

        Raises:
            VoiceError: when the child died, failed, or gave no sign of life for too long.
        """
        if self._error is not None:
            raise self._error
        if self._over:
            return OVER
        try:
            message = self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except queue.Empty:
            self._child.check_patience()
            return None
        if isinstance(message, VoiceError):
            self._error = message
            raise message
        if isinstance(message, wire.Done):
            self._over = True
            return OVER
        self.probability = message.mean_token_probability
        return VoicePiece(message.text, done=False)

    def cancel(self) -> None:
        """Stop speaking at once; later polls return a done piece."""
        if self._over or self._error is not None:
            return
        self._over = True
        self._child.send(wire.Cancel(self.id))


class Child:
    """One child process with its two pipes. Nothing here ever blocks the caller."""

    def __init__(
        self,
        load: wire.Load,
        *,
        python: str,
        log: Path,
        on_ready: Callable[[wire.Ready], None],
        on_fingerprint: Callable[[str], None],
        clock: Callable[[], float],
        patience_s: float,
    ) -> None:
        """Start the process and have it load the model.

        Raises:
            VoiceError: when it cannot be started.
        """
        self._log = log
        self._on_ready = on_ready
        self._on_fingerprint = on_fingerprint
        self._clock = clock
        self._patience_s = patience_s
        self._sign_of_life = clock()
        self._lock = threading.Lock()
        self._speeches: dict[int, LocalSpeech] = {}
        self._outgoing: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self.ready = False
        self.error: VoiceError | None = None
        """Why the child can no longer be used; None while it can."""
        try:
            self._process = _start(python, log)
        except OSError as error:
            raise VoiceError(
                f"The local voice's process cannot be started ({error.strerror}: {error.filename}); "
                f"the written voice goes on."
            ) from None
        self._threads = [
            threading.Thread(target=self._read, name="voice-reader", daemon=True),
            threading.Thread(target=self._write, name="voice-writer", daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.send(load)

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    def send(self, command: wire.Command) -> None:
        """Send a command without waiting for the child to read it."""
        self._outgoing.put(wire.encode_command(command))

    def speak(self, speech: LocalSpeech, command: wire.Speak | wire.Prepare) -> None:
        """Send a turn and route its answers to a speech; a speech of a dead child learns of it at once."""
        with self._lock:
            self._sign_of_life = self._clock()
            if self.error is None:
                self._speeches[speech.id] = speech
                self.send(command)
                return
        speech.deliver(self.error)

    def check_patience(self) -> None:
        """Kill the process when it has given no sign of life for too long while it had something to do."""
        if self._clock() - self._sign_of_life > self._patience_s:
            self._fail(
                f"The local voice has not answered for {self._patience_s:.0f} s, so its process was ended; "
                f"the next turn starts it again. Choose a smaller model if this happens often."
            )
            self._kill()

    def close(self) -> None:
        """End the process: close its input, wait briefly, kill its group."""
        self._outgoing.put(None)
        try:
            self._process.wait(CLOSING_S)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(CLOSING_S)
        self._fail("The local voice was closed.")

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, signal.SIGKILL)
            else:
                self._process.kill()

    def _write(self) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        with suppress(OSError, ValueError):
            while (line := self._outgoing.get()) is not None:
                pipe.write(line)
                pipe.flush()
        with suppress(OSError, ValueError):
            pipe.close()

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        with pipe:
            for line in pipe:
                try:
                    self._take(wire.decode_reply(line))
                except wire.WireError:
                    self._fail(
                        f"The local voice's process wrote something unreadable and was ended; the next turn "
                        f"starts it again. Its log is {self._log}."
                    )
                    self._kill()
                    break
        try:
            code = self._process.wait(CLOSING_S)
        except subprocess.TimeoutExpired:
            self._kill()
            code = self._process.wait()
        self._fail(self._obituary(code))
        self._outgoing.put(None)

    def _take(self, reply: wire.Reply) -> None:
        self._sign_of_life = self._clock()
        if isinstance(reply, wire.Ready):
            self.ready = True
            self._on_ready(reply)
        elif isinstance(reply, wire.Fingerprint):
            self._on_fingerprint(reply.sha256)
        elif isinstance(reply, wire.Failed) and reply.id is None:
            self._fail(reply.message)
        else:
            self._route(reply)

    def _route(self, reply: wire.Began | wire.Sentence | wire.Done | wire.Failed) -> None:
        assert reply.id is not None
        with self._lock:
            over = isinstance(reply, wire.Done | wire.Failed)
            speech = self._speeches.pop(reply.id, None) if over else self._speeches.get(reply.id)
        if speech is not None:
            speech.deliver(VoiceError(reply.message) if isinstance(reply, wire.Failed) else reply)

    def _fail(self, message: str) -> None:
        """Note the first reason why the child is of no more use and tell every turn in the air."""
        with self._lock:
            if self.error is None:
                self.error = VoiceError(message)
            waiting, self._speeches = list(self._speeches.values()), {}
        for speech in waiting:
            speech.deliver(self.error)

    def _obituary(self, code: int) -> str:
        if code < 0:
            with suppress(ValueError):
                name = signal.Signals(-code).name
                return (
                    f"The local voice's process was killed ({name}), perhaps for want of memory; the next "
                    f"turn starts it again. Its log is {self._log}."
                )
        return (
            f"The local voice's process ended by itself (code {code}); the next turn starts it again. "
            f"Its log is {self._log}."
        )


def _start(python: str, log: Path) -> subprocess.Popen[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    mode = "wb" if log.exists() and log.stat().st_size > LARGEST_LOG else "ab"
    with log.open(mode) as errors:
        return subprocess.Popen(
            [python, "-m", "sim.customer.voices.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=SOURCE_ROOT,
            start_new_session=True,
        )
