"""What happens to payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event
from core.shared.ids import OperationId, OrderId, PaymentAccountId, PaymentId, WebhookId
from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class PaymentEvent(Event):
    """A fact about one payment; `order_id` is None while no order came of it."""

    aggregate: ClassVar[str] = "payment"

    payment_id: PaymentId
    order_id: OrderId | None
    method: str


@dataclass(frozen=True, slots=True)
class PaymentAuthorised(PaymentEvent):
    name: ClassVar[str] = "payments.payment_authorised.v1"
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentCaptured(PaymentEvent):
    """Money came; `operation_id` is the fact's own key for whatever is booked from it."""

    name: ClassVar[str] = "payments.payment_captured.v1"
    operation_id: OperationId
    amount: Money


@dataclass(frozen=True, slots=True)
class PaymentDeclinedByProvider(PaymentEvent):
    name: ClassVar[str] = "payments.payment_declined.v1"
    code: str | None


@dataclass(frozen=True, slots=True)
class PaymentVoided(PaymentEvent):
    name: ClassVar[str] = "payments.payment_voided.v1"


@dataclass(frozen=True, slots=True)
class PaymentExpired(PaymentEvent):
    name: ClassVar[str] = "payments.payment_expired.v1"


@dataclass(frozen=True, slots=True)
class RefundRequested(PaymentEvent):
    name: ClassVar[str] = "payments.refund_requested.v1"
    operation_id: OperationId
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundSucceeded(PaymentEvent):
    name: ClassVar[str] = "payments.refund_succeeded.v1"
    operation_id: OperationId
    amount: Money


@dataclass(frozen=True, slots=True)
class RefundFailed(PaymentEvent):
    name: ClassVar[str] = "payments.refund_failed.v1"
    operation_id: OperationId
    amount: Money
    code: str | None


@dataclass(frozen=True, slots=True)
class SettlementMoved(Event):
    """A provider said that it pays out, or that money is disputed; what it is, is read from the provider."""

    name: ClassVar[str] = "payments.settlement_moved.v1"
    aggregate: ClassVar[str] = "webhook"

    account_id: PaymentAccountId


@dataclass(frozen=True, slots=True)
class WebhookReceived(Event):
    """A provider said that something happened to a tender; what it is, is read from the provider."""

    name: ClassVar[str] = "payments.webhook_received.v1"
    aggregate: ClassVar[str] = "webhook"

    webhook_id: WebhookId
    account_id: PaymentAccountId
    reference: str | None
    payment_id: PaymentId | None
