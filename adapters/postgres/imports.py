"""The imports context on PostgreSQL."""

from __future__ import annotations

from adapters.postgres.session import Session


class PostgresImports:
    def __init__(self, session: Session) -> None:
        self._session = session
