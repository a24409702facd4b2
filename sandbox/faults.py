"""Faults planted by tests and demonstrations: kept in the books, used up one by one, visible afterwards."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from sandbox.store import Books

REQUEST_KINDS = frozenset(
    {
        "timeout_after_effect",
        "timeout_before_effect",
        "error_500_after_effect",
        "error_500_before_effect",
        "error_429",
    }
)
WEBHOOK_KINDS = frozenset({"drop_webhook", "double_webhook", "late_webhook", "reorder_webhook"})
DEFAULT_DELAY = 30

stopping = threading.Event()  # set when the process is told to end, so that held answers are let go


class BadFault(Exception):
    """What was to be planted is no fault of this service; `field` names the part that is wrong."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Fault:
    """One planted fault in use. delay_seconds: wall seconds an answer or a delivery is held back."""

    id: int
    kind: str
    delay_seconds: int


def hold(fault: Fault) -> None:
    """Keep the client waiting, but not the end of the process."""
    stopping.wait(fault.delay_seconds)


@dataclass(frozen=True, slots=True)
class Planting:
    """The faults of one service, in its own table of schema `sandbox`.

    own_kinds: kinds beside those of requests and webhooks.
    """

    table: str
    own_kinds: frozenset[str]

    def _statement(self, text: str) -> sql.Composed:
        return sql.SQL(text).format(table=sql.Identifier("sandbox", self.table))

    def plant(self, books: Books, faults: list[Any]) -> list[int]:
        """Plant faults; each is `{"account", "operation", "kind", "count", "delay_seconds"}`.

        operation: the full name (`payment_intents.create`), its last part (`create`, `capture`), `webhook`,
        `webhook:<event type>`, `page`, or `*`; account None means any. Returns the new ids. Raises BadFault.
        """
        return [self._plant(books, fault) for fault in faults]

    def _plant(self, books: Books, fault: Any) -> int:
        known = {"account", "operation", "kind", "count", "delay_seconds"}
        if not isinstance(fault, dict) or not set(fault) <= known:
            raise BadFault(f"A fault is an object of {sorted(known)}", "faults")
        kind, operation = fault.get("kind"), fault.get("operation")
        count, delay = fault.get("count", 1), fault.get("delay_seconds", DEFAULT_DELAY)
        if kind not in REQUEST_KINDS | WEBHOOK_KINDS | self.own_kinds:
            raise BadFault(f"Unknown kind of fault: {kind}", "kind")
        if not isinstance(operation, str) or not operation:
            raise BadFault("A fault names its operation", "operation")
        if (operation.partition(":")[0] == "webhook") != (kind in WEBHOOK_KINDS):
            raise BadFault(f"{kind} does not happen to {operation}", "operation")
        if type(count) is not int or type(delay) is not int or count < 1 or not 0 <= delay <= 86400:
            raise BadFault("count and delay_seconds are whole numbers", "count")
        row = books.execute(
            self._statement(
                "INSERT INTO {table} (account, operation, kind, remaining, delay_seconds, uses)"
                " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id"
            ),
            (fault.get("account"), operation, kind, count, delay, Jsonb([])),
        ).fetchone()
        if row is None:
            raise RuntimeError("INSERT returned nothing")
        return int(row["id"])

    def consume(self, books: Books, account: str, names: list[str], kinds: frozenset[str], target: str) -> Fault | None:
        """Use up one fault that meets any of these operation names, oldest first.

        target: what it happens to (a request or an event), written into the fault's uses.
        """
        row = books.execute(
            self._statement(
                "UPDATE {table} SET remaining = remaining - 1, uses = uses || to_jsonb(%s::text) WHERE id ="
                " (SELECT id FROM {table} WHERE remaining > 0 AND kind = ANY(%s) AND operation = ANY(%s)"
                "  AND (account IS NULL OR account = %s) ORDER BY id LIMIT 1 FOR UPDATE)"
                " RETURNING id, kind, delay_seconds"
            ),
            (target, list(kinds), names, account),
        ).fetchone()
        return None if row is None else Fault(row["id"], row["kind"], row["delay_seconds"])

    def listed(self, books: Books) -> list[dict[str, Any]]:
        """Every planted fault with what is left of it and what it happened to."""
        rows = books.execute(
            self._statement(
                "SELECT id, account, operation, kind, remaining, delay_seconds, uses FROM {table} ORDER BY id"
            )
        )
        return list(rows.fetchall())

    def clear(self, books: Books) -> int:
        """Pull out every fault; returns how many there were."""
        return books.execute(self._statement("DELETE FROM {table}")).rowcount
