"""Cancel an order: what is still open at the provider first, then the order, its stock freed. Refunding is apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.logistics.use_cases.calling_off import call_off_planned, goods_have_left, refuse_to_cancel
from core.orders.lifecycle import ORDER_LIFECYCLE, OrderStatus, OrderStep
from core.orders.model import Order
from core.orders.use_cases.ending import call_off
from core.payments.lifecycle import Operation, Outcome, PaymentState
from core.payments.model import Payment
from core.payments.use_cases.locking import refuse_stale
from core.payments.use_cases.observing import observe
from core.reconciliation.model import ORDER_CANCELLED
from core.reconciliation.use_cases.discrepancies import close_amounts, raise_amounts
from core.shared.errors import Conflict
from core.shared.ids import OperationId, OrderId, PaymentId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import Answer, PaymentGateways
from ports.unit_of_work import Transaction, UnitOfWork

# A failed try leaves the tender open: the payer may try again until it is cancelled there.
_AWAITED = (PaymentState.AWAITING, PaymentState.DECLINED)
_OPEN_AT_PROVIDER = (*_AWAITED, PaymentState.AUTHORISED, PaymentState.CREATED)


class MoneyCameMeanwhile(Conflict):
    """The money came before the payment could be cancelled; look at the order again."""

    code = "money_came_meanwhile"


class ProviderSilent(Conflict):
    """The provider does not say yet whether the payment is cancelled; the order is cancelled as soon as it does."""

    code = "cancellation_unknown"


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """`key` names this wish: a repeat under the same key finishes what the first began.

    `seen` is the order's whole version (`OrderDetail.whole_version`), None when the caller does not care.
    `fulfilments_too`: somebody saw that parcels are prepared, and agreed that they are called off and their postage is
    given back.
    """

    order_id: OrderId
    reason: str
    key: str
    seen: int | None = None
    fulfilments_too: bool = False


@permission("orders.order.cancel")
def cancel_order(cmd: CancelOrder, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids) -> None:
    """Cancel an open order. Awaited or authorised money is let go at the provider before the stock is freed;
    captured money stays and can be refunded.

    Raises NotFound, WriteConflict for a stale version, TransitionRefused, OperationInFlight, MoneyCameMeanwhile,
    ProviderSilent, GoodsHaveLeft once pieces left, FulfilmentsPlanned when parcels are prepared and nobody agreed that
    they are called off.
    """
    cancel(cmd, uow=uow, gateways=gateways, clock=clock, ids=ids)


@dataclass(frozen=True, slots=True)
class ExpireOrder:
    """An order whose awaited money did not come in time."""

    order_id: OrderId


@permission("checkout.order.expire")
def expire_order(cmd: ExpireOrder, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids) -> bool:
    """Cancel an order whose payment deadline passed. False when there is nothing to do (any more)."""
    with uow() as tx:
        order = tx.orders.get(cmd.order_id)
        payments = tx.payments.of_order(order.id)
        gone = goods_have_left(tx, order.id)
    now = clock.now()
    late = [p for p in payments if p.state in _AWAITED and p.expires_at and p.expires_at <= now]
    if order.status is OrderStatus.CANCELLED or not late or len(late) != len(payments) or gone:
        return False
    wish = CancelOrder(order.id, "payment_deadline", f"deadline-{order.id}")
    cancel(wish, uow=uow, gateways=gateways, clock=clock, ids=ids, expired=True)
    return True


def cancel(
    cmd: CancelOrder,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    expired: bool = False,
) -> None:
    """Let every open payment go, then cancel the order and free its stock."""
    with uow() as tx:
        order = tx.orders.get(cmd.order_id, lock=True)
        if order.status is OrderStatus.CANCELLED:
            return
        refuse_stale(tx, order.id, cmd.seen, cmd.key)
        if not expired:  # a deadline also ends what was put away, and asks nobody
            ORDER_LIFECYCLE.after(order.status, OrderStep.CANCEL)
        refuse_to_cancel(tx, order.id, confirmed=expired or cmd.fulfilments_too)
        open_ones = _request_voids(tx, order, cmd, clock, ids, expired=expired)
        accounts = {p.id: tx.payments.account(p.account_id) for p, _ in open_ones}
    answers: list[tuple[PaymentId, OperationId, Answer]] = []
    for payment, operation_id in open_ones:
        gateway = gateways.of(accounts[payment.id])
        answers.append((payment.id, operation_id, gateway.cancel(payment.provider_reference or "", str(operation_id))))
    with uow() as tx:
        _finish(tx, cmd, answers, clock, ids)
    outcomes = {answer.outcome for _, _, answer in answers}
    if Outcome.DECLINED in outcomes:
        raise MoneyCameMeanwhile()
    if outcomes - {Outcome.SUCCEEDED}:
        raise ProviderSilent()


def _request_voids(
    tx: Transaction, order: Order, cmd: CancelOrder, clock: Clock, ids: Ids, *, expired: bool
) -> list[tuple[Payment, OperationId]]:
    wanted = []
    for payment in tx.payments.of_order(order.id, lock=True):
        if payment.state in _OPEN_AT_PROVIDER:
            operation = payment.request_void(
                OperationId(ids.new()),
                payment.operations.next_key(Operation.VOID, cmd.key),
                clock.now(),
                expired=expired,
                cancel_order=cmd.reason,
            )
            tx.payments.save(payment)
            wanted.append((payment, operation.id))
    return wanted


def _finish(
    tx: Transaction,
    cmd: CancelOrder,
    answers: Sequence[tuple[PaymentId, OperationId, Answer]],
    clock: Clock,
    ids: Ids,
) -> None:
    now = clock.now()
    order = tx.orders.get(cmd.order_id, lock=True)
    for payment_id, operation_id, answer in answers:
        payment = tx.payments.get(payment_id, lock=True)
        payment.conclude(payment.operations.one(operation_id), answer.outcome, now, code=answer.code)
        if answer.tender is not None:
            money_came = observe(payment, answer.tender, ids, now)
            raise_amounts(tx, payment, answer.tender, ids, now, money_came=money_came)
        payment.schedule_check(now)
        tx.payments.save(payment)
    if all(answer.outcome is Outcome.SUCCEEDED for _, _, answer in answers):
        call_off_planned(tx, order.id, now)
        call_off(tx, order, cmd.reason, now)
        for payment in tx.payments.of_order(order.id):
            if payment.captured and payment.captured < payment.amount:  # what lacks is no longer wanted
                close_amounts(tx, payment, ORDER_CANCELLED, now)
        tx.answer(order_id=str(order.id))
    tx.orders.refresh_axes(order.id)
