"""What the back office and the schedule do when the process dies: postage, parcels, settlements, books.

As `scenarios`, but each errand knows for itself how far the shop gets first, and what its end is.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.ledger.errors import DayAlreadyClosed
from core.ledger.use_cases.close_day import CloseDay, close_day
from core.logistics.lifecycle import LabelState
from core.logistics.use_cases.purchase_label import PurchaseLabel, purchase_label
from core.logistics.use_cases.settle_label import SettleLabel, settle_label
from core.logistics.use_cases.sync_tracking import SyncTracking, sync_tracking
from core.logistics.use_cases.void_label import VoidLabel, void_label
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.shared.ids import CarrierAccountId, PaymentAccountId, ShipmentId
from tests.core.ledger.books import deliver
from tests.shop import Shop


@dataclass(frozen=True, slots=True)
class Desk:
    """Where the shop stands when the errand is done; ids as text, so that it can be sent to a process."""

    store_id: str
    key_id: str
    order_id: str
    payment_id: str
    fulfilment_id: str = ""
    quote_id: str = ""
    shipment_id: str = ""
    reference: str = ""
    account_id: str = ""
    day: str = ""


def buy(shop: Shop, at: Desk, key: str = "first") -> LabelState:
    """Buy the offer; every quote is a wish of its own."""
    bought = shop.run(purchase_label, PurchaseLabel(UUID(at.quote_id), f"{key} {at.quote_id}"))
    return LabelState(bought.state)


def void(shop: Shop, at: Desk) -> None:
    shop.run(void_label, VoidLabel(ShipmentId(UUID(at.shipment_id))))


def settle(shop: Shop, at: Desk) -> None:
    shop.run(settle_label, SettleLabel(ShipmentId(UUID(at.shipment_id))))


def follow(shop: Shop, at: Desk) -> None:
    shop.run(sync_tracking, SyncTracking(CarrierAccountId(UUID(at.account_id))))


def compare(shop: Shop, at: Desk) -> None:
    shop.run(reconcile, Reconcile(PaymentAccountId(UUID(at.account_id)), Trigger.SCHEDULE))


def post(shop: Shop, at: Desk) -> None:
    """All that waits to be posted: a capture, a label, goods that left."""
    deliver(shop)


def close(shop: Shop, at: Desk) -> None:
    with suppress(DayAlreadyClosed):  # by oneself, as whoever asks again is told
        shop.run(close_day, CloseDay(date.fromisoformat(at.day), "Júlia"))


SOON = (120, 700)


@dataclass(frozen=True, slots=True)
class Errand:
    """`ready` is how far the shop gets first: quoted, unanswered (bought, and the carrier did not say so), bought,
    sent, paid_out, told (facts wait to be posted), posted. `asked`: by a person, who asks again or never comes back;
    anything else is the schedule's. `rounds` are the seconds between the schedule's looks afterwards."""

    name: str
    deed: Callable[[Shop, Desk], object]
    ready: str
    asked: bool = False
    rounds: tuple[int, ...] = SOON


ERRANDS = (
    # Long enough that the carrier was asked about the parcel, however often the postage was asked for before.
    Errand("buy_label", buy, "quoted", asked=True, rounds=(*SOON, 3600)),
    Errand("settle_label", settle, "unanswered"),
    Errand("void_label", void, "bought", asked=True),
    Errand("follow_parcel", follow, "sent"),
    Errand("compare_settlements", compare, "paid_out", rounds=(120, 24 * 3600)),
    Errand("post_facts", post, "told"),
    Errand("close_day", close, "posted", asked=True),
)
BY_NAME = {errand.name: errand for errand in ERRANDS}
