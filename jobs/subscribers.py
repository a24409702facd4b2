"""Which use case each actor is, and how an event's payload becomes its command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.aftersales.use_cases.hand_over import HandOverPaid, hand_over_paid
from core.checkout.use_cases.settle_payment import (
    ProcessWebhook,
    process_webhook,
)
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.imports.use_cases.check_import import CheckImport, check_import
from core.ledger.use_cases.backfill import Backfill, backfill
from core.ledger.use_cases.post_fact import (
    PostFulfilment,
    PostOperation,
    PostShipment,
    post_capture,
    post_goods_left,
    post_label,
    post_label_void,
    post_refund,
    reverse_goods_left,
    reverse_refund,
)
from core.logistics.use_cases.receive_webhook import ProcessCarrierWebhook, process_carrier_webhook
from core.logistics.use_cases.work_on_batch import WorkOnBatch, work_on_batch
from core.messages.use_cases.confirm_order import ConfirmOrder, confirm_order
from core.messages.use_cases.send_message import SendMessage, send_message
from core.messages.use_cases.tell_order import TellOrder, tell_order
from core.reconciliation.rules import Trigger
from core.reconciliation.use_cases.reconcile import Reconcile, reconcile
from core.shared.ids import (
    BatchId,
    FulfilmentId,
    ImportId,
    MessageId,
    OperationId,
    OrderId,
    PaymentAccountId,
    PaymentId,
    ShipmentId,
    WebhookId,
)
from jobs.actors import Subscriber


def _process_webhook(payload: Mapping[str, Any]) -> ProcessWebhook:
    payment_id = payload["payment_id"]
    return ProcessWebhook(
        webhook_id=WebhookId(UUID(payload["webhook_id"])),
        account_id=PaymentAccountId(UUID(payload["account_id"])),
        reference=payload["reference"],
        payment_id=PaymentId(UUID(payment_id)) if payment_id else None,
    )


def _post_operation(payload: Mapping[str, Any]) -> PostOperation:
    return PostOperation(OperationId(UUID(payload["operation_id"])))


def _hand_over(payload: Mapping[str, Any]) -> HandOverPaid:
    order_id = payload["order_id"]
    return HandOverPaid(OrderId(UUID(order_id)) if order_id else None)


def _post_fulfilment(payload: Mapping[str, Any]) -> PostFulfilment:
    return PostFulfilment(OrderId(UUID(payload["order_id"])), FulfilmentId(UUID(payload["fulfilment_id"])))


def _post_shipment(payload: Mapping[str, Any]) -> PostShipment:
    return PostShipment(ShipmentId(UUID(payload["shipment_id"])))


def _reconcile(payload: Mapping[str, Any]) -> Reconcile:
    trigger = Trigger(payload.get("trigger", Trigger.EVENT))
    return Reconcile(PaymentAccountId(UUID(payload["account_id"])), trigger, payload.get("dry_run", False))


def _backfill(payload: Mapping[str, Any]) -> Backfill:
    return Backfill(UUID(payload["after"]) if payload["after"] else None)


SUBSCRIBERS: tuple[Subscriber, ...] = (
    Subscriber("ledger.post_capture", post_capture, _post_operation),
    Subscriber("ledger.post_refund", post_refund, _post_operation),
    Subscriber("ledger.reverse_refund", reverse_refund, _post_operation),
    Subscriber("ledger.post_goods_left", post_goods_left, _post_fulfilment),
    Subscriber("ledger.reverse_goods_left", reverse_goods_left, _post_fulfilment),
    Subscriber("ledger.post_label", post_label, _post_shipment),
    Subscriber("ledger.post_label_void", post_label_void, _post_shipment),
    Subscriber("ledger.backfill", backfill, _backfill),
    Subscriber("imports.check_import", check_import, lambda event: CheckImport(ImportId(UUID(event["import_id"])))),
    Subscriber("imports.apply_import", apply_import, lambda event: ApplyImport(ImportId(UUID(event["import_id"])))),
    Subscriber("messages.confirm_order", confirm_order, lambda event: ConfirmOrder(OrderId(UUID(event["order_id"])))),
    Subscriber("messages.tell_goods_left", tell_order, lambda event: TellOrder(OrderId(UUID(event["order_id"])))),
    Subscriber(
        "messages.tell_parcel_moved",
        tell_order,
        lambda event: TellOrder(OrderId(UUID(event["order_id"])), event["status"]),
    ),
    Subscriber("logistics.hand_over", hand_over_paid, _hand_over),
    Subscriber(
        "logistics.process_webhook",
        process_carrier_webhook,
        lambda event: ProcessCarrierWebhook(WebhookId(UUID(event["webhook_id"]))),
    ),
    Subscriber("logistics.work_on_batch", work_on_batch, lambda event: WorkOnBatch(BatchId(UUID(event["batch_id"])))),
    Subscriber("messages.send_message", send_message, lambda event: SendMessage(MessageId(UUID(event["message_id"])))),
    Subscriber("payments.process_webhook", process_webhook, _process_webhook),
    Subscriber("reconciliation.reconcile", reconcile, _reconcile),
)
