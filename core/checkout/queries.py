"""Reading what a checkout offers, and how a payment session stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from core.cart.model import ShippingOption
from core.checkout.use_cases.asking import case_of
from core.checkout.use_cases.change_cart import delivery_options
from core.checkout.use_cases.open_payment_session import SessionView
from core.payments.lifecycle import PaymentState
from core.payments.sessions import SessionState
from core.shared.errors import NotFound
from core.shared.hashing import digest
from core.shared.permission import permission
from ports.clock import Clock
from ports.links import SESSION_PURPOSE, Links
from ports.payments import PaymentGateways
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ListDeliveryOptions:
    cart_token: str


@permission("storefront.cart.read")
def list_delivery_options(
    filter_: ListDeliveryOptions, /, *, uow: UnitOfWork, clock: Clock
) -> Sequence[ShippingOption]:
    """How the cart can be delivered; empty without an address, or when nothing has to be shipped.

    Raises CartNotFound.
    """
    with uow() as tx:
        return delivery_options(tx, tx.carts.load(digest(filter_.cart_token)), clock)


@dataclass(frozen=True, slots=True)
class ShowPaymentSession:
    """A session of the cart whose token the caller holds."""

    cart_token: str
    session_id: UUID


@permission("storefront.checkout.pay")
def show_payment_session(filter_: ShowPaymentSession, /, *, uow: UnitOfWork) -> SessionView:
    """The session as it stands now. Raises CartNotFound, and NotFound for another cart's session."""
    with uow() as tx:
        cart = tx.carts.load(digest(filter_.cart_token)).cart
        session = tx.payments.session(filter_.session_id)
        if session.cart_id != cart.id:
            raise NotFound("There is no such payment session.")
        return SessionView(session, tx.payments.get(session.payment_id).state)


@dataclass(frozen=True, slots=True)
class AddressPaymentPage:
    session_id: UUID


@permission("storefront.cart.read")
def address_payment_page(filter_: AddressPaymentPage, /, *, links: Links) -> str:
    """The shop's own address of a session's payment page; whoever holds it may pay, and do nothing else."""
    return links.page(links.secret(SESSION_PURPOSE, filter_.session_id))


@dataclass(frozen=True, slots=True)
class FindPaymentPage:
    """A session, by the secret that its address holds."""

    session_id: UUID


@permission("storefront.checkout.pay")
def find_payment_page(filter_: FindPaymentPage, /, *, uow: UnitOfWork, gateways: PaymentGateways) -> str:
    """Where the shopper goes from the payment page's address: to the provider's page while there is something to pay,
    else back to the shop, which asks how it ended.

    Raises NotFound, and Unavailable when the provider does not answer.
    """
    with uow() as tx:
        case = case_of(tx, tx.payments.session(filter_.session_id))
    back = returning(case.session.return_url, case.session.id)
    reference = case.payment.provider_reference
    waits = case.payment.state in (PaymentState.CREATED, PaymentState.DECLINED, PaymentState.AWAITING)
    if case.session.state is not SessionState.OPEN or reference is None or not waits:
        return back
    gateway = gateways.of(case.account)
    return gateway.page_url(reference, back) if gateway.capabilities.page else back


def returning(return_url: str, session_id: UUID) -> str:
    """The shop's return address with the session's id added to whatever its query string holds."""
    parts = urlsplit(return_url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)
             if name != "payment_session"]  # fmt: skip
    return urlunsplit(parts._replace(query=urlencode([*query, ("payment_session", str(session_id))])))
