"""The shop's REST API as this storefront uses it: one method per call, JSON in and out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import httpx

Json = dict[str, Any]

TIMEOUT = httpx.Timeout(15.0, connect=3.0)
PAUSES = (0.2, 0.5)  # seconds before the second and third try of a read
AWAY = frozenset({500, 502, 503, 504})


class ApiAway(Exception):
    """The API cannot be reached or cannot answer now; nobody knows whether the call had an effect.

    retry_after: seconds the API asks to wait, or None.
    """

    def __init__(self, reason: str, retry_after: int | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


@dataclass
class ApiProblem(Exception):
    """The API refused, in the form of RFC 9457 with a list of field errors.

    errors: records of `field`, `code` and `message`.
    """

    status: int
    code: str
    detail: str = ""
    errors: list[Json] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.status} {self.code}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An accepted call. retry_after: seconds until it should be asked again, when the API says so."""

    status: int
    data: Json
    retry_after: int | None


class Api:
    """Calls on behalf of one visitor.

    client: shared by all threads, with the API's address as base.
    bearer: gives the shopper's access token, or None for a guest.
    renew: called when the API no longer accepts that token; gives a new one, or None (guest from now on).
    """

    def __init__(
        self,
        client: httpx.Client,
        publishable_key: str,
        bearer: Callable[[], str | None] = lambda: None,
        renew: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._client = client
        self._headers = {"X-Store-Key": publishable_key, "Accept-Language": "pt-BR"}
        self._bearer = bearer
        self._renew = renew

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Json:
        """Read `path`, trying again when the API is away for a moment."""
        return self.call("GET", path, params=params, headers=headers).data

    def call(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        guest: bool = False,
    ) -> Answer:
        """Make one call below /api/v1.

        guest: leave the shopper's token out. Raises ApiProblem when refused, ApiAway when there is no answer.
        """
        sent = {**self._headers, **(headers or {})}
        token = None if guest else self._bearer()
        response = self._send(method, path, body, params, sent, token)
        if response.status_code == 401 and token:
            response = self._send(method, path, body, params, sent, self._renew())
        return _answer(response)

    def _send(
        self,
        method: str,
        path: str,
        body: Json | None,
        params: Mapping[str, str] | None,
        headers: Mapping[str, str],
        token: str | None,
    ) -> httpx.Response:
        sent = {**headers, "Authorization": f"Bearer {token}"} if token else headers
        for pause in PAUSES if method == "GET" else ():
            try:
                return self._client.request(method, f"/api/v1{path}", json=body, params=params, headers=sent)
            except httpx.TransportError:
                time.sleep(pause)
        try:
            return self._client.request(method, f"/api/v1{path}", json=body, params=params, headers=sent)
        except httpx.TransportError as error:
            raise ApiAway(str(error) or type(error).__name__) from error


def segment(value: str) -> str:
    """`value` as one segment of a path, whatever a visitor has typed into the address bar."""
    return quote(value, safe="")


def _answer(response: httpx.Response) -> Answer:
    after = response.headers.get("Retry-After", "")
    retry_after = int(after) if after.isascii() and after.isdigit() else None
    if response.status_code in AWAY:
        raise ApiAway(f"answered {response.status_code}", retry_after)
    data = _json(response)
    if response.is_success:
        return Answer(response.status_code, data, retry_after)
    raise ApiProblem(
        status=response.status_code,
        code=str(data.get("code") or "refused"),
        detail=str(data.get("detail") or data.get("title") or ""),
        errors=[error for error in data.get("errors") or [] if isinstance(error, dict)],
    )


def _json(response: httpx.Response) -> Json:
    if response.status_code == 204 or not response.content:
        return {}
    try:
        data = response.json()
    except ValueError as error:
        raise ApiAway("answered something that is not JSON") from error
    if not isinstance(data, dict):
        raise ApiAway("answered something that is not an object")
    return data
