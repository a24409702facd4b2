"""EasyPost's words for where a parcel is, as canonical statuses. Pure.

`status` and `status_detail`: https://docs.easypost.com/docs/trackers
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from core.logistics.tracking import ParcelStatus
from ports.carriers import Tracked, TrackingSeen

_BY_STATUS: dict[str, ParcelStatus] = {
    "unknown": ParcelStatus.UNKNOWN,
    "error": ParcelStatus.UNKNOWN,
    "pre_transit": ParcelStatus.LABEL_CREATED,
    "in_transit": ParcelStatus.IN_TRANSIT,
    "out_for_delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "available_for_pickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "return_to_sender": ParcelStatus.RETURNING,
    "failure": ParcelStatus.EXCEPTION,
    "delivered": ParcelStatus.DELIVERED,
    "cancelled": ParcelStatus.CANCELLED,
}
_BY_DETAIL: dict[tuple[str, str], ParcelStatus] = {
    ("in_transit", "received_at_origin_facility"): ParcelStatus.ACCEPTED,
    ("in_transit", "held"): ParcelStatus.CUSTOMS_HOLD,
    ("in_transit", "awaiting_information"): ParcelStatus.CUSTOMS_HOLD,
    ("in_transit", "delayed"): ParcelStatus.DELAYED,
    ("in_transit", "weather_delay"): ParcelStatus.DELAYED,
    ("in_transit", "transit_exception"): ParcelStatus.EXCEPTION,
    ("in_transit", "missorted"): ParcelStatus.EXCEPTION,
    ("failure", "delivery_exception"): ParcelStatus.DELIVERY_ATTEMPTED,
    ("failure", "lost"): ParcelStatus.LOST,
    ("return_to_sender", "received_at_origin_facility"): ParcelStatus.RETURNED,
}


def status_of(status: str, detail: str) -> ParcelStatus:
    """The canonical status; a word nobody has mapped yet is UNKNOWN, and its raw code is kept beside it."""
    return _BY_DETAIL.get((status, detail)) or _BY_STATUS.get(status, ParcelStatus.UNKNOWN)


def tracked(tracker: Mapping[str, Any]) -> Tracked:
    """A tracker with all its details. Raises AttributeError, KeyError, TypeError or ValueError on what is none."""
    number = tracker["tracking_code"]
    if not isinstance(number, str) or not number:
        raise ValueError("no tracking code")
    details = tracker.get("tracking_details") or []
    return Tracked(
        tracking_number=number,
        known=bool(details) or tracker["status"] not in ("unknown", "error"),
        events=tuple(_seen(detail, place) for place, detail in enumerate(details)),
    )


def latest(told: Tracked) -> tuple[bool, datetime]:
    """How late a snapshot's last news is; one that knows nothing comes before all."""
    return told.known, max((seen.at for seen in told.events if seen.at), default=datetime.min.replace(tzinfo=UTC))


def _seen(detail: Mapping[str, Any], sequence: int) -> TrackingSeen:
    status, more = str(detail["status"]), str(detail.get("status_detail") or "")
    told = str(detail["datetime"] or "")
    return TrackingSeen(
        status=status_of(status, more),
        raw_code=str(detail.get("carrier_code") or f"{status}/{more}"),
        text=str(detail.get("description") or detail.get("message") or ""),
        local_time=told,
        at=_instant(told),
        place=_place(detail.get("tracking_location")),
        sequence=sequence,
    )


def _instant(told: str) -> datetime | None:
    """UTC where the time says its zone. EasyPost stamps local times as UTC for some carriers, as its docs say."""
    try:
        at = datetime.fromisoformat(told.replace("Z", "+00:00"))
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):  # the text is kept beside it
        return None


def _place(location: Mapping[str, Any] | None) -> str | None:
    if not location:
        return None
    return ", ".join(str(part) for part in (location.get("city"), location.get("state")) if part) or None
