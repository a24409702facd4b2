"""Reading how a payment session stands, and what its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

from core.checkout.use_cases.asking import Case, case_of
from core.checkout.use_cases.open_payment_session import SessionView
from core.payments.lifecycle import PaymentState
from core.payments.sessions import SessionState
from core.shared.errors import NotFound
from core.shared.hashing import digest
from core.shared.money import Money
from core.shared.permission import permission
from ports.links import SESSION_PURPOSE, Links
from ports.payment_page import EmbeddedForm, Redirect
from ports.payments import PaymentGateways
from ports.unit_of_work import UnitOfWork


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


class PageStatus(StrEnum):
    """What the payment page says. `working`: the shopper has acted, or the tender is still being opened; `over`:
    nothing can be paid by this session any more, and nothing was."""

    OPEN = "open"
    WORKING = "working"
    PAID = "paid"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line of what is paid for, as it was quoted."""

    title: str
    quantity: int
    total: Money


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """The shop's own payment page. `back` is the shop's address that asks how it ended, `locale` a BCP 47 tag; `form`
    is there while the page is open."""

    status: PageStatus
    store_name: str
    locale: str
    amount: Money
    lines: tuple[PageLine, ...]
    shipping: Money | None
    back: str
    form: EmbeddedForm | None = None


@permission("storefront.checkout.pay")
def find_payment_page(
    filter_: FindPaymentPage, /, *, uow: UnitOfWork, gateways: PaymentGateways
) -> Redirect | PaymentPage:
    """What the payment page's address shows: the provider's page or form while there is something to pay, else how
    the session stands. Back to the shop where the method is not paid online.

    Raises NotFound, and Unavailable when the provider does not answer.
    """
    with uow() as tx:
        case = case_of(tx, tx.payments.session(filter_.session_id))
    back = returning(case.session.return_url, case.session.id)
    status, reference = _page_status(case), case.payment.provider_reference
    if status is not PageStatus.OPEN or reference is None:
        return _payment_page(case, status, back)
    gateway = gateways.of(case.account)
    if not gateway.capabilities.page:
        return Redirect(back)
    found = gateway.page(reference, back)
    if isinstance(found, Redirect):
        return found
    return _payment_page(case, PageStatus.WORKING if found is None else status, back, found)


_OVER = frozenset({SessionState.CLOSING, SessionState.CANCELLED, SessionState.EXPIRED})


def _page_status(case: Case) -> PageStatus:
    """Money that came is said before a session that ended: it may have come too late, and people see to it."""
    if case.payment.state in (PaymentState.AUTHORISED, PaymentState.CAPTURED):
        return PageStatus.PAID
    if case.session.state in _OVER or case.payment.state in (PaymentState.VOIDED, PaymentState.EXPIRED):
        return PageStatus.OVER
    if case.session.state is SessionState.OPENING or case.payment.provider_reference is None:
        return PageStatus.WORKING
    return PageStatus.OPEN


def _payment_page(case: Case, status: PageStatus, back: str, form: EmbeddedForm | None = None) -> PaymentPage:
    quote, currency = case.session.quote, case.session.amount.currency
    lines = [PageLine(line["title"], line["quantity"], Money(line["total"], currency)) for line in quote["lines"]]
    return PaymentPage(
        status=status,
        store_name=case.store.name,
        locale=quote["locale"],
        amount=case.session.amount,
        lines=tuple(lines),
        shipping=Money(quote["shipping"], currency) if quote["shipping_option"] else None,
        back=back,
        form=form,
    )


def returning(return_url: str, session_id: UUID) -> str:
    """The shop's return address with the session's id added to whatever its query string holds."""
    parts = urlsplit(return_url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)
             if name != "payment_session"]  # fmt: skip
    return urlunsplit(parts._replace(query=urlencode([*query, ("payment_session", str(session_id))])))
