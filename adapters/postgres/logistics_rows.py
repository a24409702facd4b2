"""Fulfilments, parcels, postage and accounts as rows, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from core.logistics.lifecycle import FulfilmentState, LabelState
from core.logistics.model import Fulfilment, FulfilmentLine, Measures, Parcel
from core.logistics.shipment import Shipment
from core.logistics.tracking import ParcelStatus, TrackingEvent, TrackingSource
from core.shared.ids import (
    CarrierAccountId,
    FulfilmentId,
    LineId,
    LocationId,
    OrderId,
    ParcelId,
    ShipmentId,
)
from core.shared.money import Money
from ports.carriers import CarrierAccount
from ports.logistics import StoredQuote

Document = dict[str, Any]


def to_measures(row: Any) -> Measures:
    return Measures(row["weight_grams"], row["length_mm"], row["width_mm"], row["height_mm"])


def measures_values(measures: Measures) -> Document:
    return {
        "weight_grams": measures.weight_grams,
        "length_mm": measures.length_mm,
        "width_mm": measures.width_mm,
        "height_mm": measures.height_mm,
    }


def to_days(row: Any) -> tuple[int, int] | None:
    return None if row["days_min"] is None else (row["days_min"], row["days_max"])


def days_values(days: tuple[int, int] | None) -> Document:
    return {"days_min": days[0] if days else None, "days_max": days[1] if days else None}


def to_fulfilment(row: sa.RowMapping) -> Fulfilment:
    return Fulfilment(
        id=FulfilmentId(row["id"]),
        order_id=OrderId(row["order_id"]),
        number=row["number"],
        location_id=LocationId(row["location_id"]),
        lines=[FulfilmentLine(LineId(UUID(d["line_id"])), d["quantity"]) for d in row["lines"] or []],
        parcels=[to_parcel(_read(document)) for document in row["parcels"] or []],
        planned_at=row["planned_at"],
        state=FulfilmentState(row["state"]),
        shipped_at=row["shipped_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


def _read(document: Document) -> Document:
    """A parcel's row that came as a JSON document."""
    times = ("status_at", "tracked_since", "last_news_at", "next_poll_at")
    read = {name: datetime.fromisoformat(document[name]) if document[name] else None for name in times}
    account = document["account_id"]
    return {**document, **read, "id": UUID(document["id"]), "account_id": UUID(account) if account else None}


def to_parcel(row: Any) -> Parcel:
    return Parcel(
        id=ParcelId(row["id"]),
        position=row["position"],
        measures=to_measures(row),
        carrier=row["carrier"],
        service=row["service"],
        tracking_number=row["tracking_number"],
        account_id=CarrierAccountId(row["account_id"]) if row["account_id"] else None,
        status=ParcelStatus(row["status"]),
        status_at=row["status_at"],
        doubtful=row["doubtful"],
        announced=list(row["announced"]),
        tracked_since=row["tracked_since"],
        last_news_at=row["last_news_at"],
        next_poll_at=row["next_poll_at"],
        polls=row["polls"],
        answer_hash=row["answer_hash"],
    )


def parcel_values(parcel: Parcel) -> Document:
    return {
        **measures_values(parcel.measures),
        "carrier": parcel.carrier,
        "service": parcel.service,
        "tracking_number": parcel.tracking_number,
        "tracking_folded": parcel.folded_number,
        "account_id": parcel.account_id,
        "status": parcel.status,
        "status_at": parcel.status_at,
        "doubtful": parcel.doubtful,
        "announced": list(parcel.announced),
        "tracked_since": parcel.tracked_since,
        "last_news_at": parcel.last_news_at,
        "next_poll_at": parcel.next_poll_at,
        "polls": parcel.polls,
        "answer_hash": parcel.answer_hash,
    }


PARCEL_TOLD = ("status", "carrier", "service", "tracking_number", "weight_grams", "length_mm", "width_mm", "height_mm")


def fulfilment_values(fulfilment: Fulfilment) -> Document:
    return {"state": fulfilment.state, "shipped_at": fulfilment.shipped_at, "ended_at": fulfilment.ended_at}


def to_shipment(row: sa.RowMapping) -> Shipment:
    paid = None if row["paid_minor"] is None else Money(row["paid_minor"], row["paid_currency"])
    return Shipment(
        id=ShipmentId(row["id"]),
        parcel_id=ParcelId(row["parcel_id"]),
        fulfilment_id=FulfilmentId(row["fulfilment_id"]),
        order_id=OrderId(row["order_id"]),
        account_id=CarrierAccountId(row["account_id"]),
        key=row["key"],
        shipment_reference=row["shipment_reference"],
        rate_id=row["rate_id"],
        carrier=row["carrier"],
        service=row["service"],
        quoted=Money(row["quoted_minor"], row["currency"]),
        requested_at=row["requested_at"],
        state=LabelState(row["state"]),
        days=to_days(row),
        paid=paid,
        tracking_number=row["tracking_number"],
        label_sha256=row["label_sha256"],
        label_media_type=row["label_media_type"],
        reason=row["reason"],
        unwanted=row["unwanted"],
        purchased_at=row["purchased_at"],
        ended_at=row["ended_at"],
        check_at=row["check_at"],
        checks=row["checks"],
        version=row["version"],
    )


def shipment_values(shipment: Shipment) -> Document:
    return {
        "state": shipment.state,
        "carrier": shipment.carrier,
        "service": shipment.service,
        "paid_minor": shipment.paid.minor if shipment.paid else None,
        "paid_currency": shipment.paid.currency if shipment.paid else None,
        "tracking_number": shipment.tracking_number,
        "label_sha256": shipment.label_sha256,
        "label_media_type": shipment.label_media_type,
        "reason": shipment.reason,
        "unwanted": shipment.unwanted,
        "purchased_at": shipment.purchased_at,
        "ended_at": shipment.ended_at,
        "check_at": shipment.check_at,
        "checks": shipment.checks,
    }


def shipment_row(shipment: Shipment) -> Document:
    """A new shipment's columns, apart from its store."""
    return {
        "id": shipment.id,
        "parcel_id": shipment.parcel_id,
        "fulfilment_id": shipment.fulfilment_id,
        "order_id": shipment.order_id,
        "account_id": shipment.account_id,
        "key": shipment.key,
        "shipment_reference": shipment.shipment_reference,
        "rate_id": shipment.rate_id,
        "currency": shipment.quoted.currency,
        "quoted_minor": shipment.quoted.minor,
        "requested_at": shipment.requested_at,
        "version": shipment.version,
        **days_values(shipment.days),
        **shipment_values(shipment),
    }


def told_shipment(shipment: Shipment) -> Document:
    """What the activity log is told of postage: what was bought for how much, not the janitor's notes."""
    return {
        "state": shipment.state,
        "carrier": shipment.carrier,
        "service": shipment.service,
        "price": {"amount": shipment.cost.minor, "currency": shipment.cost.currency},
        "reason": shipment.reason,
    }


def to_quote(row: sa.RowMapping) -> StoredQuote:
    return StoredQuote(
        id=row["id"],
        parcel_id=ParcelId(row["parcel_id"]),
        account_id=CarrierAccountId(row["account_id"]),
        carrier=row["carrier"],
        service=row["service"],
        price=Money(row["price_minor"], row["currency"]),
        days=to_days(row),
        shipment_reference=row["shipment_reference"],
        rate_id=row["rate_id"],
        measures=to_measures(row),
        quoted_at=row["quoted_at"],
        expires_at=row["expires_at"],
    )


def quote_row(quote: StoredQuote) -> Document:
    return {
        "id": quote.id,
        "parcel_id": quote.parcel_id,
        "account_id": quote.account_id,
        "carrier": quote.carrier,
        "service": quote.service,
        "currency": quote.price.currency,
        "price_minor": quote.price.minor,
        "shipment_reference": quote.shipment_reference,
        "rate_id": quote.rate_id,
        "quoted_at": quote.quoted_at,
        "expires_at": quote.expires_at,
        **days_values(quote.days),
        **measures_values(quote.measures),
    }


def to_account(row: sa.RowMapping) -> CarrierAccount:
    return CarrierAccount(
        CarrierAccountId(row["id"]),
        row["carrier"],
        row["name"],
        bytes(row["config"]),
        row["enabled"],
        row["requests_per_second"],
        row["burst"],
        row["requests_per_day"],
    )


def to_event(row: sa.RowMapping) -> TrackingEvent:
    return TrackingEvent(
        status=ParcelStatus(row["status"]),
        raw_code=row["raw_code"],
        text=row["body"],
        local_time=row["local_time"],
        at=row["at"],
        place=row["place"],
        event_id=row["event_id"],
        sequence=row["sequence"],
        source=TrackingSource(row["source"]),
    )
