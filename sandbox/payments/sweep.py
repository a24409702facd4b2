"""What falls due: Pix codes and authorisations that lapse, Pix refunds that arrive."""

from __future__ import annotations

from sandbox.payments import intents, refunds
from sandbox.payments.store import Call, Store, business_time


def account_now(call: Call) -> None:
    """Settle what is due in the caller's account before it looks, so that it never sees a stale state."""
    for _, intent_id in intents.due(call.books, call.now, call.account):
        intents.load(call, intent_id)
    for _, refund_id in refunds.due(call.books, call.now, call.account):
        refunds.settle(call, refund_id)


def everything(store: Store) -> int:
    """Settle what is due everywhere, each in a transaction of its own; returns how many there were."""
    with store.transaction() as books:
        now = business_time(books)
        lapsing, arriving = intents.due(books, now), refunds.due(books, now)
    for account, intent_id in lapsing:
        with store.call(account) as call:
            intents.load(call, intent_id)
    for account, refund_id in arriving:
        with store.call(account) as call:
            refunds.settle(call, refund_id)
    return len(lapsing) + len(arriving)
