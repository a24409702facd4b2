"""What no parcel carries on the screens: never among what is to be shipped, handed over by one button."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.home.queries import ShowToday, show_today
from core.identity.roles import Role
from core.logistics.use_cases.start_batch import StartBatch, start_batch
from core.orders.queries import ListOrders, list_orders
from ports.orders import OrderDetail, OrderFilter
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import fields, shown
from tests.core.checkout.test_by_hand import place
from tests.core.logistics.sending import fresh, pay_for, sent, status, voucher, voucher_cart
from tests.shop import Shop, settings_for


@pytest.fixture
def desk(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Browser:
    return signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.SUPPORT)


def mixed(shop: Shop) -> OrderDetail:
    """Two mugs and a voucher, paid."""
    order = place(shop, shop.cart({shop.product(stock=10): 2, voucher(shop): 1}))
    pay_for(shop, order)
    return order


def vouchers(shop: Shop) -> OrderDetail:
    """Two vouchers, paid; nobody has worked on the events yet."""
    order = place(shop, voucher_cart(shop))
    pay_for(shop, order)
    return order


def page_of(desk: Browser, order: OrderDetail) -> str:
    return shown(desk.get(f"/orders/{order.number}").text)


def to_ship(desk: Browser, shop: Shop) -> tuple[int, list[str]]:
    """What is counted, and what the list holds."""
    listed = desk.get("/orders/?status=open&payment=authorised&payment=paid&payment=overpaid"
                      "&payment=partially_refunded&fulfilment=unfulfilled").text  # fmt: skip
    count = shop.read(show_today, ShowToday("America/Sao_Paulo"), shop.as_(Role.SUPPORT)).to_ship
    return count, re.findall(r"data-open>(CI-\d+)<", listed)


def test_only_what_is_carried_is_to_be_shipped(desk: Browser, shop: Shop) -> None:
    alone, beside = vouchers(shop), mixed(shop)
    assert to_ship(desk, shop) == (1, [f"CI-{beside.number}"])
    shipping = desk.get("/shipping/").text
    assert f"CI-{beside.number}" in shipping
    assert f"CI-{alone.number}" not in shipping
    rows = shop.read(list_orders, ListOrders(OrderFilter(travels=False)), shop.as_(Role.SUPPORT)).rows
    assert [row.number for row in rows] == [alone.number]
    page = page_of(desk, alone)
    assert "Unfulfilled" in page
    assert "2 items that no parcel carries" in page


def test_staff_hand_over_what_no_parcel_carries(desk: Browser, shop: Shop) -> None:
    order = mixed(shop)
    page = page_of(desk, order)
    assert "2 items to ship" in page
    assert "1 item that no parcel carries" in page
    assert desk.post(f"/orders/{order.number}/hand-over", {}).status_code == 303
    page = page_of(desk, order)
    assert "It is written down as handed over." in page
    assert "Without a parcel." in page
    assert "no parcel carries" not in page
    desk.post(f"/orders/{order.number}/hand-over", {})
    assert len(fresh(shop, order).fulfilments) == 1
    sent(shop, order)
    assert status(shop, order) == "fulfilled"


def test_pieces_that_need_none_are_planned_without_a_parcel(desk: Browser, shop: Shop) -> None:
    order = mixed(shop)
    mugs, card = order.lines
    address = f"/orders/{order.number}/fulfil"
    filled = fields(desk.get(address).text, "fulfil")
    filled.pop("csrf_token", None)
    answer = desk.post(address, {**filled, f"pieces-{mugs.id}": "0", f"pieces-{card.id}": "1"})
    assert answer.status_code == 303, answer.text[:300]
    (planned,) = fresh(shop, order).fulfilments
    assert (planned.parcels, dict(planned.lines)) == ([], {card.id: 1})
    step = str(answer.location).removeprefix("/admin")
    assert "Goods leave now" in desk.get(step).text
    assert desk.post(f"{step}/leave", {}).status_code == 303
    assert status(shop, order) == "partially_fulfilled"


def test_a_form_for_parcels_is_not_shown_where_none_is_needed(desk: Browser, shop: Shop) -> None:
    order = vouchers(shop)
    assert desk.get(f"/orders/{order.number}/fulfil").status_code == 303


def test_money_first(desk: Browser, shop: Shop) -> None:
    order = place(shop, voucher_cart(shop))
    desk.post(f"/orders/{order.number}/hand-over", {})
    assert fresh(shop, order).fulfilments == []


def test_a_batch_takes_no_order_that_no_parcel_carries(shop: Shop) -> None:
    alone, beside = vouchers(shop), mixed(shop)
    started = shop.run(start_batch, StartBatch((alone.id, beside.id), "Support"), shop.as_(Role.SUPPORT))
    assert [refusal.code for refusal in started.refused.values()] == ["nothing_to_fulfil"]
    assert (fresh(shop, alone).fulfilments, len(fresh(shop, beside).fulfilments)) == ([], 1)
