"""EasyPost's client against a server that misbehaves at the level of HTTP."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Protocol

import pytest

from adapters.carriers.easypost.client import LONGEST_PAUSE, EasyPostClient, NoAnswer, NotSent
from adapters.carriers.easypost.config import EasyPostConfig
from adapters.carriers.easypost.labels import label_of

HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nConnection: close\r\n%s\r\n"


class Answering(Protocol):
    def __call__(self, *pieces: bytes, pause: float = 0.0) -> str: ...


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Where a server listens that answers one request with these pieces, so many seconds apart."""
    sockets: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def start(*pieces: bytes, pause: float = 0.0) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)
        thread = threading.Thread(target=_serve, args=(listening, pieces, pause), daemon=True)
        threads.append(thread)
        thread.start()
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield start
    for thread in threads:
        thread.join(10)
    for one in sockets:
        one.close()


def _serve(listening: socket.socket, pieces: tuple[bytes, ...], pause: float) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(65_536)
        for piece in pieces:
            try:
                connection.sendall(piece)
            except OSError:  # the client has gone
                return
            time.sleep(pause)


def client(url: str, timeout: float = 0.5) -> EasyPostClient:
    return EasyPostClient(EasyPostConfig("EZTK_a", "secret", url, timeout))


def head(status: bytes, *headers: bytes) -> bytes:
    return HEAD % (status, b"".join(header + b"\r\n" for header in headers))


def test_an_answer_that_drips_is_bounded_as_a_whole(answering: Answering) -> None:
    url = answering(head(b"200 OK"), *[b" "] * 20, b"{}", pause=0.1)
    before = time.monotonic()
    with pytest.raises(NoAnswer, match="does not end"):
        client(url).call("GET", "/shipments/1")
    assert time.monotonic() - before < 1.0


@pytest.mark.parametrize(
    "answer",
    [
        head(b"200 OK", b"Content-Length: 40") + b'{"id": ',
        head(b"200 OK") + b"<html>gateway</html>",
        head(b"200 OK") + b"[]",
        head(b"200 OK") + b"[" * 200_000,
        head(b"200 OK") + b'"\xff"',
        b"nothing like HTTP\r\n\r\n",
        b"",
    ],
)
def test_what_can_not_be_read_is_no_answer(answering: Answering, answer: bytes) -> None:
    with pytest.raises(NoAnswer) as caught:
        client(answering(answer)).call("GET", "/shipments/1")
    assert not isinstance(caught.value, NotSent)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([], None),
        ([b"Retry-After: 12"], 12),
        ([b"Retry-After: 99999999999999"], LONGEST_PAUSE),
        ([b"Retry-After: soon"], None),
        ([b"Retry-After: -5"], None),
        ([b"Retry-After: Tue, 24 Nov 2026 12:02:00 GMT", b"Date: Tue, 24 Nov 2026 12:00:30 GMT"], 90),
        ([b"Retry-After: Tue, 24 Nov 2026 12:00:00 GMT", b"Date: Tue, 24 Nov 2026 12:00:30 GMT"], 0),
        ([b"Retry-After: Tue, 24 Nov 2026 12:02:00 GMT"], None),
    ],
)
def test_when_to_come_again_is_read_even_without_json(
    answering: Answering, headers: list[bytes], seconds: int | None
) -> None:
    reply = client(answering(head(b"429 Too Many Requests", *headers) + b"slow down")).call("GET", "/shipments/1")
    assert (reply.status, reply.body, reply.retry_after) == (429, {}, seconds)


def test_a_label_that_does_not_end_is_not_waited_for(answering: Answering) -> None:
    with pytest.raises(NoAnswer, match="does not end"):
        client("http://127.0.0.1:9").fetch(answering(head(b"200 OK"), *[b"%PDF-"] * 20, pause=0.1))


def test_a_label_is_fetched_without_the_key(answering: Answering) -> None:
    url = answering(head(b"302 Found", b"Location: http://127.0.0.1:9/elsewhere"))
    with pytest.raises(NoAnswer, match="HTTP 302"):
        client("http://127.0.0.1:9").fetch(url)
    for odd in ("ftp://host/label", "", "http://[", "http://\u0000/"):
        with pytest.raises(NoAnswer):
            client("http://127.0.0.1:9").fetch(odd)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.4 ... %%EOF\n", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...IEND\xaeB`\x82", "image/png"),
        (b"%PDF-1.4 the first half of one", None),
        (b"<html>Service unavailable</html>", None),
        (b"%!PS-Adobe %%EOF", None),
        (b"", None),
    ],
)
def test_a_label_is_known_by_its_bytes(content: bytes, media_type: str | None) -> None:
    label = label_of(content)
    assert (label.media_type if label else None) == media_type
