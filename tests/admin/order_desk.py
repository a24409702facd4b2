"""Orders in every state, made through the use cases, for the tests of the order screens."""

from __future__ import annotations

import re
import secrets

from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.identity.roles import Role
from core.orders.queries import GetOrder, GetPlacedOrder, get_order, get_placed_order
from core.reconciliation.model import ExceptionKind, ReconciliationException
from core.shared.ids import ExceptionId
from core.shared.money import Money
from core.shared.permission import permission
from ports.orders import OrderDetail
from ports.unit_of_work import UnitOfWork
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
    shop.run(
        record_payment, RecordPayment(order.id, order.payments[0].id, order.total, "money"), shop.as_(Role.SUPPORT)
    )
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


def shown(text: str) -> str:
    """The page without the spaces that do not break."""
    return text.replace("\xa0", " ")


def fields(text: str, form: str) -> dict[str, str]:
    """The hidden and typed values of a form as a browser would send them."""
    inside = text.split(f'id="{form}"')[1].split("</form>")[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", inside):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name.group(1)] = value.group(1) if value else ""
    return found


@permission("checkout.payment.settle")
def keep(exception: ReconciliationException, /, *, uow: UnitOfWork) -> None:
    """Raise it, as the checkout does in the transaction of its own."""
    with uow() as tx:
        tx.exceptions.raise_(exception)


def odd(shop: Shop, order: OrderDetail | None, kind: ExceptionKind = ExceptionKind.LATE_PAYMENT) -> ExceptionId:
    """An exception, as the checkout raises it."""
    id_ = ExceptionId(shop.wired.ids.new())
    payment = order.payments[0] if order else None
    row = ReconciliationException(
        id=id_,
        kind=kind,
        left_reference=str(payment.id) if payment else "pay",
        right_reference=f"pi_{id_.hex[-12:]}",
        amount=Money(15770, "BRL"),
        opened_at=shop.clock.now(),
        payment_id=payment.id if payment else None,
        order_id=order.id if order else None,
        details={"expected": 15770, "captured": 31540, "method": "pix"},
    )
    shop.run(keep, row)
    return id_
