"""What is due, over all stores: ids for the schedule, which then works store by store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Due:
    """Something of some store that a schedule has to look at."""

    store_id: UUID
    id: UUID


class PaymentDeadlines(Protocol):
    """What is due, over all stores: runs as the platform, reads ids only."""

    def sessions_past_deadline(self, now: datetime, limit: int) -> Sequence[Due]: ...

    def payments_to_check(self, now: datetime, limit: int) -> Sequence[Due]: ...

    def orders_past_deadline(self, now: datetime, limit: int) -> Sequence[Due]: ...
