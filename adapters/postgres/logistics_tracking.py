"""What was seen of parcels, claims on what is to be asked, and carriers' webhooks, on PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.json import plain
from adapters.postgres.logistics_rows import to_event, to_parcel
from adapters.postgres.session import Session
from adapters.postgres.tables.logistics import carrier_webhooks, parcels, tracking_events
from core.logistics.model import Parcel
from core.logistics.numbers import fold_number
from core.logistics.tracking import ParcelStatus, TrackingEvent, dedupe_key
from core.shared.errors import NotFound
from core.shared.ids import CarrierAccountId, OrderId, ParcelId, WebhookId
from ports.carriers import CarrierAccount, CarrierNotice, Tracked, TrackingSeen
from ports.logistics import ClaimedParcel, StoredWebhook

_EVENTS = sa.select(tracking_events).where(tracking_events.c.parcel_id == sa.bindparam("parcel_id"))
# One statement whatever their number, so that it is compiled once.
_ADD_EVENTS = sa.text("""
    INSERT INTO tracking_events (id, store_id, parcel_id, dedupe_key, status, raw_code, body, local_time, at, place,
                                 event_id, sequence, source, received_at)
    SELECT r.id, :store_id, :parcel_id, r.dedupe_key, r.status, r.raw_code, r.text, r.local_time, r.at, r.place,
           r.event_id, r.sequence, r.source, :at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (
        id uuid, dedupe_key text, status text, raw_code text, text text, local_time text, at timestamptz, place text,
        event_id text, sequence integer, source text)
    ON CONFLICT (store_id, parcel_id, dedupe_key) DO NOTHING
    RETURNING id
""")
_FIND = (
    sa.select(parcels.c.id)
    .where(parcels.c.tracking_folded == sa.bindparam("number"))
    .order_by((parcels.c.account_id == sa.bindparam("account_id")).desc().nulls_last(), parcels.c.id.desc())
    .limit(1)
)
_due = (
    sa.select(parcels.c.id)
    .where(parcels.c.account_id == sa.bindparam("account"), parcels.c.next_poll_at <= sa.bindparam("now"))
    .order_by(parcels.c.next_poll_at)
    .limit(sa.bindparam("at_most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    sa.update(parcels)
    .where(parcels.c.id == sa.any_(sa.func.array(sa.select(_due.c.id).scalar_subquery())))
    .values(next_poll_at=sa.bindparam("until"))
    .returning(*parcels.c)
)
# Arrays, not joins: whatever the planner thinks of their length, the rows are found by their ids.
# Whoever has a parcel locked says himself when it is asked about next; nobody waits for that here.
_RESCHEDULE = sa.text("""
    WITH wanted AS (
        SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:times AS timestamptz[]), CAST(:polls AS integer[]))
            AS w (id, at, polls)
    ), free AS (
        SELECT id FROM parcels WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE SKIP LOCKED
    )
    UPDATE parcels p SET next_poll_at = w.at, polls = w.polls
    FROM wanted w WHERE p.id = w.id AND p.id = ANY(ARRAY(SELECT id FROM free))
""")
_PUT_OFF = sa.text("""
    WITH free AS (
        SELECT id FROM parcels
        WHERE id = ANY(CAST(:ids AS uuid[])) AND account_id = :account AND next_poll_at IS NOT NULL
        ORDER BY id FOR UPDATE SKIP LOCKED
    )
    UPDATE parcels SET next_poll_at = :until WHERE id = ANY(ARRAY(SELECT id FROM free))
""")
_WEBHOOK = sa.select(carrier_webhooks).where(carrier_webhooks.c.id == sa.bindparam("webhook_id")).with_for_update()
_PARKED = (
    sa.select(carrier_webhooks.c.id, carrier_webhooks.c.account_id)
    .where(
        carrier_webhooks.c.tracking_folded == sa.bindparam("number"),
        carrier_webhooks.c.state == sa.literal_column("'parked'"),
    )
    .order_by(carrier_webhooks.c.received_at, carrier_webhooks.c.id)
)


class PostgresTracking:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add_events(self, parcel_id: ParcelId, events: Sequence[TrackingEvent], at: datetime) -> int:
        if not events:
            return 0
        rows = [
            {"id": str(self._session.ids.new()), "dedupe_key": dedupe_key(parcel_id, event), **plain(event)}
            for event in events
        ]
        told = {"store_id": self._session.store_id, "parcel_id": parcel_id, "at": at, "rows": json.dumps(rows)}
        added = self._session.rows(_ADD_EVENTS, told)
        if added:
            self._session.wrote = True
        return len(added)

    def events(self, parcel_id: ParcelId, since: datetime | None) -> Sequence[TrackingEvent]:
        statement = _EVENTS if since is None else _EVENTS.where(tracking_events.c.received_at >= since)
        return [to_event(row) for row in self._session.rows(statement, {"parcel_id": parcel_id})]

    def find_parcel(self, folded_number: str, account_id: CarrierAccountId) -> ParcelId | None:
        row = self._session.row(_FIND, {"number": folded_number, "account_id": account_id})
        return None if row is None else ParcelId(row["id"])

    # When a parcel is asked about next is a note of the machinery's, so it leaves no trace in the activity log.

    def claim(
        self, account_id: CarrierAccountId, limit: int, now: datetime, until: datetime
    ) -> Sequence[ClaimedParcel]:
        asked = {"account": account_id, "at_most": limit, "now": now, "until": until}
        return [ClaimedParcel(OrderId(row["order_id"]), to_parcel(row)) for row in self._session.rows(_CLAIM, asked)]

    def reschedule(self, parcels: Sequence[Parcel]) -> None:
        self._session.connection.execute(
            _RESCHEDULE,
            {
                "ids": [parcel.id for parcel in parcels],
                "times": [parcel.next_poll_at for parcel in parcels],
                "polls": [parcel.polls for parcel in parcels],
            },
        )

    def put_off(self, account_id: CarrierAccountId, parcels: Sequence[ParcelId], until: datetime) -> None:
        asked = {"account": account_id, "ids": list(parcels), "until": until}
        self._session.connection.execute(_PUT_OFF, asked)

    # -- webhooks ------------------------------------------------------------------------------------------

    def receive_webhook(
        self, webhook_id: WebhookId, account: CarrierAccount, notice: CarrierNotice, body: bytes, at: datetime
    ) -> bool:
        stored = self._session.row(
            insert(carrier_webhooks)
            .values(
                id=webhook_id,
                store_id=self._session.store_id,
                carrier=account.carrier,
                account_id=account.id,
                external_id=notice.external_id,
                kind=notice.kind,
                tracking_folded=fold_number(notice.tracking_number) if notice.tracking_number else None,
                shipment_reference=notice.shipment_reference,
                tracked=plain(notice.tracked),
                body=body,
                state="received",
                received_at=at,
            )
            .on_conflict_do_nothing(
                index_elements=[
                    carrier_webhooks.c.store_id,
                    carrier_webhooks.c.carrier,
                    carrier_webhooks.c.account_id,
                    carrier_webhooks.c.external_id,
                ]
            )
            .returning(carrier_webhooks.c.id)
        )
        if stored is not None:
            self._session.wrote = True
        return stored is not None

    def webhook(self, webhook_id: WebhookId) -> StoredWebhook:
        row = self._session.row(_WEBHOOK, {"webhook_id": webhook_id})
        if row is None:
            raise NotFound("There is no such webhook.")
        return StoredWebhook(
            id=WebhookId(row["id"]),
            account_id=CarrierAccountId(row["account_id"]),
            kind=row["kind"],
            state=row["state"],
            tracking_number=row["tracking_folded"],
            shipment_reference=row["shipment_reference"],
            tracked=_to_tracked(row["tracked"]),
        )

    def park_webhook(self, webhook_id: WebhookId) -> None:
        self._to_state(webhook_id, state="parked")

    def webhook_processed(self, webhook_id: WebhookId, at: datetime) -> None:
        self._to_state(webhook_id, state="processed", processed_at=at)

    def _to_state(self, webhook_id: WebhookId, **values: object) -> None:
        self._session.write(sa.update(carrier_webhooks).where(carrier_webhooks.c.id == webhook_id).values(**values))

    def parked(self, folded_number: str) -> Sequence[tuple[WebhookId, CarrierAccountId]]:
        rows = self._session.rows(_PARKED, {"number": folded_number})
        return [(WebhookId(row["id"]), CarrierAccountId(row["account_id"])) for row in rows]


def _to_tracked(document: dict[str, Any] | None) -> Tracked | None:
    if document is None:
        return None
    seen = [
        TrackingSeen(
            **{
                **event,
                "status": ParcelStatus(event["status"]),
                "at": datetime.fromisoformat(event["at"]) if event["at"] else None,
            }
        )
        for event in document["events"]
    ]
    return Tracked(document["tracking_number"], document["known"], seen)
