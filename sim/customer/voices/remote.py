"""The remote voice: a model behind any OpenAI-compatible server (llama-server, vLLM, Ollama and others).

Nothing is sent but the prompt of a turn, and only to the address that was asked for. What goes wrong there is
a `VoiceError` here, one sentence that says what to do.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sim.customer.note import VoiceRequest
from sim.customer.voices.base import VoiceError, VoiceIdentity, VoicePiece
from sim.customer.voices.local import seed_of
from sim.customer.voices.remote_link import Address, Asked, NobodyListens, Server

KEY = "HEARMEOUT_API_KEY"
"""Environment variable with the key; no other is read, so that no key goes to a server it is not for."""
OVER = VoicePiece("", done=True)


@dataclass(frozen=True)
class RemoteSampling:
    """How tokens are drawn, as far as every such server lets one say it."""

    temperature: float = 0.8
    top_p: float = 0.95

    def line(self) -> str:
        """Return the settings as one stable line, for a run's header."""
        return f"temp={self.temperature:g} top_p={self.top_p:g}"


@dataclass(frozen=True)
class Patience:
    """How long the server is waited for, seconds."""

    connect_s: float = 5.0
    silence_s: float = 60.0
    """Between two signs of life: a big model may read for long before its first word."""
    turn_s: float = 180.0
    """For a whole turn."""
    retry_s: tuple[float, ...] = (0.5, 1.0, 2.0)
    """Waits before the further tries, as long as nothing was said; a server that asks for more gets it."""
    longest_retry_s: float = 8.0


class RemoteSpeech:
    """One turn spoken by the server, read on a thread of its own."""

    def __init__(self, say: Callable[[RemoteSpeech], None]) -> None:
        """Begin.

        Args:
            say: speaks the turn into `tell`; runs on the thread.
        """
        self._inbox: queue.SimpleQueue[str | VoiceError | None] = queue.SimpleQueue()
        self._error: VoiceError | None = None
        self._over = False
        self.stopped = threading.Event()
        """Set once nobody listens any more."""
        self.hang_up: Callable[[], None] = lambda: None
        """Breaks the connection, from any thread."""
        self._thread = threading.Thread(target=self._run, args=(say,), name="remote voice", daemon=True)
        self._thread.start()

    def _run(self, say: Callable[[RemoteSpeech], None]) -> None:
        try:
            say(self)
        except NobodyListens:
            pass
        except VoiceError as error:
            self._inbox.put(error)
        except Exception as error:  # noqa: BLE001 - carried to the thread that polls
            self._inbox.put(VoiceError(f"The remote voice failed: {type(error).__name__}: {error}."))
        self._inbox.put(None)

    def tell(self, sentence: str) -> None:
        """Hand a finished sentence on."""
        self._inbox.put(sentence)

    def poll(self, timeout_s: float) -> VoicePiece | None:
        """Return the next finished sentence, or None when none came within the time. Never blocks longer.

        Raises:
            VoiceError: when the server failed in the middle.
        """
        if self._error is not None:
            raise self._error
        if self._over:
            return OVER
        try:
            said = self._inbox.get(timeout=timeout_s) if timeout_s > 0 else self._inbox.get_nowait()
        except queue.Empty:
            return None
        if isinstance(said, VoiceError):
            self._error = said
            raise said
        if said is None:
            self._over = True
            return OVER
        return VoicePiece(said, done=False)

    def cancel(self) -> None:
        """Stop speaking at once and let the server know by breaking the connection."""
        self._over = True
        if not self.stopped.is_set():
            self.stopped.set()
            self.hang_up()

    def join(self, timeout_s: float) -> None:
        """Wait for the thread to end."""
        self._thread.join(timeout_s)


class RemoteVoice:
    """A customer voiced by a model on a server."""

    def __init__(
        self,
        url: str,
        model: str = "",
        *,
        environment: Mapping[str, str] = os.environ,
        sampling: RemoteSampling | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Describe the voice; nothing is asked of the server before `warm` or `speak`.

        Args:
            url: address of the server, with or without its /v1.
            model: its name there; "" for the first one that it lists.
            environment: where the key is looked for.
            sampling: how tokens are drawn.
            patience: how long the server is waited for.
            clock: monotonic seconds.

        Raises:
            VoiceError: when the address is none, or a key would travel unencrypted.
        """
        self._patience = patience or Patience()
        address = Address.parsed(url, environment.get(KEY, "").strip(), KEY)
        self._server = Server(address, self._patience.connect_s, self._patience.silence_s, clock)
        self._model = model
        self._sampling = sampling or RemoteSampling()
        self._speech: RemoteSpeech | None = None
        self._down = False

    @property
    def identity(self) -> VoiceIdentity:
        """Who speaks: the model's name, never the address or the key."""
        return VoiceIdentity("remote", self._model, "", self._sampling.line())

    def warm(self) -> None:
        """Ask the server which models it has, and choose one if none was named.

        Raises:
            VoiceError: when it does not answer, refuses the key, or has no model to choose.
        """
        names = self._server.models(named=bool(self._model))
        if self._model:
            return
        if not names:
            raise VoiceError(
                f"The server at {self._server.address.base} lists no model; name one with --model."
            )
        self._model = names[0]

    def prepare(self, request: VoiceRequest) -> None:
        """Nothing: the server keeps its own cache."""

    def speak(self, request: VoiceRequest) -> RemoteSpeech:
        """Start voicing one turn; returns at once. A turn still being voiced is cancelled.

        After a turn in which the server could not be reached, the next one asks once only: the written line
        must not be waited for turn after turn.
        """
        if self._speech is not None:
            self._speech.cancel()
        tries = () if self._down else self._patience.retry_s
        asked = Asked(
            request, self._model, seed_of(request), self._sampling.temperature, self._sampling.top_p
        )
        self._speech = RemoteSpeech(lambda speech: self._say(speech, asked, tries))
        return self._speech

    def _say(self, speech: RemoteSpeech, asked: Asked, waits: tuple[float, ...]) -> None:
        for wait in (*waits, None):
            turn = self._server.turn(asked, self._patience.turn_s)
            speech.hang_up = turn.hang_up
            try:
                for sentence in turn.sentences(speech.stopped):
                    self._down = False
                    speech.tell(sentence)
                self._down = False
                return
            except VoiceError as error:
                longest = self._patience.longest_retry_s
                if wait is None or not turn.worth_another_try or turn.told or turn.retry_after_s > longest:
                    self._down = turn.worth_another_try
                    raise error
                if speech.stopped.wait(max(wait, turn.retry_after_s)):
                    return

    def close(self) -> None:
        """Break off what is being said and give the connections back. Safe to call twice."""
        if self._speech is not None:
            self._speech.cancel()
            self._speech.join(1.0)
        with suppress(Exception):
            self._server.close()
