"""Complete a checkout: the shopper's own road to the order. It may be repeated any number of times."""

from __future__ import annotations

from dataclasses import dataclass

from core.checkout.errors import Declined, NoPaymentSession, OutcomeUnknown, PaymentNotConfirmed
from core.checkout.use_cases.asking import case_of
from core.checkout.use_cases.process import settle_case
from core.payments.lifecycle import Outcome, PaymentState
from core.payments.sessions import SessionState
from core.shared.hashing import digest
from core.shared.ids import OrderId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links
from ports.payments import PaymentGateways, TenderStatus
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CompleteCheckout:
    cart_token: str


@permission("storefront.checkout.complete")
def complete_checkout(
    cmd: CompleteCheckout,
    /,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> OrderId:
    """The order of this cart: made now, or made before by whichever road came first.

    Raises CartNotFound, NoPaymentSession, PaymentNotConfirmed, Declined, and OutcomeUnknown when the provider does
    not say what became of the money: then the request is to be repeated with the same key.
    """
    with uow() as tx:
        session = tx.payments.session_of_token(digest(cmd.cart_token))
        if session is None:
            raise NoPaymentSession()
        if session.state is SessionState.COMPLETED:
            placed = tx.orders.of_cart(session.cart_id)
            if placed is not None:
                tx.answer(order_id=str(placed))
                return placed
        case = case_of(tx, session)
    answer, recorded = settle_case(
        case,
        uow=uow,
        gateways=gateways,
        clock=clock,
        ids=ids,
        links=links,
        place_awaiting=True,
    )
    if recorded.order_id is not None:
        return recorded.order_id
    closing = recorded.session_state is SessionState.CLOSING
    if closing or answer.outcome is Outcome.UNKNOWN or recorded.tender is TenderStatus.PENDING:
        raise OutcomeUnknown("It is not known yet whether the money moved.", retry_after=answer.retry_after or 2)
    if recorded.payment_state is PaymentState.DECLINED:
        raise Declined(recorded.decline_code)
    if recorded.session_state in (SessionState.CANCELLED, SessionState.EXPIRED):
        raise NoPaymentSession()
    raise PaymentNotConfirmed()
