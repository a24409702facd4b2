"""Receive a webhook: verify it, keep it, answer at once; what it means is worked out later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.payments.events import SettlementMoved, WebhookReceived
from core.shared.errors import Invalid, NotFound
from core.shared.ids import PaymentAccountId, WebhookId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import PaymentGateways, WebhookRejected
from ports.unit_of_work import UnitOfWork


class ForgedWebhook(Invalid):
    """The webhook's signature or form is wrong."""

    code = "webhook_rejected"


@dataclass(frozen=True, slots=True)
class ReceiveWebhook:
    """What arrived, byte for byte; a signature covers the body as it was sent."""

    account_id: PaymentAccountId
    headers: Mapping[str, str]
    body: bytes


@permission("payments.webhook.receive")
def receive_webhook(
    cmd: ReceiveWebhook, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids
) -> bool:
    """Keep the webhook and have it processed. False when it was received before: then nothing happens.

    Raises ForgedWebhook, and NotFound for an unknown account or a provider that sends none.
    """
    with uow() as tx:
        account = tx.payments.account(cmd.account_id)
    if not gateways.capabilities(account.provider).webhooks:
        raise NotFound("This provider sends no webhooks.")
    try:
        notice = gateways.of(account).read_webhook(cmd.headers, cmd.body, clock.wall())
    except WebhookRejected as refusal:
        raise ForgedWebhook(str(refusal)) from refusal
    webhook_id = WebhookId(ids.new())
    with uow() as tx:
        new = tx.payments.receive_webhook(webhook_id, account, notice, cmd.body, clock.now())
        if new:
            event = WebhookReceived(webhook_id, account.id, notice.reference, notice.payment_id)
            tx.emit(event, webhook_id, 1)
            if notice.settlement:
                tx.emit(SettlementMoved(account.id), webhook_id, 1)
    return new
