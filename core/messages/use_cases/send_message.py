"""Hand a written message to the mailer."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import MessageId
from core.shared.permission import permission
from ports.clock import Clock
from ports.mailer import Mailer
from ports.messages import MessageQueries
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SendMessage:
    message_id: MessageId


@permission("messages.message.send")
def send_message(
    cmd: SendMessage, /, *, uow: UnitOfWork, clock: Clock, mailer: Mailer, message_queries: MessageQueries
) -> None:
    """Send the message unless it was sent, and note it.

    A crash between the two hands it over again with the same Message-ID. Raises NotFound, Unavailable.
    """
    message = message_queries.get(cmd.message_id)
    if message.sent_at is None:
        mailer.send(message)
    with uow() as tx:
        tx.messages.mark_sent(message.id, clock.now())
        tx.finish()
