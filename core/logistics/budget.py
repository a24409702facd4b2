"""How often a carrier may be asked: a bucket of tokens per account, filled at a rate that gives way to refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.shared.ids import CarrierAccountId

MILLI = 1000
RESERVE = 0.2  # share of the day's requests that is kept for people who look
_RECOVERY = MILLI // 10  # a tenth of a request per second more after every run without a refusal


@dataclass(slots=True)
class Budget:
    """One token is one request. `rate` is per second and `tokens` are counted in thousandths.

    `paused_until`: the carrier asked to be left alone. Times are the wall's: a carrier knows no other.
    """

    account_id: CarrierAccountId
    most_rate: int
    burst: int
    per_day: int
    rate: int
    tokens: int
    refilled_at: datetime
    day: date
    used_today: int = 0
    paused_until: datetime | None = None

    @classmethod
    def full(cls, account_id: CarrierAccountId, per_second: int, burst: int, per_day: int, now: datetime) -> Budget:
        rate = per_second * MILLI
        return cls(account_id, rate, burst, per_day, rate, burst * MILLI, now, now.date())

    def take(self, wanted: int, now: datetime) -> int:
        """Take at most `wanted` requests at `now`; how many are granted."""
        if self.paused_until is not None and now < self.paused_until:
            return 0
        self._refill(now)
        left_today = int(self.per_day * (1 - RESERVE)) - self.used_today
        granted = max(0, min(wanted, self.tokens // MILLI, left_today))
        self.tokens -= granted * MILLI
        self.used_today += granted
        return granted

    def give_back(self, unused: int) -> None:
        """Of the requests granted, so many were not needed."""
        self.tokens += unused * MILLI
        self.used_today -= unused

    def also_used(self, requests: int) -> None:
        """A grant took so many requests more than was thought: they are missing from the next ones."""
        self.tokens -= requests * MILLI
        self.used_today += requests

    def _refill(self, now: datetime) -> None:
        passed = max(timedelta(0), now - self.refilled_at)
        self.tokens = min(self.burst * MILLI, self.tokens + int(passed.total_seconds() * self.rate))
        self.refilled_at = max(self.refilled_at, now)
        if now.date() > self.day:
            self.day, self.used_today = now.date(), 0

    def refused(self, retry_after: int, now: datetime) -> None:
        """The carrier says it is too much: leave it alone for `retry_after` seconds and go on at half the rate."""
        self.paused_until = now + timedelta(seconds=max(1, retry_after))
        self.rate = max(MILLI // 10, self.rate // 2)
        self.tokens = 0

    def recovered(self) -> None:
        """A run without a refusal: a little faster, up to what the account allows."""
        self.rate = min(self.most_rate, self.rate + _RECOVERY)
