"""When the janitor asks a provider about a payment next."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.payments.lifecycle import PaymentState

FIRST_CHECK = timedelta(minutes=1)  # after a request went out
_LAPSES = timedelta(days=1)
_LONGEST_SECONDS = 3600
OPEN_STATES = frozenset({PaymentState.CREATED, PaymentState.AWAITING, PaymentState.DECLINED})


def next_check(checks: int, now: datetime) -> datetime:
    """After `checks` times without an answer that settles it: soon at first, then ever more rarely."""
    return now + timedelta(seconds=min(_LONGEST_SECONDS, 30 * 2 ** min(checks, 7)))


def lapse_check(state: PaymentState, now: datetime) -> datetime | None:
    """An authorisation is looked at once a day, because it lapses at the provider by itself and word of that may get
    lost; nothing else that has come to rest is."""
    return now + _LAPSES if state is PaymentState.AUTHORISED else None
