"""Goods that leave: planned within what is left, once, out of what the order holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.aftersales.use_cases.ship_fulfilment import ShipFulfilment, ShipMany, ship_fulfilment, ship_many
from core.identity.roles import Role
from core.logistics.errors import AlreadyScanned, MoreThanLeft, NothingToFulfil, OrderNotOpen
from core.logistics.lifecycle import FulfilmentState
from core.logistics.queries import GetProgress, ListWork, get_progress, list_work
from core.logistics.tracking import ParcelStatus
from core.logistics.use_cases.cancel_fulfilment import CancelFulfilment, cancel_fulfilment
from core.logistics.use_cases.plan_fulfilment import PlanFulfilment, plan_fulfilment
from core.logistics.use_cases.report_parcel import ReportParcel, report_parcel
from core.logistics.use_cases.reverse_fulfilment import ReverseFulfilment, reverse_fulfilment
from core.orders.use_cases.archive_order import ArchiveOrder, archive_order
from core.shared.errors import Forbidden
from core.shared.state_machine import TransitionRefused
from tests.core.checkout.test_by_hand import stock
from tests.core.logistics.sending import fresh, order_of, parcel_of, pay_for, plan, sent, ship, status
from tests.shop import Shop


def sums(shop: Shop) -> list[tuple[int, int, int, int]]:
    """On hand, sum of movements, reserved, sum of live reservations, of each stock item."""
    rows = shop.sql(
        "SELECT i.on_hand, i.reserved,"
        " (SELECT coalesce(sum(quantity), 0) FROM stock_movements m WHERE m.stock_item_id = i.id) AS moved,"
        " (SELECT coalesce(sum(quantity), 0) FROM reservations r WHERE r.stock_item_id = i.id AND r.state = 'live')"
        " AS held FROM stock_items i ORDER BY i.id"
    )
    return [(row["on_hand"], row["moved"], row["reserved"], row["held"]) for row in rows]


def test_goods_leave_in_parts_out_of_what_the_order_holds(shop: Shop) -> None:
    order = order_of(shop, 3)
    assert stock(shop) == (10, 3)
    sent(shop, order, 2)
    assert stock(shop) == (8, 1)
    assert status(shop, order) == "partially_fulfilled"
    sent(shop, order)
    assert stock(shop) == (7, 0)
    assert status(shop, order) == "fulfilled"
    assert sums(shop) == [(7, 7, 0, 0)]
    moves = shop.sql("SELECT quantity, reference_kind, reason FROM stock_movements WHERE kind = 'ship' ORDER BY id")
    assert [(m["quantity"], m["reference_kind"], m["reason"]) for m in moves] == [
        (-2, "fulfilment", "1001-F1"), (-1, "fulfilment", "1001-F2"),
    ]  # fmt: skip
    assert [f.number for f in fresh(shop, order).fulfilments] == [1, 2]


def test_what_is_not_tracked_leaves_no_stock(shop: Shop) -> None:
    order = order_of(shop, 2, stock=None)
    sent(shop, order)
    assert shop.sql("SELECT count(*) AS n FROM stock_movements WHERE kind = 'ship'")[0]["n"] == 0
    assert status(shop, order) == "fulfilled"


def test_never_more_than_is_left(shop: Shop) -> None:
    order = order_of(shop, 3)
    plan(shop, order, 2)
    with pytest.raises(MoreThanLeft) as refusal:
        plan(shop, order, 2)
    assert (refusal.value.wanted, refusal.value.left) == (2, 1)
    plan(shop, order)
    with pytest.raises(NothingToFulfil):
        plan(shop, order)


def test_a_planned_one_that_is_called_off_can_be_planned_again(shop: Shop) -> None:
    order = order_of(shop, 2)
    first = plan(shop, order)
    shop.run(cancel_fulfilment, CancelFulfilment(first), shop.as_(Role.SUPPORT))
    second = plan(shop, order)
    with pytest.raises(TransitionRefused):
        ship(shop, first)
    ship(shop, second)
    assert sums(shop) == [(8, 8, 0, 0)]


def test_taken_back_before_the_first_scan_and_not_after(shop: Shop) -> None:
    order = order_of(shop, 2)
    first = plan(shop, order)
    ship(shop, first)
    shop.run(reverse_fulfilment, ReverseFulfilment(first), shop.as_(Role.SUPPORT))
    assert sums(shop) == [(10, 10, 2, 2)]
    assert status(shop, order) == "unfulfilled"
    second = plan(shop, order)
    ship(shop, second)
    scanned = ReportParcel(parcel_of(shop, second), ParcelStatus.ACCEPTED)
    shop.run(report_parcel, scanned, shop.as_(Role.SUPPORT))
    assert status(shop, order) == "in_transit"
    with pytest.raises(AlreadyScanned):
        shop.run(reverse_fulfilment, ReverseFulfilment(second), shop.as_(Role.SUPPORT))
    assert sums(shop) == [(8, 8, 0, 0)]


def test_money_given_back_before_goods_left_is_not_sent(shop: Shop) -> None:
    order = order_of(shop, 3)
    pay_for(shop, order)
    planned = plan(shop, order)
    line = order.lines[0].id

    def refund(key: str) -> None:
        wish = RefundOrder(order.id, order.payments[0].id, key, {line: 1})
        shop.run(refund_order, wish, shop.as_(Role.SUPPORT))

    refund("one")
    with pytest.raises(MoreThanLeft):
        ship(shop, planned)
    shop.run(cancel_fulfilment, CancelFulfilment(planned), shop.as_(Role.SUPPORT))
    assert shop.read(get_progress, GetProgress(order.id), shop.as_(Role.FINANCE))[line].left == 2
    sent(shop, order, 1)
    refund("two")  # one piece is here and one has left: the one that is here is not sent
    assert shop.read(get_progress, GetProgress(order.id))[line].left == 0
    assert status(shop, order) == "fulfilled"
    refund("three")  # and this one had left
    assert status(shop, order) == "fulfilled"
    assert shop.read(get_progress, GetProgress(order.id))[line].withdrawn == 2


def test_only_an_open_order_is_sent(shop: Shop) -> None:
    order = order_of(shop, 1)
    planned = plan(shop, order)
    shop.run(archive_order, ArchiveOrder(order.id), shop.as_(Role.SUPPORT))
    with pytest.raises(OrderNotOpen):
        ship(shop, planned)
    with pytest.raises(OrderNotOpen):
        plan(shop, order)


def test_two_people_at_once_are_one_effect_and_the_loser_is_told(shop: Shop) -> None:
    order = order_of(shop, 2)
    everyone = [shop.as_(Role.SUPPORT), shop.as_(Role.MANAGER)]

    def planning(context: Any) -> Any:
        try:
            return shop.run(plan_fulfilment, PlanFulfilment(order.id), context)
        except NothingToFulfil as told:
            return told

    with ThreadPoolExecutor(2) as pool:
        planned = list(pool.map(planning, everyone))
    assert sum(isinstance(one, NothingToFulfil) for one in planned) == 1
    fulfilment_id = next(one for one in planned if not isinstance(one, NothingToFulfil))

    def sending(context: Any) -> Any:
        try:
            return shop.run(ship_fulfilment, ShipFulfilment(fulfilment_id), context)
        except TransitionRefused as told:
            return told.state

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(sending, everyone))
    assert sorted(map(str, ended)) == ["shipped", "shipped"]
    assert sums(shop) == [(8, 8, 0, 0)]
    assert shop.sql("SELECT count(*) AS n FROM outbox WHERE name = 'logistics.goods_left.v1'")[0]["n"] == 1


def test_who_may_send_and_who_may_look(shop: Shop) -> None:
    order = order_of(shop, 1)
    with pytest.raises(Forbidden):
        shop.run(plan_fulfilment, PlanFulfilment(order.id), shop.as_(Role.FINANCE))
    plan(shop, order)
    listed = shop.read(list_work, ListWork(), shop.as_(Role.FINANCE)).rows
    assert [(row.order_number, row.city, row.fulfilment.state) for row in listed] == [
        (order.number, "São Paulo", FulfilmentState.PLANNED)
    ]


def test_many_at_once_each_for_itself(shop: Shop) -> None:
    orders = [order_of(shop, 1) for _ in range(3)]
    planned = [plan(shop, order) for order in orders]
    ship(shop, planned[1])
    ended = shop.run(ship_many, ShipMany(tuple(planned)), shop.as_(Role.SUPPORT))
    assert [type(ended[one]) for one in planned] == [type(None), TransitionRefused, type(None)]
    assert {status(shop, order) for order in orders} == {"fulfilled"}
    assert all(row == (9, 9, 0, 0) for row in sums(shop))
