"""Close a payment session: at the provider first, and only its confirmation frees the stock."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.checkout.use_cases.asking import load_case, open_request
from core.checkout.use_cases.process import Buyer, record, refused_to_open
from core.payments.errors import PaymentInProgress
from core.payments.sessions import PaymentSession, SessionState
from core.shared.ids import OperationId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links
from ports.payments import Answer, PaymentGateways
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ExpirePaymentSession:
    """A session whose deadline has passed."""

    session_id: UUID


@permission("checkout.session.expire")
def expire_payment_session(
    cmd: ExpirePaymentSession,
    /,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> SessionState:
    """End a session that is past its deadline. Money that came meanwhile makes the order instead; while the
    provider does not answer, the stock stays held and the next round asks again."""
    with uow() as tx:
        session = tx.payments.session(cmd.session_id)
    if not (session.live and session.overdue(clock.now())):
        return session.state
    return end_overdue(session, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)


def end_overdue(
    session: PaymentSession,
    buyer: Buyer | None = None,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> SessionState:
    """End a session that is past its deadline; the state that it is in afterwards. `buyer` is there when it is the
    shopper who notices: the order is theirs if the money came."""
    return _close(session, buyer, expired=True, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)


def close_live_session(
    session: PaymentSession,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> None:
    """End a session because the cart is changing. Raises PaymentInProgress unless the provider confirms that no
    money came or will come."""
    state = _close(session, expired=False, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)
    if state not in (SessionState.CANCELLED, SessionState.EXPIRED):
        raise PaymentInProgress()


def _close(
    session: PaymentSession,
    buyer: Buyer | None = None,
    *,
    expired: bool,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> SessionState:
    with uow() as tx:
        session = tx.payments.session(session.id, lock=True)
        if not session.live:
            return session.state
        session.close()
        payment = tx.payments.get(session.payment_id, lock=True)
        operation = payment.request_close(OperationId(ids.new()), clock.now(), expired=expired)
        tx.payments.save(payment)
        tx.payments.save_session(session)
        case = load_case(tx, payment.id)
    gateway = gateways.of(case.account)
    reference, opened = case.payment.provider_reference, None
    if reference is None:
        # Whether the tender was ever opened is not known: asking for it again finds it, or opens it, to cancel it.
        opened = gateway.open(open_request(case, links))
        if opened.tender is None:
            return _never_opened(case.session.id, opened, uow, clock, expired=expired)
        reference = opened.tender.reference
    answer = gateway.cancel(reference, str(operation.id))
    told = answer if answer.tender is not None else opened
    with uow() as tx:
        recorded = record(tx, case, told, clock=clock, ids=ids, buyer=buyer, repeated=[(operation.id, answer)])
    return recorded.session_state


def _never_opened(session_id: UUID, answer: Answer, uow: UnitOfWork, clock: Clock, *, expired: bool) -> SessionState:
    """The provider has no such tender and refuses to open it, so there is nothing to cancel; anything else it says
    leaves it open whether there is one."""
    with uow() as tx:
        session = tx.payments.session(session_id, lock=True)
        if answer.absent and session.live:
            payment = tx.payments.get(session.payment_id, lock=True)
            refused_to_open(tx, session, payment, clock.now(), expired=expired)
        return session.state
