"""A web server of the tests that takes webhooks and remembers them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Taken:
    """One request as it arrived."""

    path: str
    signature: str
    body: bytes
    status: int


@dataclass
class Receiver:
    """answers: statuses to give, in order; 200 once they are used up. pause: seconds before each answer.

    signed_by: the header that holds the sender's signature.
    """

    answers: list[int] = field(default_factory=list)
    pause: float = 0
    signed_by: str = "Stripe-Signature"
    taken: list[Taken] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._guard = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    @property
    def origin(self) -> str:
        """Scheme and host of this server."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Stop serving and give the port back."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, path: str, signature: str, body: bytes) -> int:
        with self._guard:
            status = self.answers.pop(0) if self.answers else 200
            self.taken.append(Taken(path, signature, body, status))
            return status

    def _count(self, step: int) -> None:
        with self._guard:
            self.at_once += step
            self.most_at_once = max(self.most_at_once, self.at_once)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver._count(1)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver._take(self.path, self.headers[receiver.signed_by], body)
                threading.Event().wait(receiver.pause)
                receiver._count(-1)
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        return Handler
