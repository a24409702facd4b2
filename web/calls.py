"""How handlers reach the core: `run` a use case, `read` a query, both as the caller that `web.auth` found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Concatenate, Protocol, TypeVar

from flask import current_app, g

from core.application import App
from core.shared.context import CallContext
from core.shared.errors import Unauthenticated
from ports.blobs import BlobStore
from ports.clock import Clock
from ports.lookups import KnownKey, Lookups
from ports.tokens import AccessTokens

C = TypeVar("C")
R = TypeVar("R")


class WebSettings(Protocol):
    """What this face must know of the settings."""

    @property
    def public_url(self) -> str: ...
    @property
    def storefront_url(self) -> str: ...
    @property
    def trusted_proxy_count(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Kernel:
    """What this face was made with."""

    app: App
    settings: WebSettings
    lookups: Lookups
    tokens: AccessTokens
    clock: Clock
    blobs: BlobStore


def kernel() -> Kernel:
    found = current_app.extensions["kernel"]
    assert isinstance(found, Kernel)  # noqa: S101 - put there by create_api
    return found


def context() -> CallContext:
    """Who calls, as `web.auth` found out. Raises Unauthenticated on a route that asks nobody."""
    found = g.get("call_context")
    if not isinstance(found, CallContext):
        raise Unauthenticated()
    return found


def key() -> KnownKey:
    """The API key of the request. Raises Unauthenticated on a route that asks for none."""
    found = g.get("api_key")
    if not isinstance(found, KnownKey):
        raise Unauthenticated()
    return found


def run(use_case: Callable[Concatenate[C, ...], R], command: C, *, reason: str | None = None) -> R:
    """Run `use_case` as the caller, for the `reason` they gave. Raises what it refuses with; `web.errors` answers."""
    return kernel().app.run(use_case, command, replace(context(), reason=reason or None))


def read(query: Callable[Concatenate[C, ...], R], filter_: C) -> R:
    """Answer `query` as the caller. Raises what it refuses with; `web.errors` answers."""
    return kernel().app.read(query, filter_, context())
