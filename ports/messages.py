"""Messages to customers, and the deliveries that carry work to subscribers."""

from __future__ import annotations

from typing import Protocol


class MessageRepository(Protocol):
    """Messages of the bound store."""


class DeliveryRepository(Protocol):
    """Deliveries of the bound store."""
