"""A store whose provider told of payouts with discrepancies in them, compared and posted: what finance screens show."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from core.ledger.use_cases.backfill import Backfill, backfill
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.ids import PaymentAccountId
from ports.settlement_books import FeeContract
from tests.core.reconciliation.provider import CONTRACTS, Books, tell
from tests.shop import Shop


def settled(shop: Shop, *plants: str, seed: int = 1) -> Books:
    """Sales of some days, what the provider tells of them with `plants` (each on a sale of its own), compared."""
    account = shop.add_stripe("sk_test_settles")
    for method, (basis_points, fixed) in CONTRACTS.items():
        contract = FeeContract(method, "BRL", basis_points, fixed, date(2026, 1, 1))
        shop.run(set_fee_contract, SetFeeContract(account, contract))
    shop.execute("UPDATE payment_accounts SET created_at = created_at - interval '9 days' WHERE id = :a", a=account)
    books = Books(shop, account, seed)
    for plant, sale in zip(plants, books.sales, strict=False):
        books.plant(plant, sale)
    tell(shop, books.source())
    shop.run(backfill, Backfill(None))
    compare(shop, account)
    return books


def compare(shop: Shop, account: PaymentAccountId, *, dry_run: bool = False) -> None:
    """Run a comparison, as the job does."""
    shop.run(reconcile, Reconcile(account, Trigger.BUTTON, dry_run))


def exception(shop: Shop, kind: str) -> UUID:
    """The exception of `kind`."""
    rows = shop.sql("SELECT id FROM reconciliation_exceptions WHERE kind = :k ORDER BY id", k=kind)
    return UUID(str(rows[0]["id"]))


def payout(shop: Shop) -> UUID:
    """The payout that arrived first."""
    return UUID(str(shop.sql("SELECT id FROM payouts ORDER BY arrival_on, id")[0]["id"]))
