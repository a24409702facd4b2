"""HTTP with EasyPost: one request a call, bounded in time and size, behind the account's breaker.

Nothing is repeated here: whether a request may go out again is the caller's to decide.
"""

from __future__ import annotations

import json
import ssl
import time
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

import httpx

from adapters.carriers.breaker import Breaker
from adapters.carriers.easypost.config import EasyPostConfig

CONNECT_SECONDS = 3.0
LARGEST_ANSWER = 16 * 1024 * 1024  # bytes; a hundred trackers with long histories are about 5 MB
LARGEST_LABEL = 5 * 1024 * 1024  # bytes
LONGEST_PAUSE = 86_400  # seconds
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.InvalidURL, httpx.UnsupportedProtocol)


class NoAnswer(Exception):
    """The carrier did not answer in time, or answered what can't be read: what it did is not known."""


class NotSent(NoAnswer):
    """Nothing went out: no connection came about, or the carrier is being left alone. It did nothing."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the JSON object that came with it; an error without one has an empty body.

    `retry_after` is in seconds.
    """

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    retry_after: int | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust as the keeper of a label's address; reading the authorities takes tens of milliseconds."""
    return httpx.create_ssl_context(trust_env=False)


class EasyPostClient:
    """One account's connection. Safe for threads.

    :param clock: counts seconds, monotonically
    """

    def __init__(self, config: EasyPostConfig, clock: Callable[[], float] = time.monotonic) -> None:
        self._timeout = config.timeout
        self._clock = clock
        self._breaker = Breaker(clock)
        self._http = httpx.Client(
            base_url=f"{config.api_base}/v2", auth=(config.api_key, ""), follow_redirects=False, trust_env=False
        )
        weakref.finalize(self, self._http.close)  # nobody ends an account; its connections end with it

    def call(self, method: str, path: str, body: Any = None, *, timeout: float | None = None) -> Reply:
        """One request. Raises NotSent; NoAnswer, which leaves open whether the carrier acted."""
        if not self._breaker.allows():
            raise NotSent("the carrier failed too often and is left alone for half a minute")
        failed = True
        try:
            reply = self._ask(method, path, body, timeout or self._timeout)
            failed = reply.status >= 500
        finally:
            self._breaker.record(failed=failed)
        return reply

    def _ask(self, method: str, path: str, body: Any, seconds: float) -> Reply:
        deadline = self._clock() + seconds
        try:
            with self._http.stream(method, path, json=body, timeout=_timeout(seconds)) as response:
                content = self._content(response, LARGEST_ANSWER, deadline)
        except _NEVER_SENT as error:
            raise NotSent(f"no connection ({type(error).__name__})") from error
        except httpx.HTTPError as error:
            raise NoAnswer(type(error).__name__) from error
        told = _object(content)
        if told is None and response.is_success:
            raise NoAnswer(f"HTTP {response.status_code} with no JSON object")
        return Reply(response.status_code, told or {}, _pause(response.headers))

    def fetch(self, url: str) -> tuple[bytes, str]:
        """A label's file and its media type; its address needs no key. Raises NoAnswer."""
        deadline = self._clock() + self._timeout
        try:
            with httpx.stream(
                "GET", url, timeout=_timeout(self._timeout), trust_env=False, follow_redirects=False, verify=_trusted()
            ) as response:
                content = self._content(response, LARGEST_LABEL, deadline)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from error
        if response.status_code != 200:
            raise NoAnswer(f"HTTP {response.status_code} for the label")
        return content, response.headers.get("Content-Type", "").partition(";")[0].strip()

    def _content(self, response: httpx.Response, largest: int, deadline: float) -> bytes:
        """The body, as long as it comes within the time of the whole request: httpx bounds each piece only."""
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > largest:
                raise NoAnswer(f"an answer of more than {largest} bytes")
            if self._clock() > deadline:
                raise NoAnswer("an answer that does not end")
        return bytes(content)


def _timeout(seconds: float) -> httpx.Timeout:
    return httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def _pause(headers: httpx.Headers) -> int | None:
    """Retry-After (RFC 9110, 10.2.3) in seconds: a number, or a date, which is compared with the answer's own."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdecimal():
        return min(int(told), LONGEST_PAUSE)
    try:
        wait = parsedate_to_datetime(told) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return min(max(int(wait.total_seconds()), 0), LONGEST_PAUSE)
