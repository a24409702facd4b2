"""Refund an order, in part or whole: by line, shipping or amount. What was decided and what moved are kept apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.aftersales.refunding import RefundOneWay, RefundPlan, plan_refund
from core.orders.model import Order
from core.orders.use_cases.ending import take_back_refunds
from core.payments.lifecycle import Operation, OperationState, Outcome
from core.payments.model import Payment
from core.payments.use_cases.locking import refuse_stale
from core.shared.errors import NotFound, Rejected
from core.shared.ids import LineId, OperationId, OrderId, PaymentId
from core.shared.money import Money
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.orders import RefundRecord
from ports.payments import PaymentGateways
from ports.unit_of_work import Transaction, UnitOfWork


class RefundRefused(Rejected):
    """The provider refuses to refund."""

    code = "refund_refused"


class RefundChanged(Rejected):
    """The refund now comes to another amount than was agreed to."""

    code = "refund_changed"


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """Give money of one payment back. `key` makes repeats one refund; `quantities` are pieces by line.

    `expected` is the amount that somebody saw and agreed to: when it comes to another one, nothing moves.
    `seen` is the order's whole version (`OrderDetail.whole_version`), None when the caller does not care.
    """

    order_id: OrderId
    payment_id: PaymentId
    key: str
    quantities: Mapping[LineId, int] = field(default_factory=dict)
    shipping: Money | None = None
    other: Money | None = None
    note: str = ""
    requested_by: str = ""
    expected: Money | None = None
    seen: int | None = None


@permission("payments.payment.refund")
def preview_refund(cmd: RefundOrder, /, *, uow: UnitOfWork, gateways: PaymentGateways) -> RefundPlan:
    """The figures that `refund_order` would move. Raises what it would refuse with."""
    with uow() as tx:
        _, payment, plan = _plan(tx, cmd, lock=False)
    _refuse_one_way(payment, gateways)
    return plan


@permission("payments.payment.refund")
def refund_order(cmd: RefundOrder, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids) -> Outcome:
    """Give the money back. PENDING and UNKNOWN are settled by the janitor under the same key.

    Raises NotFound, WriteConflict for a stale version, RefundImpossible, RefundChanged, OverRefund, RefundRefused.
    """
    with uow() as tx:
        tx.orders.get(cmd.order_id, lock=True)  # so that of two at once the second finds what the first began
        done = _earlier(tx, cmd)
        if done is not None:
            return done
        refuse_stale(tx, cmd.order_id, cmd.seen, cmd.key)
        order, payment, plan = _plan(tx, cmd, lock=True)
        _refuse_one_way(payment, gateways)
        operation = payment.request_refund(OperationId(ids.new()), plan.amount, cmd.key, clock.now())
        account = tx.payments.account(payment.account_id)
        tx.payments.save(payment)
        _decide(tx, cmd, order, plan, operation.id, clock, ids)
    reference = payment.provider_reference or ""
    answer = gateways.of(account).refund(reference, plan.amount, str(operation.id))
    with uow() as tx:
        order = tx.orders.get(cmd.order_id, lock=True)
        payment = tx.payments.get(cmd.payment_id, lock=True)
        refused = payment.operations.refused(Operation.REFUND)
        payment.conclude(
            payment.operations.one(operation.id),
            answer.outcome,
            clock.now(),
            reference=answer.reference,
            code=answer.code,
        )
        payment.schedule_check(clock.now())
        tx.payments.save(payment)
        take_back_refunds(tx, order, payment.operations.refused(Operation.REFUND) - refused)
        tx.orders.refresh_axes(order.id)
        tx.answer(order_id=str(order.id), operation_id=str(operation.id))
    if answer.outcome is Outcome.DECLINED:
        raise RefundRefused(f"The provider refuses to refund ({answer.code or 'no reason given'}).")
    return answer.outcome


def _refuse_one_way(payment: Payment, gateways: PaymentGateways) -> None:
    """A boleto is money one way: the provider has no account to send it back to."""
    if payment.method in gateways.capabilities(payment.provider).not_refundable:
        raise RefundOneWay("The provider can't give this payment back: pay it back another way.")


def _earlier(tx: Transaction, cmd: RefundOrder) -> Outcome | None:
    """How a refund under the same key stands, if there is one already."""
    payment = tx.payments.get(cmd.payment_id)
    known = payment.operations.asked(Operation.REFUND, cmd.key)
    if known is None:
        return None
    if known.state is OperationState.REQUESTED:
        return Outcome.UNKNOWN
    return Outcome(known.state.value)


def _plan(tx: Transaction, cmd: RefundOrder, *, lock: bool) -> tuple[Order, Payment, RefundPlan]:
    order = tx.orders.get(cmd.order_id, lock=lock)
    payment = tx.payments.get(cmd.payment_id, lock=lock)
    if payment.order_id != order.id:
        raise NotFound("There is no such payment of this order.")
    states = {operation.id: operation.state for operation in payment.operations}
    live = [r for r in tx.orders.refunds(order.id) if states.get(r.operation_id) is not OperationState.DECLINED]  # type: ignore[call-overload]  # an operation's id is a UUID
    shipping_refunded = Money.total((r.shipping for r in live), order.currency)
    lines_refunded: dict[LineId, Money] = {}
    for line_id, _, minor in (part for refund in live for part in refund.lines):
        lines_refunded[line_id] = lines_refunded.get(line_id, Money.zero(order.currency)) + Money(minor, order.currency)
    plan = plan_refund(
        order,
        quantities=cmd.quantities,
        shipping=cmd.shipping,
        other=cmd.other,
        lines_refunded=lines_refunded,
        shipping_refunded=shipping_refunded,
        refundable=payment.refundable,
    )
    if cmd.expected is not None and plan.amount != cmd.expected:
        raise RefundChanged()
    return order, payment, plan


def _decide(
    tx: Transaction,
    cmd: RefundOrder,
    order: Order,
    plan: RefundPlan,
    operation_id: OperationId,
    clock: Clock,
    ids: Ids,
) -> None:
    for part in plan.lines:
        line = order.line(part.line_id)
        if line is not None:
            line.refunded_quantity += part.quantity
    tx.orders.save(order)
    tx.orders.add_refund(
        RefundRecord(
            id=ids.new(),
            order_id=order.id,
            payment_id=cmd.payment_id,
            operation_id=operation_id,
            amount=plan.amount,
            shipping=plan.shipping,
            lines=tuple((part.line_id, part.quantity, part.amount.minor) for part in plan.lines),
            note=cmd.note,
            requested_by=cmd.requested_by,
            requested_at=clock.now(),
        )
    )
