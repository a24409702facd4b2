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

from core.checkout.snapshot import thaw
from core.inventory.model import ReservationOwner
from core.orders.lifecycle import OrderStatus
from core.payments.lifecycle import Operation, Outcome, PaymentState
from core.payments.model import Payment, PaymentOperation, PaymentSession
from core.payments.sessions import SessionState
from core.payments.use_cases.observing import observe
from core.reconciliation.model import ExceptionKind, ReconciliationException
from core.shared.ids import ExceptionId, OperationId, OrderId, PaymentId
from core.shared.money import Money
from core.stores.model import CapturePolicy, Store
from ports.clock import Clock
from ports.ids import Ids
from ports.links import SESSION_PURPOSE, Links
from ports.payments import (
    Answer,
    OpenRequest,
    PaymentAccount,
    PaymentGateway,
    PaymentGateways,
    Tender,
    TenderStatus,
)
from ports.unit_of_work import Transaction, UnitOfWork

# A request of ours that is younger than this may still be on its way; only older ones are repeated.
IN_FLIGHT = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Case:
    """What has to be known before the provider is asked."""

    session: PaymentSession
    payment: Payment
    account: PaymentAccount
    store: Store


def load_case(tx: Transaction, payment_id: PaymentId) -> Case:
    """Everything about one payment. Raises NotFound."""
    payment = tx.payments.get(payment_id)
    return Case(
        tx.payments.session(payment.session_id),
        payment,
        tx.payments.account(payment.account_id),
        tx.stores.current(),
    )


def open_request(case: Case, links: Links) -> OpenRequest:
    """What opening the tender asks for: the same request each time, so that a repeat is one effect."""
    contact = case.session.quote["contact"]
    secret = links.secret(SESSION_PURPOSE, case.session.id)
    return OpenRequest(
        key=f"open-{case.payment.id}",
        payment_id=case.payment.id,
        amount=case.payment.amount,
        method=case.payment.method,
        capture_at_once=not case.payment.manual_capture,
        description=case.store.name,
        email=contact["email"] or "",
        name=contact["name"] or "",
        tax_id=contact["tax_id"],
        return_url=links.page(secret),
        expires_at=case.session.expires_at,
        locale=case.session.quote["locale"],
    )


def ask(case: Case, gateway: PaymentGateway, links: Links) -> Answer:
    """The tender as the provider has it now. Opens it, under the same key, when no answer to that was recorded."""
    if case.payment.provider_reference is None:
        return gateway.open(open_request(case, links))
    return gateway.look_up(case.payment.provider_reference)


def repeat_unsettled(case: Case, gateway: PaymentGateway, now: datetime) -> list[tuple[UUID, Answer]]:
    """Ask again, under their own keys, for the requests whose outcome is not known."""
    reference = case.payment.provider_reference
    if reference is None:
        return []
    return [
        (operation.id, _repeat(gateway, reference, operation))
        for operation in case.payment.operations
        if operation.unsettled and operation.requested_at <= now - IN_FLIGHT
    ]


def _repeat(gateway: PaymentGateway, reference: str, operation: PaymentOperation) -> Answer:
    if operation.kind is Operation.REFUND:
        return gateway.refund(reference, operation.amount, str(operation.id))
    if operation.kind is Operation.VOID:
        return gateway.cancel(reference, str(operation.id))
    return gateway.capture(reference, operation.amount, str(operation.id))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of the provider's word: the order if there is one, and where payment and session stand."""

    order_id: OrderId | None
    payment_state: PaymentState
    session_state: SessionState
    tender: TenderStatus | None
    decline_code: str | None


def settle(
    payment_id: PaymentId,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
    place_awaiting: bool = False,
) -> tuple[Answer, Recorded]:
    """Ask the provider about one payment and record what it says.

    `place_awaiting` places the order of a method whose money is awaited; only the shopper's own `complete` does.
    """
    with uow() as tx:
        case = load_case(tx, payment_id)
    gateway = gateways.of(case.account)
    repeated = repeat_unsettled(case, gateway, clock.now())
    answer = ask(case, gateway, links)
    awaited = place_awaiting and gateway.capabilities.methods.get(case.payment.method, False)
    with uow() as tx:
        recorded = record(tx, payment_id, answer, clock=clock, ids=ids, place_awaiting=awaited, repeated=repeated)
        if recorded.order_id is not None:
            tx.answer(order_id=str(recorded.order_id))
    return answer, recorded


def record(
    tx: Transaction,
    payment_id: PaymentId,
    answer: Answer | None,
    *,
    clock: Clock,
    ids: Ids,
    place_awaiting: bool = False,
    repeated: Sequence[tuple[UUID, Answer]] = (),
) -> Recorded:
    """Write down what the provider said, and everything that follows from it, in this transaction."""
    now = clock.now()
    session = tx.payments.session(tx.payments.get(payment_id).session_id, lock=True)
    payment = tx.payments.get(payment_id, lock=True)
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
        _without_order(tx, session, payment, tender, ids=ids, now=now, place_awaiting=place_awaiting)
    elif money_came:
        _money_on_order(tx, payment, ids, now)
    _raise_amount_exceptions(tx, payment, tender, ids, now, money_came=money_came)
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
    operation = payment.operation(operation_id)
    if answer.tender is not None and operation.kind is Operation.CAPTURE:
        payment.observe_captured(answer.tender.captured, OperationId(ids.new()), now)
    payment.conclude(operation, answer.outcome, now, reference=answer.reference, code=answer.code)


def _without_order(
    tx: Transaction,
    session: PaymentSession,
    payment: Payment,
    tender: Tender | None,
    *,
    ids: Ids,
    now: datetime,
    place_awaiting: bool,
) -> None:
    promised = payment.state in (PaymentState.AUTHORISED, PaymentState.CAPTURED)
    if session.live and (promised or (place_awaiting and payment.state is PaymentState.AWAITING)):
        place_order(tx, session, payment, ids, now)
    elif not session.live and promised:
        # The stock is free again; only a person can say whether to send the goods or the money.
        _raise(tx, ExceptionKind.LATE_PAYMENT, payment, payment.captured or payment.authorised, ids, now)
    elif session.live and payment.state in (PaymentState.VOIDED, PaymentState.EXPIRED):
        end_session(tx, session, expired=payment.state is PaymentState.EXPIRED)


def place_order(tx: Transaction, session: PaymentSession, payment: Payment, ids: Ids, now: datetime) -> OrderId:
    """Turn the frozen cart into an order: the stock passes on, the payment is linked, the number comes last."""
    cart = tx.carts.load_by_id(session.cart_id, lock=True).cart
    order = thaw(OrderId(ids.new()), session.cart_id, session.quote, now)
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


def _money_on_order(tx: Transaction, payment: Payment, ids: Ids, now: datetime) -> None:
    assert payment.order_id is not None  # noqa: S101 - the caller asks only then
    order = tx.orders.get(payment.order_id, lock=True)
    if order.status is OrderStatus.CANCELLED:
        _raise(tx, ExceptionKind.LATE_PAYMENT, payment, payment.captured, ids, now)


def _raise_amount_exceptions(
    tx: Transaction, payment: Payment, tender: Tender | None, ids: Ids, now: datetime, *, money_came: bool
) -> None:
    """More or less than was asked is said, never rounded away."""
    if tender is None:
        return
    if tender.amount != payment.amount:
        _raise(tx, ExceptionKind.AMOUNT_OVER if tender.amount.minor > payment.amount.minor
               else ExceptionKind.AMOUNT_UNDER, payment, tender.amount, ids, now)  # fmt: skip
        return
    if not money_came or payment.manual_capture:
        return
    difference = payment.captured - payment.amount
    if difference.minor >= payment.amount.minor:
        _raise(tx, ExceptionKind.DUPLICATE_CHARGE, payment, difference, ids, now)
    elif difference.minor > 0:
        _raise(tx, ExceptionKind.AMOUNT_OVER, payment, difference, ids, now)
    elif difference.minor < 0:
        _raise(tx, ExceptionKind.AMOUNT_UNDER, payment, -difference, ids, now)


def _raise(tx: Transaction, kind: ExceptionKind, payment: Payment, amount: Money, ids: Ids, now: datetime) -> None:
    tx.exceptions.raise_(
        ReconciliationException(
            id=ExceptionId(ids.new()),
            kind=kind,
            left_reference=str(payment.id),
            right_reference=payment.provider_reference or "",
            amount=amount,
            opened_at=now,
            payment_id=payment.id,
            order_id=payment.order_id,
            details={
                "expected": payment.amount.minor,
                "captured": payment.captured.minor,
                "method": payment.method,
            },
        )
    )


def captures_at_once(store: Store, method: str, gateway_manual: frozenset[str]) -> bool:
    """Whether the money is taken as the shopper confirms: the store's policy, where the method can wait at all."""
    return store.capture_policy is CapturePolicy.AT_ONCE or method not in gateway_manual


def deadline(store: Store, method: str, now: datetime) -> datetime | None:
    """Until when a session of `method` holds stock; None for cash on delivery, which is paid at the door."""
    if method == "pix":
        return now + timedelta(minutes=store.pix_minutes)
    if method == "bank_transfer":
        return now + timedelta(days=store.bank_transfer_days)
    if method == "cash_on_delivery":
        return None
    return now + timedelta(minutes=store.card_minutes)
