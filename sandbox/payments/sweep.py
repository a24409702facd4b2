"""What falls due: codes, vouchers and authorisations that lapse, money that arrives, and the daily payouts."""

from __future__ import annotations

from sandbox.payments import intents, payouts, refunds, vouchers
from sandbox.payments.store import Call, Store, business_time


def account_now(call: Call) -> None:
    """Settle what is due in the caller's account before it looks, so that it never sees a stale state."""
    paying_out = payouts.anything_due(call)
    if paying_out:
        payouts.alone(call)
    for _, intent_id in vouchers.due(call.books, call.now, call.account):
        vouchers.hear_due(call, intent_id)
    for _, intent_id in intents.due(call.books, call.now, call.account):
        intents.load(call, intent_id)
    for _, refund_id in refunds.due(call.books, call.now, call.account):
        refunds.settle(call, refund_id)
    while paying_out:
        for _, payout_id in payouts.due(call.books, call.now, call.account):
            payouts.advance(call, payout_id)
        paying_out = payouts.run(call)


def everything(store: Store) -> int:
    """Settle what is due everywhere, each in a transaction of its own; returns how many there were."""
    return _movements(store) + _paid_out(store)


def _movements(store: Store) -> int:
    """What moves money or lets it go, before anything is paid out of it."""
    with store.transaction() as books:
        now = business_time(books)
        heard, lapsing, arriving = vouchers.due(books, now), intents.due(books, now), refunds.due(books, now)
    for account, intent_id in heard:
        with store.call(account) as call:
            vouchers.hear_due(call, intent_id)
    for account, intent_id in lapsing:
        with store.call(account) as call:
            intents.load(call, intent_id)
    for account, refund_id in arriving:
        with store.call(account) as call:
            refunds.settle(call, refund_id)
    return len(heard) + len(lapsing) + len(arriving)


def _paid_out(store: Store) -> int:
    """The states of payouts that go on, and then one day's payout per account that is due: older ones come first."""
    with store.transaction() as books:
        now = business_time(books)
        accounts, going = payouts.accounts_due(books, now), payouts.due(books, now)
    for account, payout_id in going:
        with store.call(account) as call:
            payouts.advance(call, payout_id)
    done = len(going)
    for account in accounts:
        with store.call(account) as call:
            done += payouts.run(call)
    return done
