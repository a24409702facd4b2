"""The books as an oracle: append-only entries, and what they add up to, counted once each."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sandbox.payments.money_books import money
from sandbox.payments.records import Intent
from sandbox.payments.store import Books, Call

COUNTED = {
    "charges": ("charged",),
    "captures": ("captured",),
    "cancellations": ("cancelled",),
    "declines": ("declined",),
    "expirations": ("expired",),
    "refunds": ("refund_created",),
    "authorisations": ("authorised",),
}
SUMMED = {
    "authorised": ("authorised",),
    "captured": ("captured",),
    "released": ("released",),
    "refund_requested": ("refund_created",),
    "refunded": ("refund_succeeded",),
    "refund_reversed": ("refund_reversed",),
    "refund_failed": ("refund_failed",),
}


def enter(call: Call, intent: Intent, obj: str, kind: str, amount: int) -> None:
    """Write one entry: `kind` happened to object `obj` of an intent, for `amount` minor units."""
    call.books.execute(
        "INSERT INTO sandbox.entries (account, payment_intent, object, kind, amount, currency, at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (call.account, intent.id, obj, kind, amount, intent.currency, call.now),
    )


def report(books: Books, account: str) -> dict[str, Any]:
    """Everything that happened in an account: totals, each intent, refunds, keys, the entries themselves, and the
    money side (see `money_books`).

    `refunded` is money that went back and stayed back: succeeded less reversed.
    """
    entries = _rows(books, "SELECT * FROM sandbox.entries WHERE account = %s ORDER BY id", account)
    intents = _rows(
        books,
        "SELECT id, amount, currency, status, payment_method_types, metadata"
        " FROM sandbox.payment_intents WHERE account = %s ORDER BY seq",
        account,
    )
    refunds = _rows(
        books,
        "SELECT id, payment_intent, charge, amount, currency, status, reason, metadata FROM sandbox.refunds"
        " WHERE account = %s ORDER BY seq",
        account,
    )
    keys = _rows(
        books,
        "SELECT key, path, status, object_id, replays FROM sandbox.idempotency_keys WHERE account = %s"
        " ORDER BY created, key",
        account,
    )
    by_intent: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_intent[entry["payment_intent"]].append(entry)
    own_refunds: dict[str, set[str]] = defaultdict(set)
    for refund in refunds:
        own_refunds[refund["payment_intent"]].add(refund["id"])
    lines = []
    for intent in intents:
        touched = {intent["id"], *own_refunds[intent["id"]]}
        seen = [key["key"] for key in keys if key["object_id"] in touched]
        lines.append({**intent, **_added(by_intent[intent["id"]]), "idempotency_keys": seen})
    totals = {**_added(entries), "intents": len(intents)}
    return {
        "account": account,
        "totals": totals,
        "intents": lines,
        "refunds": refunds,
        "idempotency_keys": keys,
        "entries": entries,
        **money(books, account),
    }


def _added(entries: list[dict[str, Any]]) -> dict[str, int]:
    times: Counter[str] = Counter(entry["kind"] for entry in entries)
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry["kind"]] += entry["amount"]
    counted = {name: sum(times[kind] for kind in kinds) for name, kinds in COUNTED.items()}
    summed = {name: sum(sums[kind] for kind in kinds) for name, kinds in SUMMED.items()}
    summed["refunded"] -= summed["refund_reversed"]
    return {**counted, **summed}


def _rows(books: Books, statement: Any, account: str) -> list[dict[str, Any]]:
    return list(books.execute(statement, (account,)).fetchall())
