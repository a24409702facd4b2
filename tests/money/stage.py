"""The shop that the sequences are played on, with the provider and the carrier whose clocks go with its own."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from adapters.provisioning import DatabaseAddresses
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.logistics.use_cases.add_carrier_account import AddCarrierAccount, add_carrier_account
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.reconciliation.use_cases.set_fee_contract import SetFeeContract, set_fee_contract
from core.shared.ids import PaymentId
from ports.settlement_books import FeeContract
from tests.carrier import ORIGIN
from tests.core.ledger.books import deliver
from tests.money.outside import Settlement
from tests.sandbox.carrier_process import CarrierProcess
from tests.sandbox.money import DAY, until
from tests.sandbox.process import SandboxProcess
from tests.shop import Shop, StoppedClock, open_shop

HOUR = 3600
TEN = 10 * HOUR


@dataclass
class Stage:
    """A shop of its own. Its clock begins on a Monday at ten in São Paulo; whatever is late there is late outside."""

    shop: Shop
    sandbox: SandboxProcess
    carrier: CarrierProcess
    provider_account: str
    carrier_account: str

    def wait(self, seconds: int) -> None:
        """Time goes by, here and at the provider."""
        self.shop.clock.advance(seconds=seconds)
        self.sandbox.set_clock(round(self.shop.clock.at.timestamp() - time.time()))

    def days(self, count: int) -> None:
        """Until so many days later at noon, when the day's payouts are on their way."""
        since_ten = (int(self.shop.clock.at.timestamp()) - 3 * HOUR - TEN) % DAY
        self.wait(count * DAY - since_ten + 2 * HOUR)

    def ask(self, payment: str) -> None:
        """What the janitor does with a payment whose money moves."""
        self.shop.run(settle_payment, SettlePayment(PaymentId(payment)))  # type: ignore[arg-type]  # text will do

    def reconcile(self) -> None:
        """The night's comparison, and everything posted that it brought."""
        self.shop.run(reconcile, Reconcile(self.shop.accounts["stripe"], Trigger.COMMAND))
        self.post()

    def post(self) -> None:
        """What the ledger is told of arrives there."""
        while deliver(self.shop):
            pass

    def settlement(self) -> Settlement:
        return Settlement(self.sandbox.books(self.provider_account))

    def postage_charged(self) -> int:
        """What the carrier's books charge, in cents."""
        return int(self.carrier.books(self.carrier_account)["totals"]["charged"])

    def one(self, statement: str, **parameters: Any) -> dict[str, Any]:
        (row,) = self.shop.sql(statement, **parameters)
        return row


@contextmanager
def open_stage(
    database: DatabaseAddresses, folder: Path, sandbox: SandboxProcess, carrier: CarrierProcess
) -> Iterator[Stage]:
    """A new store with an account of its own at either of them, whose fees are contracted."""
    clock = StoppedClock()
    clock.at = datetime.fromtimestamp(int(time.time()) + until(0, 10), UTC)
    shop = open_shop(database, folder, clock, SANDBOX_PAYMENTS_URL=sandbox.url, SANDBOX_CARRIER_URL=carrier.url)
    ours, theirs = f"drawn_{secrets.token_hex(6)}", f"drawn{secrets.token_hex(6)}"
    account = shop.add_stripe(f"sk_test_{ours}", timeout="20", retries="1")
    for method, fee in sandbox.control("GET", "fees")["fees"].items():
        contract = FeeContract(method, "BRL", fee["basis_points"], fee["fixed"], date(2026, 1, 1))
        shop.run(set_fee_contract, SetFeeContract(account, contract))
    config = {"api_key": f"EZTK_{theirs}", "webhook_secret": "whsec", "api_base": "sandbox", "timeout": "20"}
    shop.run(add_carrier_account, AddCarrierAccount("easypost", "EasyPost", config))
    shop.execute("UPDATE stores SET origin = CAST(:o AS jsonb) WHERE id = :s", o=json.dumps(ORIGIN), s=shop.store_id)
    stage = Stage(shop, sandbox, carrier, ours, theirs)
    stage.wait(0)
    try:
        yield stage
    finally:
        shop.wired.engines.dispose()
