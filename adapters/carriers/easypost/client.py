"""HTTP with EasyPost: one request a call, bounded in time, behind the account's breaker.

Nothing is repeated here: whether a request may go out again is the caller's to decide.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from adapters.carriers.breaker import Breaker
from adapters.carriers.easypost.config import EasyPostConfig

CONNECT_SECONDS = 3.0
LARGEST_LABEL = 5 * 1024 * 1024  # bytes


class NoAnswer(Exception):
    """The carrier was not reached in time, answered what is no JSON, or is being left alone."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and the JSON object that came with it."""

    status: int
    body: Mapping[str, Any]
    retry_after: int | None = None

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


class EasyPostClient:
    """One account's connection. Safe for threads."""

    def __init__(self, config: EasyPostConfig) -> None:
        self._timeout = config.timeout
        self._breaker = Breaker(time.monotonic)
        self._http = httpx.Client(
            base_url=f"{config.api_base}/v2", auth=(config.api_key, ""), follow_redirects=False, trust_env=False
        )

    def call(self, method: str, path: str, body: Any = None, *, timeout: float | None = None) -> Reply:
        """One request. Raises NoAnswer; a time-out leaves open whether the carrier acted."""
        seconds = timeout or self._timeout
        if not self._breaker.allows():
            raise NoAnswer("the carrier failed too often and is left alone for half a minute")
        try:
            response = self._http.request(
                method, path, json=body, timeout=httpx.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds))
            )
        except httpx.HTTPError as error:
            self._breaker.record(failed=True)
            raise NoAnswer(type(error).__name__) from error
        self._breaker.record(failed=response.status_code >= 500)
        try:
            told = response.json()
        except ValueError as error:
            raise NoAnswer(f"HTTP {response.status_code} with no JSON") from error
        if not isinstance(told, dict):
            raise NoAnswer(f"HTTP {response.status_code} with no object")
        return Reply(response.status_code, told, _seconds(response.headers.get("Retry-After")))

    def fetch(self, url: str) -> tuple[bytes, str]:
        """A label's file and its media type; its address needs no key. Raises NoAnswer."""
        try:
            with httpx.stream("GET", url, timeout=self._timeout, trust_env=False, follow_redirects=False) as response:
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > LARGEST_LABEL:
                        raise NoAnswer("the label is larger than 5 MB")
                if response.status_code != 200:
                    raise NoAnswer(f"HTTP {response.status_code} for the label")
                return bytes(content), response.headers.get("Content-Type", "").partition(";")[0].strip()
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NoAnswer(type(error).__name__) from error


def _seconds(told: str | None) -> int | None:
    return int(told) if told and told.isdecimal() else None
