"""What was explained lately is counted in an index: the workbench says how much of it a week brought.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_exceptions_explained"
            " ON reconciliation_exceptions (store_id, resolved_at) WHERE state = 'resolved'"
        )
