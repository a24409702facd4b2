"""The demo shop is made through the use cases alone, and its books agree with the sandbox's."""

from __future__ import annotations

import random
from contextlib import ExitStack
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from adapters.provisioning import DatabaseAddresses
from core.shared.address import address_problems, is_cpf
from jobs.commands.seed import seed
from jobs.data_folder import DataFolder
from jobs.demo_shop.catalogue import ARTICLES
from jobs.demo_shop.people import buyers
from jobs.demo_shop.weeks import DAYS, ORDERS, visits
from tests.sandbox.carrier_process import start_carrier
from tests.sandbox.process import start_sandbox
from tests.shop import settings_for


def test_people_have_right_papers() -> None:
    for buyer in buyers():
        assert is_cpf(buyer.tax_id)
        assert not address_problems(buyer.address, "address")
        assert buyer.email.isascii()


def test_articles_have_distinct_codes() -> None:
    codes = [new.content.sku for article in ARTICLES for new in article.command().variants]
    assert len(codes) == len(set(codes))


def test_everyday_and_special_orders_are_as_many_as_are_told() -> None:
    told = list(visits(random.Random(1)))
    assert len(told) == ORDERS
    assert len({visit.days for visit in told}) == ORDERS
    assert all(0 < visit.days < DAYS for visit in told)


@pytest.mark.slow
def test_six_weeks_are_lived(fresh_database: DatabaseAddresses, tmp_path: Path) -> None:
    with ExitStack() as stack:
        sandbox = start_sandbox(fresh_database.sandbox_url)
        stack.callback(sandbox.stop)
        carrier = start_carrier(fresh_database.sandbox_url)
        stack.callback(carrier.stop)
        urls = {"SANDBOX_PAYMENTS_URL": sandbox.url, "SANDBOX_CARRIER_URL": carrier.url}
        seed(settings_for(fresh_database, tmp_path, **urls), sandbox.url, carrier.url)
    written = DataFolder(tmp_path).read("demo.json")
    assert written is not None
    assert {login["role"] for login in written["logins"]} == {"owner", "manager", "support", "finance"}
    with psycopg.connect(fresh_database.superuser_url) as connection:
        _orders_are_in_every_state(connection)
        _parcels_are_in_every_state(connection)
        _the_outside_world_tells_from_now_on(connection)
        _what_was_planted_is_found(connection)
        _books_agree(connection)


def _only(connection: psycopg.Connection[Any], statement: LiteralString) -> Any:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0]


def _all(connection: psycopg.Connection[Any], statement: LiteralString) -> set[Any]:
    return {row[0] for row in connection.execute(statement)}


def _orders_are_in_every_state(connection: psycopg.Connection[Any]) -> None:
    numbers = connection.execute("SELECT count(*), min(number), max(number) FROM orders").fetchone()
    assert numbers == (ORDERS, 1001, 1000 + ORDERS)
    assert _all(connection, "SELECT payment_status FROM orders") >= {
        "paid", "awaiting", "refunded", "partially_refunded", "expired", "overpaid", "partially_paid",
    }  # fmt: skip
    assert _all(connection, "SELECT fulfilment_status FROM orders") >= {
        "unfulfilled", "partially_fulfilled", "fulfilled", "in_transit", "delivered",
    }  # fmt: skip
    assert _all(connection, "SELECT method FROM payments") == {
        "card", "pix", "boleto", "bank_transfer", "cash_on_delivery",
    }  # fmt: skip
    days = _only(connection, "SELECT extract(day FROM max(placed_at) - min(placed_at))::int FROM orders")
    assert DAYS - 2 <= days <= DAYS


def _parcels_are_in_every_state(connection: psycopg.Connection[Any]) -> None:
    assert _all(connection, "SELECT status FROM parcels") >= {
        "delivered", "returned", "lost", "in_transit", "label_created",
    }  # fmt: skip
    seen = _all(connection, "SELECT status FROM tracking_events")
    assert seen >= {"out_for_delivery", "delivery_attempted", "available_for_pickup", "delayed", "returning"}
    labels = _all(connection, "SELECT state FROM shipments")
    assert labels >= {"purchased", "expired"}
    assert labels & {"voiding", "voided"}  # the carrier takes a day to give postage back
    assert _all(connection, "SELECT state FROM deliveries") == {"done"}


def _the_outside_world_tells_from_now_on(connection: psycopg.Connection[Any]) -> None:
    accounts = connection.execute("SELECT id, carrier, enabled FROM carrier_accounts").fetchall()
    assert [(carrier, enabled) for _, carrier, enabled in accounts] == [("easypost", True)]
    assert _all(connection, "SELECT url FROM sandbox.carrier_webhooks") == {
        f"http://127.0.0.1:8000/webhooks/carriers/easypost/{accounts[0][0]}"
    }
    assert _all(connection, "SELECT status FROM sandbox.webhook_endpoints") == {"enabled"}


def _what_was_planted_is_found(connection: psycopg.Connection[Any]) -> None:
    assert _all(connection, "SELECT kind FROM reconciliation_exceptions WHERE state = 'open'") >= {
        "amount_over", "amount_under", "dispute_opened", "duplicate_charge", "duplicate_provider_line", "fee_mismatch",
        "late_payment", "missing_at_provider", "missing_internally", "payout_failed", "payout_over",
        "unexpected_adjustment",
    }  # fmt: skip
    assert _all(connection, "SELECT kind FROM reconciliation_exceptions WHERE state = 'resolved'") >= {
        "dispute_lost", "dispute_won", "duplicate_charge", "fee_mismatch", "missing_at_provider", "payout_short",
    }  # fmt: skip
    assert _all(connection, "SELECT state FROM approvals") == {"asked"}
    assert _all(connection, "SELECT state FROM reconciliation_runs") == {"done"}


def _books_agree(connection: psycopg.Connection[Any]) -> None:
    ours = connection.execute(
        "SELECT sum(captured_minor), sum(refunded_minor) FROM payments WHERE provider = 'stripe'"
    ).fetchone()
    theirs = connection.execute(
        "SELECT (SELECT sum(amount_received) FROM sandbox.payment_intents WHERE description IS DISTINCT FROM"
        " 'Charged by hand'), (SELECT sum(amount) FROM sandbox.refunds WHERE status = 'succeeded')"
    ).fetchone()
    assert ours == theirs
    paid_out = "SELECT count(*), sum(amount{}) FROM {} WHERE status = 'paid'"
    told = connection.execute(paid_out.format("_minor", "payouts").encode()).fetchone()
    assert told == connection.execute(paid_out.format("", "sandbox.payouts").encode()).fetchone()
    assert _only(connection, "SELECT sum(amount_minor) FROM postings") == 0
    posted = _only(connection, "SELECT count(*) FROM journal_entries WHERE kind = 'payout'")
    assert posted == _only(connection, "SELECT count(*) FROM payouts WHERE lines_read") > DAYS // 2
    seen = _only(
        connection,
        "SELECT count(*) FROM sandbox.payouts"
        " WHERE created < (SELECT extract(epoch FROM max(started_at)) FROM reconciliation_runs)",
    )
    assert _only(connection, "SELECT count(*) FROM payouts") == seen
    assert _only(connection, "SELECT max(day) > min(fact_at)::date FROM ledger_days, journal_entries WHERE closed")
    apart = _only(
        connection,
        "SELECT count(*) FROM stock_items i"
        " WHERE on_hand <> (SELECT coalesce(sum(quantity), 0) FROM stock_movements m WHERE m.stock_item_id = i.id)"
        " OR reserved <> (SELECT coalesce(sum(quantity), 0) FROM reservations r"
        " WHERE r.stock_item_id = i.id AND r.state = 'live')",
    )
    assert apart == 0
