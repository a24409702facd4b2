"""Receive a carrier's webhook: verify it, keep it, answer at once; what it means is worked out by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.logistics.events import CarrierWebhookReceived
from core.logistics.lifecycle import LabelState
from core.logistics.numbers import fold_number
from core.logistics.tracking import TrackingSource
from core.logistics.use_cases.locking import lock_shipment
from core.logistics.use_cases.recording import record_tracking
from core.shared.errors import Invalid, NotFound
from core.shared.ids import CarrierAccountId, WebhookId
from core.shared.permission import permission
from ports.carriers import Carriers
from ports.clock import Clock
from ports.ids import Ids
from ports.logistics import StoredWebhook
from ports.payments import WebhookRejected
from ports.unit_of_work import Transaction, UnitOfWork


class ForgedCarrierWebhook(Invalid):
    """The webhook's signature or form is wrong."""

    code = "webhook_rejected"


@dataclass(frozen=True, slots=True)
class ReceiveCarrierWebhook:
    """What arrived, byte for byte; a signature covers the body as it was sent."""

    account_id: CarrierAccountId
    headers: Mapping[str, str]
    body: bytes


@permission("logistics.webhook.receive")
def receive_carrier_webhook(
    cmd: ReceiveCarrierWebhook, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock, ids: Ids
) -> bool:
    """Keep the webhook and have it processed. False when it was received before: then nothing happens.

    Raises ForgedCarrierWebhook, and NotFound for an unknown account or a carrier that sends none.
    """
    with uow() as tx:
        account = tx.carrier_accounts.get(cmd.account_id)
    if not account.enabled or not carriers.capabilities(account.carrier).webhooks:
        raise NotFound("This account hears no webhooks.")
    try:
        notice = carriers.of(account).read_webhook(cmd.headers, cmd.body)
    except WebhookRejected as refusal:
        raise ForgedCarrierWebhook(str(refusal)) from refusal
    webhook_id = WebhookId(ids.new())
    with uow() as tx:
        new = tx.tracking.receive_webhook(webhook_id, account, notice, cmd.body, clock.now())
        if new:
            tx.emit(CarrierWebhookReceived(webhook_id, account.id), webhook_id, 1)
    return new


@dataclass(frozen=True, slots=True)
class ProcessCarrierWebhook:
    webhook_id: WebhookId


@permission("logistics.webhook.process")
def process_carrier_webhook(cmd: ProcessCarrierWebhook, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """Record what it tells of a parcel. One about postage has the janitor ask.

    One about a number that no parcel has is parked until one has it: carriers are quicker than our own commit.
    Raises NotFound.
    """
    with uow() as tx:
        webhook = tx.tracking.webhook(cmd.webhook_id)
        if webhook.state != "processed":
            _process(tx, webhook, clock)
        tx.finish()


def _process(tx: Transaction, webhook: StoredWebhook, clock: Clock) -> None:
    now = clock.now()
    _ask_soon(tx, webhook, clock)
    if webhook.tracking_number is not None and webhook.tracked is not None:
        parcel_id = tx.tracking.find_parcel(fold_number(webhook.tracking_number), webhook.account_id)
        if parcel_id is None:
            tx.tracking.park_webhook(webhook.id)
            return
        record_tracking(tx, parcel_id, webhook.tracked, TrackingSource.WEBHOOK, now)
    tx.tracking.webhook_processed(webhook.id, now)


def _ask_soon(tx: Transaction, webhook: StoredWebhook, clock: Clock) -> None:
    """A word about postage that is not settled: what it claims is not believed, the carrier is asked."""
    if webhook.shipment_reference is None:
        return
    found = tx.shipments.by_reference(webhook.account_id, webhook.shipment_reference)
    if found is None or not (found.unsettled or (found.state is LabelState.PURCHASED and not found.label_sha256)):
        return
    _, shipment = lock_shipment(tx, found.id)
    if shipment.unsettled or (shipment.state is LabelState.PURCHASED and not shipment.label_sha256):
        shipment.check_at = clock.now()
        tx.shipments.save(shipment)
