"""The demo shop is made through the use cases alone, and its books agree with the sandbox's."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import psycopg

from adapters.provisioning import DatabaseAddresses
from core.shared.address import address_problems, is_cpf
from jobs.commands.seed import seed
from jobs.data_folder import DataFolder
from jobs.demo_shop.catalogue import ARTICLES
from jobs.demo_shop.people import buyers
from jobs.demo_shop.weeks import STORIES
from tests.sandbox.carrier_process import start_carrier
from tests.sandbox.process import start_sandbox
from tests.shop import settings_for

STATUSES = {"paid", "awaiting", "refunded", "partially_refunded", "expired", "overpaid", "partially_paid"}


def test_people_have_right_papers() -> None:
    for buyer in buyers():
        assert is_cpf(buyer.tax_id)
        assert not address_problems(buyer.address, "address")
        assert buyer.email.isascii()


def test_articles_have_distinct_codes() -> None:
    codes = [new.content.sku for article in ARTICLES for new in article.command().variants]
    assert len(codes) == len(set(codes))


def test_three_weeks_are_lived(fresh_database: DatabaseAddresses, tmp_path: Path) -> None:
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
        orders = connection.execute("SELECT count(*), min(number), max(number) FROM orders").fetchone()
        assert orders == (len(STORIES), 1001, 1000 + len(STORIES))
        statuses = {row[0] for row in connection.execute("SELECT DISTINCT payment_status FROM orders")}
        assert statuses >= {
            "paid",
            "awaiting",
            "refunded",
            "partially_refunded",
            "expired",
            "overpaid",
            "partially_paid",
        }
        accounts = connection.execute("SELECT id, carrier, enabled FROM carrier_accounts").fetchall()
        hooks = connection.execute("SELECT url FROM sandbox.carrier_webhooks").fetchall()
        assert [(carrier, enabled) for _, carrier, enabled in accounts] == [("easypost", True)]
        assert hooks == [(f"http://127.0.0.1:8000/webhooks/carriers/easypost/{accounts[0][0]}",)]
        kinds = {row[0] for row in connection.execute("SELECT kind FROM reconciliation_exceptions")}
        assert kinds == {"late_payment", "duplicate_charge", "amount_over", "amount_under"}
        ours = connection.execute(
            "SELECT sum(captured_minor), sum(refunded_minor) FROM payments WHERE provider = 'stripe'"
        ).fetchone()
        theirs = connection.execute(
            "SELECT (SELECT sum(amount_received) FROM sandbox.payment_intents),"
            " (SELECT sum(amount) FROM sandbox.refunds WHERE status = 'succeeded')"
        ).fetchone()
        assert ours == theirs
        apart = connection.execute(
            "SELECT count(*) FROM stock_items i"
            " WHERE on_hand <> (SELECT coalesce(sum(quantity), 0) FROM stock_movements m WHERE m.stock_item_id = i.id)"
            " OR reserved <> (SELECT coalesce(sum(quantity), 0) FROM reservations r"
            " WHERE r.stock_item_id = i.id AND r.state = 'live')"
        ).fetchone()
        assert apart == (0,)
