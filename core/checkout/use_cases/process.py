"""The checkout as a process: what the provider is asked, and what its answer means for session, order and stock.

Every road to an order (the shopper's `complete`, a webhook, the janitor) and every way out (a changed cart, a
deadline) asks the provider first, outside any transaction, and then comes through `record` in one transaction that
locks session, payment and cart. So they may race: the first writes, the others find it written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.checkout import boleto
from core.checkout.snapshot import thaw
from core.checkout.use_cases.asking import Case, ask, end_lapsed, load_case, repeat_unsettled
from core.inventory.model import ReservationOwner
from core.logistics.use_cases.calling_off import call_off_planned, goods_have_left
from core.orders.lifecycle import OrderStatus
from core.orders.model import Order
from core.orders.use_cases.ending import call_off, take_back_refunds
from core.payments.lifecycle import Operation, Outcome, PaymentState
from core.payments.model import Payment
from core.payments.sessions import PaymentSession, SessionState
from core.payments.use_cases.locking import lock_payment
from core.payments.use_cases.observing import observe
from core.reconciliation.model import ExceptionKind
from core.reconciliation.use_cases.discrepancies import raise_amounts, raise_exception
from core.shared.ids import OperationId, OrderId, PaymentId, ShopperId
from core.stores.model import CapturePolicy, Store
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links
from ports.payments import (
    Answer,
    PaymentGateways,
    TenderStatus,
)
from ports.unit_of_work import Transaction, UnitOfWork

PAYMENT_DEADLINE = "payment_deadline"  # why an order was cancelled whose money did not come


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who asks for the order: the account of who is signed in, None for a guest."""

    shopper_id: ShopperId | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of the provider's word: the order if there is one, and where payment and session stand."""

    order_id: OrderId | None
    payment_state: PaymentState
    session_state: SessionState
    tender: TenderStatus | None
    decline_code: str | None


def settle(
    payment_id: PaymentId, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids, links: Links
) -> tuple[Answer, Recorded]:
    """Ask the provider about one payment and record what it says."""
    with uow() as tx:
        case = load_case(tx, payment_id)
    return settle_case(case, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)


def settle_case(
    case: Case,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
    buyer: Buyer | None = None,
) -> tuple[Answer, Recorded]:
    """`settle` for a payment that is loaded already; `buyer` is there when it is the shopper who asks.

    Only they place the order of a method whose money is awaited.
    """
    gateway = gateways.of(case.account)
    answer = ask(case, gateway, links)
    repeated = repeat_unsettled(case, gateway, clock.now(), answer.tender)
    if repeated:
        answer = ask(case, gateway, links)
    answer = end_lapsed(case, gateway, answer)
    awaited = buyer is not None and gateway.capabilities.methods.get(case.payment.method, False)
    with uow() as tx:
        recorded = record(
            tx, case, answer, clock=clock, ids=ids, place_awaiting=awaited, buyer=buyer, repeated=repeated
        )
        if recorded.order_id is not None:
            tx.answer(order_id=str(recorded.order_id))
    return answer, recorded


def record(
    tx: Transaction,
    case: Case,
    answer: Answer | None,
    *,
    clock: Clock,
    ids: Ids,
    place_awaiting: bool = False,
    buyer: Buyer | None = None,
    repeated: Sequence[tuple[UUID, Answer]] = (),
) -> Recorded:
    """Write down what the provider said, and everything that follows from it, in this transaction.

    Of `case` only the ids are believed; what it knew is read again, locked.
    """
    now = clock.now()
    session = tx.payments.session(case.session.id, lock=True)
    # An order is linked under its session's lock, which completes it: no other session's payment has one.
    ordered = session.state is SessionState.COMPLETED
    payment = lock_payment(tx, case.payment.id) if ordered else tx.payments.get(case.payment.id, lock=True)
    order = tx.orders.get(payment.order_id) if payment.order_id is not None else None
    refused = payment.operations.refused(Operation.REFUND)
    for operation_id, outcome in repeated:
        _conclude(payment, operation_id, outcome, ids, now)
    tender = answer.tender if answer is not None else None
    if answer is not None and answer.outcome is Outcome.DECLINED and tender is None:
        payment.observe_declined(answer.code)
    money_came = tender is not None and observe(payment, tender, ids, now)
    if tender is not None and session.state is SessionState.OPENING:
        session.opened(tender.next_action)
    if tender is not None and tender.next_action and not session.next_action:
        session.next_action = tender.next_action
    if payment.order_id is None:
        _without_order(tx, session, payment, ids=ids, now=now, place_awaiting=place_awaiting, buyer=buyer)
    if order is not None:
        _with_order(tx, order, payment, ids, now, refused=refused, money_came=money_came)
    raise_amounts(tx, payment, tender, ids, now, money_came=money_came)
    payment.schedule_check(now)
    tx.payments.save(payment)
    tx.payments.save_session(session)
    if payment.order_id is not None:
        tx.orders.refresh_axes(payment.order_id)
    return Recorded(
        payment.order_id,
        payment.state,
        session.state,
        tender.status if tender is not None else None,
        payment.decline_code,
    )


def _conclude(payment: Payment, operation_id: UUID, answer: Answer, ids: Ids, now: datetime) -> None:
    operation = payment.operations.one(operation_id)
    if answer.tender is not None and operation.kind is Operation.CAPTURE:
        payment.observe_captured(answer.tender.captured, OperationId(ids.new()), now)
    payment.conclude(operation, answer.outcome, now, reference=answer.reference, code=answer.code)


def _without_order(
    tx: Transaction,
    session: PaymentSession,
    payment: Payment,
    *,
    ids: Ids,
    now: datetime,
    place_awaiting: bool,
    buyer: Buyer | None,
) -> None:
    captured = payment.state is PaymentState.CAPTURED
    promised = captured or payment.state is PaymentState.AUTHORISED
    awaited = place_awaiting and payment.state is PaymentState.AWAITING
    # What is being cancelled may be gone by now, whatever was read of it, and what is past its deadline is about to
    # be; only money that came cannot be.
    certain = captured or not (payment.letting_go or session.overdue(now))
    if session.live and certain and (promised or awaited):
        place_order(tx, session, payment, ids, now, buyer)
    elif not session.live and promised:
        # The stock is free again; only a person can say whether to send the goods or the money.
        raise_exception(tx, ExceptionKind.LATE_PAYMENT, payment, payment.captured or payment.authorised, ids, now)
    elif session.live and payment.state in (PaymentState.VOIDED, PaymentState.EXPIRED):
        end_session(tx, session, expired=payment.state is PaymentState.EXPIRED)


def place_order(
    tx: Transaction, session: PaymentSession, payment: Payment, ids: Ids, now: datetime, buyer: Buyer | None = None
) -> OrderId:
    """Turn the frozen cart into an order: the stock passes on, the payment is linked, the number comes last.

    It belongs to `buyer`, or to who opened the payment when the provider's word comes first.
    """
    cart = tx.carts.load_by_id(session.cart_id, lock=True).cart
    order = thaw(OrderId(ids.new()), session.cart_id, session.quote, now)
    if buyer is not None:
        order.shopper_id = buyer.shopper_id
    order.placed()
    payment.link(order.id)
    tx.orders.add(order)
    cart.complete()
    tx.carts.save(cart)
    session.complete()
    tx.stock.pass_on(ReservationOwner.PAYMENT_SESSION, session.id, ReservationOwner.ORDER, order.id)
    return order.id


def end_session(tx: Transaction, session: PaymentSession, *, expired: bool) -> None:
    """No money will come by this session: the provider said so. Its stock is free."""
    if session.state is not SessionState.CLOSING:
        session.close()
    session.end(expired=expired)
    tx.stock.release(ReservationOwner.PAYMENT_SESSION, session.id)


def refused_to_open(
    tx: Transaction, session: PaymentSession, payment: Payment, now: datetime, *, expired: bool
) -> None:
    """There is no such tender and the provider opens none: nothing to cancel, and nothing to ask about any more."""
    payment.observe_cancelled(now)
    payment.schedule_check(now)
    tx.payments.save(payment)
    end_session(tx, session, expired=expired)
    tx.payments.save_session(session)


def _with_order(
    tx: Transaction,
    order: Order,
    payment: Payment,
    ids: Ids,
    now: datetime,
    *,
    refused: frozenset[OperationId],
    money_came: bool,
) -> None:
    if money_came and order.status is OrderStatus.CANCELLED:
        raise_exception(tx, ExceptionKind.LATE_PAYMENT, payment, payment.captured, ids, now)
    take_back_refunds(tx, order, payment.operations.refused(Operation.REFUND) - refused)
    if order.status is not OrderStatus.CANCELLED:
        _end_order(tx, order, payment, now)


def _end_order(tx: Transaction, order: Order, payment: Payment, now: datetime) -> None:
    """Cancel an order whose payment was let go for that, or whose awaited money can no longer come."""
    others = {other.state for other in tx.payments.of_order(order.id) if other.id != payment.id}
    over = {PaymentState.VOIDED, PaymentState.EXPIRED}
    if payment.state not in over or goods_have_left(tx, order.id):
        return
    reason = payment.operations.cancel_reason
    if reason is not None and others <= over | {PaymentState.CAPTURED}:
        call_off_planned(tx, order.id, now)
        call_off(tx, order, reason, now)
    elif payment.state is PaymentState.EXPIRED and others <= over:
        call_off_planned(tx, order.id, now)
        call_off(tx, order, PAYMENT_DEADLINE, now)


def captures_at_once(store: Store, method: str, gateway_manual: frozenset[str]) -> bool:
    """Whether the money is taken as the shopper confirms: the store's policy, where the method can wait at all."""
    return store.capture_policy is CapturePolicy.AT_ONCE or method not in gateway_manual


def deadline(store: Store, method: str, now: datetime) -> datetime | None:
    """Until when a session of `method` holds stock; None for cash on delivery, which is paid at the door."""
    if method == "pix":
        return now + timedelta(minutes=store.pix_minutes)
    if method == boleto.METHOD:
        return boleto.boleto_deadline(store.time_zone, now)
    if method == "bank_transfer":
        return now + timedelta(days=store.bank_transfer_days)
    if method == "cash_on_delivery":
        return None
    return now + timedelta(seconds=store.card_seconds)
