"""Transactions on PostgreSQL: the store bound for row-level security, and one commit for rows, outbox, deliveries,
timeline, activity and the answer to a repeat."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters import guard
from adapters.postgres import idempotency, journal
from adapters.postgres.batches import PostgresBatches
from adapters.postgres.carrier_answers import PostgresCarrierAnswers
from adapters.postgres.cart import PostgresCarts
from adapters.postgres.catalog import PostgresProducts
from adapters.postgres.identity import PostgresKeys, PostgresShoppers
from adapters.postgres.imports import PostgresImports
from adapters.postgres.inventory import PostgresStock
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.ledger_audit import PostgresLedgerAudit
from adapters.postgres.ledger_days import PostgresLedgerDays
from adapters.postgres.ledger_facts import PostgresLedgerFacts
from adapters.postgres.ledger_seals import Seals
from adapters.postgres.logistics import PostgresFulfilments
from adapters.postgres.logistics_accounts import PostgresCarrierAccounts
from adapters.postgres.logistics_shipments import PostgresShipments
from adapters.postgres.logistics_tracking import PostgresTracking
from adapters.postgres.media import PostgresMedia
from adapters.postgres.messages import PostgresDeliveries, PostgresMessages
from adapters.postgres.orders import PostgresOrders
from adapters.postgres.payments import PostgresPayments
from adapters.postgres.reading import BIND_STORE
from adapters.postgres.reconciliation import PostgresExceptions
from adapters.postgres.session import Session
from adapters.postgres.settlements import PostgresSettlements
from adapters.postgres.stores import PostgresStores
from core.shared.calls import Run
from core.shared.context import CallContext
from core.shared.events import Event
from ports.clock import Clock
from ports.ids import Ids


class PostgresTransaction:
    """The write side of every context over one session; repositories are made when first asked for."""

    def __init__(self, session: Session, seals: Seals) -> None:
        self.session = session
        self._seals = seals

    @cached_property
    def stores(self) -> PostgresStores:
        return PostgresStores(self.session)

    @cached_property
    def keys(self) -> PostgresKeys:
        return PostgresKeys(self.session)

    @cached_property
    def products(self) -> PostgresProducts:
        return PostgresProducts(self.session)

    @cached_property
    def media(self) -> PostgresMedia:
        return PostgresMedia(self.session)

    @cached_property
    def stock(self) -> PostgresStock:
        return PostgresStock(self.session)

    @cached_property
    def imports(self) -> PostgresImports:
        return PostgresImports(self.session)

    @cached_property
    def carts(self) -> PostgresCarts:
        return PostgresCarts(self.session)

    @cached_property
    def carrier_answers(self) -> PostgresCarrierAnswers:
        return PostgresCarrierAnswers(self.session)

    @cached_property
    def payments(self) -> PostgresPayments:
        return PostgresPayments(self.session)

    @cached_property
    def orders(self) -> PostgresOrders:
        return PostgresOrders(self.session)

    @cached_property
    def fulfilments(self) -> PostgresFulfilments:
        return PostgresFulfilments(self.session)

    @cached_property
    def shipments(self) -> PostgresShipments:
        return PostgresShipments(self.session)

    @cached_property
    def tracking(self) -> PostgresTracking:
        return PostgresTracking(self.session)

    @cached_property
    def batches(self) -> PostgresBatches:
        return PostgresBatches(self.session)

    @cached_property
    def carrier_accounts(self) -> PostgresCarrierAccounts:
        return PostgresCarrierAccounts(self.session)

    @cached_property
    def exceptions(self) -> PostgresExceptions:
        return PostgresExceptions(self.session)

    @cached_property
    def settlements(self) -> PostgresSettlements:
        return PostgresSettlements(self.session)

    @cached_property
    def messages(self) -> PostgresMessages:
        return PostgresMessages(self.session)

    @cached_property
    def deliveries(self) -> PostgresDeliveries:
        return PostgresDeliveries(self.session)

    @cached_property
    def shoppers(self) -> PostgresShoppers:
        return PostgresShoppers(self.session)

    @cached_property
    def ledger(self) -> PostgresLedger:
        return PostgresLedger(self.session, self._seals)

    @cached_property
    def ledger_facts(self) -> PostgresLedgerFacts:
        return PostgresLedgerFacts(self.session)

    @cached_property
    def ledger_days(self) -> PostgresLedgerDays:
        return PostgresLedgerDays(self.session, self._seals)

    @cached_property
    def ledger_audit(self) -> PostgresLedgerAudit:
        return PostgresLedgerAudit(self.session, self._seals)

    def emit(self, event: Event, aggregate_id: UUID, version: int) -> None:
        self.session.emit([event], aggregate_id, version)

    def note(self, subject_kind: str, subject_id: UUID, name: str, payload: dict[str, Any]) -> None:
        self.session.wrote = True
        self.session.notes.append(
            {"subject_kind": subject_kind, "subject_id": subject_id, "name": name, "payload": payload}
        )

    def finish(self) -> None:
        self.session.finishes_delivery = True

    def answer(self, **ids: str) -> None:
        self.session.answer = ids


class PostgresUnitOfWork:
    """Opens transactions of one call. Row-level security sees the call's store; nothing else is reachable."""

    def __init__(
        self,
        engine: sa.Engine,
        context: CallContext,
        run: Run,
        *,
        clock: Clock,
        ids: Ids,
        subscriptions: Mapping[str, tuple[str, ...]],
        seals: Seals,
    ) -> None:
        self._engine = engine
        self._context = context
        self._run = run
        self._clock = clock
        self._ids = ids
        self._subscriptions = subscriptions
        self._seals = seals

    @contextmanager
    def __call__(self) -> Iterator[PostgresTransaction]:
        with guard.transaction(), self._engine.connect() as connection, connection.begin() as transaction:
            if self._context.store_id is None:
                raise LookupError("a unit of work needs a store; what has none runs on the platform's")
            connection.execute(BIND_STORE, {"store_id": str(self._context.store_id)})
            session = Session(connection, self._context, self._clock, self._ids)
            claimed_until = None
            if self._context.repeatable is not None:
                claimed_until = idempotency.claim(session, self._run.claimed_until)
            yield PostgresTransaction(session, self._seals)
            journal.write(session, self._run, self._subscriptions)
            if session.answer is not None and claimed_until is not None:
                idempotency.store(session, session.answer, claimed_until)
            for statement, parameters in session.last:
                connection.execute(statement, parameters)
            guard.reached(f"{self._run.action}.commit")
            transaction.commit()
            self._run.claimed_until = claimed_until if session.answer is None else None
        guard.reached(f"{self._run.action}.committed")
