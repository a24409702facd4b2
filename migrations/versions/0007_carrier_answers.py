"""What carriers answer about prices at the checkout, and whether a store offers them.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("stores", sa.Column("carrier_rates", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("stores", sa.Column("box", postgresql.JSONB(none_as_null=True), nullable=True))
    op.create_table(
        "carrier_answers",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed", sa.Text(), nullable=True),
        sa.Column("prices", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("refusals", sa.ARRAY(sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["carrier_accounts.store_id", "carrier_accounts.id"],
            name=op.f("fk_carrier_answers_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_carrier_answers_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carrier_answers")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_carrier_answers_store_id_id")),
    )
    op.create_index("ix_carrier_answers_asked", "carrier_answers", ["asked_at"])
    op.create_index("ix_carrier_answers_question", "carrier_answers", ["store_id", "question", "asked_at"])
    op.execute("ALTER TABLE carrier_answers ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY store ON carrier_answers TO ecommerce_app"
        " USING (store_id = (SELECT current_setting('app.store_id')::uuid))"
        " WITH CHECK (store_id = (SELECT current_setting('app.store_id')::uuid))"
    )
    op.execute("GRANT SELECT, INSERT ON carrier_answers TO ecommerce_app")
    # Nobody needs an answer for longer than a day; the schedule removes it after a week.
    op.execute("CREATE POLICY platform ON carrier_answers TO ecommerce_platform USING (true)")
    op.execute("GRANT SELECT, DELETE ON carrier_answers TO ecommerce_platform")
