"""Messages and deliveries on PostgreSQL: the write side."""

from __future__ import annotations

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.session import Session
from adapters.postgres.tables.messages import messages
from adapters.postgres.tables.platform import deliveries, schedules
from core.messages.deliveries import (
    DELIVERY_LIFECYCLE,
    DeliveryState,
    DeliveryStep,
    NotDiscardable,
    NotReplayable,
)
from core.messages.model import Message
from core.shared.errors import NotFound
from core.shared.ids import DeliveryId, MessageId, OrderId

_WAKE = sa.text("SELECT pg_notify('deliveries', '')")

_ADD = (
    insert(messages)
    .on_conflict_do_nothing(index_elements=[messages.c.store_id, messages.c.dedupe_key])
    .returning(messages.c.id)
)
ONE_MESSAGE = sa.select(messages).where(messages.c.id == sa.bindparam("message"))
_SENT = (
    sa.update(messages)
    .where(messages.c.id == sa.bindparam("message"), messages.c.sent_at.is_(None))
    .values(sent_at=sa.bindparam("at"))
)

_LOCK_DELIVERY = (
    sa.select(deliveries.c.state, deliveries.c.subscriber, deliveries.c.attempts)
    .where(deliveries.c.id == sa.bindparam("delivery"))
    .with_for_update()
)
_BRING_FORWARD = (
    sa.update(schedules)
    .where(schedules.c.name == sa.bindparam("job"))
    .values(next_run_at=sa.func.least(schedules.c.next_run_at, sa.bindparam("at")))
)


def to_message(row: sa.RowMapping) -> Message:
    return Message(
        id=MessageId(row["id"]),
        kind=row["kind"],
        dedupe_key=row["dedupe_key"],
        recipient=row["recipient"],
        sender=row["sender"],
        subject=row["subject"],
        text=row["body_text"],
        html=row["body_html"],
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        created_at=row["created_at"],
        sent_at=row["sent_at"],
    )


class PostgresMessages:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, message: Message) -> bool:
        written = self._session.write(
            _ADD,
            {
                "id": message.id,
                "store_id": self._session.store_id,
                "kind": message.kind,
                "dedupe_key": message.dedupe_key,
                "recipient": message.recipient,
                "sender": message.sender,
                "subject": message.subject,
                "body_text": message.text,
                "body_html": message.html,
                "order_id": message.order_id,
                "created_at": message.created_at,
                "sent_at": message.sent_at,
            },
        ).first()
        if written is None:
            return False
        self._session.changed("message", message.id, None, {"kind": message.kind, "subject": message.subject})
        return True

    def get(self, message_id: MessageId) -> Message:
        row = self._session.row(ONE_MESSAGE, {"message": message_id})
        if row is None:
            raise NotFound("There is no such message.")
        return to_message(row)

    def mark_sent(self, message_id: MessageId, at: datetime) -> None:
        if self._session.write(_SENT, {"message": message_id, "at": at}).rowcount:
            self._session.changed("message", message_id, {"sent_at": None}, {"sent_at": at})


class PostgresDeliveries:
    def __init__(self, session: Session) -> None:
        self._session = session

    def replay(self, delivery_id: DeliveryId, at: datetime) -> None:
        before = self._locked(delivery_id)
        if not DELIVERY_LIFECYCLE.allows(before, DeliveryStep.REPLAY):
            raise NotReplayable()
        self._to(delivery_id, before, DeliveryStep.REPLAY, attempts=0, next_attempt_at=at, done_at=None)
        self._session.connection.execute(_WAKE)

    def discard(self, delivery_id: DeliveryId, reason: str, at: datetime) -> None:
        before = self._locked(delivery_id)
        if not DELIVERY_LIFECYCLE.allows(before, DeliveryStep.DISCARD):
            raise NotDiscardable()
        self._to(delivery_id, before, DeliveryStep.DISCARD, discard_reason=reason, done_at=at)

    def run_schedule(self, name: str, at: datetime) -> None:
        if self._session.write(_BRING_FORWARD, {"job": name, "at": at}).rowcount != 1:
            raise NotFound("There is no such scheduled job.")
        self._session.changed("schedule", uuid5(NAMESPACE_URL, f"schedule:{name}"), None, {"job": name, "run_at": at})

    def _locked(self, delivery_id: DeliveryId) -> DeliveryState:
        row = self._session.row(_LOCK_DELIVERY, {"delivery": delivery_id})
        if row is None:
            raise NotFound("There is no such delivery.")
        return DeliveryState(row["state"])

    def _to(self, delivery_id: DeliveryId, before: DeliveryState, step: DeliveryStep, **values: object) -> None:
        after = DELIVERY_LIFECYCLE.after(before, step)
        self._session.write(sa.update(deliveries).where(deliveries.c.id == delivery_id).values(state=after, **values))
        self._session.changed("delivery", delivery_id, {"state": before}, {"state": after})
