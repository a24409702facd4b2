"""What every mailer must do, whatever it speaks to. A mailer is proved by one line in a test:

class TestKeptMailer(MailerContract): ...
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from adapters import guard
from core.messages.model import Message
from core.shared.ids import MessageId
from ports.mailer import Mailer


def a_message(recipient: str = "maria@example.com") -> Message:
    return Message(
        id=MessageId(uuid4()),
        kind="order_confirmation",
        dedupe_key=f"order_confirmation:{uuid4()}",
        recipient=recipient,
        sender="oi@casaipe.example",
        subject="Seu pedido CI-1001 na Casa Ipê",
        text="Obrigado, Maria!",
        html="<p>Obrigado, Maria!</p>",
        order_id=None,
        created_at=datetime(2026, 11, 24, 9, 12, tzinfo=UTC),
    )


class MailerContract(ABC):
    @abstractmethod
    def mailer(self) -> Mailer:
        """The mailer under test, in working order."""

    def test_it_takes_a_message_and_takes_it_again(self) -> None:
        mailer, message = self.mailer(), a_message()
        mailer.send(message)
        mailer.send(message)

    def test_it_refuses_to_be_called_inside_a_transaction(self) -> None:
        mailer = self.mailer()
        with guard.transaction(), pytest.raises(guard.TransactionOpen):
            mailer.send(a_message())
