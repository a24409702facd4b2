"""The process that dies. `python -m tests.kill.child` wires the application and does every deed once undisturbed,
which tells where it can be killed and warms its statements; for every kill it forks a process that connects anew, does
the deed and is ended by its failpoint with SIGKILL.

Lines are JSON objects; the answer, once the process has ended, is by which signal and with which code.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import wraps
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from unittest.mock import patch
from uuid import UUID

from adapters import registry
from adapters.carrier_registry import InstalledCarriers
from adapters.postgres.unit_of_work import PostgresUnitOfWork
from adapters.provisioning import DatabaseAddresses
from adapters.wiring import wire
from core.shared.ids import KeyId, StoreId
from ports.carriers import Carrier, Label, PostageAnswer, RateAnswer, TrackAnswer
from ports.payments import Answer, PaymentGateway
from ports.settlements import SettlementPage, SettlementSource
from tests.kill.errands import BY_NAME as ERRANDS
from tests.kill.errands import Desk
from tests.kill.scenarios import BY_NAME, Situation
from tests.shop import Shop, StoppedClock, settings_for


def _asked(port: type, *answers: type) -> frozenset[str]:
    """The methods of a port by which the outside world is asked: those that answer one of `answers`."""
    methods = inspect.getmembers(port, inspect.isfunction)
    return frozenset(
        name for name, method in methods
        if not name.startswith("_") and _plain(get_type_hints(method).get("return")) in answers
    )  # fmt: skip


def _plain(answer: Any) -> Any:
    """An answer's class, without what it is of or that it may be none."""
    found = get_origin(answer) or answer
    return next((kind for kind in get_args(answer) if kind is not NoneType), None) if found is UnionType else found


OUTWARD = {
    "gateway": _asked(PaymentGateway, Answer),
    "carrier": _asked(Carrier, PostageAnswer, RateAnswer, TrackAnswer, Label),
    "settlements": _asked(SettlementSource, SettlementPage),
}  # what each port asks of the outside world


def do(order: dict[str, Any], shop: Shop) -> None:
    """One deed, in this process alone."""
    shop.clock.at = datetime.fromisoformat(order["now"])
    errand, at = ERRANDS.get(order["scenario"]), order["situation"]
    shop.store_id, shop.key_id = StoreId(UUID(at["store_id"])), KeyId(UUID(at["key_id"]))
    if errand is not None:
        errand.deed(shop, Desk(**at))
    else:
        BY_NAME[order["scenario"]].deed(shop, Situation(**at))


def do_and_tell(order: dict[str, Any], shop: Shop, log: Path) -> None:
    """The deed undisturbed; `log` is told every point, every call to a provider and every transaction."""
    with _told(log), patch.dict(os.environ, ECOMMERCE_FAILPOINT_LOG=str(log)):
        do(order, shop)
    _forget_connections(shop, close=True)


def _forget_connections(shop: Shop, *, close: bool) -> None:
    """What was connected before a fork belongs to one of the two only."""
    for engine in (shop.wired.engines.app, shop.wired.engines.platform):
        engine.dispose(close=close)
    shop.wired.plain["gateways"]._built.clear()
    shop.wired.plain["gateways"]._sources.clear()
    shop.wired.plain["carriers"]._built.clear()


@contextmanager
def _told(log: Path) -> Iterator[None]:
    """Write down every call and every transaction where they happen, apart from the failpoints beside them."""

    def tell(what: str) -> None:
        with log.open("a") as file:
            file.write(f"{what}\n")

    plugin, opened = registry.Gateways._plugin, PostgresUnitOfWork.__call__
    carrier = InstalledCarriers._plugin

    def spoken(port: str, build: Any) -> Any:
        return build and (lambda *arguments: _Told(build(*arguments), port, tell))

    def told(name: str) -> Any:
        found = plugin(name)
        settlements = spoken("settlements", found.settlements)
        return replace(found, build=spoken("gateway", found.build), settlements=settlements)

    def told_carrier(self: InstalledCarriers, name: str) -> Any:
        found = carrier(self, name)
        return replace(found, build=spoken("carrier", found.build))

    @contextmanager
    def counted(self: PostgresUnitOfWork) -> Iterator[Any]:
        with opened(self) as tx:
            yield tx
        tell(f"transaction {self._run.action}")

    with (
        patch.object(registry.Gateways, "_plugin", staticmethod(told)),
        patch.object(InstalledCarriers, "_plugin", told_carrier),
        patch.object(PostgresUnitOfWork, "__call__", counted),
    ):
        yield


class _Told:
    """A gateway, carrier or source that tells what it is asked, seen from inside the guard."""

    def __init__(self, inner: Any, port: str, tell: Any) -> None:
        self._inner, self._port, self._tell = inner, port, tell

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in OUTWARD[self._port]:
            return found

        @wraps(found)
        def asked(*arguments: Any, **named: Any) -> Any:
            self._tell(f"call {self._port}.{name}")
            return found(*arguments, **named)

        return asked


def in_a_fork(order: dict[str, Any], shop: Shop) -> tuple[int, int]:
    """The deed in a process of its own; the signal that ended it (0: none) and its exit code."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _forget_connections(shop, close=False)
            os.environ["ECOMMERCE_FAILPOINT"] = order["failpoint"]
            do(order, shop)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0, os.waitstatus_to_exitcode(status)


def serve() -> None:
    """The first line names the database and the settings; each further one is a deed."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever is printed belongs into the log
    started = json.loads(sys.stdin.readline())
    clock = StoppedClock()
    settings = settings_for(DatabaseAddresses(**started["database"]), Path(started["data_dir"]), **started["settings"])
    shop = Shop(wire(settings, clock=clock), StoreId(UUID(int=0)), clock)
    for line in sys.stdin:
        order = json.loads(line)
        if "log" in order:
            do_and_tell(order, shop, Path(order["log"]))
            ended = (0, 0)
        else:
            ended = in_a_fork(order, shop)
        print(json.dumps(ended), file=answers, flush=True)


if __name__ == "__main__":
    serve()
