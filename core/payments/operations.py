"""Operations of a payment: requests to the provider, and facts found there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from core.payments.lifecycle import LIVE_OPERATIONS, Operation, OperationState
from core.shared.ids import OperationId
from core.shared.money import Money
from core.shared.text import fold

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

    @classmethod
    def received(cls, id_: OperationId, amount: Money, wish: str, reference: str, at: datetime) -> PaymentOperation:
        """Money that staff saw come in: under the bank's `reference` for it, or under the `wish` to record it."""
        told = reference.strip()
        key = _bank_key(told) if told else f"hand:{wish}"
        done = OperationState.SUCCEEDED
        operation = cls(id_, Operation.CAPTURE, done, amount, key, at, told or None, finished_at=at)
        operation.details = {"wish": wish}
        return operation

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


class Operations(list[PaymentOperation]):
    """All operations of one payment, oldest first, and what is asked about them together."""

    def one(self, operation_id: UUID) -> PaymentOperation:
        """The operation of that id; there has to be one."""
        return next(o for o in self if o.id == operation_id)

    def asked(self, kind: Operation, key: str) -> PaymentOperation | None:
        """What was asked for under `key`: the same wish is the same request."""
        return next((o for o in self if o.kind is kind and o.key == key), None)

    def in_flight(self, *kinds: Operation) -> PaymentOperation | None:
        """The first of `kinds`, or of any kind, whose outcome is not known yet."""
        return next((o for o in self if o.unsettled and (not kinds or o.kind in kinds)), None)

    def refused(self, kind: Operation) -> frozenset[OperationId]:
        """Those of a kind that came to nothing in the end."""
        return frozenset(o.id for o in self if o.kind is kind and o.state is OperationState.DECLINED)

    def next_key(self, kind: Operation, wish: str) -> str:
        """The key of the next try of `wish`: the same until that one was refused. Under a refused key a provider
        would repeat its refusal for ever."""
        return f"{wish}-{len(self.refused(kind)) + 1}"

    def refunding(self, currency: str) -> Money:
        """What live refunds amount to, ours and those made elsewhere: given back or being given back."""
        return Money.total((o.amount for o in self if o.kind is Operation.REFUND and o.live), currency)

    def refund_told(self, key: str | None, reference: str) -> PaymentOperation | None:
        """The refund that the provider means: by our operation's id as it was given along, or by its reference."""
        refunds = (o for o in self if o.kind is Operation.REFUND)
        return next((o for o in refunds if o.provider_reference == reference or str(o.id) == key), None)

    @property
    def cancel_reason(self) -> str | None:
        """Why the order was to be cancelled by the void that succeeded; None when none was asked for that."""
        done = (o for o in self if o.kind is Operation.VOID and o.state is OperationState.SUCCEEDED)
        return next((o.details["cancel_order"] for o in done if "cancel_order" in o.details), None)

    def received_as(self, wish: str) -> PaymentOperation | None:
        """What was recorded by hand under that name."""
        return next((o for o in self if o.details.get("wish") == wish), None)

    def received_for(self, reference: str) -> PaymentOperation | None:
        """What was recorded by hand with the bank's `reference`; None for an empty one."""
        return self.asked(Operation.CAPTURE, _bank_key(reference)) if reference.strip() else None


def _bank_key(reference: str) -> str:
    """Keys are unique per payment and kind, so the database holds a transfer to one recording."""
    return f"bank:{fold(reference)}"
