"""The double-entry ledger.

Entries and postings are written once, whoever asks; each INSERT of postings must balance every entry it belongs to, and
nothing goes into a closed day. Statement triggers over transition tables hold that, and keep the sums that screens read.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

# The application may add rows to these and never change or remove one.
APPEND_ONLY = ("ledger_accounts", "journal_entries", "postings", "ledger_days")
# Kept by the trigger on postings; the application reads them.
DERIVED = ("ledger_balances", "ledger_open_items")
SETTINGS = ("ledger_settings",)

FUNCTIONS = """
-- The last closed day of a store; all days up to it are closed. A day's last row in the log says how it stands.
CREATE FUNCTION ledger_closed_through(of_store uuid) RETURNS date
LANGUAGE sql STABLE SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT d.day FROM public.ledger_days d
    WHERE d.store_id = of_store AND d.closed AND NOT EXISTS (
        SELECT 1 FROM public.ledger_days l
        WHERE l.store_id = d.store_id AND l.day = d.day AND l.sequence > d.sequence)
    ORDER BY d.day DESC LIMIT 1;
END;

CREATE FUNCTION refuse_ledger_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public
AS $$
BEGIN
    RAISE EXCEPTION '% is written once: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION check_journal_entries() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    -- Closing a day takes the same lock alone, so it waits for postings under way and they see it.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('ledger_days:' || a.store_id::text, 0))
    FROM (SELECT DISTINCT store_id FROM added) a;
    IF EXISTS (
        SELECT 1 FROM (SELECT b.store_id, min(b.booked_on) AS first_day FROM added b GROUP BY b.store_id) s
        WHERE s.first_day <= public.ledger_closed_through(s.store_id))
    THEN
        RAISE EXCEPTION 'nothing is posted into a closed day'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entries_day_open';
    END IF;
    RETURN NULL;
END $$;

-- Deferred: an entry's postings come in a statement of their own.
-- Here and below rows are found by the key of one index alone: on tables of which nothing is known yet any other
-- condition may be answered by a scan, or by the wrong index, once for every entry of a large batch.
CREATE FUNCTION check_entry_is_posted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off
AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.postings p WHERE p.entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no postings', NEW.number
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entries_posted';
    END IF;
    RETURN NULL;
END $$;

-- It also stands for the reference to the entry, whose check row by row would be planned once, for an empty table.
CREATE FUNCTION check_postings() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public SET enable_seqscan = off
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM added a GROUP BY a.store_id, a.entry_id, a.currency HAVING sum(a.amount_minor) <> 0)
    THEN
        RAISE EXCEPTION 'the postings of an entry sum to zero in each currency'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_postings_balanced';
    END IF;
    -- All postings of an entry come in one statement: at least two, numbered from 0, so that none comes later.
    IF EXISTS (
        SELECT 1 FROM added a GROUP BY a.entry_id
        HAVING count(*) < 2 OR min(a.line) <> 0 OR max(a.line) <> count(*) - 1)
    THEN
        RAISE EXCEPTION 'an entry has at least two postings, written at once'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_postings_complete';
    END IF;
    IF EXISTS (
        SELECT 1 FROM added a
        LEFT JOIN public.journal_entries e ON e.id = a.entry_id
        WHERE e.id IS NULL OR (e.store_id, e.booked_on, e.number) <> (a.store_id, a.booked_on, a.number))
        OR EXISTS (
        SELECT 1 FROM (SELECT b.store_id, min(b.booked_on) AS first_day FROM added b GROUP BY b.store_id) s
        WHERE s.first_day <= public.ledger_closed_through(s.store_id))
    THEN
        RAISE EXCEPTION 'postings stand on the open day and under the number of their entry'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_postings_day';
    END IF;
    INSERT INTO public.ledger_balances AS b (store_id, account_id, day, debit_minor, credit_minor, postings)
    SELECT a.store_id, a.account_id, a.booked_on, sum(greatest(a.amount_minor, 0)), sum(greatest(-a.amount_minor, 0)),
        count(*)
    FROM added a GROUP BY a.store_id, a.account_id, a.booked_on ORDER BY a.store_id, a.account_id, a.booked_on
    ON CONFLICT (store_id, account_id, day) DO UPDATE SET
        debit_minor = b.debit_minor + excluded.debit_minor,
        credit_minor = b.credit_minor + excluded.credit_minor,
        postings = b.postings + excluded.postings;
    -- What income and expenses name is not open on them.
    INSERT INTO public.ledger_open_items AS i (store_id, account_id, open_item, amount_minor, opened_on)
    SELECT a.store_id, a.account_id, a.open_item, sum(a.amount_minor), min(a.booked_on)
    FROM added a JOIN public.ledger_accounts c ON c.store_id = a.store_id AND c.id = a.account_id
    WHERE a.open_item IS NOT NULL AND c.code < '4'
    GROUP BY a.store_id, a.account_id, a.open_item ORDER BY a.store_id, a.account_id, a.open_item
    ON CONFLICT (store_id, account_id, open_item) DO UPDATE SET
        amount_minor = i.amount_minor + excluded.amount_minor,
        opened_on = CASE WHEN i.amount_minor = 0 THEN excluded.opened_on ELSE i.opened_on END;
    RETURN NULL;
END $$;

-- A day is closed after those that are; only the one that was closed last is reopened.
CREATE FUNCTION check_ledger_day() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    through date;
    last_sequence integer;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('ledger_days:' || NEW.store_id::text, 0));
    SELECT max(d.day) FILTER (WHERE d.closed) INTO through FROM (
        SELECT DISTINCT ON (l.day) l.day, l.closed FROM public.ledger_days l
        WHERE l.store_id = NEW.store_id AND l.id <> NEW.id ORDER BY l.day, l.sequence DESC) d;
    SELECT coalesce(max(l.sequence), 0) INTO last_sequence FROM public.ledger_days l
    WHERE l.store_id = NEW.store_id AND l.day = NEW.day AND l.id <> NEW.id;
    IF NEW.sequence <> last_sequence + 1
        OR (NEW.closed AND NEW.day <= through)
        OR (NOT NEW.closed AND NEW.day IS DISTINCT FROM through)
    THEN
        RAISE EXCEPTION 'days are closed in their order, and only the last closed one is reopened'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_ledger_days_order';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER check_day AFTER INSERT ON journal_entries
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_journal_entries();
CREATE CONSTRAINT TRIGGER check_posted AFTER INSERT ON journal_entries
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_entry_is_posted();
CREATE TRIGGER check_postings AFTER INSERT ON postings
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_postings();
CREATE TRIGGER check_order AFTER INSERT ON ledger_days
    FOR EACH ROW EXECUTE FUNCTION check_ledger_day();
"""

# Facts from before: one job for every store there is, which goes on by itself until it is through.
BACKFILL = """
INSERT INTO deliveries (id, store_id, event_name, subscriber, payload, request_id, locale, state, attempts, created_at,
    next_attempt_at)
SELECT gen_random_uuid(), s.id, 'ledger.backfill_requested.v1', 'ledger.backfill', '{"after": null}', 'migration-0004',
    s.locale, 'waiting', 0, now(), now()
FROM stores s
"""


def upgrade() -> None:
    _tables()
    op.execute(FUNCTIONS)
    _guard()
    op.execute("GRANT EXECUTE ON FUNCTION ledger_closed_through(uuid) TO ecommerce_app")
    op.execute(BACKFILL)


def _guard() -> None:
    bound = "(store_id = (SELECT current_setting('app.store_id')::uuid))"
    for table in (*APPEND_ONLY, *DERIVED, *SETTINGS):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY store ON {table} TO ecommerce_app USING {bound} WITH CHECK {bound}")
        rights = "SELECT" if table in DERIVED else "SELECT, INSERT"
        if table in SETTINGS:
            rights = "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO ecommerce_app")
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
        )


def _tables() -> None:
    op.create_table(
        "ledger_balances",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("debit_minor", sa.BigInteger(), nullable=False),
        sa.Column("credit_minor", sa.BigInteger(), nullable=False),
        sa.Column("postings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_ledger_balances_store_id")),
        sa.PrimaryKeyConstraint("store_id", "account_id", "day", name=op.f("pk_ledger_balances")),
    )
    op.create_table(
        "ledger_days",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("digest", postgresql.BYTEA(), nullable=False),
        sa.Column("seal", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint("sequence > 0", name=op.f("ck_ledger_days_sequence_positive")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_ledger_days_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_days")),
        sa.UniqueConstraint("store_id", "day", "sequence", name="uq_ledger_days_sequence"),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_ledger_days_store_id_id")),
    )
    op.create_table(
        "ledger_open_items",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("open_item", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_ledger_open_items_store_id")),
        sa.PrimaryKeyConstraint("store_id", "account_id", "open_item", name=op.f("pk_ledger_open_items")),
    )
    op.create_index(
        "ix_ledger_open_items_open",
        "ledger_open_items",
        ["store_id", "account_id", "opened_on", "open_item"],
        unique=False,
        postgresql_where=sa.text("amount_minor <> 0"),
    )
    op.create_table(
        "ledger_settings",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("exception_limit_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("exception_limit_minor >= 0", name=op.f("ck_ledger_settings_limit_not_negative")),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_ledger_settings_store_id")),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_ledger_settings")),
    )
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("payment_account_id", sa.UUID(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(payment_account_id IS NOT NULL) = (code = '1100')",
            name=op.f("ck_ledger_accounts_clearing_per_payment_account"),
        ),
        sa.CheckConstraint(
            "code IN ('1000', '1100', '1110', '1120', '1130', '1150', '1190', '2100', '2200', '2300', '4000', '4010', '4900', '4910', '5000', '6100', '6110', '6120', '6200')",
            name=op.f("ck_ledger_accounts_code"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "payment_account_id"],
            ["payment_accounts.store_id", "payment_accounts.id"],
            name=op.f("fk_ledger_accounts_store_id_payment_account_id"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_ledger_accounts_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_accounts")),
        sa.UniqueConstraint(
            "store_id",
            "code",
            "currency",
            "payment_account_id",
            name="uq_ledger_accounts_chart",
            postgresql_nulls_not_distinct=True,
        ),
        sa.UniqueConstraint("store_id", "id", "currency", name="uq_ledger_accounts_currency"),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_ledger_accounts_store_id_id")),
    )
    op.create_table(
        "journal_entries",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("fact_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("source_type", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("order_id", sa.UUID(), nullable=True),
        sa.Column("reverses", sa.UUID(), nullable=True),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", postgresql.BYTEA(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('capture', 'refund', 'refund_reversed', 'goods_left', 'goods_back', 'label', 'label_voided', 'fee', 'payout', 'payout_failed', 'bank', 'dispute', 'dispute_lost', 'dispute_won', 'dispute_fee', 'reserve_held', 'reserve_released', 'closing_item')",
            name=op.f("ck_journal_entries_kind"),
        ),
        sa.CheckConstraint(
            "source_type IN ('payment_operation', 'fulfilment', 'shipment', 'provider_line', 'payout', 'dispute', 'exception', 'bank_line')",
            name=op.f("ck_journal_entries_source_type"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name=op.f("fk_journal_entries_store_id_order_id"),
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "reverses"],
            ["journal_entries.store_id", "journal_entries.id"],
            name=op.f("fk_journal_entries_store_id_reverses"),
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_journal_entries_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_entries")),
        sa.UniqueConstraint("store_id", "id", name=op.f("uq_journal_entries_store_id_id")),
        sa.UniqueConstraint("store_id", "key", name=op.f("uq_journal_entries_store_id_key")),
        sa.UniqueConstraint("store_id", "number", name="uq_journal_entries_number"),
        sa.UniqueConstraint("store_id", "reverses", name="uq_journal_entries_reverses"),
    )
    op.create_index("ix_journal_entries_day", "journal_entries", ["store_id", "booked_on", "number"], unique=False)
    op.create_index(
        "ix_journal_entries_order",
        "journal_entries",
        ["store_id", "order_id", "number"],
        unique=False,
        postgresql_where=sa.text("order_id IS NOT NULL"),
    )
    op.create_table(
        "postings",
        sa.Column("store_id", sa.UUID(), nullable=False),
        sa.Column("entry_id", sa.UUID(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.UUID(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.CHAR(length=3), nullable=False),
        sa.Column("open_item", sa.Text(), nullable=True),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name=op.f("ck_postings_amount_not_zero")),
        sa.ForeignKeyConstraint(
            ["store_id", "account_id", "currency"],
            ["ledger_accounts.store_id", "ledger_accounts.id", "ledger_accounts.currency"],
            name="fk_postings_account",
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_postings_store_id")),
        sa.PrimaryKeyConstraint("entry_id", "line", name=op.f("pk_postings")),
    )
    op.create_index(
        "ix_postings_account", "postings", ["store_id", "account_id", "booked_on", "number", "line"], unique=False
    )
