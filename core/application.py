"""The one door to the core: `run` a use case, `read` a query.

Ports are bound by the names of keyword-only parameters. Every call checks the permission the function declares
against what the actor may do now, and tells its outcome to the observer (log, metrics).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from time import perf_counter
from typing import Concatenate, Protocol, TypeVar, cast

from core.identity.roles import permissions_of_kind
from core.shared.calls import Run
from core.shared.context import Actor, CallContext
from core.shared.errors import CoreError, Forbidden, WriteConflict
from core.shared.ids import StoreId
from core.shared.permission import leaves_activity, permission_of

C = TypeVar("C")
R = TypeVar("R")

# A use case that talks to the outside world is never repeated behind its caller's back.
_OUTSIDE = frozenset({"gateways", "carriers", "mailer"})
_ATTEMPTS = 3


class PermissionLookup(Protocol):
    """Finds what staff and secret keys may do, anew on every call."""

    def permissions_of(self, actor: Actor, store_id: StoreId | None) -> frozenset[str]: ...


class Observer(Protocol):
    """Is told about every call: for the log and the counters."""

    def called(
        self, action: str, context: CallContext, error: CoreError | BaseException | None, seconds: float
    ) -> None: ...


class IdempotencyRelease(Protocol):
    """Frees the claim on an Idempotency-Key after a call that failed, so that a repeat may resume."""

    def release(self, context: CallContext, claimed_until: datetime) -> None:
        """Give the claim back that holds until `claimed_until`; one that somebody took over stays theirs."""
        ...


BoundPort = Callable[[CallContext, Run], object]


@cache
def port_names(function: Callable[..., object]) -> tuple[str, ...]:
    """The ports that `function` asks for: its keyword-only parameters."""
    parameters = inspect.signature(function).parameters.values()
    return tuple(p.name for p in parameters if p.kind is inspect.Parameter.KEYWORD_ONLY)


@cache
def action_name(function: Callable[..., object]) -> str:
    """`context.function`, as it stands in activity, log and metrics."""
    return f"{function.__module__.split('.')[1]}.{function.__name__}"


class App:
    """The application: ports on one side, callers on the other.

    `plain` ports are the same for everybody; `bound` ports are made for one call, because they carry its store.
    """

    def __init__(
        self,
        *,
        plain: Mapping[str, object],
        bound: Mapping[str, BoundPort],
        permissions: PermissionLookup,
        observer: Observer,
        idempotency: IdempotencyRelease,
    ) -> None:
        if twice := set(plain) & set(bound):
            raise ValueError(f"bound twice: {sorted(twice)}")
        self._plain = dict(plain)
        self._bound = dict(bound)
        self._permissions = permissions
        self._observer = observer
        self._idempotency = idempotency

    @property
    def ports(self) -> frozenset[str]:
        """The names of all ports that a use case or query may ask for."""
        return frozenset(self._plain) | frozenset(self._bound)

    def run(self, use_case: Callable[Concatenate[C, ...], R], command: C, context: CallContext) -> R:
        """Call `use_case` with `command`. Raises Forbidden and whatever the use case refuses with.

        A WriteConflict is tried again up to three times, unless the use case talks to the outside world.
        """
        attempts = 1 if _OUTSIDE & set(port_names(use_case)) else _ATTEMPTS
        while True:
            attempts -= 1
            run = Run(action_name(use_case), leaves_activity(use_case))
            try:
                return self._call(use_case, command, context, run)
            except WriteConflict:
                if not attempts:
                    raise
            finally:
                # A claim that found its answer is kept; one that did not must not block the repeat.
                if run.claimed_until is not None:
                    self._idempotency.release(context, run.claimed_until)

    def read(self, query: Callable[Concatenate[C, ...], R], filter_: C, context: CallContext) -> R:
        """Answer `query`: the same permission check and the same store, no activity, no claim on an Idempotency-Key."""
        asking = replace(context, repeatable=None)
        return self._call(query, filter_, asking, Run(action_name(query), leaves_activity=False))

    def allows(self, function: Callable[..., object], context: CallContext) -> bool:
        """Whether the caller may call `function`: for menus and buttons; the call itself checks again."""
        return permission_of(function) in self.permissions(context)

    def permissions(self, context: CallContext) -> frozenset[str]:
        """Everything the caller may do now."""
        fixed = permissions_of_kind(context.actor)
        if fixed is not None:
            return fixed
        return self._permissions.permissions_of(context.actor, context.store_id)

    def _call(self, function: Callable[Concatenate[C, ...], R], argument: C, context: CallContext, run: Run) -> R:
        error: BaseException | None = None
        started = perf_counter()
        try:
            needed = permission_of(function)
            if needed not in self.permissions(context):
                raise Forbidden(needed)
            bound = {name: self._port(name, context, run) for name in port_names(function)}
            return cast("Callable[..., R]", function)(argument, **bound)
        except BaseException as raised:
            error = raised
            raise
        finally:
            self._observer.called(run.action, context, error, perf_counter() - started)

    def _port(self, name: str, context: CallContext, run: Run) -> object:
        if name in self._plain:
            return self._plain[name]
        try:
            make = self._bound[name]
        except KeyError:
            raise TypeError(f"no port is named {name!r}") from None
        return make(context, run)
