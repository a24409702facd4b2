"""Mail, as the shop hands it over."""

from __future__ import annotations

from typing import Protocol

from core.messages.model import Message


class Mailer(Protocol):
    def send(self, message: Message) -> None:
        """Hand `message` over for delivery. Never called inside a transaction.

        The message's id goes along as its Message-ID, so that a repeat can be recognised by who receives it.
        Raises Unavailable when it can't be handed over now.
        """
        ...
