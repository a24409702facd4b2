"""Operations of a payment: requests to the provider, and facts found there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.payments.lifecycle import LIVE_OPERATIONS, Operation, OperationState
from core.shared.ids import OperationId
from core.shared.money import Money

OBSERVED = "observed:"  # how the key of an operation begins that nobody here asked for
_UNSETTLED = (OperationState.REQUESTED, OperationState.PENDING, OperationState.UNKNOWN)


@dataclass(slots=True)
class PaymentOperation:
    """One request to the provider, or one fact found there. `key` is unique per payment and kind."""

    id: OperationId
    kind: Operation
    state: OperationState
    amount: Money
    key: str
    requested_at: datetime
    provider_reference: str | None = None
    error_code: str | None = None
    finished_at: datetime | None = None
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def unsettled(self) -> bool:
        return self.state in _UNSETTLED

    @property
    def live(self) -> bool:
        return self.state in LIVE_OPERATIONS

    @property
    def observed(self) -> bool:
        """A fact that the provider told, not a request of ours."""
        return self.key.startswith(OBSERVED)
