"""Pictures on PostgreSQL: what is known of a blob that a store shows."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.reading import Reader
from adapters.postgres.session import Session
from adapters.postgres.tables.media import media
from core.media.model import Picture
from core.shared.errors import NotFound
from core.shared.ids import MediaId
from ports.media import PreparedPicture

_BY_HASH = sa.select(media).where(media.c.sha256 == sa.bindparam("hash"))


def to_picture(row: sa.RowMapping) -> Picture:
    kept = ("sha256", "content_type", "width", "height", "size_bytes", "created_at")
    return Picture(id=MediaId(row["id"]), **{name: row[name] for name in kept})


class PostgresMedia:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, sha256: str, prepared: PreparedPicture) -> Picture:
        session = self._session
        statement = insert(media).values(
            id=session.ids.new(),
            store_id=session.store_id,
            sha256=sha256,
            content_type=prepared.content_type,
            width=prepared.width,
            height=prepared.height,
            size_bytes=len(prepared.content),
            created_at=session.now(),
        )
        session.write(statement.on_conflict_do_nothing(index_elements=[media.c.store_id, media.c.sha256]))
        row = session.row(_BY_HASH, {"hash": sha256})
        if row is None:
            raise NotFound("The picture was removed meanwhile.")
        return to_picture(row)


class PostgresMediaQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def by_hash(self, sha256: str) -> Picture:
        row = self._reader.row(_BY_HASH, {"hash": sha256})
        if row is None:
            raise NotFound("There is no such picture.")
        return to_picture(row)
