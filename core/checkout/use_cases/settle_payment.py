"""Settle a payment: ask the provider what became of it. The janitor's and the webhook's road."""

from __future__ import annotations

from dataclasses import dataclass

from core.checkout.use_cases.process import Recorded, settle
from core.payments.lifecycle import Outcome
from core.shared.errors import Unavailable
from core.shared.ids import PaymentAccountId, PaymentId, WebhookId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links
from ports.payments import PaymentGateways
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SettlePayment:
    payment_id: PaymentId


@permission("checkout.payment.settle")
def settle_payment(
    cmd: SettlePayment,
    /,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> Recorded:
    """Read the tender, repeat what has no answer yet, and record it all: the order if the money is there.

    Raises NotFound. A provider that does not answer is asked again when the payment is next due.
    """
    _, recorded = settle(cmd.payment_id, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)
    return recorded


@dataclass(frozen=True, slots=True)
class ProcessWebhook:
    """A stored webhook: what it is about. What it claims is read from the provider."""

    webhook_id: WebhookId
    account_id: PaymentAccountId
    reference: str | None
    payment_id: PaymentId | None


@permission("payments.webhook.process")
def process_webhook(
    cmd: ProcessWebhook,
    /,
    *,
    uow: UnitOfWork,
    gateways: PaymentGateways,
    clock: Clock,
    ids: Ids,
    links: Links,
) -> None:
    """Settle the payment that a webhook is about; one about nothing of ours is only marked as read.

    Raises Unavailable while the provider does not answer.
    """
    with uow() as tx:
        payment_id = tx.payments.by_reference(cmd.account_id, cmd.reference) if cmd.reference else None
        if payment_id is None and cmd.payment_id is not None:
            payment_id = tx.payments.find(cmd.payment_id)
        if payment_id is None:
            tx.payments.webhook_processed(cmd.webhook_id, clock.now())
            return
    answer, _ = settle(payment_id, uow=uow, gateways=gateways, clock=clock, ids=ids, links=links)
    if answer.outcome is Outcome.UNKNOWN:
        raise Unavailable("The payment provider does not answer.", retry_after=answer.retry_after or 5)
    with uow() as tx:
        tx.payments.webhook_processed(cmd.webhook_id, clock.now())
