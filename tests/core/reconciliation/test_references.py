"""References of lines and groups are checked by triggers: they refuse what a foreign key would."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.ids import PaymentAccountId
from ports.settlement_books import FeeContract
from tests.core.reconciliation.provider import Books, tell
from tests.shop import Shop

STRAY = UUID("00000000-0000-7000-8000-000000000000")


@pytest.fixture
def account(shop: Shop) -> PaymentAccountId:
    """An account with a sale, a refund and a dispute that are matched."""
    account = shop.add_stripe("sk_test_refers")
    shop.run(set_fee_contract, SetFeeContract(account, FeeContract("card", "BRL", 399, 39, date(2026, 1, 1))))
    books = Books(shop, account, 5)
    books.plant("refund_failed", books.sales[0])
    books.plant("dispute_opened", books.sales[1])
    tell(shop, books.source())
    shop.run(reconcile, Reconcile(account, Trigger.COMMAND))
    return account


def refused(shop: Shop, statement: str, **asked: object) -> None:
    with pytest.raises(sa.exc.IntegrityError) as caught:
        shop.execute(statement, **asked)
    assert getattr(caught.value.orig, "sqlstate", None) == "23503"


@pytest.mark.parametrize(
    ("column", "subject"), [("payment_id", "sale"), ("operation_id", "refund"), ("dispute_id", "dispute")]
)
def test_a_group_is_about_something_of_its_store(
    shop: Shop, account: PaymentAccountId, column: str, subject: str
) -> None:
    refused(
        shop,
        f"INSERT INTO match_groups (store_id, id, subject, {column}, pass, rule_version, run_id, matched_at)"
        " SELECT store_id, :stray, :subject, :stray, pass, 1, run_id, matched_at FROM match_groups LIMIT 1",
        stray=STRAY, subject=subject,
    )  # fmt: skip
    refused(
        shop,
        f"UPDATE match_groups SET id = :stray, {column} = :stray WHERE id = (SELECT g.id FROM match_groups g"
        " WHERE g.subject = :subject LIMIT 1)",
        stray=STRAY, subject=subject,
    )  # fmt: skip


@pytest.mark.parametrize("column", ["match_id", "account_id"])
def test_a_line_is_of_an_account_and_group_of_its_store(shop: Shop, account: PaymentAccountId, column: str) -> None:
    refused(shop, f"UPDATE provider_lines SET {column} = :stray WHERE match_id IS NOT NULL", stray=STRAY)
    copied = {"account_id": "account_id", "match_id": "match_id"} | {column: ":stray"}
    refused(
        shop,
        "INSERT INTO provider_lines (store_id, id, account_id, external_id, category, raw_category, gross_minor,"
        " fee_minor, net_minor, currency, created_at, available_on, description, raw, run_id, match_id, match_pass,"
        f" posted) SELECT store_id, :stray, {copied['account_id']}, 'stray', category, raw_category, gross_minor,"
        f" fee_minor, net_minor, currency, created_at, available_on, description, raw, run_id, {copied['match_id']},"
        " match_pass, posted FROM provider_lines WHERE match_id IS NOT NULL LIMIT 1",
        stray=STRAY,
    )


@pytest.mark.parametrize("table", ["payments", "payment_operations", "disputes", "match_groups", "payment_accounts"])
def test_what_lines_refer_to_stays(shop: Shop, account: PaymentAccountId, table: str) -> None:
    key = "account_id" if table == "payment_accounts" else "match_id"
    found = shop.sql(f"SELECT t.id FROM {table} t JOIN provider_lines l ON l.{key} = t.id LIMIT 1")
    refused(shop, f"DELETE FROM {table} WHERE id = :id", id=found[0]["id"])
