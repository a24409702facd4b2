"""Tell the customer that the order was placed: written once per order, then handed over by another subscriber."""

from __future__ import annotations

from dataclasses import dataclass

from core.messages.model import Message, MessageWritten, order_confirmation_key
from core.shared.ids import MessageId, OrderId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links, order_purpose
from ports.message_templates import MessageTemplates
from ports.orders import OrderQueries
from ports.stores import StoreQueries
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ConfirmOrder:
    order_id: OrderId


@permission("messages.message.send")
def confirm_order(
    cmd: ConfirmOrder,
    /,
    *,
    uow: UnitOfWork,
    clock: Clock,
    ids: Ids,
    links: Links,
    message_templates: MessageTemplates,
    order_queries: OrderQueries,
    store_queries: StoreQueries,
) -> None:
    """Write the confirmation in the order's language.

    Called again it writes nothing: the dedupe key is the order's. Raises NotFound when there is no such order.
    """
    order = order_queries.get(cmd.order_id)
    store = store_queries.current()
    token = links.secret(order_purpose(order.token_rotation), order.id)
    written = message_templates.order_confirmation(order, store, token)
    message = Message(
        id=MessageId(ids.new()),
        kind="order_confirmation",
        dedupe_key=order_confirmation_key(order.id),
        recipient=order.contact["email"],
        sender=store.email,
        subject=written.subject,
        text=written.text,
        html=written.html,
        order_id=order.id,
        created_at=clock.now(),
    )
    with uow() as tx:
        if tx.messages.add(message):
            tx.emit(MessageWritten(message.id), message.id, 0)
        tx.finish()
