"""One request to an OpenAI-compatible server: what is asked, what streams back, and what can go wrong."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from sim.customer.note import VoiceRequest
from sim.customer.voices import prompts
from sim.customer.voices.base import VoiceError
from sim.customer.voices.stream import Rest, TurnStream

if TYPE_CHECKING:
    import httpx

WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})
MOST_STOPS = 4
"""Stop strings that the protocol takes; the others are looked for here."""
CHARS_PER_TOKEN = 24
"""More text than so many characters for each token asked for is no answer to what was asked."""
MOST_DETAIL = 200


class NobodyListens(Exception):
    """Nobody listens any more."""


@dataclass(frozen=True)
class Address:
    """Where the server is, and the key that it wants."""

    base: str
    """Without a slash at its end, with the /v1."""
    key: str
    is_here: bool
    """Whether it runs on this machine."""

    @classmethod
    def parsed(cls, url: str, key: str, key_name: str) -> Address:
        """Return the address that was typed.

        Raises:
            VoiceError: when it is none, or a key would travel unencrypted.
        """
        shown = prompts.one_line(url, MOST_DETAIL)
        wrong = VoiceError(f"{shown!r} is no address of a server; write it as http://localhost:8080/v1.")
        try:
            parts = urlsplit(url.strip())
            host = parts.hostname or ""
            _ = parts.port
        except ValueError:
            raise wrong from None
        if parts.scheme not in ("http", "https") or not host or parts.username or parts.query:
            raise wrong
        here = _is_loopback(host)
        if key and parts.scheme == "http" and not here:
            raise VoiceError(
                f"A key is not sent unencrypted: use https, or take {key_name} out of the environment."
            )
        if not (key.isascii() and key.isprintable()):
            raise VoiceError(f"The key in {key_name} holds characters that no key has; look at it again.")
        path = parts.path.rstrip("/") or "/v1"
        return cls(urlunsplit((parts.scheme, parts.netloc, path, "", "")), key, here)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True)
class Asked:
    """One turn to be voiced."""

    request: VoiceRequest
    model: str
    seed: int
    temperature: float
    top_p: float


class Server:
    """The connection to one server; opened when it is first needed."""

    def __init__(
        self, address: Address, connect_s: float, silence_s: float, clock: Callable[[], float]
    ) -> None:
        """Take the address, how long it is waited for, seconds, and a clock of monotonic seconds."""
        self.address = address
        self.clock = clock
        self._connect_s = connect_s
        self._silence_s = silence_s
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    def client(self) -> httpx.Client:
        """Return the client of the HTTP library, which is loaded only now."""
        import httpx

        with self._lock:
            if self._client is None:
                headers = {"authorization": f"Bearer {self.address.key}"} if self.address.key else {}
                self._client = httpx.Client(
                    headers=headers,
                    timeout=httpx.Timeout(self._silence_s, connect=self._connect_s),
                    # A proxy for the world outside is none for a server on this machine.
                    trust_env=not self.address.is_here,
                )
            return self._client

    def models(self, *, named: bool) -> list[str]:
        """Return the names of its models, in its order.

        Args:
            named: whether one was named already: a server without a list will then do.

        Raises:
            VoiceError: when it does not answer, refuses the key, or has no list though one is needed.
        """
        import httpx

        try:
            answer = self.client().get(f"{self.address.base}/models", timeout=self._connect_s)
        except httpx.HTTPError as error:
            raise VoiceError(unreachable(self.address, error)) from error
        if answer.status_code in (401, 403):
            raise VoiceError(refused(self.address, answer.status_code, "", ""))
        try:
            names = [str(one["id"]) for one in answer.json()["data"]] if answer.is_success else []
        except (ValueError, KeyError, TypeError):
            names = []
        if not names and not named:
            raise VoiceError(
                f"The server at {self.address.base} does not list its models (status {answer.status_code}); "
                "check --url, or name one with --model."
            )
        return names

    def turn(self, asked: Asked, turn_s: float) -> RemoteTurn:
        """Return a request for one turn, not yet sent."""
        return RemoteTurn(self, asked, turn_s)

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()


class RemoteTurn:
    """One try at one turn."""

    def __init__(self, server: Server, asked: Asked, turn_s: float) -> None:
        self._server = server
        self._asked = asked
        self._turn_s = turn_s
        self._response: httpx.Response | None = None
        self.worth_another_try = False
        """After an error: whether it may pass."""
        self.retry_after_s = 0.0
        """After an error: how long the server asks to be left alone."""
        self.told = 0
        """Sentences given out."""

    def hang_up(self) -> None:
        """Break the connection, from any thread, so that the server stops at once."""
        response = self._response
        if response is None:
            return
        with suppress(OSError, KeyError, AttributeError):
            stream = response.extensions["network_stream"]
            stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    def sentences(self, stopped: threading.Event) -> Iterator[str]:
        """Yield the finished sentences as they come.

        Args:
            stopped: set when nobody listens any more.

        Raises:
            VoiceError: when the server cannot be reached, refuses, breaks off or sends something else.
            NobodyListens: when nobody listens any more.
        """
        import httpx
        from httpx_sse import SSEError

        address = self._server.address
        try:
            with self._server.client().stream(
                "POST", f"{address.base}/chat/completions", json=self._body()
            ) as response:
                self._response = response
                if stopped.is_set():
                    raise NobodyListens
                self._check(response)
                yield from self._spoken(response, stopped)
        except (SSEError, ValueError) as error:
            if stopped.is_set():
                raise NobodyListens from None
            raise VoiceError(garbage(address, str(error))) from error
        except (httpx.HTTPError, httpx.StreamError) as error:
            if stopped.is_set():
                raise NobodyListens from None
            self.worth_another_try = not isinstance(error, httpx.ReadTimeout)
            raise VoiceError(unreachable(address, error)) from error

    def _body(self) -> dict[str, Any]:
        asked = self._asked
        prompt = prompts.build(prompts.bounded(asked.request), "instruct-v1")
        return {
            "model": asked.model,
            "messages": prompts.chat_messages(prompt),
            "stream": True,
            "temperature": asked.temperature,
            "top_p": asked.top_p,
            "max_tokens": prompts.max_tokens(asked.request.note),
            "seed": asked.seed,
            "stop": list(prompt.stop[:MOST_STOPS]),
        }

    def _check(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        self.worth_another_try = response.status_code in WORTH_ANOTHER_TRY
        with suppress(ValueError):
            self.retry_after_s = max(0.0, float(response.headers.get("retry-after", "0")))
        detail = _detail(response.read()[:4096])
        raise VoiceError(refused(self._server.address, response.status_code, self._asked.model, detail))

    def _spoken(self, response: httpx.Response, stopped: threading.Event) -> Iterator[str]:
        from httpx_sse import EventSource

        note = self._asked.request.note
        prompt = prompts.build(prompts.bounded(self._asked.request), "instruct-v1")
        stream = TurnStream((prompt.name,), prompt.stop)
        wanted, room = max(1, note.max_sentences), CHARS_PER_TOKEN * prompts.max_tokens(note)
        deadline = self._server.clock() + self._turn_s
        ended = "broken off"
        for event in EventSource(response).iter_sse():
            if stopped.is_set():
                raise NobodyListens
            if event.data == "[DONE]":
                ended = "end" if ended == "broken off" else ended
                break
            text, reason = self._delta(event.data)
            ended = reason or ended
            room -= len(text)
            if room < 0 or self._server.clock() > deadline:
                raise ValueError("it does not come to an end")
            for sentence, _ in stream.feed(text.encode("utf-8", "ignore")) if text else ():
                self.told += 1
                yield sentence
                if self.told == wanted:
                    return
            if stream.stopped:
                ended = "stop"
                break
        if ended == "broken off":
            raise VoiceError(f"The server at {self._server.address.base} broke off in the middle.")
        yield from self._rest(stream, ended, wanted)

    def _rest(self, stream: TurnStream, ended: str, wanted: int) -> Iterator[str]:
        rest: Rest = "keep"
        if ended == "length":
            rest = "drop" if self.told else "trail off"
        for sentence, _ in stream.finish(rest):
            if self.told < wanted:
                self.told += 1
                yield sentence

    def _delta(self, data: str) -> tuple[str, str]:
        """Return the text of one event, and why it is the last if it is.

        Raises:
            ValueError: when it is no chunk of a chat completion.
            VoiceError: when it is the server's own error.
        """
        chunk = json.loads(data)
        if not isinstance(chunk, dict):
            raise ValueError("an event that is no object")
        if chunk.get("error"):
            raise VoiceError(
                refused(self._server.address, 200, self._asked.model, _detail(data.encode("utf-8", "ignore")))
            )
        choices = chunk.get("choices")
        if not choices:
            return "", ""
        try:
            choice = choices[0]
            text = (choice.get("delta") or {}).get("content") or ""
            return str(text), str(choice.get("finish_reason") or "")
        except (AttributeError, TypeError, IndexError, KeyError):
            raise ValueError("an event without the words of a turn") from None


def _detail(body: bytes) -> str:
    """Return what a server says of its refusal, on one line."""
    text = body.decode("utf-8", "replace")
    try:
        found = json.loads(text)
        error = found.get("error", found.get("detail", "")) if isinstance(found, dict) else ""
        text = str(error.get("message", "")) if isinstance(error, dict) else str(error)
    except ValueError:
        pass
    return prompts.one_line(text, MOST_DETAIL)


def unreachable(address: Address, error: Exception) -> str:
    """Return the sentence for a server that cannot be reached or breaks off."""
    why = prompts.one_line(str(error), MOST_DETAIL) or type(error).__name__
    return f"The server at {address.base} does not answer ({why}); see that it runs, or check --url."


def refused(address: Address, status: int, model: str, detail: str) -> str:
    """Return the sentence for a server that answers, but not with words."""
    said = f": {detail}" if detail else ""
    if status in (401, 403):
        to_do = "put the right key into HEARMEOUT_API_KEY."
        return f"The server at {address.base} refuses the key (status {status}); {to_do}"
    if status == 404:
        named = prompts.one_line(model, MOST_DETAIL)
        return f"The server at {address.base} knows no model {named!r} there{said}; check --model and --url."
    return f"The server at {address.base} refused the turn (status {status}){said}."


def garbage(address: Address, what: str) -> str:
    """Return the sentence for a server that speaks something else."""
    told = prompts.one_line(what, MOST_DETAIL)
    return f"What the server at {address.base} sends is no OpenAI-compatible answer ({told}); check --url."
