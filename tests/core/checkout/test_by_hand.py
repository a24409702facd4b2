"""From cart to order with money that staff see come in: the whole checkout without any provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core.aftersales.use_cases.cancel_order import CancelOrder, ExpireOrder, cancel_order, expire_order
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, preview_refund, refund_order
from core.cart.changes import ChangeLine
from core.cart.errors import LineNotFound
from core.checkout.errors import CartIncomplete, InsufficientStock, NoPaymentSession
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.close_payment_session import ExpirePaymentSession, expire_payment_session
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.orders.queries import GetOrder, ListOrders, get_order, list_orders
from core.payments.events import PaymentAuthorised
from core.payments.lifecycle import Outcome
from core.payments.model import Payment
from core.shared.ids import CartId, LineId, OrderId, PaymentAccountId, PaymentId
from core.shared.money import Money
from ports.orders import OrderDetail, OrderFilter
from tests.shop import ORIGIN, Shop


def pay(shop: Shop, token: str, method: str = "bank_transfer") -> None:
    command = OpenPaymentSession(token, method, f"{ORIGIN}/return", (ORIGIN,))
    shop.run(open_payment_session, command, shop.storefront)


def place(shop: Shop, token: str, method: str = "bank_transfer") -> OrderDetail:
    pay(shop, token, method)
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    order: OrderDetail = shop.read(list_orders, ListOrders(), shop.as_(Role.SUPPORT)).rows[0]
    return detail(shop, order.number)


def detail(shop: Shop, number: int) -> OrderDetail:
    found: OrderDetail = shop.read(get_order, GetOrder(number), shop.as_(Role.SUPPORT))
    return found


def stock(shop: Shop) -> tuple[int, int]:
    row = shop.sql("SELECT sum(on_hand) AS on_hand, sum(reserved) AS reserved FROM stock_items")[0]
    return row["on_hand"], row["reserved"]


def test_a_bank_transfer_becomes_an_order_that_awaits_its_money(shop: Shop) -> None:
    variant = shop.product(price=6990, stock=10)
    token = shop.cart({variant: 2})
    order = place(shop, token)
    assert order.number == 1001
    assert (order.items.minor, order.shipping.minor, order.total.minor) == (13980, 1790, 15770)
    assert (order.payment_status, order.fulfilment_status) == ("awaiting", "unfulfilled")
    assert order.payments[0].next_action is not None
    assert stock(shop) == (10, 2)
    owners = shop.sql("SELECT owner_kind, expires_at FROM reservations WHERE state = 'live'")
    assert owners == [{"owner_kind": "order", "expires_at": None}]


def test_completing_again_gives_the_same_order(shop: Shop) -> None:
    token = shop.cart({shop.product(): 1})
    pay(shop, token)
    first = shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    again = shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    assert first == again
    assert shop.sql("SELECT count(*) AS n FROM orders")[0]["n"] == 1


def test_staff_record_the_money_and_refund_by_line(shop: Shop) -> None:
    token = shop.cart({shop.product(price=1000): 3})
    order = place(shop, token)
    payment = order.payments[0]
    support = shop.as_(Role.SUPPORT)
    shop.run(record_payment, RecordPayment(order.id, payment.id, order.total, "k1"), support)
    paid = detail(shop, order.number)
    assert (paid.payment_status, paid.captured.minor) == ("paid", 3000 + 1790)
    wish = RefundOrder(order.id, payment.id, "r1", quantities={order.lines[0].id: 2}, note="broken")
    assert shop.run(preview_refund, wish, support).amount.minor == 2000
    assert shop.run(refund_order, wish, support) is Outcome.SUCCEEDED
    assert shop.run(refund_order, wish, support) is Outcome.SUCCEEDED  # the same wish again moves nothing
    refunded = detail(shop, order.number)
    assert (refunded.payment_status, refunded.refunded.minor) == ("partially_refunded", 2000)
    assert refunded.lines[0].refunded_quantity == 2
    names = [line.name for line in refunded.timeline]
    assert "payments.refund_succeeded.v1" in names
    assert "payments.payment_captured.v1" in names


def test_cancelling_frees_the_stock(shop: Shop) -> None:
    order = place(shop, shop.cart({shop.product(stock=5): 2}))
    shop.run(cancel_order, CancelOrder(order.id, "changed their mind", "c1"), shop.as_(Role.SUPPORT))
    cancelled = detail(shop, order.number)
    assert (cancelled.status, cancelled.payment_status) == ("cancelled", "voided")
    assert stock(shop) == (5, 0)


def test_an_order_whose_transfer_does_not_come_expires(shop: Shop) -> None:
    order = place(shop, shop.cart({shop.product(stock=5): 2}))
    assert shop.run(expire_order, ExpireOrder(order.id)) is False
    shop.clock.advance(days=6)
    assert shop.run(expire_order, ExpireOrder(order.id)) is True
    expired = detail(shop, order.number)
    assert (expired.status, expired.payment_status) == ("cancelled", "expired")
    assert stock(shop) == (5, 0)


def test_what_is_missing_is_named(shop: Shop) -> None:
    token = shop.cart({shop.product(): 1}, ready=False)
    with pytest.raises(CartIncomplete) as refusal:
        pay(shop, token)
    fields = {problem.field for problem in refusal.value.problems}
    assert fields == {"contact.email", "contact.name", "shipping_address", "shipping_option"}


def test_the_last_piece_is_held_for_whoever_pays_first(shop: Shop) -> None:
    variant = shop.product(stock=1)
    first, second = shop.cart({variant: 1}), shop.cart({variant: 1})
    pay(shop, first)
    with pytest.raises(InsufficientStock) as refusal:
        pay(shop, second)
    assert refusal.value.problems[0].field == "lines.0"
    assert stock(shop) == (1, 1)


def test_a_change_that_is_refused_ends_no_payment(shop: Shop) -> None:
    token = shop.cart({shop.product(stock=5): 1})
    pay(shop, token)
    with pytest.raises(LineNotFound):
        shop.run(change_cart, ChangeCart(token, ChangeLine(LineId(shop.wired.ids.new()), 2)), shop.storefront)
    assert shop.sql("SELECT state FROM payment_sessions") == [{"state": "open"}]
    assert stock(shop) == (5, 1)


def test_no_session_no_order(shop: Shop) -> None:
    with pytest.raises(NoPaymentSession):
        shop.run(complete_checkout, CompleteCheckout(shop.cart({shop.product(): 1})), shop.storefront)


def test_orders_are_found_by_name_and_number(shop: Shop) -> None:
    order = place(shop, shop.cart({shop.product(sku="CAN-BAR"): 1}))
    for term in ("maria", "MARIA SOUZA", "example.com", "can-bar", str(order.number)):
        page = shop.read(list_orders, ListOrders(OrderFilter(search=term)), shop.as_(Role.SUPPORT))
        assert [row.number for row in page.rows] == [order.number], term
    assert not shop.read(list_orders, ListOrders(OrderFilter(search="nobody")), shop.as_(Role.SUPPORT)).rows


@pytest.mark.parametrize("method", ["bank_transfer", "cash_on_delivery"])
def test_a_promise_by_hand_that_is_never_completed_holds_stock_no_longer_than_a_card(shop: Shop, method: str) -> None:
    pay(shop, shop.cart({shop.product(stock=5): 2}), method)
    session = shop.sql("SELECT id FROM payment_sessions")[0]["id"]
    assert stock(shop) == (5, 2)
    assert shop.run(expire_payment_session, ExpirePaymentSession(session)) == "open"
    shop.clock.advance(minutes=16)
    assert shop.run(expire_payment_session, ExpirePaymentSession(session)) == "expired"
    assert stock(shop) == (5, 0)


def test_cash_on_delivery_has_no_deadline_once_it_is_ordered(shop: Shop) -> None:
    order = place(shop, shop.cart({shop.product(stock=5): 2}), "cash_on_delivery")
    shop.clock.advance(days=60)
    assert shop.run(expire_order, ExpireOrder(order.id)) is False
    assert stock(shop) == (5, 2)


def test_what_a_payment_did_before_its_order_belongs_to_the_order(shop: Shop) -> None:
    payment = a_payment()
    payment.observe_authorised(payment.amount)
    order_id = OrderId(shop.wired.ids.new())
    payment.link(order_id)
    assert [event.order_id for event in payment.events if isinstance(event, PaymentAuthorised)] == [order_id]
    payment.schedule_check(shop.clock.now())
    assert payment.check_at == shop.clock.now() + timedelta(days=1)


def a_payment() -> Payment:
    return Payment(
        id=PaymentId(uuid4()),
        account_id=PaymentAccountId(uuid4()),
        provider="acme",
        method="card",
        cart_id=CartId(uuid4()),
        session_id=uuid4(),
        amount=Money(1000, "BRL"),
        manual_capture=True,
        confirmed_by_hand=False,
        created_at=datetime(2026, 11, 24, tzinfo=UTC),
    )


def test_one_key_may_name_a_capture_and_a_refund(shop: Shop) -> None:
    order = place(shop, shop.cart({shop.product(price=1000): 1}))
    payment, support = order.payments[0], shop.as_(Role.SUPPORT)
    shop.run(record_payment, RecordPayment(order.id, payment.id, order.total, "same"), support)
    wish = RefundOrder(order.id, payment.id, "same", quantities={order.lines[0].id: 1})
    assert shop.run(refund_order, wish, support) is Outcome.SUCCEEDED
    assert detail(shop, order.number).refunded.minor == 1000
