"""What happens to the comparison of money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event
from core.shared.ids import PaymentAccountId


@dataclass(frozen=True, slots=True)
class ReconciliationRequested(Event):
    """Somebody, or word from the provider, wants the account's settlements compared now; `trigger` says which. With
    `dry_run` only to say what would happen."""

    name: ClassVar[str] = "reconciliation.run_requested.v1"
    aggregate: ClassVar[str] = "payment_account"

    account_id: PaymentAccountId
    trigger: str
    dry_run: bool = False
