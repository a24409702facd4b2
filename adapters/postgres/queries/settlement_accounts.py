"""Accounts whose night has come, in any store: ids only, read as the platform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from ports.deadlines import Due

# The store's last three o'clock in the morning; a provider that is recorded by hand tells nothing.
_DUE = sa.text("""
SELECT a.store_id, a.id FROM payment_accounts a JOIN stores s ON s.id = a.store_id
CROSS JOIN LATERAL (SELECT (date_trunc('day', (CAST(:now AS timestamptz) AT TIME ZONE s.time_zone)
    - interval '3 hours') + interval '3 hours') AT TIME ZONE s.time_zone AS since) night
WHERE a.enabled AND a.provider <> 'manual' AND NOT EXISTS (
    SELECT 1 FROM reconciliation_runs r
    WHERE r.store_id = a.store_id AND r.account_id = a.id AND r.started_at >= night.since AND NOT r.dry_run
      AND r.state <> 'failed')
ORDER BY a.id LIMIT :at_most
""")


class PostgresSettlementAccounts:
    """Runs as the platform role."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def to_reconcile(self, now: datetime, limit: int) -> Sequence[Due]:
        with self._engine.connect() as connection:
            rows = connection.execute(_DUE, {"now": now, "at_most": limit}).mappings().all()
        return [Due(row["store_id"], row["id"]) for row in rows]
