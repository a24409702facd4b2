"""Transactions that no store bounds, as role `platform`: people of the back office, and the platform's clock.

What such a transaction changes in a store stands in that store's activity log, like everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property

import sqlalchemy as sa

from adapters import guard
from adapters.postgres import journal
from adapters.postgres.session import Session
from adapters.postgres.sign_in_tries import PostgresSignInTries
from adapters.postgres.staff import PostgresStaff
from adapters.postgres.store_maker import PostgresStoreMaker
from adapters.postgres.tables.platform import clock as clock_table
from core.shared.calls import Run
from core.shared.context import CallContext
from core.shared.ids import StoreId
from ports.clock import Clock
from ports.ids import Ids

_OFFSET = sa.select(clock_table.c.offset_seconds)


def read_clock_offset(engine: sa.Engine) -> int:
    """By how many seconds the business clock is ahead of the wall's."""
    with engine.connect() as connection:
        return int(connection.scalar(_OFFSET) or 0)


class PostgresPlatformTransaction:
    """What works without a store, over one connection."""

    def __init__(self, connection: sa.Connection, context: CallContext, clock: Clock, ids: Ids) -> None:
        self.connection = connection
        self.context = context
        self._clock = clock
        self._ids = ids
        self._logs: dict[StoreId, Session] = {}

    @cached_property
    def staff(self) -> PostgresStaff:
        return PostgresStaff(self)

    @cached_property
    def tries(self) -> PostgresSignInTries:
        return PostgresSignInTries(self.connection)

    @cached_property
    def stores(self) -> PostgresStoreMaker:
        return PostgresStoreMaker(self.connection)

    def log(self, store_id: StoreId, by: CallContext | None = None) -> Session:
        """The session in whose store a change is told; `by` names who did it, when that came out only now."""
        if store_id not in self._logs:
            context = replace(by or self.context, store_id=store_id)
            self._logs[store_id] = Session(self.connection, context, self._clock, self._ids)
        return self._logs[store_id]

    @property
    def logs(self) -> Sequence[Session]:
        return list(self._logs.values())


class PostgresPlatformUnitOfWork:
    """Opens transactions of one call that no store bounds."""

    def __init__(self, engine: sa.Engine, context: CallContext, run: Run, *, clock: Clock, ids: Ids) -> None:
        self._engine = engine
        self._context = context
        self._run = run
        self._clock = clock
        self._ids = ids

    @contextmanager
    def __call__(self) -> Iterator[PostgresPlatformTransaction]:
        with guard.transaction(), self._engine.begin() as connection:
            transaction = PostgresPlatformTransaction(connection, self._context, self._clock, self._ids)
            yield transaction
            for session in transaction.logs:
                journal.write(session, Run(self._run.action, self._run.leaves_activity), {})
