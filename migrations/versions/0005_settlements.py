"""Settlements, matches and the exceptions they raise.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"

TABLES = (
    "reconciliation_runs",
    "reconciliation_settings",
    "payouts",
    "disputes",
    "match_groups",
    "provider_lines",
    "fee_contracts",
    "approvals",
)

# What lines and their groups refer to, and the function that keeps it.
KEPT = {
    "payments": "keep_matched",
    "payment_operations": "keep_matched",
    "disputes": "keep_matched",
    "match_groups": "keep_told",
    "payment_accounts": "keep_told",
}

# What was said and done about an exception is history.
APPEND_ONLY = ("exception_comments",)

CHECKED = {
    "kind": (
        "late_payment", "duplicate_charge", "amount_over", "amount_under", "missing_at_provider",
        "missing_internally", "fee_mismatch", "duplicate_provider_line", "refund_mismatch", "refund_failed",
        "dispute_opened", "dispute_won", "dispute_lost", "unexpected_adjustment", "payout_short", "payout_over",
        "payout_failed",
    ),
    "origin": ("payments", "reconciliation"),
}  # fmt: skip

FUNCTIONS = """
-- What a run of the bound store has staged. The planner takes ROWS on trust: it joins many rows by hashes.
CREATE FUNCTION staged_settlement_rows(of_run uuid, of_kind text) RETURNS SETOF staging.settlement_rows
LANGUAGE sql STABLE ROWS 100000 SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT r.* FROM staging.settlement_rows r
    WHERE r.run_id = of_run AND r.kind = of_kind AND EXISTS (
        SELECT 1 FROM public.reconciliation_runs x WHERE x.id = of_run AND x.store_id = public.current_store());
END;

CREATE FUNCTION clear_settlement_rows(of_run uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    DELETE FROM staging.settlement_rows r
    WHERE r.run_id = of_run AND EXISTS (
        SELECT 1 FROM public.reconciliation_runs x WHERE x.id = of_run AND x.store_id = public.current_store());
END;

-- Nobody stages rows for another store's run: COPY knows no policies, but it fires triggers.
CREATE FUNCTION check_settlement_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT r.run_id FROM added r) a
        WHERE NOT EXISTS (
            SELECT 1 FROM public.reconciliation_runs x
            WHERE x.id = a.run_id AND x.store_id = public.current_store()))
    THEN
        RAISE EXCEPTION 'rows are staged for a run of the bound store only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER check_store AFTER INSERT ON staging.settlement_rows
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_settlement_rows();

-- A foreign key looks for each row by itself, which took half of a comparison of 200,000 lines; these look for all rows
-- of a statement by one join. Each is planned by itself (EXECUTE): two rows are found by their keys, many by hashes.
CREATE FUNCTION check_match_groups() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE strays boolean;
BEGIN
    EXECUTE 'SELECT EXISTS (
        SELECT 1 FROM added a LEFT JOIN public.payments p ON p.store_id = a.store_id AND p.id = a.payment_id
        WHERE a.payment_id IS NOT NULL AND p.id IS NULL)
    OR EXISTS (
        SELECT 1 FROM added a LEFT JOIN public.payment_operations o
            ON o.store_id = a.store_id AND o.id = a.operation_id
        WHERE a.operation_id IS NOT NULL AND o.id IS NULL)
    OR EXISTS (
        SELECT 1 FROM added a LEFT JOIN public.disputes d ON d.store_id = a.store_id AND d.id = a.dispute_id
        WHERE a.dispute_id IS NOT NULL AND d.id IS NULL)' INTO strays;
    IF strays THEN
        RAISE EXCEPTION 'a group is about what its store does not have' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION check_provider_lines() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE strays boolean;
BEGIN
    EXECUTE 'SELECT EXISTS (
        SELECT 1 FROM (SELECT DISTINCT store_id, account_id FROM added) a
        LEFT JOIN public.payment_accounts p ON p.store_id = a.store_id AND p.id = a.account_id WHERE p.id IS NULL)
    OR EXISTS (
        SELECT 1 FROM added a LEFT JOIN public.match_groups g ON g.store_id = a.store_id AND g.id = a.match_id
        WHERE a.match_id IS NOT NULL AND g.id IS NULL)' INTO strays;
    IF strays THEN
        RAISE EXCEPTION 'a line is of an account or group that its store does not have'
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

-- The other side: what a group is about, a group with lines, and an account with lines stay.
CREATE FUNCTION keep_matched() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.match_groups g WHERE g.store_id = OLD.store_id AND g.id = OLD.id) THEN
        RAISE EXCEPTION 'a line is matched with it' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION keep_told() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.provider_lines l WHERE l.match_id = OLD.id AND l.store_id = OLD.store_id)
        OR EXISTS (SELECT 1 FROM public.provider_lines l WHERE l.account_id = OLD.id AND l.store_id = OLD.store_id)
    THEN
        RAISE EXCEPTION 'lines of the provider refer to it' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER check_references AFTER INSERT ON match_groups
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_match_groups();
CREATE TRIGGER check_changed_references AFTER UPDATE ON match_groups
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_match_groups();
CREATE TRIGGER check_references AFTER INSERT ON provider_lines
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_provider_lines();
CREATE TRIGGER check_changed_references AFTER UPDATE ON provider_lines
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_provider_lines();
"""

FOR_APP = ("staged_settlement_rows(uuid, text)", "clear_settlement_rows(uuid)")


def upgrade() -> None:
    _tables()
    _exceptions()
    op.execute(FUNCTIONS)
    for table, keep in KEPT.items():
        op.execute(
            f"CREATE TRIGGER keep_referenced AFTER DELETE OR UPDATE OF store_id, id ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {keep}()"
        )
    bound = "(store_id = (SELECT current_setting('app.store_id')::uuid))"
    for table in (*TABLES, *APPEND_ONLY):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY store ON {table} TO ecommerce_app USING {bound} WITH CHECK {bound}")
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO ecommerce_app")
    op.execute("GRANT INSERT ON staging.settlement_rows TO ecommerce_app")
    for function in FOR_APP:
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO ecommerce_app")
    # The schedule looks for the accounts whose money is to be compared, in all stores.
    op.execute("CREATE POLICY platform ON payment_accounts FOR SELECT TO ecommerce_platform USING (true)")
    op.execute("GRANT SELECT (id, store_id, provider, enabled) ON payment_accounts TO ecommerce_platform")
    op.execute("CREATE POLICY platform ON reconciliation_runs FOR SELECT TO ecommerce_platform USING (true)")
    op.execute(
        "GRANT SELECT (store_id, account_id, state, dry_run, started_at) ON reconciliation_runs TO ecommerce_platform"
    )


def _exceptions() -> None:
    op.add_column("reconciliation_exceptions", sa.Column("resolved_by", sa.Text(), nullable=True))
    op.add_column("reconciliation_exceptions", sa.Column("account_id", sa.UUID(), nullable=True))
    op.add_column(
        "reconciliation_exceptions", sa.Column("origin", sa.Text(), server_default="payments", nullable=False)
    )
    op.add_column("reconciliation_exceptions", sa.Column("owner_id", sa.UUID(), nullable=True))
    op.add_column("reconciliation_exceptions", sa.Column("owner_name", sa.Text(), nullable=True))
    op.create_index(
        "ix_exceptions_account",
        "reconciliation_exceptions",
        ["store_id", "account_id", "right_reference"],
        unique=False,
    )
    op.create_index(
        "ix_exceptions_value",
        "reconciliation_exceptions",
        ["store_id", "amount_minor", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_foreign_key(
        op.f("fk_reconciliation_exceptions_store_id_account_id"),
        "reconciliation_exceptions",
        "payment_accounts",
        ["store_id", "account_id"],
        ["store_id", "id"],
    )
    for name, values in CHECKED.items():
        constraint = f"ck_reconciliation_exceptions_{name}"
        op.execute(f"ALTER TABLE reconciliation_exceptions DROP CONSTRAINT IF EXISTS {constraint}")
        listed = ", ".join(f"'{value}'" for value in values)
        op.create_check_constraint(op.f(constraint), "reconciliation_exceptions", f"{name} IN ({listed})")


def _tables() -> None:
    op.create_table(
        "settlement_rows",
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(collation="C"), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("raw_word", sa.Text(), nullable=True),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=True),
        sa.Column("net_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=True),
        sa.Column("source_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("tender_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("merchant_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("merchant_id", sa.UUID(), nullable=True),
        sa.Column("payout_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("flag", sa.Boolean(), nullable=True),
        sa.Column("read", sa.Boolean(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("raw", postgresql.JSONB(none_as_null=True), nullable=True),
        schema="staging",
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_settlement_rows_run", "settlement_rows", ["run_id", "kind"], unique=False, schema="staging")
    op.create_table(
        "reconciliation_settings",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("approval_limit_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("approval_limit_minor >= 0", name=op.f("ck_reconciliation_settings_limit_not_negative")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_reconciliation_settings_store_id")),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_reconciliation_settings")),
    )
    op.create_table(
        "fee_contracts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("basis_points", sa.Integer(), nullable=False),
        sa.Column("fixed_minor", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.CheckConstraint("basis_points >= 0 AND fixed_minor >= 0", name=op.f("ck_fee_contracts_not_negative")),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["payment_accounts.store_id", "payment_accounts.id"],
            name=op.f("fk_fee_contracts_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_fee_contracts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_contracts")),
        sa.UniqueConstraint("store_id", "account_id", "method", "currency", "valid_from", name="uq_fee_contracts_from"),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_fee_contracts_store_id_id")),
    )
    op.create_table(
        "payouts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(collation="C"), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("arrival_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=True),
        sa.Column("failure_code", sa.Text(), nullable=True),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("lines_read", sa.Boolean(), nullable=False),
        sa.Column("announced_posted", sa.Boolean(), nullable=False),
        sa.Column("failure_posted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('announced', 'in_transit', 'paid', 'failed', 'cancelled')", name=op.f("ck_payouts_status")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["payment_accounts.store_id", "payment_accounts.id"],
            name=op.f("fk_payouts_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_payouts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payouts")),
        sa.UniqueConstraint(
            "store_id", "account_id", "reference", name=op.f("uq_payouts_store_id_account_id_reference")
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_payouts_store_id_id")),
    )
    op.create_index("ix_payouts_arrival", "payouts", ["store_id", "arrival_on", "id"], unique=False)
    op.create_table(
        "reconciliation_runs",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("trigger", sa.Text(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counts", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("totals", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state IN ('pulling', 'matched', 'done', 'failed')", name=op.f("ck_reconciliation_runs_state")
        ),
        sa.CheckConstraint(
            "trigger IN ('event', 'schedule', 'button', 'command')", name=op.f("ck_reconciliation_runs_trigger")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["payment_accounts.store_id", "payment_accounts.id"],
            name=op.f("fk_reconciliation_runs_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_reconciliation_runs_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_runs")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_reconciliation_runs_store_id_id")),
    )
    op.create_index(
        "ix_reconciliation_runs_account",
        "reconciliation_runs",
        ["store_id", "account_id", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_reconciliation_runs_started", "reconciliation_runs", ["store_id", "started_at", "id"], unique=False
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("exception_id", sa.UUID(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.UUID(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.UUID(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("decision IN ('resolve', 'write_off', 'refund')", name=op.f("ck_approvals_decision")),
        sa.CheckConstraint("state IN ('asked', 'approved', 'refused', 'used')", name=op.f("ck_approvals_state")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id IS DISTINCT FROM asked_by_id", name=op.f("ck_approvals_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "exception_id"],
            ["reconciliation_exceptions.store_id", "reconciliation_exceptions.id"],
            name=op.f("fk_approvals_store_id_exception_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_approvals_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_approvals_store_id_id")),
    )
    op.create_index(
        "uq_approvals_waiting",
        "approvals",
        ["store_id", "exception_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('asked', 'approved')"),
    )
    op.create_table(
        "disputes",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("reference", sa.Text(collation="C"), nullable=False),
        sa.Column("tender_reference", sa.Text(collation="C"), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("loss_posted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('needs_response', 'under_review', 'won', 'lost', 'closed')", name=op.f("ck_disputes_status")
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id"],
            ["payment_accounts.store_id", "payment_accounts.id"],
            name=op.f("fk_disputes_store_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "payment_id"],
            ["payments.store_id", "payments.id"],
            name=op.f("fk_disputes_store_id_payment_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_disputes_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint(
            "store_id", "account_id", "reference", name=op.f("uq_disputes_store_id_account_id_reference")
        ),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_disputes_store_id_id")),
    )
    op.create_index("ix_disputes_payment", "disputes", ["store_id", "payment_id"], unique=False)
    op.create_table(
        "exception_comments",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("exception_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.UUID(), nullable=True),
        sa.Column("by_label", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "exception_id"],
            ["reconciliation_exceptions.store_id", "reconciliation_exceptions.id"],
            name=op.f("fk_exception_comments_store_id_exception_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_exception_comments_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exception_comments")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_exception_comments_store_id_id")),
    )
    op.create_index(
        "ix_exception_comments_exception", "exception_comments", ["store_id", "exception_id", "at", "id"], unique=False
    )
    op.create_table(
        "match_groups",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payment_id", sa.UUID(), nullable=True),
        sa.Column("operation_id", sa.UUID(), nullable=True),
        sa.Column("dispute_id", sa.UUID(), nullable=True),
        sa.Column("pass", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "pass IN ('provider_reference', 'merchant_reference', 'amount_and_date')", name=op.f("ck_match_groups_pass")
        ),
        sa.CheckConstraint("subject IN ('sale', 'refund', 'dispute')", name=op.f("ck_match_groups_subject")),
        sa.CheckConstraint(
            "id = coalesce(operation_id, dispute_id, payment_id)", name=op.f("ck_match_groups_subject_is_id")
        ),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_match_groups")),
    )
    op.create_table(
        "provider_lines",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("external_id", sa.Text(collation="C"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("raw_category", sa.Text(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.Column("fee_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("available_on", sa.Date(), nullable=False),
        sa.Column("source_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("tender_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("merchant_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("payout_reference", sa.Text(collation="C"), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("raw", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("run_id", sa.UUID(), nullable=False),
        sa.Column("match_id", sa.UUID(), nullable=True),
        sa.Column("match_pass", sa.Text(), nullable=True),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "category IN ('charge', 'capture_reversal', 'refund', 'refund_failure', 'dispute', 'dispute_reversal', 'fee', 'payout', 'payout_reversal', 'reserve', 'reserve_release', 'other')",
            name=op.f("ck_provider_lines_category"),
        ),
        sa.CheckConstraint(
            "match_pass IN ('provider_reference', 'merchant_reference', 'amount_and_date')",
            name=op.f("ck_provider_lines_match_pass"),
        ),
        sa.CheckConstraint("net_minor = gross_minor - fee_minor", name=op.f("ck_provider_lines_net_is_gross_less_fee")),
        sa.PrimaryKeyConstraint("store_id", "id", name=op.f("pk_provider_lines")),
        sa.UniqueConstraint("account_id", "external_id", name="uq_provider_lines_external"),
    )
    op.create_index("ix_provider_lines_match", "provider_lines", ["match_id"], unique=False)
    op.create_index(
        "ix_provider_lines_payout",
        "provider_lines",
        ["account_id", "payout_reference"],
        unique=False,
    )
    op.create_index(
        "ix_provider_lines_to_post",
        "provider_lines",
        ["account_id", "id"],
        unique=False,
        postgresql_where=sa.text("NOT posted"),
    )
    op.create_index(
        "ix_provider_lines_unmatched",
        "provider_lines",
        ["account_id"],
        unique=False,
        postgresql_where=sa.text("match_id IS NULL"),
    )
