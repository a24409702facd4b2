"""The order in which rows are locked: session, order, payment, cart, stock. Here as everywhere, so that nobody
waits in a circle."""

from __future__ import annotations

from core.payments.model import Payment
from core.shared.errors import WriteConflict
from core.shared.ids import PaymentId
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
