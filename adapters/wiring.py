"""The composition root: settings in, application out. The only importer of concrete adapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from adapters.blobs import DiskBlobs
from adapters.clock import MovableClock, SystemClock
from adapters.ids import RandomIds
from adapters.observing import LogObserver
from adapters.postgres.engine import make_engine
from adapters.postgres.idempotency import PostgresIdempotency
from adapters.postgres.platform import read_clock_offset
from adapters.postgres.queries.permissions import PostgresPermissions
from adapters.postgres.reading import Reader
from adapters.postgres.stores import PostgresStoreQueries
from adapters.postgres.unit_of_work import PostgresUnitOfWork
from adapters.registry import Gateways
from adapters.secret_box import FernetBox
from adapters.settings import Settings
from core.application import App, BoundPort, Run
from core.shared.context import CallContext
from core.subscriptions import SUBSCRIPTIONS


@dataclass(frozen=True, slots=True)
class Engines:
    """One pool per database role."""

    app: sa.Engine
    platform: sa.Engine

    def dispose(self) -> None:
        self.app.dispose()
        self.platform.dispose()
