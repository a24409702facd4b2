"""The counter of journal numbers is sealed with the last entry, so that nobody takes entries off the end.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("counters", sa.Column("seal", postgresql.BYTEA(), nullable=True))
