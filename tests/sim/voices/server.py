"""A server on loopback that answers chat completions as a test tells it to: well, badly, or not at all."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BOUND_S = 20.0


@dataclass
class Answer:
    """What is sent back to one request for a turn."""

    status: int = 200
    kind: str = "text/event-stream"
    body: Sequence[str] = ()
    """Written one after the other."""
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    """Whether nothing more comes after the body, with the connection kept open until the client breaks it."""
    breaks: bool = False
    """Whether the connection is reset after the body."""


def chunk(text: str = "", reason: str | None = None) -> str:
    """One event of a stream."""
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": reason}
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"


def stream(*pieces: str, reason: str = "stop") -> list[str]:
    """A whole answer, piece by piece."""
    return [*(chunk(piece) for piece in pieces), chunk(reason=reason), "data: [DONE]\n\n"]


class StandIn:
    """The server; it keeps what it was asked."""

    def __init__(self, answers: Iterable[Answer], models: object) -> None:
        self.answers = list(answers)
        self.models = models
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.left = threading.Event()
        """Set once a client has broken a connection that hung."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Say nothing."""

            def do_GET(self) -> None:
                outer.keys.append(self.headers.get("authorization", ""))
                models = outer.models
                text = models if isinstance(models, str) else json.dumps(models)
                data = text.encode()
                self.send_response(200 if models is not None else 404)
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                outer.asked.append({"path": self.path, **json.loads(self.rfile.read(length))})
                outer.keys.append(self.headers.get("authorization", ""))
                answer = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                self.send_response(answer.status)
                self.send_header("content-type", answer.kind)
                self.send_header("connection", "close")
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in answer.body:
                    self.wfile.write(piece.encode())
                    self.wfile.flush()
                if answer.hangs:
                    self.connection.settimeout(BOUND_S)
                    if self.connection.recv(1) == b"":
                        outer.left.set()
                if answer.breaks:
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    self.connection.close()
                self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def standing_in(*answers: Answer, models: object = None) -> Iterator[StandIn]:
    """Run the server; the last answer is given again and again.

    Args:
        answers: what is answered, in order.
        models: what the list of models holds; None for no list, a text for that text.
    """
    found = {"data": [{"id": "big"}, {"id": "small"}]} if models is None else models
    stand_in = StandIn(answers or [Answer()], found)
    thread = threading.Thread(target=stand_in.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.server.shutdown()
        stand_in.server.server_close()
        thread.join(BOUND_S)


def free_port() -> int:
    """A port of loopback at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
