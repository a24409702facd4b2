"""The process that dies. `python -m tests.kill.child` imports everything once, then forks a process for every line
it reads: each wires an application of its own, does one deed, and is killed by its failpoint with SIGKILL.

A line is a JSON object; the answer, once the process has ended, tells by which signal or with which code.
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
from typing import Any, get_type_hints
from uuid import UUID

from adapters import registry
from adapters.postgres.unit_of_work import PostgresUnitOfWork
from adapters.provisioning import DatabaseAddresses
from adapters.wiring import wire
from core.shared.ids import KeyId, StoreId
from ports.payments import Answer, PaymentGateway
from tests.kill.scenarios import BY_NAME, Situation
from tests.shop import Shop, StoppedClock, settings_for

OUTWARD = tuple(
    sorted(
        name
        for name, method in inspect.getmembers(PaymentGateway, inspect.isfunction)
        if not name.startswith("_") and get_type_hints(method).get("return") is Answer
    )
)  # what the gateways' port asks of the provider


def do(order: dict[str, Any]) -> None:
    """One deed, in this process alone."""
    os.environ.update(order["environment"])
    if log := order["environment"].get("ECOMMERCE_FAILPOINT_LOG"):
        _tell_what_happens(Path(log))
    clock = StoppedClock()
    clock.at = datetime.fromisoformat(order["now"])
    database = DatabaseAddresses(**order["database"])
    settings = settings_for(database, Path(order["data_dir"]), **order["settings"])
    at = Situation(**order["situation"])
    shop = Shop(wire(settings, clock=clock), StoreId(UUID(at.store_id)), clock, key_id=KeyId(UUID(at.key_id)))
    BY_NAME[order["scenario"]].deed(shop, at)


def _tell_what_happens(log: Path) -> None:
    """Write down every call to a provider and every transaction, apart from the failpoints beside them."""

    def tell(what: str) -> None:
        with log.open("a") as file:
            file.write(f"{what}\n")

    plugin = registry.Gateways._plugin

    def told(name: str) -> Any:
        found = plugin(name)

        def build(*arguments: Any) -> PaymentGateway:
            return _Told(found.build(*arguments), tell)  # type: ignore[return-value]  # it stands before one

        return replace(found, build=build)

    registry.Gateways._plugin = staticmethod(told)  # type: ignore[method-assign]  # in a process that ends right after
    opened = PostgresUnitOfWork.__call__

    @contextmanager
    def counted(self: PostgresUnitOfWork) -> Iterator[Any]:
        with opened(self) as tx:
            yield tx
        tell(f"transaction {self._run.action}")

    PostgresUnitOfWork.__call__ = counted  # type: ignore[method-assign]


class _Told:
    """A gateway that tells what it is asked, seen from inside the guard."""

    def __init__(self, gateway: PaymentGateway, tell: Any) -> None:
        self._gateway, self._tell = gateway, tell

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._gateway, name)
        if name not in OUTWARD:
            return found

        @wraps(found)
        def asked(*arguments: Any, **named: Any) -> Any:
            self._tell(f"call {name}")
            return found(*arguments, **named)

        return asked


def serve() -> None:
    """Fork for every line of stdin until it ends."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever is printed belongs into the log
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                do(order)
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        print(json.dumps({"signal": signal, "code": os.waitstatus_to_exitcode(status)}), file=answers, flush=True)


if __name__ == "__main__":
    serve()
