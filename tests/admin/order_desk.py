"""Orders in every state, made through the use cases, for the tests of the order screens."""

from __future__ import annotations

import secrets

from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.orders.queries import GetOrder, GetPlacedOrder, get_order, get_placed_order
from core.payments.use_cases.capture_payment import CapturePayment, capture_payment
from core.shared.money import Money
from ports.orders import OrderDetail
from tests.shop import ORIGIN, Shop


def place(shop: Shop, *, method: str = "bank_transfer", quantity: int = 2, price: int = 6990) -> OrderDetail:
    """An order that awaits its money."""
    sku = f"CAN-BAR-{secrets.token_hex(4)}"
    token = shop.cart({shop.product(price=price, stock=20, sku=sku): quantity})
    shop.run(open_payment_session, OpenPaymentSession(token, method, f"{ORIGIN}/return", (ORIGIN,)), shop.storefront)
    order_id = shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    found: OrderDetail = shop.read(get_placed_order, GetPlacedOrder(order_id), shop.storefront).order
    return found


def paid(shop: Shop, **how: int) -> OrderDetail:
    """An order whose transfer came in."""
    order = place(shop, **how)  # type: ignore[arg-type]  # quantity and price
    shop.run(capture_payment, CapturePayment(order.payments[0].id, "money"), shop.as_(Role.SUPPORT))
    return fresh(shop, order)


def refunded(shop: Shop, amount: int) -> OrderDetail:
    """A paid order of which `amount` minor units went back."""
    order = paid(shop)
    wish = RefundOrder(order.id, order.payments[0].id, "back", other=Money(amount, "BRL"), requested_by="Somebody")
    shop.run(refund_order, wish, shop.as_(Role.SUPPORT))
    return fresh(shop, order)


def cancelled(shop: Shop) -> OrderDetail:
    """An order called off before its money came."""
    order = place(shop)
    shop.run(cancel_order, CancelOrder(order.id, "Changed her mind", "off"), shop.as_(Role.SUPPORT))
    return fresh(shop, order)


def fresh(shop: Shop, order: OrderDetail) -> OrderDetail:
    """The order as it is now."""
    found: OrderDetail = shop.read(get_order, GetOrder(order.number), shop.as_(Role.SUPPORT))
    return found
