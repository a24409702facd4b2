"""Postage and parcels at the rehearsed carrier, over its wire format: whatever happens, it is bought once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from core.identity.roles import Role
from core.logistics.errors import LabelInProgress
from core.logistics.lifecycle import LabelState
from core.logistics.shipment import FIRST_CHECK
from core.logistics.use_cases.purchase_label import Postage
from core.logistics.use_cases.settle_label import SettleLabel, settle_label
from core.logistics.use_cases.sync_tracking import Synced, SyncTracking, sync_tracking
from core.logistics.use_cases.void_label import SettleVoid, VoidLabel, settle_void, void_label
from core.shared.ids import ParcelId, ShipmentId
from core.shared.money import Money
from tests.core.logistics.sending import buy, number, order_of, parcel_of, plan, quoted, ship, status
from tests.shipping import ShippingShop

NOT_DONE = ("timeout_before_effect", "error_500_before_effect", "error_429")
DONE = ("timeout_after_effect", "error_500_after_effect", "half_body", "nonsense")


def plant(shipping: ShippingShop, operation: str, kind: str, count: int = 1, delay: int = 2) -> None:
    shipping.carrier.plant(operation, kind, account=shipping.account, count=count, delay_seconds=delay)


def settle(shipping: ShippingShop, shipment_id: ShipmentId) -> LabelState:
    state: LabelState = shipping.shop.run(settle_label, SettleLabel(shipment_id))
    return state


def stored(shipping: ShippingShop, shipment_id: ShipmentId) -> dict[str, Any]:
    return shipping.shop.sql("SELECT * FROM shipments WHERE id = :s", s=shipment_id)[0]


def poll(shipping: ShippingShop) -> Synced:
    synced: Synced = shipping.shop.run(sync_tracking, SyncTracking(shipping.account_id))
    return synced


def due(shipping: ShippingShop, parcel: ParcelId) -> None:
    """It is time to ask about it."""
    shipping.shop.execute(
        "UPDATE parcels SET next_poll_at = :at WHERE id = :p", p=parcel, at=shipping.shop.clock.now() - timedelta(1)
    )


def on_its_way(shipping: ShippingShop) -> tuple[Any, ParcelId, str]:
    """An order whose parcel left under postage from the carrier."""
    order = order_of(shipping.shop, 1)
    planned = plan(shipping.shop, order)
    buy(shipping.shop, quoted(shipping.shop, planned).quotes[0].id)
    ship(shipping.shop, planned)
    parcel = parcel_of(shipping.shop, planned)
    return order, parcel, str(shipping.parcel(parcel)["tracking_number"])


def test_from_prices_to_a_label_that_can_be_printed(shipping: ShippingShop) -> None:
    shop = shipping.shop
    answer = quoted(shop, plan(shop, order_of(shop, 2)))
    assert {(q.carrier, q.service) for q in answer.quotes} >= {("Correios", "PAC"), ("Correios", "SEDEX")}
    assert all(quote.price > Money(0, "BRL") and quote.days for quote in answer.quotes)
    bought = buy(shop, answer.quotes[0].id)
    assert (bought.state, bought.label) == (LabelState.PURCHASED, True)
    row, totals = stored(shipping, bought.shipment_id), shipping.totals()
    assert row["paid_minor"] == totals["bought"] == answer.quotes[0].price.minor
    with shop.wired.plain["blobs"].open(row["label_sha256"]) as paper:
        assert paper.read(5) == b"%PDF-"
    assert (totals["labels"], shipping.asked_to_buy()) == (1, [1])


@pytest.mark.parametrize("kind", DONE + NOT_DONE)
def test_whatever_happens_it_is_asked_for_once_and_found(shipping: ShippingShop, kind: str) -> None:
    shop = shipping.shop
    quote = quoted(shop, plan(shop, order_of(shop, 1))).quotes[0]
    plant(shipping, "shipments.buy", kind)
    bought = buy(shop, quote.id)
    assert bought.state is LabelState.UNKNOWN
    assert buy(shop, quote.id).state is LabelState.UNKNOWN  # the same click again
    with pytest.raises(LabelInProgress):
        buy(shop, quote.id, "another click")
    shop.clock.advance(seconds=FIRST_CHECK.total_seconds() + 1)
    done = kind in DONE
    assert settle(shipping, bought.shipment_id) is (LabelState.PURCHASED if done else LabelState.REFUSED)
    assert (shipping.totals().get("labels", 0), shipping.asked_to_buy()) == (int(done), [1])
    row = stored(shipping, bought.shipment_id)
    assert (row["paid_minor"], bool(row["label_sha256"])) == (quote.price.minor if done else None, done)


def test_a_double_click_through_a_time_out_is_one_request(shipping: ShippingShop) -> None:
    shop = shipping.shop
    quote = quoted(shop, plan(shop, order_of(shop, 1))).quotes[0]
    plant(shipping, "shipments.buy", "timeout_after_effect")
    shop.as_(Role.SUPPORT)

    def click(key: str) -> Postage | LabelInProgress:
        try:
            return buy(shop, quote.id, key)
        except LabelInProgress as told:
            return told

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(click, ["one", "one", "two", "three"]))
    assert any(isinstance(one, Postage) for one in ended)
    assert (shipping.totals()["labels"], shipping.asked_to_buy()) == (1, [1])


def test_a_refusal_is_told_in_the_carriers_words_and_costs_nothing(shipping: ShippingShop) -> None:
    shop = shipping.shop
    order = order_of(shop, 1)
    shop.execute(
        'UPDATE orders SET shipping_address = shipping_address || \'{"phone": "999"}\' WHERE id = :o', o=order.id
    )
    bought = buy(shop, quoted(shop, plan(shop, order)).quotes[0].id)
    assert bought.state is LabelState.REFUSED
    assert "Telefone" in str(bought.reason)
    assert shipping.totals().get("labels", 0) == 0


def test_a_label_that_is_late_or_none_is_asked_for_again(shipping: ShippingShop) -> None:
    shop = shipping.shop
    plant(shipping, "label", "late_label", delay=600)
    late = buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id, "late")
    plant(shipping, "label", "bad_label")
    bad = buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id, "bad")
    for one in (late, bad):
        assert (one.state, one.label) == (LabelState.PURCHASED, False)
        assert settle(shipping, one.shipment_id) is LabelState.PURCHASED
        row = stored(shipping, one.shipment_id)
        assert row["label_sha256"] is None
        assert row["check_at"] > shop.clock.now()


def test_postage_comes_back_when_the_carrier_says_so(shipping: ShippingShop) -> None:
    shop = shipping.shop
    bought = buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id)
    plant(shipping, "shipments.refund", "timeout_after_effect")
    state = shop.run(void_label, VoidLabel(bought.shipment_id), shop.as_(Role.SUPPORT))
    assert state is LabelState.VOIDING
    assert shop.run(settle_void, SettleVoid(bought.shipment_id)) is LabelState.VOIDING
    shipping.carrier.settle_refund(stored(shipping, bought.shipment_id)["shipment_reference"])
    assert shop.run(settle_void, SettleVoid(bought.shipment_id)) is LabelState.VOIDED
    totals = shipping.totals()
    assert (totals["refunds"], totals["charged"]) == (1, 0)


def test_a_parcel_is_followed_to_the_door(shipping: ShippingShop) -> None:
    order, parcel, code = on_its_way(shipping)
    shipping.carrier.advance(code, 3)
    due(shipping, parcel)
    assert (poll(shipping).news, status(shipping.shop, order)) == (1, "in_transit")
    shipping.carrier.advance(code, 4)
    due(shipping, parcel)
    assert (poll(shipping).news, status(shipping.shop, order)) == (1, "delivered")
    due(shipping, parcel)
    assert poll(shipping).news == 0
    events = shipping.shop.sql("SELECT raw_code FROM tracking_events ORDER BY at, sequence")
    assert [row["raw_code"] for row in events] == ["PRE", "PO/01", "DO/01", "RO/01", "DO/02", "OEC/01", "BDE/01"]


@pytest.mark.parametrize("kind", ["error_429", "error_500_before_effect", "nonsense", "half_body"])
def test_bad_weather_puts_a_poll_off_and_loses_nothing(shipping: ShippingShop, kind: str) -> None:
    order, parcel, code = on_its_way(shipping)
    shipping.carrier.advance(code, 3)
    due(shipping, parcel)
    plant(shipping, "trackers.batch", kind, delay=30)
    synced = poll(shipping)
    assert (synced.failed, synced.news) == (1, 0)
    assert shipping.parcel(parcel)["next_poll_at"] > shipping.shop.clock.now()
    paused = shipping.shop.sql("SELECT paused_until > now() AS paused FROM carrier_budgets")
    assert paused == [{"paused": True if kind == "error_429" else None}]
    shipping.shop.clock.advance(hours=1)
    due(shipping, parcel)
    shipping.shop.execute("UPDATE carrier_budgets SET paused_until = NULL, tokens_milli = 1000")
    assert (poll(shipping).news, status(shipping.shop, order)) == (1, "in_transit")


def test_a_number_that_somebody_typed_is_watched_too(shipping: ShippingShop) -> None:
    shop = shipping.shop
    order = order_of(shop, 1)
    planned = plan(shop, order)
    parcel = parcel_of(shop, planned)
    number(shop, parcel, "qb 473.124-829 br", shipping.account_id)
    ship(shop, planned)
    due(shipping, parcel)
    assert poll(shipping).news == 0
    assert shop.sql("SELECT used_today FROM carrier_budgets") == [{"used_today": 2}]  # asked, and made known
    shipping.carrier.scan("QB473124829BR", "in_transit", code="RO/01")
    due(shipping, parcel)
    assert (poll(shipping).news, status(shop, order)) == (1, "in_transit")
