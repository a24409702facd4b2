"""The messages context on PostgreSQL."""

from __future__ import annotations

from adapters.postgres.session import Session


class PostgresMessages:
    def __init__(self, session: Session) -> None:
        self._session = session


class PostgresDeliveries:
    def __init__(self, session: Session) -> None:
        self._session = session
