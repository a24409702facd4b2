"""The kinds of identifier. All are UUIDv7 made by the `Ids` port, so they sort by creation."""

from __future__ import annotations

from typing import NewType
from uuid import UUID

StoreId = NewType("StoreId", UUID)
StaffId = NewType("StaffId", UUID)
ShopperId = NewType("ShopperId", UUID)
SessionId = NewType("SessionId", UUID)
KeyId = NewType("KeyId", UUID)
ProductId = NewType("ProductId", UUID)
VariantId = NewType("VariantId", UUID)
MediaId = NewType("MediaId", UUID)
ProductPictureId = NewType("ProductPictureId", UUID)
LocationId = NewType("LocationId", UUID)
StockItemId = NewType("StockItemId", UUID)
ReservationId = NewType("ReservationId", UUID)
ImportId = NewType("ImportId", UUID)
CartId = NewType("CartId", UUID)
LineId = NewType("LineId", UUID)
OrderId = NewType("OrderId", UUID)
PaymentId = NewType("PaymentId", UUID)
PaymentAccountId = NewType("PaymentAccountId", UUID)
OperationId = NewType("OperationId", UUID)
ExceptionId = NewType("ExceptionId", UUID)
MessageId = NewType("MessageId", UUID)
EventId = NewType("EventId", UUID)
DeliveryId = NewType("DeliveryId", UUID)
WebhookId = NewType("WebhookId", UUID)
