"""When a carrier is asked next about a parcel: by status, by how long it has been silent, and not all at once."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from core.logistics.tracking import ParcelStatus
from core.shared.ids import ParcelId

_S = ParcelStatus
_EIGHT_HOURS = timedelta(hours=8)

# Carriers' quotas decide, not our database: webhooks come first, and a poll is for what stays silent.
INTERVALS = {
    _S.LABEL_CREATED: timedelta(hours=6),
    _S.ACCEPTED: timedelta(hours=4),
    _S.IN_TRANSIT: timedelta(hours=4),
    _S.OUT_FOR_DELIVERY: timedelta(hours=1),
}
SILENT = timedelta(days=30)
DAILY = timedelta(days=1)
SECOND_LOOK = timedelta(days=3)  # after the end, for corrections
GIVE_UP = timedelta(days=120)
NOT_YET_KNOWN = timedelta(hours=72)  # a carrier that has not heard of a new number is nothing unusual
_FIRST = timedelta(minutes=30)
_NOT_KNOWN_AT_MOST = timedelta(hours=6)


def next_poll(
    parcel_id: ParcelId,
    status: ParcelStatus,
    now: datetime,
    *,
    tracked_since: datetime,
    last_news_at: datetime | None,
    ended_at: datetime | None,
    polls: int,
) -> datetime | None:
    """When to ask again; None for never.

    :param last_news_at: when the carrier last told something new, None for never yet
    :param ended_at: when the parcel's life ended, None while it has not
    :param polls: how often it was asked so far; spreads parcels that were sent together
    """
    if ended_at is not None:
        look = ended_at + SECOND_LOOK
        return look if look > now else None
    silent = now - (last_news_at or tracked_since)
    if silent >= GIVE_UP:
        return None
    if last_news_at is None and status is _S.UNKNOWN and now - tracked_since < NOT_YET_KNOWN:
        wait = min(_NOT_KNOWN_AT_MOST, _FIRST * 2 ** min(polls, 4))
    else:
        wait = _patience(silent) * INTERVALS.get(status, _EIGHT_HOURS)
    if silent >= SILENT:
        wait = DAILY
    seconds: float = wait.total_seconds() * _jitter(parcel_id, polls)
    return now + timedelta(seconds=seconds)


def _patience(silent: timedelta) -> int:
    """What is silent for long is asked about more rarely: factor 1, 2 and 4 after one and three weeks."""
    if silent < timedelta(days=7):
        return 1
    return 2 if silent < timedelta(days=21) else 4


def _jitter(parcel_id: ParcelId, polls: int) -> float:
    """Between 0.8 and 1.2, the same for the same question."""
    digest = hashlib.sha256(f"{parcel_id}|{polls}".encode()).digest()
    return 0.8 + 0.4 * int.from_bytes(digest[:4], "big") / 2**32
