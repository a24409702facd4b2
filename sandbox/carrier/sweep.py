"""What falls due: scans of parcels, answers to refunds."""

from __future__ import annotations

from sandbox.carrier import shipments, trackers
from sandbox.carrier.store import Call, Store, business_time


def account_now(call: Call) -> None:
    """Let happen what is due in the caller's account before it looks, so that it never sees a stale state."""
    for _, tracker in trackers.due(call.books, call.now, call.account):
        trackers.live(call, tracker)


def everything(store: Store) -> int:
    """Let happen what is due everywhere, each in a transaction of its own; returns how many there were."""
    with store.transaction() as books:
        now = business_time(books)
        moving, settling = trackers.due(books, now), shipments.refunds_due(books, now)
    for account, tracker in moving:
        with store.call(account) as call:
            trackers.live(call, tracker)
    for account, shipment in settling:
        with store.call(account) as call:
            shipments.settle_refund(call, shipment, granted=True)
    return len(moving) + len(settling)
