"""Where a parcel is, in words: a sentence for each canonical status."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from core.logistics.tracking import ParcelStatus

PARCELS: Mapping[ParcelStatus, LazyString] = {
    ParcelStatus.UNKNOWN: _l("Nothing is known of the parcel yet"),
    ParcelStatus.LABEL_CREATED: _l("The carrier expects the parcel"),
    ParcelStatus.ACCEPTED: _l("The carrier has the parcel"),
    ParcelStatus.IN_TRANSIT: _l("The parcel is on its way"),
    ParcelStatus.CUSTOMS_HOLD: _l("The parcel is at customs"),
    ParcelStatus.OUT_FOR_DELIVERY: _l("The parcel is out for delivery"),
    ParcelStatus.AVAILABLE_FOR_PICKUP: _l("The parcel waits to be picked up"),
    ParcelStatus.DELIVERY_ATTEMPTED: _l("Nobody was met to take the parcel"),
    ParcelStatus.DELAYED: _l("The parcel is late"),
    ParcelStatus.EXCEPTION: _l("Something is wrong with the parcel"),
    ParcelStatus.RETURNING: _l("The parcel is on its way back"),
    ParcelStatus.RETURNED: _l("The parcel came back"),
    ParcelStatus.DELIVERED: _l("The parcel was delivered"),
    ParcelStatus.LOST: _l("The parcel is lost"),
    ParcelStatus.CANCELLED: _l("The parcel was cancelled"),
}


def parcel_status(status: str) -> str:
    """The sentence of a canonical status by its wire name; one of a later version shows its own."""
    words = {str(known): word for known, word in PARCELS.items()}
    return str(words.get(status, status))
