"""Postage: one effect under any double click or time-out, three outcomes, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from adapters import guard
from core.identity.roles import Role
from core.logistics.errors import GoodsHaveLeft, LabelInProgress, LabelUnsettled, NoOrigin, QuoteStale
from core.logistics.lifecycle import LabelState
from core.logistics.model import Measures
from core.logistics.queries import GetLabels, GetQuotes, get_labels, get_quotes
from core.logistics.use_cases.cancel_fulfilment import CancelFulfilment, cancel_fulfilment
from core.logistics.use_cases.measure_parcel import MeasureParcel, measure_parcel
from core.logistics.use_cases.purchase_label import Postage
from core.logistics.use_cases.settle_label import SettleLabel, settle_label
from core.logistics.use_cases.void_label import SettleVoid, VoidLabel, settle_void, void_label
from core.shared.errors import NotFound
from core.shared.ids import ShipmentId
from core.shared.money import Money
from core.shared.state_machine import TransitionRefused
from ports.carriers import CarrierAccount, Label, PostageOutcome
from ports.logistics_queries import ShipmentRow
from tests.carrier import PDF, ScriptedCarrier, add_carrier
from tests.core.logistics.sending import buy, fresh, number, order_of, parcel_of, plan, quoted, ship
from tests.shop import Shop


def settle(shop: Shop, shipment_id: ShipmentId) -> LabelState:
    state: LabelState = shop.run(settle_label, SettleLabel(shipment_id))
    return state


def shipment(shop: Shop, shipment_id: ShipmentId) -> dict[str, Any]:
    return shop.sql("SELECT * FROM shipments WHERE id = :s", s=shipment_id)[0]


def events(shop: Shop, prefix: str = "logistics.label") -> list[str]:
    rows = shop.sql("SELECT name FROM outbox WHERE name LIKE :p ORDER BY id", p=f"{prefix}%")
    return [row["name"].removeprefix("logistics.").removesuffix(".v1") for row in rows]


def test_from_prices_to_a_label_that_can_be_printed(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    order = order_of(shop, 2)
    planned = plan(shop, order)
    answer = quoted(shop, planned)
    assert [(q.service, q.price, q.days) for q in answer.quotes] == [
        ("PAC", Money(1760, "BRL"), (5, 8)), ("SEDEX", Money(3345, "BRL"), (1, 3)),
    ]  # fmt: skip
    assert [r.refusal.text for r in answer.refusals] == ["does not serve this address"]
    bought = buy(shop, answer.quotes[0].id)
    assert (bought.state, bought.label) == (LabelState.PURCHASED, True)
    parcel = fresh(shop, order).fulfilments[0].parcels[0]
    assert parcel.tracking_number == carrier.books["shp_1"].number
    assert isinstance(parcel.postage, ShipmentRow)
    assert parcel.postage.paid == Money(1760, "BRL")
    paper = shop.read(get_labels, GetLabels((bought.shipment_id,)))[0]
    assert (paper.sha256, paper.media_type) == (sha256(PDF).hexdigest(), "application/pdf")
    with shop.wired.plain["blobs"].open(paper.sha256) as kept:
        assert kept.read() == PDF
    assert shop.sql("SELECT fulfilment_status AS s FROM orders")[0]["s"] == "unfulfilled"  # a label moves no goods


def test_no_price_is_not_the_same_as_no_answer(shop: Shop) -> None:
    add_carrier(shop, ScriptedCarrier(fail_rates=True))
    answer = quoted(shop, plan(shop, order_of(shop, 1)))
    assert answer.quotes == []
    assert [u.text for u in answer.unanswered] == ["nobody answers"]


def test_without_an_address_to_send_from_nothing_is_asked(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    shop.execute("UPDATE stores SET origin = NULL WHERE id = :s", s=shop.store_id)
    with pytest.raises(NoOrigin):
        quoted(shop, plan(shop, order_of(shop, 1)))
    assert not carrier.calls


def test_a_double_click_is_one_purchase(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    quote = quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id
    assert buy(shop, quote, "click").shipment_id == buy(shop, quote, "click").shipment_id
    with pytest.raises(LabelInProgress):
        buy(shop, quote, "another key")
    assert carrier.calls["purchase"] == 1


def test_two_people_buying_at_once_is_one_purchase(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    quote = quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id
    shop.as_(Role.SUPPORT)

    def buying(key: str) -> Postage | LabelInProgress:
        try:
            return buy(shop, quote, key)
        except LabelInProgress as told:
            return told

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(buying, ["a", "b", "c", "d"]))
    assert sum(isinstance(one, Postage) for one in ended) == 1
    assert carrier.calls["purchase"] == 1


def test_refused_is_said_and_can_be_tried_again(shop: Shop) -> None:
    carrier, _ = add_carrier(shop, ScriptedCarrier(fail_purchase="refuse"))
    quote = quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id
    refused = buy(shop, quote, "first")
    assert (refused.state, refused.reason) == (LabelState.REFUSED, "The wallet is empty.")
    carrier.fail_purchase = None
    assert buy(shop, quote, "second").state is LabelState.PURCHASED


@pytest.mark.parametrize(("fault", "end"), [("after", LabelState.PURCHASED), ("before", LabelState.REFUSED)])
def test_unknown_is_settled_by_asking(shop: Shop, fault: str, end: LabelState) -> None:
    carrier, _ = add_carrier(shop, ScriptedCarrier(fail_purchase=fault))
    order = order_of(shop, 1)
    planned = plan(shop, order)
    bought = buy(shop, quoted(shop, planned).quotes[0].id)
    assert bought.state is LabelState.UNKNOWN
    with pytest.raises(LabelUnsettled):
        ship(shop, planned)
    carrier.fail_find = True
    assert settle(shop, bought.shipment_id) is LabelState.UNKNOWN
    carrier.fail_find = False
    if end is LabelState.REFUSED:  # the request may still be on its way
        assert settle(shop, bought.shipment_id) is LabelState.UNKNOWN
    shop.clock.advance(minutes=2)
    assert settle(shop, bought.shipment_id) is end
    assert carrier.calls["purchase"] == 1
    assert shipment(shop, bought.shipment_id)["label_sha256"] == (
        sha256(PDF).hexdigest() if end is LabelState.PURCHASED else None
    )
    assert events(shop) == (["label_purchased"] if end is LabelState.PURCHASED else ["label_refused"])
    ship(shop, planned)


@pytest.mark.parametrize("paper", [None, Label(b"<html>Sorry</html>", "application/pdf"), Label(PDF, "text/html")])
def test_a_label_that_is_none_is_asked_for_until_it_is_one(shop: Shop, paper: Label | None) -> None:
    carrier, _ = add_carrier(shop, ScriptedCarrier(paper=paper))
    bought = buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id)
    assert (bought.state, bought.label) == (LabelState.PURCHASED, False)
    with pytest.raises(NotFound):
        shop.read(get_labels, GetLabels((bought.shipment_id,)))
    carrier.down = True
    settle(shop, bought.shipment_id)
    due = shipment(shop, bought.shipment_id)["check_at"]
    assert due > shop.clock.now()
    carrier.down, carrier.paper = False, Label(b"\x89PNG\r\n\x1a\n...", "image/png")
    settle(shop, bought.shipment_id)
    assert shop.read(get_labels, GetLabels((bought.shipment_id,)))[0].media_type == "image/png"


def test_an_offer_is_over_in_time_and_when_the_parcel_is_another(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    planned = plan(shop, order_of(shop, 1))
    parcel = parcel_of(shop, planned)
    old = quoted(shop, planned).quotes[0].id
    shop.run(measure_parcel, MeasureParcel(parcel, Measures(2_000, 300, 200, 200)), shop.as_(Role.SUPPORT))
    with pytest.raises(QuoteStale):
        buy(shop, old)
    assert shop.read(get_quotes, GetQuotes((parcel,))) == []
    late = quoted(shop, planned).quotes[0].id
    assert [q.service for q in shop.read(get_quotes, GetQuotes((parcel,)))] == ["PAC", "SEDEX"]
    shop.clock.advance(hours=1)
    with pytest.raises(QuoteStale):
        buy(shop, late)
    assert carrier.calls["purchase"] == 0
    with pytest.raises(NotFound):
        buy(shop, uuid4())


def test_given_back_and_bought_again(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    order = order_of(shop, 1)
    planned = plan(shop, order)
    first = buy(shop, quoted(shop, planned).quotes[0].id, "first")
    assert shop.run(void_label, VoidLabel(first.shipment_id), shop.as_(Role.SUPPORT)) is LabelState.VOIDED
    assert fresh(shop, order).fulfilments[0].parcels[0].tracking_number is None
    with pytest.raises(TransitionRefused):
        shop.run(void_label, VoidLabel(first.shipment_id), shop.as_(Role.SUPPORT))
    again = buy(shop, quoted(shop, planned).quotes[0].id, "second")
    assert again.state is LabelState.PURCHASED
    assert events(shop) == ["label_purchased", "label_voided", "label_purchased"]
    assert [sold.voided for sold in carrier.books.values()] == [True, False]


def test_a_void_that_is_not_answered_is_asked_for_again(shop: Shop) -> None:
    carrier, _ = add_carrier(shop, ScriptedCarrier(fail_void=PostageOutcome.UNKNOWN))
    bought = buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id)
    assert shop.run(void_label, VoidLabel(bought.shipment_id), shop.as_(Role.SUPPORT)) is LabelState.VOIDING
    carrier.fail_void = PostageOutcome.VOID_REQUESTED
    assert shop.run(settle_void, SettleVoid(bought.shipment_id)) is LabelState.VOIDING
    carrier.fail_void = PostageOutcome.VOID_REFUSED
    assert shop.run(settle_void, SettleVoid(bought.shipment_id)) is LabelState.VOID_REFUSED
    assert shipment(shop, bought.shipment_id)["reason"] == "Too late."
    assert events(shop) == ["label_purchased"]


def test_what_left_is_taken_back_before_its_label_is(shop: Shop) -> None:
    add_carrier(shop)
    planned = plan(shop, order_of(shop, 1))
    bought = buy(shop, quoted(shop, planned).quotes[0].id)
    ship(shop, planned)
    with pytest.raises(GoodsHaveLeft):
        shop.run(void_label, VoidLabel(bought.shipment_id), shop.as_(Role.SUPPORT))


@pytest.mark.parametrize("fault", [None, "after"])
def test_postage_of_what_is_called_off_is_given_back(shop: Shop, fault: str | None) -> None:
    """Also that of which nobody knows yet whether it was bought: as soon as somebody does."""
    carrier, _ = add_carrier(shop, ScriptedCarrier(fail_purchase=fault))
    planned = plan(shop, order_of(shop, 1))
    bought = buy(shop, quoted(shop, planned).quotes[0].id)
    shop.run(cancel_fulfilment, CancelFulfilment(planned), shop.as_(Role.SUPPORT))
    shop.clock.advance(minutes=2)
    if fault:
        assert settle(shop, bought.shipment_id) is LabelState.VOIDING
    assert shop.run(settle_void, SettleVoid(bought.shipment_id)) is LabelState.VOIDED
    assert carrier.books["shp_1"].voided


def test_a_label_that_is_not_used_expires(shop: Shop) -> None:
    add_carrier(shop)
    bought = buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id)
    assert settle(shop, bought.shipment_id) is LabelState.PURCHASED
    shop.clock.advance(days=30)
    assert shipment(shop, bought.shipment_id)["check_at"] <= shop.clock.now()
    assert settle(shop, bought.shipment_id) is LabelState.EXPIRED
    assert shipment(shop, bought.shipment_id)["check_at"] is None


def test_a_number_is_not_typed_over_postage(shop: Shop) -> None:
    add_carrier(shop)
    planned = plan(shop, order_of(shop, 1))
    buy(shop, quoted(shop, planned).quotes[0].id)
    with pytest.raises(LabelInProgress):
        number(shop, parcel_of(shop, planned), "AA473124829BR")


def test_no_call_in_a_transaction(shop: Shop) -> None:
    """The wrapper refuses it, so that every test here proves that there is none."""
    scripted, account = add_carrier(shop)
    config = bytes(shop.sql("SELECT config FROM carrier_accounts")[0]["config"])
    carrier = shop.wired.plain["carriers"].of(CarrierAccount(account, "scripted", "Scripted", config))
    calls: list[Callable[[], object]] = [
        lambda: carrier.purchase("shp_1", "rate", "key"), lambda: carrier.find("shp_1"), lambda: carrier.void("shp_1"),
        lambda: carrier.label("shp_1"), lambda: carrier.track(["1"]),
    ]  # fmt: skip
    for call in calls:
        with guard.transaction(), pytest.raises(guard.TransactionOpen):
            call()
    assert not scripted.calls
