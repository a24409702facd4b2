"""Fulfilments with parcels, postage and what was seen, as one JSON array of an order's row; and unpacked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.logistics_rows import to_days, to_measures
from adapters.postgres.queries.json_rows import children, document
from adapters.postgres.tables.logistics import fulfilment_lines, fulfilments, parcels, shipments, tracking_events
from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.tracking import ParcelStatus
from core.shared.ids import CarrierAccountId, FulfilmentId, LineId, ParcelId, ShipmentId
from core.shared.money import Money
from ports.logistics_queries import FulfilmentRow, ParcelRow, ShipmentRow, TrackingRow

Document = dict[str, Any]

# Of a number that the parcel no longer has, nothing is shown.
_events = children(
    document(tracking_events),
    (sa.func.coalesce(tracking_events.c.at, tracking_events.c.received_at).desc(), tracking_events.c.id.desc()),
    tracking_events.c.store_id == parcels.c.store_id,
    tracking_events.c.parcel_id == parcels.c.id,
    sa.or_(parcels.c.tracked_since.is_(None), tracking_events.c.received_at >= parcels.c.tracked_since),
)
_shipments = children(
    document(shipments),
    (shipments.c.requested_at, shipments.c.id),
    shipments.c.store_id == parcels.c.store_id,
    shipments.c.parcel_id == parcels.c.id,
)
_parcels = children(
    document(parcels, ("events", _events), ("shipments", _shipments)),
    (parcels.c.position,),
    parcels.c.store_id == fulfilments.c.store_id,
    parcels.c.fulfilment_id == fulfilments.c.id,
)
_lines = children(
    document(fulfilment_lines),
    (fulfilment_lines.c.id,),
    fulfilment_lines.c.store_id == fulfilments.c.store_id,
    fulfilment_lines.c.fulfilment_id == fulfilments.c.id,
)
DOCUMENT = document(fulfilments, ("lines", _lines), ("parcels", _parcels))


def fulfilments_of(order_id: sa.ColumnElement[Any], store_id: sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """An order's fulfilments by number, as an array."""
    of_order = (fulfilments.c.store_id == store_id, fulfilments.c.order_id == order_id)
    return children(DOCUMENT, (fulfilments.c.number,), *of_order)


def to_row(row: Document) -> FulfilmentRow:
    return FulfilmentRow(
        id=FulfilmentId(UUID(row["id"])),
        number=row["number"],
        state=FulfilmentState(row["state"]),
        planned_at=datetime.fromisoformat(row["planned_at"]),
        shipped_at=_instant(row["shipped_at"]),
        ended_at=_instant(row["ended_at"]),
        lines={LineId(UUID(line["line_id"])): line["quantity"] for line in row["lines"] or []},
        parcels=[_parcel(parcel) for parcel in row["parcels"] or []],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _parcel(row: Document) -> ParcelRow:
    return ParcelRow(
        id=ParcelId(UUID(row["id"])),
        position=row["position"],
        measures=to_measures(row),
        carrier=row["carrier"],
        service=row["service"],
        tracking_number=row["tracking_number"],
        status=ParcelStatus(row["status"]),
        status_at=_instant(row["status_at"]),
        doubtful=row["doubtful"],
        next_poll_at=_instant(row["next_poll_at"]),
        events=[_event(event) for event in row["events"] or []],
        shipments=[_shipment(shipment) for shipment in row["shipments"] or []],
    )


def _event(row: Document) -> TrackingRow:
    return TrackingRow(
        status=ParcelStatus(row["status"]),
        text=row["body"],
        place=row["place"],
        at=_instant(row["at"]),
        local_time=row["local_time"],
        source=row["source"],
        received_at=datetime.fromisoformat(row["received_at"]),
    )


def _shipment(row: Document) -> ShipmentRow:
    return ShipmentRow(
        id=ShipmentId(UUID(row["id"])),
        parcel_id=ParcelId(UUID(row["parcel_id"])),
        account_id=CarrierAccountId(UUID(row["account_id"])),
        state=LabelState(row["state"]),
        carrier=row["carrier"],
        service=row["service"],
        quoted=Money(row["quoted_minor"], row["currency"]),
        paid=None if row["paid_minor"] is None else Money(row["paid_minor"], row["paid_currency"]),
        days=to_days(row),
        tracking_number=row["tracking_number"],
        label_sha256=row["label_sha256"],
        label_media_type=row["label_media_type"],
        reason=row["reason"],
        unwanted=row["unwanted"],
        requested_at=datetime.fromisoformat(row["requested_at"]),
        purchased_at=_instant(row["purchased_at"]),
    )
