"""What is seen of a parcel, by whichever road it came: kept once, folded into a status, told to the order."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from core.logistics.events import CarrierWebhookReceived
from core.logistics.lifecycle import FulfilmentState
from core.logistics.tracking import TrackingEvent, TrackingSource, fold_events
from core.logistics.use_cases.locking import lock_parcel
from core.shared.ids import ParcelId
from ports.carriers import Tracked, TrackingSeen
from ports.unit_of_work import Transaction


def record_tracking(
    tx: Transaction, parcel_id: ParcelId, tracked: Tracked, source: TrackingSource, now: datetime
) -> bool:
    """Keep what a snapshot tells of a parcel and let its status and its order's follow. True when any of it was new.

    The status is made from everything that is known of the parcel's number, never from what came last.
    """
    fulfilment = lock_parcel(tx, parcel_id)
    parcel = fulfilment.parcel(parcel_id)
    new = tx.tracking.add_events(parcel_id, [_event(seen, source) for seen in tracked.events], now)
    changed = False
    if new:
        changed = fulfilment.observe(parcel_id, fold_events(tx.tracking.events(parcel_id, parcel.tracked_since)), now)
        parcel.last_news_at = now
    if source is TrackingSource.POLL:
        parcel.polls += 1
        parcel.answer_hash = answer_hash(tracked)
    if fulfilment.live:
        parcel.schedule_poll(now)
    tx.fulfilments.save(fulfilment)
    if changed and fulfilment.state is FulfilmentState.SHIPPED:
        tx.orders.refresh_axes(fulfilment.order_id)
    return bool(new)


def unpark(tx: Transaction, folded_number: str | None) -> None:
    """A parcel of that number is known now: what carriers told of it before is worked on again."""
    if folded_number is None:
        return
    for webhook_id, account_id in tx.tracking.parked(folded_number):
        tx.emit(CarrierWebhookReceived(webhook_id, account_id), webhook_id, 1)


def answer_hash(tracked: Tracked) -> str:
    """What tells whether a poll's answer says anything new: a carrier answers with the whole history each time."""
    told = [
        [seen.status, seen.raw_code, seen.local_time, seen.place, seen.event_id, seen.sequence]
        for seen in tracked.events
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _event(seen: TrackingSeen, source: TrackingSource) -> TrackingEvent:
    return TrackingEvent(
        status=seen.status,
        raw_code=seen.raw_code,
        text=seen.text,
        local_time=seen.local_time,
        at=seen.at,
        place=seen.place,
        event_id=seen.event_id,
        sequence=seen.sequence,
        source=source,
    )
