"""The carrier's books as an oracle: append-only entries, and what they add up to."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.carrier.store import Call
from sandbox.store import Books


def enter(call: Call, shipment: str, kind: str, amount: int = 0, currency: str = "BRL") -> None:
    """Write one entry: `kind` happened to a shipment, for `amount` minor units."""
    call.books.execute(
        "INSERT INTO sandbox.carrier_entries (account, shipment, kind, amount, currency, at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (call.account, shipment, kind, amount, currency, call.now),
    )


def note_request(call: Call, operation: str, obj: str | None) -> None:
    """Count a request that changes something, whatever came of it."""
    call.books.execute(
        "INSERT INTO sandbox.carrier_requests (account, operation, object, at) VALUES (%s, %s, %s, %s)",
        (call.account, operation, obj, call.now),
    )


def report(books: Books, account: str) -> dict[str, Any]:
    """Everything that happened in an account.

    `totals` counts entries by kind and sums postage in minor units; `charged` is bought less given back. `requests`
    counts what arrived by operation and object, so that a purchase that was asked for twice shows.
    """
    entries = _rows(books, "SELECT * FROM sandbox.carrier_entries WHERE account = %s ORDER BY id", account)
    shipments = _rows(
        books,
        "SELECT s.id, s.reference, s.tracking_code, s.selected_rate, s.refund_status, t.status, t.life,"
        " jsonb_array_length(t.details) AS scans FROM sandbox.carrier_shipments s"
        " LEFT JOIN sandbox.carrier_trackers t ON t.shipment = s.id WHERE s.account = %s ORDER BY s.seq",
        account,
    )
    requests = _rows(
        books,
        "SELECT operation, object, count(*) AS times FROM sandbox.carrier_requests WHERE account = %s"
        " GROUP BY operation, object ORDER BY operation, object",
        account,
    )
    times = Counter(entry["kind"] for entry in entries)
    bought = sum(entry["amount"] for entry in entries if entry["kind"] == "postage_bought")
    back = sum(entry["amount"] for entry in entries if entry["kind"] == "postage_refunded")
    totals = {
        "labels": times["postage_bought"],
        "refunds": times["postage_refunded"],
        "bought": bought,
        "refunded": back,
        "charged": bought - back,
        "shipments": len(shipments),
    }
    return {"account": account, "totals": totals, "shipments": shipments, "requests": requests, "entries": entries}


def _rows(books: Books, statement: Any, account: str) -> list[dict[str, Any]]:
    return list(books.execute(statement, (account,)).fetchall())
