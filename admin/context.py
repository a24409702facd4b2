"""Who sits at the desk, and how their requests reach the core: `run` a use case, `read` a query.

from admin.context import read, run

@orders.post("/<uuid:order_id>/cancel")
@requires("orders.order.cancel")
def cancel(order_id: UUID) -> AnyResponse:
    run(cancel_order, CancelOrder(order_id), reason=form.reason.data)
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, Protocol, TypeVar

from flask import current_app, g, request
from flask_login import UserMixin, current_user

from admin.desk import language
from core.application import App
from core.shared.context import Actor, CallContext, Nobody, Staff
from core.shared.errors import NotFound, Unauthenticated
from core.stores.model import Store
from core.stores.queries import GetStore, get_store
from ports.clock import Clock
from ports.lookups import Lookups, StaffSession

C = TypeVar("C")
R = TypeVar("R")

_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,99}")


class AdminSettings(Protocol):
    """What this face must know of the settings."""

    @property
    def secret_key(self) -> bytes: ...
    @property
    def session_cookie_secure(self) -> bool: ...
    @property
    def storefront_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Kernel:
    """What this face was made with."""

    app: App
    settings: AdminSettings
    lookups: Lookups
    clock: Clock


class User(UserMixin):
    """Whoever is signed in, as Flask-Login keeps them: named by the session's secret."""

    def __init__(self, token: str, session: StaffSession) -> None:
        self.session = session
        self._token = token

    def get_id(self) -> str:
        return self._token


def kernel() -> Kernel:
    found = current_app.extensions["kernel"]
    assert isinstance(found, Kernel)  # noqa: S101 - put there by create_admin
    return found


def request_id() -> str:
    """The id of the request being answered: the proxy's when it is sane, else a new one."""
    if "request_id" not in g:
        told = request.headers.get("X-Request-Id", "")
        g.request_id = told if _SANE.fullmatch(told) else str(uuid.uuid4())
    return str(g.request_id)


def staff_session() -> StaffSession | None:
    """The session of whoever is signed in, None before sign-in."""
    user = current_user._get_current_object()
    return user.session if isinstance(user, User) else None


def context(reason: str | None = None) -> CallContext:
    """The caller as the core sees them; `reason` is what the person gave."""
    session = staff_session()
    actor: Actor = Staff(session.staff_id, session.id) if session else Nobody()
    return CallContext(
        store_id=session.store_id if session else None,
        actor=actor,
        request_id=request_id(),
        reason=reason or None,
        locale=str(language()).replace("_", "-"),
        actor_label=session.name if session else "",
    )


def person() -> StaffSession:
    """Whoever is signed in. Raises Unauthenticated."""
    session = staff_session()
    if session is None:
        raise Unauthenticated()
    return session


def store() -> Store:
    """The store that is worked in, read once per request. Raises Forbidden when the person lost the membership."""
    if "store" not in g:
        g.store = read(get_store, GetStore())
    found = g.store
    assert isinstance(found, Store)  # noqa: S101 - put there just now
    return found


def run(use_case: Callable[Concatenate[C, ...], R], command: C, *, reason: str | None = None) -> R:
    """Run `use_case` as whoever is signed in. Raises what it refuses with; `admin.errors` shows it."""
    return kernel().app.run(use_case, command, context(reason))


def read(query: Callable[Concatenate[C, ...], R], filter_: C) -> R:
    """Answer `query` for whoever is signed in. Raises what it refuses with; `admin.errors` shows it.

    What was not found is kept for the page that says so: it may be in another store of the person's.
    """
    try:
        return kernel().app.read(query, filter_, context())
    except NotFound:
        g.missed = (query, filter_)
        raise
