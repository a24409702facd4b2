"""The order in which rows are locked: session, order, payment, cart, stock. Here as everywhere, so that nobody
waits in a circle."""

from __future__ import annotations

from core.payments.model import Payment
from core.shared.errors import WriteConflict
from core.shared.ids import OrderId, PaymentId
from ports.unit_of_work import Transaction


def lock_payment(tx: Transaction, payment_id: PaymentId) -> Payment:
    """A payment, locked, after its order if it has one.

    Raises NotFound, and WriteConflict when the order came to be at this very moment.
    """
    order_id = tx.payments.get(payment_id).order_id
    if order_id is not None:
        tx.orders.get(order_id, lock=True)
    payment = tx.payments.get(payment_id, lock=True)
    if payment.order_id != order_id:
        raise WriteConflict("The payment was changed meanwhile.")
    return payment


def refuse_stale(tx: Transaction, order_id: OrderId, seen: int | None, key: str) -> None:
    """Compare what the caller saw with the locked order as it is.

    :param seen: `OrderDetail.whole_version` of then: the order's version and its payments' together; None does not care
    :param key: the wish's own; what was begun under it already goes on, whatever it changed itself
    :raises WriteConflict: when order or payments were changed meanwhile
    """
    if seen is None:
        return
    order, payments = tx.orders.get(order_id), tx.payments.of_order(order_id)
    begun = any(operation.key == key for payment in payments for operation in payment.operations)
    if not begun and order.version + sum(payment.version for payment in payments) != seen:
        raise WriteConflict("The order was changed meanwhile.")
