"""Orders that end while something of theirs is prepared or gone, and money that has to come first."""

from __future__ import annotations

from typing import Any

import pytest

from core.aftersales.use_cases.cancel_order import CancelOrder, ExpireOrder, cancel_order, expire_order
from core.identity.roles import Role
from core.logistics.errors import FulfilmentsPlanned, GoodsHaveLeft, NotCaptured
from core.logistics.lifecycle import LabelState
from core.logistics.use_cases.void_label import SettleVoid, settle_void
from core.payments.lifecycle import Outcome
from ports.payments import Answer, Tender, TenderStatus
from tests.carrier import add_carrier
from tests.core.checkout.test_by_hand import stock
from tests.core.logistics.sending import buy, fresh, order_of, plan, quoted, sent, ship, status
from tests.shop import Shop


def cancel(shop: Shop, order: Any, **more: bool) -> None:
    shop.run(cancel_order, CancelOrder(order.id, "changed_mind", "off", **more), shop.as_(Role.SUPPORT))


def test_what_left_cannot_be_cancelled(shop: Shop) -> None:
    order = order_of(shop, 2)
    sent(shop, order, 1)
    with pytest.raises(GoodsHaveLeft):
        cancel(shop, order, fulfilments_too=True)
    assert fresh(shop, order).status == "open"


def test_what_is_planned_is_called_off_with_the_order_once_somebody_agreed(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    order = order_of(shop, 2)
    planned = plan(shop, order)
    bought = buy(shop, quoted(shop, planned).quotes[0].id)
    with pytest.raises(FulfilmentsPlanned) as prompt:
        cancel(shop, order)
    assert (prompt.value.fulfilments, prompt.value.labels) == (1, 1)
    assert fresh(shop, order).status == "open"
    cancel(shop, order, fulfilments_too=True)
    after = fresh(shop, order)
    assert (after.status, after.fulfilments[0].state) == ("cancelled", "cancelled")
    assert stock(shop) == (10, 0)
    assert shop.run(settle_void, SettleVoid(bought.shipment_id)) is LabelState.VOIDED
    assert carrier.books["shp_1"].voided


def test_a_deadline_ends_what_is_planned_and_never_what_left(shop: Shop) -> None:
    planned, gone = order_of(shop, 1), order_of(shop, 1)
    plan(shop, planned)
    sent(shop, gone)
    shop.clock.advance(days=30)
    assert shop.run(expire_order, ExpireOrder(planned.id)) is True
    assert fresh(shop, planned).fulfilments[0].state == "cancelled"
    assert shop.run(expire_order, ExpireOrder(gone.id)) is False
    assert fresh(shop, gone).status == "open"


class Capturing:
    """A gateway that captures as it is told, and counts the tries by key."""

    def __init__(self, outcome: Outcome, amount: Any) -> None:
        self.outcome, self.amount, self.keys = outcome, amount, list[str]()

    def of(self, account: object) -> Capturing:
        return self

    def capture(self, reference: str, amount: Any, key: str) -> Answer:
        self.keys.append(key)
        if self.outcome is not Outcome.SUCCEEDED:
            return Answer(self.outcome, code="card_declined" if self.outcome is Outcome.DECLINED else None)
        tender = Tender(reference, TenderStatus.CAPTURED, amount, amount, amount)
        return Answer(self.outcome, reference, tender)


@pytest.fixture
def authorised(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Capturing]:
    """An order whose card is authorised, in a store that takes the money as goods leave."""
    order = order_of(shop, 2)
    shop.execute("UPDATE stores SET capture_policy = 'at_fulfilment' WHERE id = :s", s=shop.store_id)
    shop.execute(
        "UPDATE payments SET state = 'authorised', authorised_minor = amount_minor, manual_capture = true,"
        " confirmed_by_hand = false, method = 'card', provider_reference = 'pi_1' WHERE order_id = :o", o=order.id
    )  # fmt: skip
    gateway = Capturing(Outcome.SUCCEEDED, order.total)
    monkeypatch.setitem(shop.wired.app._plain, "gateways", gateway)
    return order, gateway


def test_the_money_is_taken_as_the_goods_leave(shop: Shop, authorised: tuple[Any, Capturing]) -> None:
    order, gateway = authorised
    sent(shop, order, 1)
    after = fresh(shop, order)
    assert (after.payment_status, after.fulfilment_status) == ("paid", "partially_fulfilled")
    sent(shop, order)  # all of it was taken with the first
    assert len(gateway.keys) == 1


@pytest.mark.parametrize("outcome", [Outcome.DECLINED, Outcome.UNKNOWN, Outcome.PENDING])
def test_without_the_money_the_goods_stay(shop: Shop, authorised: tuple[Any, Capturing], outcome: Outcome) -> None:
    order, gateway = authorised
    gateway.outcome = outcome
    planned = plan(shop, order)
    with pytest.raises(NotCaptured) as told:
        ship(shop, planned)
    assert told.value.declined is (outcome is Outcome.DECLINED)
    assert status(shop, order) == "unfulfilled"
    assert stock(shop) == (10, 2)
    gateway.outcome = Outcome.SUCCEEDED
    ship(shop, planned)  # asked anew after a refusal, and again under the same key after silence
    assert len(set(gateway.keys)) == (2 if outcome is Outcome.DECLINED else 1)
    assert (fresh(shop, order).payment_status, status(shop, order)) == ("paid", "fulfilled")
