"""Exceptions: the write side, and the list that staff work through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from core.reconciliation.model import ExceptionKind, ExceptionState, ReconciliationException
from core.shared.ids import ExceptionId, OrderId, PaymentId
from core.shared.money import Money
from ports.paging import Page, PageRequest


class ExceptionRepository(Protocol):
    """Exceptions of the bound store."""

    def raise_(self, exception: ReconciliationException) -> bool:
        """Keep an exception. False when there is one of the same kind and references: then nothing is written."""
        ...

    def of_fact(self, exception: ReconciliationException) -> ReconciliationException:
        """The one of the same kind and references that is kept, locked. Raises NotFound."""
        ...

    def open_of_payment(self, payment_id: PaymentId) -> Sequence[ReconciliationException]:
        """The payment's open exceptions, locked, oldest first."""
        ...

    def get(self, exception_id: ExceptionId, *, lock: bool = False) -> ReconciliationException:
        """Raises NotFound."""
        ...

    def save(self, exception: ReconciliationException) -> None:
        """Raises WriteConflict when the version is stale."""
        ...


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception in a list or on its page."""

    id: ExceptionId
    kind: ExceptionKind
    state: ExceptionState
    left_reference: str
    right_reference: str
    amount: Money
    payment_id: PaymentId | None
    order_id: OrderId | None
    order_number: int | None
    details: Mapping[str, Any]
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    version: int


class ExceptionQueries(Protocol):
    def list(self, state: ExceptionState | None, page: PageRequest) -> Page[ExceptionRow]:
        """Newest first, by keyset."""
        ...

    def get(self, exception_id: ExceptionId) -> ExceptionRow:
        """Raises NotFound."""
        ...
