"""Open a payment session: the stock is held before money can move, and the quoted total is frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from core.cart.assessment import assess
from core.checkout.errors import OutcomeUnknown, ReturnUrlRefused
from core.checkout.snapshot import freeze
from core.checkout.use_cases.asking import Case, open_request
from core.checkout.use_cases.close_payment_session import close_live_session
from core.checkout.use_cases.process import captures_at_once, deadline, record, refused_to_open
from core.checkout.use_cases.readiness import hold_stock, refuse_unready, refuse_without_payer
from core.inventory.model import ReservationOwner
from core.payments.errors import MethodUnavailable, NothingToPay, PaymentInProgress
from core.payments.lifecycle import PaymentState
from core.payments.model import Payment
from core.payments.sessions import PaymentSession, SessionState
from core.shared.errors import FieldProblem, Unavailable
from core.shared.hashing import digest
from core.shared.ids import PaymentId, ShopperId
from core.shared.permission import permission
from ports.cart import Basket
from ports.clock import Clock
from ports.ids import Ids
from ports.links import SESSION_PURPOSE, Links
from ports.payments import PaymentGateways
from ports.unit_of_work import Transaction, UnitOfWork


@dataclass(frozen=True, slots=True)
class OpenPaymentSession:
    """Pay the cart by `method` and come back to `return_url`, whose origin must be one of `origins`, the key's.

    `shopper_id` is the account of who is signed in, None for a guest: the order will be theirs, whoever was signed in
    before.
    """

    cart_token: str
    method: str
    return_url: str
    origins: tuple[str, ...]
    shopper_id: ShopperId | None = None


@dataclass(frozen=True, slots=True)
class SessionView:
    """A payment session as clients see it."""

    session: PaymentSession
    payment_state: PaymentState


@permission("storefront.checkout.pay")
def open_payment_session(
    cmd: OpenPaymentSession,
    /,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> SessionView:
    """Reserve, freeze, and open the tender. The same cart, version, method and shopper again give the same session.

    Raises CartNotFound, CartIncomplete, CartHasProblems, InsufficientStock (with the lines), NothingToPay,
    MethodUnavailable, ReturnUrlRefused, PaymentInProgress, OutcomeUnknown when the provider does not answer.
    """
    _check_return_url(cmd)
    with uow() as tx:
        basket = tx.carts.load(digest(cmd.cart_token))
        live = _live_session(tx, basket)
    if live is not None and not _is_same(live, basket, cmd):
        close_live_session(live, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)
    with uow() as tx:
        case, new = _prepare(tx, cmd, gateways, clock, ids, links)
    if case.session.state is not SessionState.OPENING:
        return SessionView(case.session, case.payment.state)
    return _open(case, new=new, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)


def _check_return_url(cmd: OpenPaymentSession) -> None:
    origin = _origin(cmd.return_url)
    if origin not in cmd.origins:
        raise ReturnUrlRefused(problems=(FieldProblem("return_url", "refused", ReturnUrlRefused.__doc__ or ""),))


def _origin(url: str) -> str | None:
    """Scheme and host of a web address, None for anything else."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a bracket that nothing closes
        return None
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else None


def _live_session(tx: Transaction, basket: Basket) -> PaymentSession | None:
    if basket.session is None:
        return None
    session = tx.payments.session_of_cart(basket.cart.id)
    return session if session is not None and session.live else None


def _is_same(session: PaymentSession, basket: Basket, cmd: OpenPaymentSession) -> bool:
    same = session.cart_version == basket.cart.version and session.method == cmd.method
    shopper = str(cmd.shopper_id) if cmd.shopper_id else None
    return same and session.quote["shopper_id"] == shopper and session.state is not SessionState.CLOSING


def _prepare(
    tx: Transaction, cmd: OpenPaymentSession, gateways: PaymentGateways, clock: Clock, ids: Ids, links: Links
) -> tuple[Case, bool]:
    """The session to go on with: the live one of this very cart, or a new one with its stock held; and whether it is
    new."""
    basket = tx.carts.load(digest(cmd.cart_token), lock=True)
    basket.cart.refuse_unless_open()
    live = _live_session(tx, basket)
    if live is not None:
        if not _is_same(live, basket, cmd):
            raise PaymentInProgress()
        payment = tx.payments.get(live.payment_id)
        if live.state is not SessionState.OPENING:
            tx.answer(session_id=str(live.id))
        return Case(live, payment, tx.payments.account(payment.account_id), tx.stores.current()), False
    account = tx.payments.account_for(cmd.method)
    if account is None:
        raise MethodUnavailable(problems=(FieldProblem("method", "unavailable", "Not offered here."),))
    now, store = clock.now(), tx.stores.current()
    assessment = assess(basket.cart, basket.offers, prices_include_tax=basket.prices_include_tax, now=now)
    refuse_unready(basket, assessment)
    refuse_without_payer(basket, cmd.method)
    if not assessment.quote.total:
        raise NothingToPay()
    if cmd.shopper_id != basket.cart.shopper_id:
        basket.cart.shopper_id = cmd.shopper_id
        tx.carts.save(basket.cart)
    capabilities = gateways.capabilities(account.provider)
    session_id, payment_id = ids.new(), PaymentId(ids.new())
    expires_at = deadline(store, cmd.method, now)
    by_hand = cmd.method in capabilities.confirmed_by_hand
    payment = Payment(
        id=payment_id,
        account_id=account.id,
        provider=account.provider,
        method=cmd.method,
        cart_id=basket.cart.id,
        session_id=session_id,
        amount=assessment.quote.total,
        manual_capture=not captures_at_once(store, cmd.method, capabilities.manual_capture),
        confirmed_by_hand=by_hand,
        created_at=now,
        expires_at=expires_at,
    )
    payment.schedule_check(now)
    session = PaymentSession(
        id=session_id,
        cart_id=basket.cart.id,
        cart_version=basket.cart.version,
        payment_id=payment_id,
        method=cmd.method,
        amount=payment.amount,
        secret_hash=digest(links.secret(SESSION_PURPOSE, session_id)),
        quote=freeze(basket.cart, basket.offers, assessment) | {"description": store.name},
        return_url=cmd.return_url,
        created_at=now,
        # Choosing to pay by hand costs nothing, so until the shopper completes it holds stock no longer than a card.
        expires_at=now + timedelta(seconds=store.card_seconds) if by_hand else expires_at,
    )
    tx.payments.add_session(session)
    tx.payments.add(payment)
    hold_stock(tx, basket, ReservationOwner.PAYMENT_SESSION, session.id, session.expires_at)
    return Case(session, payment, account, store), True


def _open(
    case: Case, *, new: bool, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids, links: Links
) -> SessionView:
    answer = gateways.of(case.account).open(open_request(case, links, repeated=not new))
    with uow() as tx:
        if answer.absent:
            session = tx.payments.session(case.session.id, lock=True)
            if session.live:
                refused_to_open(tx, session, tx.payments.get(case.payment.id, lock=True), clock.now(), expired=False)
        else:
            record(tx, case, answer, clock=clock, ids=ids)
        session = tx.payments.session(case.session.id)
        payment = tx.payments.get(case.payment.id)
        if answer.tender is not None:  # a refusal is no answer to a repeat, which tries anew
            tx.answer(session_id=str(session.id))
    if answer.absent:
        raise Unavailable("The payment provider refuses to open this payment.", retry_after=60)
    if answer.tender is None:
        raise OutcomeUnknown("The payment provider does not answer.", retry_after=answer.retry_after or 2)
    return SessionView(session, payment.state)
