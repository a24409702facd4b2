"""Transactions as use cases see them: `with uow() as tx:` commits on a clean exit, rolls back on an exception.

`tx` holds the write side of every context, bound to the call's store. `save()` on a repository checks the version,
drains the aggregate's events into the outbox and tells the activity log what changed; all of it is one commit.
No gateway, carrier or mailer may be called while a transaction is open.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol
from uuid import UUID

from core.shared.events import Event
from ports.batches import BatchRepository
from ports.carrier_answers import CarrierAnswerRepository
from ports.cart import CartRepository
from ports.catalog import ProductRepository
from ports.identity import KeyRepository, ShopperRepository
from ports.imports import ImportRepository
from ports.inventory import StockRepository
from ports.ledger import Ledger, LedgerAudit, LedgerDays, LedgerFacts
from ports.logistics import (
    CarrierAccountRepository,
    FulfilmentRepository,
    ShipmentRepository,
    TrackingRepository,
)
from ports.media import MediaRepository
from ports.messages import DeliveryRepository, MessageRepository
from ports.orders import OrderRepository
from ports.payments import PaymentRepository
from ports.reconciliation import ExceptionRepository
from ports.settlement_books import SettlementBooks
from ports.stores import StoreRepository


class Transaction(Protocol):
    """One transaction of one store."""

    @property
    def stores(self) -> StoreRepository: ...
    @property
    def keys(self) -> KeyRepository: ...
    @property
    def products(self) -> ProductRepository: ...
    @property
    def media(self) -> MediaRepository: ...
    @property
    def stock(self) -> StockRepository: ...
    @property
    def imports(self) -> ImportRepository: ...
    @property
    def carts(self) -> CartRepository: ...
    @property
    def carrier_answers(self) -> CarrierAnswerRepository: ...
    @property
    def payments(self) -> PaymentRepository: ...
    @property
    def orders(self) -> OrderRepository: ...
    @property
    def fulfilments(self) -> FulfilmentRepository: ...
    @property
    def shipments(self) -> ShipmentRepository: ...
    @property
    def tracking(self) -> TrackingRepository: ...
    @property
    def batches(self) -> BatchRepository: ...
    @property
    def carrier_accounts(self) -> CarrierAccountRepository: ...
    @property
    def exceptions(self) -> ExceptionRepository: ...
    @property
    def settlements(self) -> SettlementBooks: ...
    @property
    def messages(self) -> MessageRepository: ...
    @property
    def deliveries(self) -> DeliveryRepository: ...
    @property
    def shoppers(self) -> ShopperRepository: ...

    @property
    def ledger(self) -> Ledger: ...
    @property
    def ledger_facts(self) -> LedgerFacts: ...
    @property
    def ledger_days(self) -> LedgerDays: ...
    @property
    def ledger_audit(self) -> LedgerAudit: ...

    def emit(self, event: Event, aggregate_id: UUID, version: int) -> None:
        """Write an event that no aggregate's `save()` drains (a webhook received, an import confirmed)."""
        ...

    def note(self, subject_kind: str, subject_id: UUID, name: str, payload: dict[str, Any]) -> None:
        """Write a line of the subject's timeline that is no domain event: a comment by staff."""
        ...

    def finish(self) -> None:
        """This is the last transaction of the work: the delivery that a job works on is done with this commit.

        Call it in the last transaction of a subscriber's use case. Without a delivery it does nothing; when the
        lease was lost meanwhile the commit is refused with LeaseLost, so the effect stays single.
        """
        ...

    def answer(self, **ids: str) -> None:
        """Store what a repeat of this request is to be answered with: ids only, never secrets.

        Call it in the last transaction of a use case that moves money, stock or orders.
        """
        ...


class UnitOfWork(Protocol):
    """Opens transactions for the store of the call. Nested transactions are refused."""

    def __call__(self) -> AbstractContextManager[Transaction]: ...
