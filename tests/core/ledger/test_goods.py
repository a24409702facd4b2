"""Goods and postage of a real shop in its books: shares, receivables, what comes back, labels."""

from __future__ import annotations

from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.identity.roles import Role
from core.ledger.use_cases.backfill import Backfill, backfill
from core.ledger.use_cases.verify import Verify, verify
from core.logistics.use_cases.reverse_fulfilment import ReverseFulfilment, reverse_fulfilment
from core.logistics.use_cases.void_label import VoidLabel, void_label
from core.shared.money import Money
from tests.carrier import add_carrier
from tests.core.ledger.books import balances, deliver, entries, kept, open_items
from tests.core.logistics.sending import buy, fresh, order_of, pay_for, plan, quoted, sent
from tests.shop import Shop

SHIPPING = 1790


def test_what_is_sent_is_earned(shop: Shop) -> None:
    order = order_of(shop, 2)
    pay_for(shop, order)
    deliver(shop)
    sent(shop, order)
    deliver(shop)
    total = order.total.minor
    assert balances(shop) == kept(shop) == {"1100": total, "4000": SHIPPING - total, "4010": -SHIPPING}
    assert open_items(shop) == {f"payment:{order.payments[0].id}": total}


def test_parcel_by_parcel_and_shipping_with_the_first(shop: Shop) -> None:
    order = order_of(shop, 3)
    pay_for(shop, order)
    deliver(shop)
    sent(shop, order, 1)
    deliver(shop)
    rest = balances(shop)["2100"]
    assert rest == -2 * 6990
    assert balances(shop)["4010"] == -SHIPPING
    sent(shop, order, 2)
    deliver(shop)
    assert "2100" not in balances(shop)


def test_goods_before_money_are_owed_until_it_comes(shop: Shop) -> None:
    order = order_of(shop, 2)
    sent(shop, order)
    deliver(shop)
    assert balances(shop)["1150"] == order.total.minor
    pay_for(shop, order)
    deliver(shop)
    assert set(balances(shop)) == {"1100", "4000", "4010"}


def test_in_whatever_order_deliveries_come(shop: Shop) -> None:
    order = order_of(shop, 2)
    pay_for(shop, order)
    sent(shop, order)
    shop.execute(
        "UPDATE deliveries SET created_at = created_at - interval '1 h' WHERE subscriber = 'ledger.post_goods_left'"
    )
    deliver(shop)
    assert set(balances(shop)) == {"1100", "4000", "4010"}
    assert [entry["kind"] for entry in entries(shop)] == ["goods_left", "capture"]


def test_what_had_not_left_is_taken_back(shop: Shop) -> None:
    order = order_of(shop, 2)
    pay_for(shop, order)
    fulfilment = sent(shop, order)
    deliver(shop)
    shop.run(reverse_fulfilment, ReverseFulfilment(fulfilment.id), shop.as_(Role.SUPPORT))
    deliver(shop)
    assert balances(shop) == {"1100": order.total.minor, "2100": -order.total.minor}
    assert [entry["kind"] for entry in entries(shop)] == ["capture", "goods_left", "goods_back"]
    sent(shop, order)
    deliver(shop)
    assert "2100" not in balances(shop)


def test_a_return_is_no_deposit(shop: Shop) -> None:
    order = order_of(shop, 2)
    pay_for(shop, order)
    sent(shop, order)
    wish = RefundOrder(order.id, order.payments[0].id, "r", quantities={order.lines[0].id: 1})
    shop.run(refund_order, wish, shop.as_(Role.SUPPORT))
    deliver(shop)
    assert balances(shop)["4900"] == 6990
    assert "2100" not in balances(shop)


def test_postage_is_a_cost_and_owed_to_the_carrier_until_it_is_given_back(shop: Shop) -> None:
    add_carrier(shop)
    order = order_of(shop, 2)
    planned = plan(shop, order)
    bought = buy(shop, quoted(shop, planned).quotes[0].id)
    deliver(shop)
    assert balances(shop) == {"2300": -1760, "5000": 1760}
    assert open_items(shop) == {f"shipment:{bought.shipment_id}": -1760}
    shop.run(void_label, VoidLabel(bought.shipment_id), shop.as_(Role.SUPPORT))
    deliver(shop)
    assert balances(shop) == {}
    assert open_items(shop) == {}


def test_all_of_it_is_found_again_without_deliveries(shop: Shop) -> None:
    add_carrier(shop)
    order = order_of(shop, 3)
    pay_for(shop, order)
    planned = plan(shop, order, 1)
    buy(shop, quoted(shop, planned).quotes[0].id)
    sent(shop, order, 1)
    wish = RefundOrder(order.id, order.payments[0].id, "r", other=Money(100, "BRL"))
    shop.run(refund_order, wish, shop.as_(Role.SUPPORT))
    shop.execute("DELETE FROM deliveries WHERE subscriber LIKE 'ledger.%'")
    assert {finding.problem for finding in shop.run(verify, Verify()).findings} == {"fact_not_posted"}
    assert shop.run(backfill, Backfill(None)).posted == 4
    assert list(shop.run(verify, Verify()).findings) == []
    assert fresh(shop, order).captured.minor == order.total.minor
