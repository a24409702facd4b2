"""The books of a test's shop: deliver what the ledger subscribes to, and read what is posted."""

from __future__ import annotations

from typing import Any

from jobs.subscribers import SUBSCRIBERS
from tests.shop import Shop

_ACTORS = {subscriber.name: subscriber for subscriber in SUBSCRIBERS}


def deliver(shop: Shop, *, again: bool = False) -> int:
    """Run every waiting delivery of the ledger, oldest first; `again` also those that are done. How many."""
    rows = shop.sql(
        "SELECT id, subscriber, payload FROM deliveries WHERE subscriber LIKE 'ledger.%'"
        " AND (state = 'waiting' OR :again)"
        " ORDER BY created_at, id",
        again=again,
    )
    for row in rows:
        actor = _ACTORS[row["subscriber"]]
        shop.run(actor.use_case, actor.command(row["payload"]))
        shop.execute("UPDATE deliveries SET state = 'done' WHERE id = :id", id=row["id"])
    return len(rows)


def balances(shop: Shop) -> dict[str, int]:
    """What stands on each account, by its number; accounts at zero are left out."""
    rows = shop.sql(
        "SELECT a.code, sum(p.amount_minor)::bigint AS minor FROM postings p"
        " JOIN ledger_accounts a ON a.id = p.account_id GROUP BY a.code HAVING sum(p.amount_minor) <> 0 ORDER BY 1"
    )
    return {row["code"]: row["minor"] for row in rows}


def kept(shop: Shop) -> dict[str, int]:
    """The same from the sums that the trigger keeps."""
    rows = shop.sql(
        "SELECT a.code, sum(b.debit_minor - b.credit_minor)::bigint AS minor FROM ledger_balances b"
        " JOIN ledger_accounts a ON a.id = b.account_id GROUP BY a.code"
        " HAVING sum(b.debit_minor - b.credit_minor) <> 0 ORDER BY 1"
    )
    return {row["code"]: row["minor"] for row in rows}


def entries(shop: Shop) -> list[dict[str, Any]]:
    return shop.sql("SELECT number, key, kind, booked_on, fact_at, memo FROM journal_entries ORDER BY number")


def open_items(shop: Shop) -> dict[str, int]:
    """What is open: item and minor units."""
    rows = shop.sql("SELECT open_item, amount_minor FROM ledger_open_items WHERE amount_minor <> 0")
    return {row["open_item"]: row["amount_minor"] for row in rows}
