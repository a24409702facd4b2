"""Tell the customer that goods left and that they arrived: each piece of news once per order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.messages.model import Message, MessageWritten, OrderNews, order_news_key
from core.shared.ids import MessageId, OrderId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.links import Links, order_purpose
from ports.message_templates import MessageTemplates, Written
from ports.orders import OrderDetail, OrderQueries
from ports.stores import StoreQueries
from ports.unit_of_work import UnitOfWork

_ARRIVED = "delivered"  # of a parcel, and of an order


@dataclass(frozen=True, slots=True)
class TellOrder:
    """`parcel_status` is what a parcel came to; None: goods left."""

    order_id: OrderId
    parcel_status: str | None = None


@permission("messages.message.send")
def tell_order(
    cmd: TellOrder,
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
    """Write what is new to the customer, in the order's language: from what is true now, not from what was told.

    Called again it writes nothing: the dedupe key is the order's and the news'. Raises NotFound.
    """
    order = order_queries.get(cmd.order_id)
    store, news = store_queries.current(), _news(cmd, order)
    token = links.secret(order_purpose(order.token_rotation), order.id)
    written = message_templates.order_news(news, order, store, token) if news is not None else None
    with uow() as tx:
        if news is not None and written is not None:
            message = _message(order, news, store.email, written, MessageId(ids.new()), clock.now())
            if tx.messages.add(message):
                tx.emit(MessageWritten(message.id), message.id, 0)
        tx.finish()


def _message(
    order: OrderDetail, news: OrderNews, sender: str, written: Written, id_: MessageId, now: datetime
) -> Message:
    return Message(
        id=id_,
        kind=f"order_{news}",
        dedupe_key=order_news_key(order.id, news),
        recipient=order.contact["email"],
        sender=sender,
        subject=written.subject,
        text=written.text,
        html=written.html,
        order_id=order.id,
        created_at=now,
    )


def _news(cmd: TellOrder, order: OrderDetail) -> OrderNews | None:
    """Delivered is an order to its customer when every parcel of it was; one that was lost is for staff to tell."""
    status = order.fulfilment_status.value
    if cmd.parcel_status is None:
        if status == "unfulfilled" or not _carried(order):
            return None  # it was taken back meanwhile, or nothing of it is on a way
        return OrderNews.PARTLY_SHIPPED if status == "partially_fulfilled" else OrderNews.SHIPPED
    if (cmd.parcel_status, status) != (_ARRIVED, _ARRIVED):
        return None
    parcels = [p for f in order.fulfilments if f.shipped_at and not f.ended_at for p in f.parcels]
    return OrderNews.DELIVERED if all(parcel.status.value == _ARRIVED for parcel in parcels) else None


def _carried(order: OrderDetail) -> bool:
    """Something that goes in a parcel has left."""
    gone = {line_id for f in order.fulfilments if f.shipped_at and not f.ended_at for line_id in f.lines}
    return any(line.requires_shipping and line.id in gone for line in order.lines)
