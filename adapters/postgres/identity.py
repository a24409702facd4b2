"""The identity context on PostgreSQL."""

from __future__ import annotations

from adapters.postgres.session import Session


class PostgresShoppers:
    def __init__(self, session: Session) -> None:
        self._session = session


class PostgresKeys:
    def __init__(self, session: Session) -> None:
        self._session = session
