"""Messages, deliveries and the schedule as staff see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.messages import ONE_MESSAGE, to_message
from adapters.postgres.reading import Reader
from adapters.postgres.tables.messages import messages
from adapters.postgres.tables.platform import deliveries, schedules
from core.messages.deliveries import DeliveryState
from core.messages.model import Message
from core.shared.errors import NotFound
from core.shared.ids import DeliveryId, MessageId, OrderId
from ports.messages import DeliveryDetail, DeliveryRow, MessageRow, QueueRow, ScheduleRow
from ports.paging import Page, PageRequest

_M, _D = messages.c, deliveries.c

_MAILBOX = sa.select(_M.id, _M.kind, _M.recipient, _M.subject, _M.order_id, _M.created_at, _M.sent_at).order_by(
    _M.created_at.desc(), _M.id.desc()
)

_ROW = (
    _D.id, _D.event_name, _D.subscriber, _D.state, _D.attempts, _D.created_at, _D.next_attempt_at, _D.done_at,
    _D.last_error,
)  # fmt: skip
_LIST = sa.select(*_ROW).order_by(_D.created_at.desc(), _D.id.desc())
_ONE = sa.select(*_ROW, _D.payload, _D.request_id, _D.lease_until, _D.discard_reason).where(
    _D.id == sa.bindparam("delivery")
)
_OPEN = _D.state.in_([DeliveryState.WAITING, DeliveryState.LEASED])
_COUNTS = sa.select(
    sa.func.count().filter(_D.state == DeliveryState.DEAD).label("dead"),
    sa.func.count().filter(_D.state != DeliveryState.DEAD, _D.last_error.is_not(None)).label("retrying"),
).where(_D.state.in_([DeliveryState.WAITING, DeliveryState.LEASED, DeliveryState.DEAD]))
_QUEUES = (
    sa.select(_D.subscriber, sa.func.count().label("waiting"), sa.func.min(_D.created_at).label("oldest_at"))
    .where(_OPEN)
    .group_by(_D.subscriber)
    .order_by(_D.subscriber)
)
_SCHEDULES = sa.select(schedules).order_by(schedules.c.name)


def _after(
    statement: sa.Select[Any], created_at: sa.Column[Any], id_: sa.Column[Any], cursor: str | None
) -> sa.Select[Any]:
    if cursor is None:
        return statement
    at, last = cursors.decode_moment(cursor)
    key = sa.tuple_(sa.literal(at, sa.DateTime(timezone=True)), sa.literal(last, sa.Uuid))
    return statement.where(sa.tuple_(created_at, id_) < key)


def _next(rows: Sequence[sa.RowMapping], limit: int) -> str | None:
    if len(rows) <= limit:
        return None
    last = rows[limit - 1]
    return cursors.encode_moment(last["created_at"], last["id"])


class PostgresMessageQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def list(self, recipient: str | None, page: PageRequest) -> Page[MessageRow]:
        statement = _after(_MAILBOX, _M.created_at, _M.id, page.cursor).limit(page.limit + 1)
        if recipient:
            statement = statement.where(_M.recipient == recipient)
        rows = self._reader.rows(statement)
        return Page([_message_row(row) for row in rows[: page.limit]], _next(rows, page.limit))

    def of_order(self, order_id: OrderId) -> Sequence[MessageRow]:
        return [_message_row(row) for row in self._reader.rows(_MAILBOX.where(_M.order_id == order_id))]

    def get(self, message_id: MessageId) -> Message:
        row = self._reader.row(ONE_MESSAGE, {"message": message_id})
        if row is None:
            raise NotFound("There is no such message.")
        return to_message(row)


class PostgresDeliveryQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def list(self, states: Sequence[DeliveryState], failed: bool, page: PageRequest) -> Page[DeliveryRow]:
        statement = _LIST.where(_D.state.in_(states)).limit(page.limit + 1)
        if failed:
            statement = statement.where(_D.last_error.is_not(None))
        rows = self._reader.rows(_after(statement, _D.created_at, _D.id, page.cursor))
        return Page([DeliveryRow(**_delivery(row)) for row in rows[: page.limit]], _next(rows, page.limit))

    def get(self, delivery_id: DeliveryId) -> DeliveryDetail:
        row = self._reader.row(_ONE, {"delivery": delivery_id})
        if row is None:
            raise NotFound("There is no such delivery.")
        return DeliveryDetail(**_delivery(row))

    def counts(self) -> Mapping[str, int]:
        row = self._reader.row(_COUNTS)
        return {} if row is None else dict(row)

    def queues(self) -> Sequence[QueueRow]:
        return [QueueRow(**row) for row in self._reader.rows(_QUEUES)]

    def schedules(self) -> Sequence[ScheduleRow]:
        return [
            ScheduleRow(**{name: value for name, value in row.items() if name != "lease_until"})
            for row in self._reader.rows(_SCHEDULES)
        ]


def _delivery(row: sa.RowMapping) -> dict[str, Any]:
    return dict(row) | {"id": DeliveryId(row["id"]), "state": DeliveryState(row["state"])}


def _message_row(row: sa.RowMapping) -> MessageRow:
    values = dict(row)
    values["id"] = MessageId(row["id"])
    values["order_id"] = OrderId(row["order_id"]) if row["order_id"] else None
    return MessageRow(**values)
