"""How messages to customers are worded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.messages.model import OrderNews
from core.stores.model import Store
from ports.orders import OrderDetail


@dataclass(frozen=True, slots=True)
class Written:
    """A message in both forms that mail carries."""

    subject: str
    text: str
    html: str


class MessageTemplates(Protocol):
    def order_confirmation(self, order: OrderDetail, store: Store, token: str) -> Written:
        """The confirmation of `order`, in its own locale; `token` opens the order's page for a guest."""
        ...

    def order_news(self, news: OrderNews, order: OrderDetail, store: Store, token: str) -> Written:
        """That goods of `order` left or arrived, with the parcels that they are in."""
        ...
