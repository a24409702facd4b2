"""Runs migrations on the connection that `adapters.postgres.migrate` opened; there is no other way in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from adapters.postgres.migrate import comparison_options
from adapters.postgres.tables import load_all


def run() -> None:
    connection: sa.Connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=load_all(),
        transaction_per_migration=True,
        **comparison_options(),
    )
    with context.begin_transaction():
        # A migration that can't get its lock gives up, instead of stopping every query queued behind it.
        connection.exec_driver_sql("SET lock_timeout = '10s'")
        context.run_migrations()


run()
