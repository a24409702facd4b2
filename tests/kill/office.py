"""One shop with everything behind its counter: an account at the provider, one at the carrier, its books."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from adapters.wiring import background
from core.logistics.lifecycle import LabelState
from core.logistics.use_cases.add_carrier_account import AddCarrierAccount, add_carrier_account
from jobs.logistics import logistics_tasks
from jobs.reconciliation import reconciliation_tasks
from jobs.schedule import Task
from ports.deadlines import Due
from ports.settlement_books import SettlementAccounts
from tests.carrier import ORIGIN
from tests.core.checkout.test_by_hand import place
from tests.core.ledger.books import deliver
from tests.core.logistics.sending import pay_for, plan, quoted, ship
from tests.kill.errands import SOON, Desk, Errand, buy
from tests.kill.scenarios import BY_NAME as SCENARIOS
from tests.kill.stage import Stage
from tests.sandbox.carrier_process import CarrierProcess
from tests.shop import Shop, open_shop

NOON = 12
DAYS = 6  # until a payment is available after two business days, and sent the next, whatever day it is
ZONE = ZoneInfo("America/Sao_Paulo")


@dataclass(frozen=True)
class Own:
    """The accounts whose night has come, without those of the stage's other shops."""

    shop: Shop
    accounts: SettlementAccounts

    def to_reconcile(self, now: datetime, limit: int) -> Sequence[Due]:
        return [due for due in self.accounts.to_reconcile(now, limit) if due.store_id == self.shop.store_id]


@dataclass
class Office:
    """Errands begin, are repeated and end here, on the stage's clock."""

    stage: Stage

    @cached_property
    def carrier(self) -> CarrierProcess:
        return self.stage.carrier()

    @cached_property
    def books_of(self) -> tuple[str, str]:
        """The accounts' names at the provider and at the carrier."""
        return f"office_{secrets.token_hex(5)}", f"office{secrets.token_hex(5)}"

    @cached_property
    def shop(self) -> Shop:
        stage, (ours, theirs) = self.stage, self.books_of
        shop = open_shop(stage.database, stage.data_dir, stage.clock, **stage.settings)
        shop.add_stripe(f"sk_test_{ours}", timeout="20", retries="1")
        config = {"api_key": f"EZTK_{theirs}", "webhook_secret": "whsec", "api_base": "sandbox", "timeout": "20"}
        self.carrier.live("silent", account=theirs, count=10_000)  # parcels move when they are told to
        shop.accounts["easypost"] = shop.run(add_carrier_account, AddCarrierAccount("easypost", "EasyPost", config))
        shop.execute(
            "UPDATE stores SET origin = CAST(:o AS jsonb) WHERE id = :s", o=json.dumps(ORIGIN), s=shop.store_id
        )
        stage.opened.append(shop)
        return shop

    # -- up to the errand ------------------------------------------------------------------------------------------

    def prepare(self, errand: Errand) -> Desk:
        """An order, and what happened to it before."""
        if errand.ready == "paid_out":
            return self._paid_out()
        shop = self.shop
        order = place(shop, shop.cart({shop.product(price=2500, stock=9): 2}))
        at = Desk(str(shop.store_id), str(shop.key_id), str(order.id), str(order.payments[0].id))
        if errand.ready == "posted":
            pay_for(shop, order)
            return self._day_over(at)
        planned = plan(shop, order)
        at = replace(at, fulfilment_id=str(planned), quote_id=str(quoted(shop, planned).quotes[0].id))
        if errand.ready == "quoted":
            return at
        at = self._bought(at, unanswered=errand.ready == "unanswered")
        if errand.ready == "told":
            pay_for(shop, order)
        if errand.ready in ("sent", "told"):
            ship(shop, planned)
            self._seen(at)
        return at

    def _bought(self, at: Desk, *, unanswered: bool) -> Desk:
        if unanswered:
            self.carrier.plant("shipments.buy", "error_500_after_effect", account=self.books_of[1])
        buy(self.shop, at)
        row = self._shipments(at)[0]
        if unanswered:
            assert row["state"] == "unknown"
            self.stage.wait(120)
        account = str(self.shop.accounts["easypost"])
        return replace(at, shipment_id=str(row["id"]), reference=row["shipment_reference"], account_id=account)

    def _seen(self, at: Desk) -> None:
        """The carrier scans the parcel twice; it alone is due to be asked about."""
        number = self._shipments(at)[0]["tracking_number"]
        for seconds, status in ((7200, "in_transit"), (3600, "out_for_delivery")):
            self.carrier.scan(number, status, seconds_ago=seconds)
        self.shop.execute(
            "UPDATE parcels SET next_poll_at = CASE WHEN fulfilment_id = :f THEN CAST(:now AS timestamptz) END",
            f=at.fulfilment_id,
            now=self.stage.clock.now() - timedelta(minutes=1),
        )

    def _paid_out(self) -> Desk:
        """A card's payment, and noon of a day by which the provider has sent its money."""
        at = self.stage.prepare_in(self.shop, SCENARIOS["refund_card"])
        local = self.stage.clock.at.astimezone(ZONE)
        noon = (local + timedelta(days=DAYS)).replace(hour=NOON, minute=0, second=0)
        self.stage.wait(int((noon - local).total_seconds()))
        deliver(self.shop)
        account = str(self.shop.accounts["stripe"])
        return Desk(at.store_id, at.key_id, at.order_id, at.payment_id, account_id=account)

    def _day_over(self, at: Desk) -> Desk:
        """Everything is posted, and the next day has begun."""
        deliver(self.shop)
        day = self.stage.clock.at.astimezone(ZONE).date()
        self.stage.wait(24 * 3600)
        return replace(at, day=day.isoformat())

    # -- afterwards ------------------------------------------------------------------------------------------------

    def known(self, at: Desk) -> Desk:
        """The desk with what came to be meanwhile."""
        rows = self._shipments(at)
        return replace(at, shipment_id=str(rows[-1]["id"]), reference=rows[-1]["shipment_reference"]) if rows else at

    def sweep(self, rounds: Sequence[int]) -> None:
        """The schedule looks at what is due, the carrier gives back what it was asked for, and all is posted."""
        for seconds in rounds:
            self.stage.wait(seconds)
            for task in self._tasks:
                result = task.run(threading.Event())
                assert not result.counts["failed"], f"{task.name}: {result.error}"
            for row in self.shop.sql("SELECT shipment_reference AS r FROM shipments WHERE state = 'voiding'"):
                self.carrier.settle_refund(row["r"])
        deliver(self.shop)

    @cached_property
    def _tasks(self) -> tuple[Task, ...]:
        wired = self.shop.wired
        ports = background(wired)
        return (
            *logistics_tasks(wired.app, wired.clock, wired.ids, ports.logistics),
            *reconciliation_tasks(wired.app, wired.clock, wired.ids, Own(self.shop, ports.settlement_accounts)),
        )

    def again(self, errand: Errand, at: Desk) -> None:
        """Whoever asked asks again; for postage, anew once it is known that nothing was bought."""
        self.stage.wait(4)
        if errand.deed is not buy:
            errand.deed(self.shop, at)
            return
        if buy(self.shop, at) is not LabelState.PURCHASED:
            self.sweep(SOON)
            if buy(self.shop, at) is LabelState.REFUSED:
                buy(self.shop, at, "second")

    def _shipments(self, at: Desk) -> list[dict[str, Any]]:
        return self.shop.sql("SELECT * FROM shipments WHERE order_id = :o ORDER BY requested_at, id", o=at.order_id)
