"""The local voice's child process: `python -m sim.customer.voices.child`.

It reads commands from its standard input and writes replies to its standard output (see `wire`). Everything
that native code prints goes to standard error, which the parent has sent to a file. When its input closes, it
ends at once.
"""

from __future__ import annotations

import hashlib
import os
import queue
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from sim.customer.voices import gguf_file, prompts, wire
from sim.customer.voices.base import VoiceError
from sim.customer.voices.engine import AbortFlag, Cancelled, Engine
from sim.customer.voices.prompts import Prompt
from sim.customer.voices.stream import Rest, TurnStream

POLITENESS = 10
"""Niceness of the child: the screen's process goes first when both want the processor."""


class Outbox:
    """Writes replies, whole lines, from any thread."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lock = threading.Lock()

    def put(self, reply: wire.Reply) -> None:
        """Write one reply; when the parent is gone, end the process."""
        line = wire.encode_reply(reply)
        with self._lock:
            try:
                while line:
                    line = line[os.write(self._descriptor, line) :]
            except OSError:
                os._exit(0)


class Jobs:
    """The commands waiting and the turns cancelled: the reader thread adds, the main thread takes."""

    def __init__(self, abort: AbortFlag) -> None:
        self._waiting: queue.SimpleQueue[wire.Command] = queue.SimpleQueue()
        self._abort = abort
        self._lock = threading.Lock()
        self._cancelled: set[int] = set()
        self._current: wire.Speak | wire.Prepare | None = None

    def add(self, command: wire.Command) -> None:
        """Take a command; a cancellation acts at once, a new turn ends a preparation that is running."""
        with self._lock:
            current = self._current
            if isinstance(command, wire.Cancel):
                self._cancelled.add(command.id)
                if current is not None and current.id == command.id:
                    self._abort.set()
                return
            if isinstance(current, wire.Prepare):
                self._abort.set()
        self._waiting.put(command)

    def next(self) -> wire.Command:
        """Return the next command, waiting for it."""
        return self._waiting.get()

    def begin(self, job: wire.Speak | wire.Prepare) -> bool:
        """Make a turn the current one; False when it was cancelled before it began."""
        with self._lock:
            self._abort.clear()
            if job.id in self._cancelled or (isinstance(job, wire.Prepare) and not self._waiting.empty()):
                return False
            self._current = job
            return True

    def end(self) -> None:
        """Say that the current turn is over."""
        with self._lock:
            self._current = None


def read_commands(source: BinaryIO, jobs: Jobs, outbox: Outbox) -> None:
    """Read commands until the input ends, then end the process, whatever it is doing."""
    for line in source:
        try:
            jobs.add(wire.decode_command(line))
        except wire.WireError as error:
            outbox.put(wire.Failed(f"The local voice was sent something that is no command: {error}."))
    os._exit(0)


def _send_fingerprint(path: str, outbox: Outbox) -> None:
    with suppress(OSError), open(path, "rb") as file:
        outbox.put(wire.Fingerprint(hashlib.file_digest(file, "sha256").hexdigest()))


def load_engine(load: wire.Load, abort: AbortFlag, outbox: Outbox) -> Engine:
    """Check and load the model, and say that it is ready.

    Raises:
        VoiceError: when the file is no good.
    """
    began = time.monotonic()
    gguf_file.inspect(Path(load.model), whole=True)
    threading.Thread(target=_send_fingerprint, args=(load.model, outbox), daemon=True).start()
    engine = Engine(load, abort)
    took = int((time.monotonic() - began) * 1000)
    outbox.put(wire.Ready(engine.n_ctx, engine.prompt_form, engine.has_template, took))
    return engine


class Turn:
    """One turn being voiced: from a prompt to cleaned sentences and a closing message."""

    def __init__(self, engine: Engine, job: wire.Speak | wire.Prepare, outbox: Outbox) -> None:
        self._engine = engine
        self._job = job
        self._outbox = outbox
        self._began = time.monotonic()
        self._first_ms: int | None = None
        self._tokens = 0
        self._evaluated = 0
        self._sentences = 0

    def run(self) -> wire.DoneReason:
        """Voice the turn and return why it ended."""
        job, engine = self._job, self._engine
        prompt = prompts.build(job.request, engine.prompt_form)
        if isinstance(job, wire.Prepare):
            prompt = prompts.preparing(prompt)
        prompt = engine.fitted(prompt, job.max_tokens)
        text = engine.text_of(prompt)
        tokens = engine.tokenize(text)
        reused = engine.reusable(tokens)
        self._outbox.put(wire.Began(job.id, len(tokens), reused))
        try:
            self._evaluated = engine.evaluate(tokens)
        except Cancelled:
            self._evaluated = max(0, engine.cached - reused)
            raise
        if isinstance(job, wire.Prepare):
            return "prepared"
        return self._voice(job, prompt, thinking=text.rstrip().endswith("<think>"))

    def finish(self, reason: wire.DoneReason) -> None:
        """Send the closing message."""
        done = wire.Done(
            self._job.id, reason, self._tokens, self._evaluated, self._first_ms, self._milliseconds()
        )
        self._outbox.put(done)

    def _milliseconds(self) -> int:
        return int((time.monotonic() - self._began) * 1000)

    def _voice(self, job: wire.Speak, prompt: Prompt, *, thinking: bool) -> wire.DoneReason:
        stream = TurnStream((prompt.name,), prompt.stop, thinking=thinking)
        wanted = max(1, job.request.note.max_sentences)
        for data, probability in self._engine.generate(job.sampling, job.seed, job.max_tokens):
            self._tokens += 1
            for text, mean in stream.feed(data, probability):
                self._send(job.id, text, mean)
                if self._sentences == wanted:
                    return "sentences"
            if stream.stopped:
                break
        cut_short = self._tokens == job.max_tokens and not stream.stopped
        rest: Rest = "keep"
        if cut_short:
            rest = "drop" if self._sentences else "trail off"
        for text, mean in stream.finish(rest):
            if self._sentences < wanted:
                self._send(job.id, text, mean)
        if stream.stopped:
            return "stop"
        return "length" if cut_short else "end"

    def _send(self, turn: int, text: str, mean: float) -> None:
        self._sentences += 1
        if self._first_ms is None:
            self._first_ms = self._milliseconds()
        self._outbox.put(wire.Sentence(turn, text, round(mean, 4)))


def work(engine: Engine, job: wire.Speak | wire.Prepare, jobs: Jobs, outbox: Outbox) -> None:
    """Voice one turn and send its closing message, or what went wrong."""
    turn = Turn(engine, job, outbox)
    if not jobs.begin(job):
        turn.finish("cancelled")
        return
    try:
        reason = turn.run()
    except Cancelled:
        reason = "cancelled"
    except VoiceError as error:
        jobs.end()
        outbox.put(wire.Failed(str(error), job.id))
        return
    jobs.end()
    turn.finish(reason)


def take_over_pipes() -> tuple[BinaryIO, Outbox]:
    """Keep the two pipes for the protocol alone and give everybody else standard error and an empty input."""
    source = os.fdopen(os.dup(0), "rb")
    outbox = Outbox(os.dup(1))
    os.dup2(2, 1)
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    return source, outbox


def main() -> None:
    """Serve one parent until it quits, its pipe closes, or the model cannot be loaded."""
    source, outbox = take_over_pipes()
    if hasattr(os, "nice"):
        os.nice(POLITENESS)
    abort = AbortFlag()
    jobs = Jobs(abort)
    threading.Thread(target=read_commands, args=(source, jobs, outbox), daemon=True).start()
    engine: Engine | None = None
    while True:
        command = jobs.next()
        if isinstance(command, wire.Quit):
            os._exit(0)
        if isinstance(command, wire.Load):
            try:
                engine = load_engine(command, abort, outbox)
            except VoiceError as error:
                outbox.put(wire.Failed(str(error)))
                os._exit(1)
        elif isinstance(command, wire.Speak | wire.Prepare) and engine is not None:
            work(engine, command, jobs, outbox)


if __name__ == "__main__":
    main()
