"""Complete a checkout: the shopper's own road to the order. It may be repeated any number of times."""

from __future__ import annotations

from dataclasses import dataclass

from core.checkout.errors import Declined, NoPaymentSession, OutcomeUnknown, PaymentNotConfirmed
from core.checkout.use_cases.asking import case_of
from core.checkout.use_cases.close_payment_session import end_overdue
from core.checkout.use_cases.free_order import place_free_order
from core.checkout.use_cases.process import Buyer, settle_case
from core.payments.lifecycle import Outcome, PaymentState
from core.payments.sessions import PaymentSession, SessionState
from core.shared.hashing import digest
from core.shared.ids import OrderId, ShopperId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links
from ports.payments import PaymentGateways, TenderStatus
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CompleteCheckout:
    """`shopper_id` is the account of who is signed in now, None for a guest: an order that is made now is theirs."""

    cart_token: str
    shopper_id: ShopperId | None = None


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
    """The order of this cart: made now, or made before by whichever road came first. A cart that costs nothing needs
    no payment session; one whose session is past its deadline becomes an order only if its money is there.

    Raises CartNotFound, NoPaymentSession, PaymentNotConfirmed, Declined, what a free cart lacks (CartIncomplete,
    CartHasProblems, InsufficientStock), and OutcomeUnknown when the provider does not say what became of the money:
    then the request is to be repeated with the same key.
    """
    buyer = Buyer(cmd.shopper_id)
    with uow() as tx:
        session = tx.payments.session_of_token(digest(cmd.cart_token))
        if session is None:
            order_id = place_free_order(tx, cmd.cart_token, buyer, clock, ids)
            tx.answer(order_id=str(order_id))
            return order_id
        if session.state is SessionState.COMPLETED:
            placed = tx.orders.of_cart(session.cart_id)
            if placed is not None:
                tx.answer(order_id=str(placed))
                return placed
        case = case_of(tx, session)
    if session.overdue(clock.now()):
        return _end(session, buyer, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)
    answer, recorded = settle_case(case, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links, buyer=buyer)
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


def _end(
    session: PaymentSession,
    buyer: Buyer,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> OrderId:
    """Too late: what the schedule would do in a moment is done now. Money that came meanwhile makes the order."""
    state = end_overdue(session, buyer, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)
    with uow() as tx:
        placed = tx.orders.of_cart(session.cart_id)
        if placed is not None:
            tx.answer(order_id=str(placed))
            return placed
    if state in (SessionState.CANCELLED, SessionState.EXPIRED):
        raise NoPaymentSession()
    raise OutcomeUnknown("It is not known yet whether the money moved.", retry_after=2)
