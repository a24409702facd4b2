"""What the provider is asked, outside any transaction, and what has to be known for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.checkout import boleto
from core.payments.lifecycle import Operation, Outcome
from core.payments.model import Payment
from core.payments.operations import PaymentOperation
from core.payments.sessions import PaymentSession
from core.shared.address import Address
from core.shared.ids import PaymentId
from core.stores.model import Store
from ports.links import SESSION_PURPOSE, Links
from ports.payments import Answer, OpenRequest, PaymentAccount, PaymentGateway, Tender, TenderStatus
from ports.unit_of_work import Transaction

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
    return _case(tx, tx.payments.session(payment.session_id), payment)


def case_of(tx: Transaction, session: PaymentSession) -> Case:
    """Everything about the payment of `session`."""
    return _case(tx, session, tx.payments.get(session.payment_id))


def _case(tx: Transaction, session: PaymentSession, payment: Payment) -> Case:
    return Case(session, payment, tx.payments.account(payment.account_id), tx.stores.current())


def open_request(case: Case, links: Links, *, repeated: bool = True) -> OpenRequest:
    """What opening the tender asks for: the same request each time, so that a repeat is one effect.

    :param repeated: whether it was asked for before, as everywhere but where the session was just made
    """
    contact = case.session.quote["contact"]
    payer = case.session.quote["billing_address"] or case.session.quote["shipping_address"]
    secret = links.secret(SESSION_PURPOSE, case.session.id)
    return OpenRequest(
        key=f"open-{case.payment.id}",
        payment_id=case.payment.id,
        amount=case.payment.amount,
        method=case.payment.method,
        capture_at_once=not case.payment.manual_capture,
        description=case.session.quote["description"],
        email=contact["email"] or "",
        name=contact["name"] or "",
        tax_id=contact["tax_id"],
        return_url=links.page(secret),
        expires_at=case.session.expires_at,
        locale=case.session.quote["locale"],
        repeated=repeated,
        due_days=boleto.DUE_DAYS if case.payment.method == boleto.METHOD else None,
        address=Address(**payer) if payer else None,
    )


def ask(case: Case, gateway: PaymentGateway, links: Links) -> Answer:
    """The tender as the provider has it now. Opens it, under the same key, when no answer to that was recorded."""
    if case.payment.provider_reference is None:
        return gateway.open(open_request(case, links))
    return gateway.look_up(case.payment.provider_reference)


def end_lapsed(case: Case, gateway: PaymentGateway, answer: Answer) -> Answer:
    """A lapsed try leaves the tender open to another one: it is over only when the provider cancelled it, too."""
    if answer.tender is None or answer.tender.status is not TenderStatus.EXPIRED:
        return answer
    # A refusal would be repeated under the same key, so each check has one of its own.
    ended = gateway.cancel(answer.tender.reference, f"lapsed-{case.payment.id}-{case.payment.checks}")
    if ended.outcome is Outcome.SUCCEEDED:
        return answer
    return Answer(Outcome.UNKNOWN, code=ended.code, retry_after=ended.retry_after)


def repeat_unsettled(
    case: Case, gateway: PaymentGateway, now: datetime, tender: Tender | None
) -> list[tuple[UUID, Answer]]:
    """Ask again, under their own keys, for the requests whose outcome is not known.

    A refund that `tender` tells of is not asked for again, nor is any while there is no tender to tell of them: the
    provider forgets keys in the end, and would give the money back a second time.
    """
    reference = case.payment.provider_reference
    if reference is None:
        return []
    return [
        (operation.id, _repeat(gateway, reference, operation))
        for operation in case.payment.operations
        if operation.unsettled and operation.requested_at <= now - IN_FLIGHT and not _may_be_made(operation, tender)
    ]


def _may_be_made(operation: PaymentOperation, tender: Tender | None) -> bool:
    """Whether a refund was made for all that is known. Captures and voids move nothing twice."""
    if operation.kind is not Operation.REFUND:
        return False
    return tender is None or any(refund.key == str(operation.id) for refund in tender.refunds)


def _repeat(gateway: PaymentGateway, reference: str, operation: PaymentOperation) -> Answer:
    if operation.kind is Operation.REFUND:
        return gateway.refund(reference, operation.amount, str(operation.id))
    if operation.kind is Operation.VOID:
        return gateway.cancel(reference, str(operation.id))
    return gateway.capture(reference, operation.amount, str(operation.id))
