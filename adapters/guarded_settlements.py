"""A settlement source as the rest of the program gets it: refused in transactions, with failpoints around each call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from adapters import guard
from ports.settlements import DisputeSeen, PayoutSeen, SettlementLine, SettlementPage, SettlementSource

T = TypeVar("T")


class GuardedSettlements:
    """A source that refuses to be called inside a transaction and passes a failpoint before and after each call."""

    def __init__(self, source: SettlementSource) -> None:
        self._source = source

    @staticmethod
    def _call(name: str, call: Callable[[], SettlementPage[T]]) -> SettlementPage[T]:
        guard.outside(f"settlements.{name}")
        guard.reached(f"settlements.{name}.before")
        page = call()
        guard.reached(f"settlements.{name}.after")
        return page

    def payouts(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[PayoutSeen]:
        return self._call("payouts", lambda: self._source.payouts(since, cursor, limit))

    def payout(self, reference: str) -> SettlementPage[PayoutSeen]:
        return self._call("payout", lambda: self._source.payout(reference))

    def lines(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        return self._call("lines", lambda: self._source.lines(since, cursor, limit))

    def payout_lines(self, reference: str, cursor: str | None, limit: int) -> SettlementPage[SettlementLine]:
        return self._call("payout_lines", lambda: self._source.payout_lines(reference, cursor, limit))

    def disputes(self, since: datetime, cursor: str | None, limit: int) -> SettlementPage[DisputeSeen]:
        return self._call("disputes", lambda: self._source.disputes(since, cursor, limit))
