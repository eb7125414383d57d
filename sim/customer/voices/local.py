"""The local voice: a language model on this machine, in a process that the screen never waits for.

The model lives in a child process of its own group. A crash, a hang or a slow prompt there is a `VoiceError`
here.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from personas.draws import draw
from sim.customer.note import VoiceRequest
from sim.customer.voices import gguf_file, prompts, wire
from sim.customer.voices.base import VoiceError, VoiceIdentity
from sim.customer.voices.link import Child, LocalSpeech
from sim.customer.voices.wire import PromptForm, Sampling

LARGEST_SEED = 2**31 - 1

State = Literal["idle", "loading", "ready", "failed"]


def seed_of(request: VoiceRequest) -> int:
    """Return the sampler's seed of a request, 1 .. 2**31-1, drawn from its seed, turn and draw."""
    return draw(request.seed, request.note.turn, f"voice:{request.draw}") % LARGEST_SEED + 1


class LocalVoice:
    """A customer voiced by a GGUF model in a child process."""

    def __init__(
        self,
        model: Path,
        *,
        log: Path,
        python: str = sys.executable,
        prompt_form: PromptForm | None = None,
        sampling: Sampling | None = None,
        n_ctx: int = 4096,
        n_threads: int | None = None,
        memory: Callable[[], int | None] = gguf_file.available_memory,
        clock: Callable[[], float] = time.monotonic,
        patience_s: float = 90.0,
    ) -> None:
        """Describe the voice; nothing is started or checked before `warm` or `speak`.

        Args:
            model: The .gguf file.
            log: File that what llama.cpp prints is added to.
            python: Interpreter for the child.
            prompt_form: None takes what the model's key hearmeout.prompt_form says, else instruct-v1.
            sampling: How tokens are drawn; None is the default.
            n_ctx: Context length in tokens, at most; a model trained for less gets less.
            n_threads: Threads for generation; None takes half the processors.
            memory: Returns the free memory in bytes, or None when unknown.
            clock: Monotonic seconds, for the patience.
            patience_s: Seconds without a sign of life after which a child that has work is killed.
        """
        self._model = model.absolute()
        self._log = log.absolute()
        self._python = python
        self._prompt_form = prompt_form
        self._sampling = sampling or Sampling()
        self._n_ctx = n_ctx
        self._n_threads = n_threads
        self._memory = memory
        self._clock = clock
        self._patience_s = patience_s
        self._child: Child | None = None
        self._speech: LocalSpeech | None = None
        self._preparation: LocalSpeech | None = None
        self._turn = 0
        self._losses = 0
        self._sha256 = ""
        self._closed = False
        self.info: wire.Ready | None = None
        """What the child said of the model; None until it was loaded once."""

    @property
    def identity(self) -> VoiceIdentity:
        """Who speaks; the hash is "" until the child has read the whole file."""
        return VoiceIdentity("local", self._model.name, self._sha256, self._sampling.line())

    @property
    def state(self) -> State:
        """Where the child stands."""
        if self._child is None:
            return "idle"
        if self._child.error is not None:
            return "failed"
        return "ready" if self._child.ready else "loading"

    @property
    def child_pid(self) -> int | None:
        """The child's process id, or None before there is one."""
        return None if self._child is None else self._child.pid

    def warm(self) -> None:
        """Start the child and have it load the model; returns at once.

        Raises:
            VoiceError: when the file is no good, too big, or the child cannot be started.
        """
        self._living_child()

    def identify(self) -> None:
        """Read the whole model file for its hash, so that `identity` is complete before the first word.

        Raises:
            VoiceError: when the file cannot be read.
        """
        if self._sha256:
            return
        try:
            with self._model.open("rb") as file:
                self._sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise VoiceError(
                f"{self._model} cannot be read ({error.strerror}); check who may read it."
            ) from error

    def prepare(self, request: VoiceRequest) -> None:
        """Have the model read what is known of the next turn's prompt while the trainee still speaks.

        Optional: it only shortens the wait for the next first word. Does nothing while a turn is being
            voiced.

        Args:
            request: The coming request as far as it is known; the trainee's last words and the note are not
                read.
        """
        child = self._child
        if child is None or child.error is not None or (self._speech and not self._speech.done):
            return
        self._turn += 1
        self._preparation = LocalSpeech(self._turn, child)
        limit = prompts.max_tokens(request.note)
        child.speak(self._preparation, wire.Prepare(self._turn, prompts.bounded(request), limit))

    @property
    def prepared(self) -> int | None:
        """Tokens of the prompt that the last `prepare` brought into the cache; None before it is through."""
        done = self._preparation.done if self._preparation else None
        began = self._preparation.began if self._preparation else None
        return began.prompt_tokens if began and done and done.reason == "prepared" else None

    def speak(self, request: VoiceRequest) -> LocalSpeech:
        """Start voicing one turn; returns at once.

        A turn still being voiced is cancelled. A dead child is replaced.

        Raises:
            VoiceError: when the file is no good, too big, the child cannot be started, or died twice in a
                row.
        """
        if self._speech is not None:
            self._speech.cancel()
        child = self._living_child()
        if self._spoke():
            self._losses = 0
        self._turn += 1
        self._speech = LocalSpeech(self._turn, child)
        limit = prompts.max_tokens(request.note)
        child.speak(
            self._speech,
            wire.Speak(self._turn, prompts.bounded(request), seed_of(request), self._sampling, limit),
        )
        return self._speech

    def close(self) -> None:
        """End the child and wait for it, at most about two seconds. Safe to call twice."""
        self._closed = True
        if self._speech is not None:
            self._speech.cancel()
        if self._child is not None:
            self._child.close()

    def _living_child(self) -> Child:
        if self._closed:
            raise VoiceError("The local voice was closed.")
        if self._child is not None and self._child.error is None:
            return self._child
        if self._child is not None:
            self._bury(self._child)
        gguf_file.check(self._model, self._n_ctx, self._memory)
        threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 2
        load = wire.Load(
            str(self._model),
            self._n_ctx,
            self._n_threads or max(1, threads // 2),
            self._n_threads or max(1, threads - 1),
            self._prompt_form,
        )
        self._child = Child(
            load,
            python=self._python,
            log=self._log,
            on_ready=self._take_ready,
            on_fingerprint=self._take_fingerprint,
            clock=self._clock,
            patience_s=self._patience_s,
        )
        return self._child

    def _bury(self, child: Child) -> None:
        """Count a lost child; after two in a row that never came to speak, do not try again."""
        error = child.error
        self._losses = 1 if self._spoke() else self._losses + 1
        child.close()
        self._child = None
        if self._losses > 1 and error is not None:
            self._child = child
            raise error

    def _spoke(self) -> bool:
        speech = self._speech
        return speech is not None and (speech.done is not None or speech.began is not None)

    def _take_ready(self, ready: wire.Ready) -> None:
        self.info = ready

    def _take_fingerprint(self, sha256: str) -> None:
        self._sha256 = sha256
