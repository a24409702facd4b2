"""A message to a customer: written once, in full, and then handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from core.shared.errors import Invalid
from core.shared.events import Event
from core.shared.ids import MessageId, OrderId


@dataclass(frozen=True, slots=True)
class MessageWritten(Event):
    """A message waits to be handed to the mailer."""

    name: ClassVar[str] = "messages.message_written.v1"
    aggregate: ClassVar[str] = "message"

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class Message:
    """What was written, to whom. `dedupe_key` is unique in the store: the same news is never told twice.

    `sent_at` is when the mailer took it, None until then.
    """

    id: MessageId
    kind: str
    dedupe_key: str
    recipient: str
    sender: str
    subject: str
    text: str
    html: str
    order_id: OrderId | None
    created_at: datetime
    sent_at: datetime | None = None

    def __post_init__(self) -> None:
        for header in (self.recipient, self.sender, self.subject):
            if "\n" in header or "\r" in header or "\0" in header:
                raise Invalid("Recipient, sender and subject of a message are one line each.")


def order_confirmation_key(order_id: OrderId) -> str:
    """The dedupe key of the confirmation of `order_id`."""
    return f"order_confirmation:{order_id}"


class OrderNews(StrEnum):
    """What the customer is told after the confirmation."""

    PARTLY_SHIPPED = "partly_shipped"
    SHIPPED = "shipped"
    DELIVERED = "delivered"


def order_news_key(order_id: OrderId, news: OrderNews) -> str:
    """The dedupe key of a piece of news about `order_id`."""
    return f"order_{news}:{order_id}"
