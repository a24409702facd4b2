"""A store on a database of its own, a clock that is moved by hand, and eyes on every row."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import sqlalchemy as sa
from dramatiq import Worker
from dramatiq.brokers.stub import StubBroker
from psycopg.rows import dict_row

from adapters.postgres.delivery_queue import PostgresDeliveryQueue
from adapters.postgres.schedule import PostgresScheduleTable
from adapters.provisioning import DatabaseAddresses
from adapters.settings import Settings
from adapters.wiring import Wired, wire
from core.messages.deliveries import LEASE_SECONDS
from core.shared.context import CallContext, Job
from core.shared.ids import StoreId
from core.stores.use_cases.create_store import CreateStore, create_store
from jobs.actors import declare
from jobs.leases import Leases
from jobs.relay import Relay
from jobs.transport import make_broker
from tests.jobs.probes import PROBES, Probe, Probed, probe, subscribe, unsubscribe


@dataclass
class HandClock:
    """Time that moves only when told, by both readings."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.at

    def wall(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def environment(database: DatabaseAddresses, data: Path) -> dict[str, str]:
    """The settings of a process under test."""
    key = base64.b64encode(b"k" * 32).decode()
    return {
        "ECOMMERCE_ENV": "test",
        "PUBLIC_URL": "http://127.0.0.1:1",
        "STOREFRONT_URL": "http://shop.example",
        "DATABASE_URL": database.app_url,
        "DATABASE_PLATFORM_URL": database.platform_url,
        "DATA_DIR": str(data),
        "SECRET_KEY": "s" * 32,
        "SECRET_BOX_KEYS": key,
        "JWT_SIGNING_KEYS": key,
    }


class Bench:
    """What a test of the background process needs. `owner` sees every store's rows."""

    def __init__(self, database: DatabaseAddresses, data: Path) -> None:
        subscribe()
        self.database = database
        self.environment = environment(database, data)
        self.settings = Settings.from_environment(self.environment)
        self.clock = HandClock()
        self.wired: Wired = wire(self.settings, clock=self.clock)
        self.app = self.wired.app
        self.queue = PostgresDeliveryQueue(self.wired.engines.platform, self.clock)
        self.schedule = PostgresScheduleTable(self.wired.engines.platform, self.clock)
        self.owner = psycopg.connect(database.owner_url, autocommit=True, row_factory=dict_row)
        outside = CallContext(None, Job("tests"), "req-tests")
        self.store_id: StoreId = self.app.run(
            create_store, CreateStore("Casa Ipê", f"casa-{uuid4().hex[:8]}", "loja@casaipe.example"), outside
        )
        self.context = CallContext(self.store_id, Job("tests"), "req-42", locale="pt-BR")

    def close(self) -> None:
        unsubscribe()
        self.queue.close()
        self.owner.close()
        self.wired.engines.dispose()

    def emit(self, behaviour: str, path: str = "") -> UUID:
        """Write a probe's event; the subject, under which its marks are found."""
        subject = uuid4()
        self.app.run(probe, Probe(Probed(subject, behaviour, path)), self.context)
        return subject

    def emit_persistently(self, behaviour: str) -> UUID:
        """As `emit`, by somebody whose pooled connections may all be broken."""
        for _ in range(self.settings.web_threads + 1):
            try:
                return self.emit(behaviour)
            except sa.exc.DBAPIError:
                continue
        return self.emit(behaviour)

    @property
    def database_name(self) -> str:
        return self.owner.info.dbname

    def superuser(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.database.superuser_url, autocommit=True)

    @staticmethod
    def until(happened: Callable[[], bool], seconds: float = 20) -> None:
        """Wait until `happened()`; fails when it does not within `seconds`."""
        deadline = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.02)

    def delivery(self, subject: UUID) -> Mapping[str, Any]:
        row = self.owner.execute("SELECT * FROM deliveries WHERE payload->>'subject' = %s", [str(subject)]).fetchone()
        assert row is not None
        return row

    def marks(self, subject: UUID) -> int:
        row = self.owner.execute(
            "SELECT count(*) AS n FROM timeline WHERE subject_kind = 'probe' AND subject_id = %s", [subject]
        ).fetchone()
        assert row is not None
        return int(row["n"])

    def leases(self, capacity: int = 8) -> Leases:
        return Leases(self.queue, capacity)

    def relay(self, broker: StubBroker, leases: Leases) -> Relay:
        """A relay whose actors are the probes, on `broker`."""
        actors = declare(broker, self.app, self.queue, leases, PROBES)
        return Relay(self.queue, actors, seconds=LEASE_SECONDS, leases=leases)

    @contextmanager
    def working(self, threads: int = 2) -> Iterator[Settled]:
        """A relay with workers, stepped by hand."""
        broker = make_broker(None)
        assert isinstance(broker, StubBroker)
        relay = self.relay(broker, self.leases())
        worker = Worker(broker, worker_threads=threads, worker_timeout=20)
        worker.start()
        try:
            yield Settled(relay, broker, worker)
        finally:
            worker.stop()
            broker.close()


class Settled(Relay):
    """A relay whose step returns when the work it published is done."""

    def __init__(self, relay: Relay, broker: StubBroker, worker: Worker) -> None:
        self.__dict__.update(relay.__dict__)
        self._broker = broker
        self._worker = worker

    def step(self) -> int:
        count = super().step()
        for queue in list(self._broker.queues):
            self._broker.join(queue, timeout=20_000)
        self._worker.join()
        return count
