"""Record money that staff saw come in by themselves: a bank transfer, cash at the door.

There is no provider to ask. One transaction, under the payment's lock, writes the fact and all that follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.aftersales.receiving import Receipt, plan_receipt
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.payments.errors import NothingReceived, ReceivedBefore
from core.payments.model import Payment
from core.payments.use_cases.locking import lock_payment, refuse_stale
from core.reconciliation.model import ExceptionKind
from core.reconciliation.use_cases.discrepancies import raise_exception, weigh
from core.shared.errors import FieldProblem, Invalid, NotFound
from core.shared.ids import OperationId, OrderId, PaymentId
from core.shared.money import Money
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import Transaction, UnitOfWork

LONGEST_REFERENCE = 80


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """`amount` came in for a payment of the order. `key` makes repeats one recording.

    `reference` is the bank's word for the transfer (an end-to-end id, a document's number; empty where there is none):
    the same one is the same money. `seen` is the `OrderDetail.whole_version` that somebody looked at, None when the
    caller does not care.
    """

    order_id: OrderId
    payment_id: PaymentId
    amount: Money
    key: str
    reference: str = ""
    seen: int | None = None


@permission("payments.payment.record")
def preview_payment(cmd: RecordPayment, /, *, uow: UnitOfWork) -> Receipt:
    """The figures that `record_payment` would write. Raises what it would refuse with."""
    with uow() as tx:
        payment = tx.payments.get(cmd.payment_id)
        order = _order_of(tx, cmd, payment)
    _refuse(cmd, payment)
    if payment.operations.received_for(cmd.reference):
        raise ReceivedBefore()
    return plan_receipt(order, payment, cmd.amount)


@permission("payments.payment.record")
def record_payment(cmd: RecordPayment, /, *, uow: UnitOfWork, clock: Clock, ids: Ids) -> Receipt:
    """Write down that the money came: a part, all of it, more than was asked, or late. Too much and too little are
    said by the order and raised for staff; after a cancellation it is late money, and the order stays cancelled.

    Raises NotFound, Invalid, WriteConflict for a stale version, NothingReceived, OperationInFlight, and ReceivedBefore
    when a transfer of that reference is recorded already.
    """
    with uow() as tx:
        payment = lock_payment(tx, cmd.payment_id)
        order = _order_of(tx, cmd, payment)
        _refuse(cmd, payment)
        done = payment.operations.received_as(cmd.key)
        if done is not None:
            return Receipt(done.amount, payment.captured, payment.amount, order.status is OrderStatus.CANCELLED)
        if not payment.operations.received_for(cmd.reference):  # or that is told, not that something changed
            refuse_stale(tx, order.id, cmd.seen, cmd.key)
        receipt = plan_receipt(order, payment, cmd.amount)
        now = clock.now()
        operation = payment.receive(OperationId(ids.new()), cmd.amount, now, wish=cmd.key, reference=cmd.reference)
        if receipt.late:
            name = operation.provider_reference or str(operation.id)
            raise_exception(tx, ExceptionKind.LATE_PAYMENT, payment, cmd.amount, ids, now, reference=name)
        else:
            weigh(tx, payment, ids, now)
        payment.schedule_check(now)
        tx.payments.save(payment)
        tx.orders.refresh_axes(order.id)
        tx.answer(order_id=str(order.id), operation_id=str(operation.id))
    return receipt


def _order_of(tx: Transaction, cmd: RecordPayment, payment: Payment) -> Order:
    if payment.order_id != cmd.order_id:
        raise NotFound("There is no such payment of this order.")
    return tx.orders.get(cmd.order_id)


def _refuse(cmd: RecordPayment, payment: Payment) -> None:
    if not payment.confirmed_by_hand or cmd.amount.minor <= 0 or cmd.amount.currency != payment.amount.currency:
        raise NothingReceived()
    if len(cmd.reference) > LONGEST_REFERENCE:
        said = f"At most {LONGEST_REFERENCE} characters."
        raise Invalid(said, problems=(FieldProblem("reference", "too_long", said),))
