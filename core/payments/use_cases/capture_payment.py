"""Capture a payment: take what is authorised."""

from __future__ import annotations

from dataclasses import dataclass

from core.payments.lifecycle import Outcome
from core.payments.model import Payment
from core.payments.use_cases.locking import lock_payment, refuse_stale
from core.shared.errors import Rejected
from core.shared.ids import OperationId, PaymentId
from core.shared.money import Money
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import Answer, PaymentGateways
from ports.unit_of_work import UnitOfWork


class CaptureRefused(Rejected):
    """The provider refuses to capture."""

    code = "capture_refused"


@dataclass(frozen=True, slots=True)
class CapturePayment:
    """`key` makes repeats one capture; `amount` None takes all that can be taken.

    `seen` is the whole version of the payment's order (`OrderDetail.whole_version`), None when the caller does not
    care.
    """

    payment_id: PaymentId
    key: str
    amount: Money | None = None
    seen: int | None = None


@permission("payments.payment.capture")
def capture_payment(
    cmd: CapturePayment, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids
) -> Outcome:
    """Take the money. UNKNOWN and PENDING are settled by the janitor, who repeats the request under its own key.

    Raises NotFound, WriteConflict for a stale version, NothingToCapture, CaptureTooLarge, OperationInFlight,
    CaptureRefused.
    """
    return capture(cmd, uow=uow, gateways=gateways, clock=clock, ids=ids, whole=True)


def capture(
    cmd: CapturePayment, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids, whole: bool
) -> Outcome:
    """`capture_payment`; `whole` tells that it is all that was asked for, so that a repeat of the request is answered
    with it."""
    with uow() as tx:
        payment = lock_payment(tx, cmd.payment_id)
        if payment.order_id is not None:
            refuse_stale(tx, payment.order_id, cmd.seen, cmd.key)
        amount = payment.capturable if cmd.amount is None else cmd.amount
        operation = payment.request_capture(OperationId(ids.new()), amount, cmd.key, clock.now())
        account = tx.payments.account(payment.account_id)
        if not operation.unsettled:
            return Outcome(operation.state.value)
        tx.payments.save(payment)
    reference = payment.provider_reference or ""
    answer = gateways.of(account).capture(reference, operation.amount, str(operation.id))
    with uow() as tx:
        payment = lock_payment(tx, cmd.payment_id)
        _record(payment, operation.id, answer, ids, clock)
        tx.payments.save(payment)
        if payment.order_id is not None:
            tx.orders.refresh_axes(payment.order_id)
        if whole:
            tx.answer(payment_id=str(payment.id), operation_id=str(operation.id))
    if answer.outcome is Outcome.DECLINED:
        raise CaptureRefused(f"The provider refuses to capture ({answer.code or 'no reason given'}).")
    return answer.outcome


def _record(payment: Payment, operation_id: OperationId, answer: Answer, ids: Ids, clock: Clock) -> None:
    if answer.tender is not None:
        payment.observe_captured(answer.tender.captured, OperationId(ids.new()), clock.now())
    payment.conclude(payment.operations.one(operation_id), answer.outcome, clock.now(), code=answer.code)
    payment.schedule_check(clock.now())
