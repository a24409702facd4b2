"""`ecommerce reconcile` and `ecommerce fees` against a real database, and whose night has come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.provisioning import DatabaseAddresses
from adapters.wiring import background
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.shared.ids import PaymentAccountId
from jobs.cli import main
from tests.core.reconciliation.provider import Source, tell
from tests.shop import Shop, environment_for

Call = Callable[..., Result]


@pytest.fixture
def call(shop: Shop, database: DatabaseAddresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    for name, value in environment_for(database, tmp_path).items():
        monkeypatch.setenv(name, value)
    slug = str(shop.sql("SELECT slug FROM stores")[0]["slug"])
    return lambda *arguments: CliRunner().invoke(main, [*arguments, "--store", slug])


def test_a_store_without_settlements_says_so(call: Call) -> None:
    done = call("reconcile")
    assert (done.exit_code, "no account" in done.output) == (1, True)


def test_a_provider_that_does_not_answer_is_said(shop: Shop, call: Call) -> None:
    shop.add_stripe(
        "sk_test_nowhere", api_base="http://127.0.0.1:9", publishable_key="pk_test_x", timeout="1", retries="0"
    )
    done = call("reconcile", "--dry-run")
    assert done.exit_code == 1
    assert "No page" in done.output
    assert shop.sql("SELECT state, dry_run FROM reconciliation_runs") == [{"state": "failed", "dry_run": True}]


def test_a_contract_is_written_down_and_corrected(shop: Shop, call: Call) -> None:
    account = shop.add_stripe("sk_test_fees")
    for basis_points in ("400", "399"):
        done = call("fees", str(account), "card", "--basis-points", basis_points, "--fixed", "39",
                    "--from", "2026-01-01")  # fmt: skip
        assert done.exit_code == 0, done.output
    assert "3.99 % and 39 minor units of BRL from 2026-01-01 on" in done.output
    assert shop.sql("SELECT method, currency, basis_points, fixed_minor FROM fee_contracts") == [
        {"method": "card", "currency": "BRL", "basis_points": 399, "fixed_minor": 39}
    ]


def test_an_account_is_due_once_a_night_of_its_store(shop: Shop) -> None:
    account = shop.add_stripe("sk_test_night")
    accounts = background(shop.wired).settlement_accounts

    def due() -> bool:
        found = {item.id for item in accounts.to_reconcile(shop.clock.now(), 10_000)}
        assert shop.accounts["manual"] not in found
        return account in found

    tell(shop, Source())
    shop.clock.at = datetime(2031, 3, 4, 12, tzinfo=UTC)  # nine in the morning in São Paulo
    assert due()
    shop.run(reconcile, Reconcile(PaymentAccountId(account), Trigger.SCHEDULE, dry_run=True))
    assert due()
    shop.run(reconcile, Reconcile(PaymentAccountId(account), Trigger.SCHEDULE))
    assert not due()
    shop.clock.at = datetime(2031, 3, 5, 5, 59, tzinfo=UTC)
    assert not due()
    shop.clock.at = datetime(2031, 3, 5, 6, 1, tzinfo=UTC)
    assert due()
