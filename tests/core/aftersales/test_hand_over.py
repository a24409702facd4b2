"""What no parcel carries: handed over by itself once all of it is paid, or by staff, and earned like what is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.aftersales.use_cases.hand_over import HandOver, HandOverPaid, hand_over, hand_over_paid
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.identity.roles import Role
from core.logistics.errors import NothingToFulfil, OrderNotOpen
from core.logistics.lifecycle import FulfilmentState
from core.logistics.use_cases.reverse_fulfilment import ReverseFulfilment, reverse_fulfilment
from core.orders.queries import ListOrders, list_orders
from core.orders.use_cases.archive_order import ArchiveOrder, archive_order
from core.shared.errors import Forbidden
from core.shared.money import Money
from jobs.subscribers import SUBSCRIBERS
from ports.orders import OrderDetail
from tests.core.checkout.test_by_hand import place, stock
from tests.core.ledger.books import balances, deliver
from tests.core.logistics.sending import fresh, order_of, pay_for, plan, sent, status, voucher, voucher_cart
from tests.shop import Shop

_ACTOR = next(subscriber for subscriber in SUBSCRIBERS if subscriber.name == "logistics.hand_over")
_MAIL = next(subscriber for subscriber in SUBSCRIBERS if subscriber.name == "messages.tell_goods_left")


def told(shop: Shop) -> int:
    """Work on all that was told so far, each once more: it is all the same. How many it were."""
    rows = shop.sql("SELECT payload FROM deliveries WHERE subscriber = 'logistics.hand_over' ORDER BY id")
    for row in rows:
        shop.run(_ACTOR.use_case, _ACTOR.command(row["payload"]))
    return len(rows)


def of_vouchers(shop: Shop, quantity: int = 2, *, stock: int | None = None) -> OrderDetail:
    """An order of vouchers alone, whose transfer is awaited."""
    return place(shop, voucher_cart(shop, quantity, stock=stock))


def mixed(shop: Shop) -> OrderDetail:
    """Two mugs and a voucher."""
    return place(shop, shop.cart({shop.product(stock=10): 2, voucher(shop): 1}))


def test_it_is_handed_over_once_all_of_it_is_paid(shop: Shop) -> None:
    order = of_vouchers(shop, stock=5)
    assert (told(shop), status(shop, order)) == (1, "unfulfilled")
    half = Money(order.total.minor // 2, "BRL")
    for key in ("one", "two"):
        assert fresh(shop, order).fulfilments == []
        shop.run(record_payment, RecordPayment(order.id, order.payments[0].id, half, key), shop.as_(Role.SUPPORT))
        told(shop)
    (handed,) = fresh(shop, order).fulfilments
    assert (handed.state, handed.parcels, sum(handed.lines.values())) == (FulfilmentState.SHIPPED, [], 2)
    assert (status(shop, order), stock(shop)) == ("fulfilled", (3, 0))


def test_it_is_earned_like_what_is_sent(shop: Shop) -> None:
    order = of_vouchers(shop)
    pay_for(shop, order)
    deliver(shop)
    assert balances(shop) == {"1100": 10000, "2100": -10000}
    told(shop)
    deliver(shop)
    assert balances(shop) == {"1100": 10000, "4000": -10000}


def test_one_that_costs_nothing_goes_as_it_is_placed(shop: Shop) -> None:
    token = voucher_cart(shop, price=0)
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    order = shop.read(list_orders, ListOrders(), shop.as_(Role.SUPPORT)).rows[0]
    told(shop)
    assert status(shop, order) == "fulfilled"


def test_told_at_once_from_several_sides_it_goes_once(shop: Shop) -> None:
    order = of_vouchers(shop, stock=5)
    pay_for(shop, order)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: shop.run(hand_over_paid, HandOverPaid(order.id)), range(4)))
    assert (len(fresh(shop, order).fulfilments), stock(shop)) == (1, (3, 0))


def test_nobody_is_written_that_something_is_on_its_way(shop: Shop) -> None:
    order = of_vouchers(shop)
    pay_for(shop, order)
    told(shop)
    (left,) = shop.sql("SELECT payload FROM deliveries WHERE subscriber = 'messages.tell_goods_left'")
    shop.run(_MAIL.use_case, _MAIL.command(left["payload"]))
    assert shop.sql("SELECT 1 FROM messages WHERE kind LIKE 'order_%shipped'") == []


def test_what_staff_took_back_or_put_away_stays_where_it_is(shop: Shop) -> None:
    order = of_vouchers(shop)
    pay_for(shop, order)
    told(shop)
    shop.run(reverse_fulfilment, ReverseFulfilment(fresh(shop, order).fulfilments[0].id), shop.as_(Role.SUPPORT))
    told(shop)
    assert status(shop, order) == "unfulfilled"
    other = of_vouchers(shop)
    shop.run(archive_order, ArchiveOrder(other.id), shop.as_(Role.SUPPORT))
    pay_for(shop, other)
    told(shop)
    assert status(shop, other) == "unfulfilled"


def test_beside_goods_that_are_carried_it_waits_for_staff(shop: Shop) -> None:
    order = mixed(shop)
    pay_for(shop, order)
    told(shop)
    assert status(shop, order) == "unfulfilled"
    shop.run(hand_over, HandOver(order.id), shop.as_(Role.SUPPORT))
    (handed,) = fresh(shop, order).fulfilments
    by_title = {line.title: handed.lines.get(line.id) for line in order.lines}
    assert (handed.parcels, by_title) == ([], {"Caneca Barro 300 ml": None, "Vale": 1})
    assert status(shop, order) == "partially_fulfilled"
    with pytest.raises(NothingToFulfil):
        shop.run(hand_over, HandOver(order.id), shop.as_(Role.SUPPORT))
    sent(shop, order)
    assert status(shop, order) == "fulfilled"
    deliver(shop)
    assert "2100" not in balances(shop)


def test_it_goes_along_with_the_parcel_when_all_is_planned_together(shop: Shop) -> None:
    order = mixed(shop)
    pay_for(shop, order)
    sent(shop, order)
    assert status(shop, order) == "fulfilled"


def test_who_may_not_send_hands_nothing_over(shop: Shop) -> None:
    order = mixed(shop)
    with pytest.raises(Forbidden):
        shop.run(hand_over, HandOver(order.id), shop.as_(Role.FINANCE))
    with pytest.raises(Forbidden):
        shop.run(hand_over_paid, HandOverPaid(order.id), shop.as_(Role.OWNER))
    shop.run(archive_order, ArchiveOrder(order.id), shop.as_(Role.SUPPORT))
    with pytest.raises(OrderNotOpen):
        shop.run(hand_over, HandOver(order.id), shop.as_(Role.SUPPORT))


def test_what_is_planned_by_staff_is_theirs_to_send(shop: Shop) -> None:
    order = of_vouchers(shop)
    plan(shop, order, parcels=())
    pay_for(shop, order)
    told(shop)
    assert [f.state for f in fresh(shop, order).fulfilments] == [FulfilmentState.PLANNED]


def test_an_order_of_goods_that_are_carried_is_never_handed_over_by_itself(shop: Shop) -> None:
    order = order_of(shop)
    pay_for(shop, order)
    told(shop)
    assert fresh(shop, order).fulfilments == []
