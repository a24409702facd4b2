"""Tries to sign in on PostgreSQL: reached by platform transactions only."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.tables.identity import sign_in_tries as buckets
from core.identity.tries import ADDRESS_TRIES, PAIR_TRIES, Door, SignInTries, Tries

# More than a try can add, so the table holds little more than what counts now.
SWEPT = 20

# Writing a row that is there locks it, and one that isn't is made; both in one order, so that nobody deadlocks.
_ROWS = insert(buckets)
_TAKE = _ROWS.on_conflict_do_update(
    index_elements=[buckets.c.bucket], set_={"bucket": _ROWS.excluded.bucket}
).returning(buckets.c.bucket, buckets.c.failed, buckets.c.until)
_KEEP = _ROWS.on_conflict_do_update(
    index_elements=[buckets.c.bucket], set_={"failed": _ROWS.excluded.failed, "until": _ROWS.excluded.until}
)

_KNOWN = sa.select(buckets.c.until).where(buckets.c.bucket == sa.bindparam("known"))


def _sweep() -> sa.Delete:
    row: sa.ColumnElement[object] = sa.literal_column("sign_in_tries.ctid")
    forgotten = (
        sa.select(row)
        .select_from(buckets)
        .where(buckets.c.until < sa.bindparam("at"))
        .order_by(buckets.c.until)
        .limit(SWEPT)
        .with_for_update(skip_locked=True)
    )
    return sa.delete(buckets).where(row == sa.any_(sa.func.array(forgotten.scalar_subquery())))


_SWEEP = _sweep()


class PostgresSignInTries:
    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def at(self, door: Door, at: datetime) -> SignInTries:
        wanted = [{"bucket": bucket, "failed": 0, "until": at} for bucket in sorted((door.pair, door.client))]
        rows = self._connection.execute(_TAKE.values(wanted)).mappings().all()
        found = {bytes(row["bucket"]): row for row in rows}
        pair, client = found[door.pair], found[door.client]
        return SignInTries(
            pair=Tries(PAIR_TRIES, pair["failed"], pair["until"]),
            client=Tries(ADDRESS_TRIES, client["failed"], client["until"]),
            known_until=self._connection.scalar(_KNOWN, {"known": door.known}),
        )

    def save(self, door: Door, tries: SignInTries, at: datetime) -> None:
        rows = [
            (door.pair, tries.pair.failed, tries.pair.until),
            (door.client, tries.client.failed, tries.client.until),
        ]
        if tries.known_until is not None:
            rows.append((door.known, 0, tries.known_until))
        kept = [{"bucket": bucket, "failed": failed, "until": until} for bucket, failed, until in sorted(rows)]
        self._connection.execute(_KEEP.values(kept))
        self._connection.execute(_SWEEP, {"at": at})
