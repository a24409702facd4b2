"""Connection pools: one per database role, opened on first use."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def make_engine(url: str, *, size: int, **options: Any) -> sa.Engine:
    """A pool of at most `size` connections. READ COMMITTED, UTC, statements end after 30 s, waits for locks after 10 s.

    The time-outs are given as start-up options, so they also hold behind a pooler that keeps no session state.
    """
    return sa.create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=False,
        connect_args={
            "options": "-c timezone=UTC -c statement_timeout=30000 -c lock_timeout=10000"
            " -c idle_in_transaction_session_timeout=60000",
            "application_name": "ecommerce",
        },
        **options,
    )
