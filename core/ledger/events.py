"""What happens to the books. Entries are no events: they are the record themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event


@dataclass(frozen=True, slots=True)
class BackfillRequested(Event):
    """Facts from before the ledger wait to be posted, those after the payment operation `after` (None: all)."""

    name: ClassVar[str] = "ledger.backfill_requested.v1"
    aggregate: ClassVar[str] = "ledger"

    after: str | None
