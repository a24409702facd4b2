"""Row-level security, grants, and the definer functions that find a store before one is known.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

from alembic import op

from migrations import search_functions

revision = "0002"
down_revision = "0001"

# Merchants' rows: the application sees and writes those of the bound store only. An unbound or empty setting is an
# error or no uuid, so both fail closed.
SCOPED = (
    "activity", "api_keys", "cart_lines", "carts", "counters", "deliveries", "delivery_rates",
    "idempotency_keys", "import_changes", "import_problems", "imports", "locations", "media", "memberships",
    "messages", "order_lines", "orders", "outbox", "payment_accounts", "payment_operations", "payment_sessions",
    "payments", "product_documents", "product_media", "product_tags", "products", "reconciliation_exceptions",
    "refresh_tokens", "refunds", "reservations", "shopper_sessions", "shoppers", "stock_items", "stock_movements",
    "timeline", "variants", "webhooks", "catalogue_versions",
)  # fmt: skip

# History: nobody may change or take away a row.
APPEND_ONLY = ("activity", "timeline", "stock_movements", "outbox")

# What must cross stores: relay, schedule, sign-in of staff, making a store.
PLATFORM = {
    "stores": "SELECT, INSERT, UPDATE",
    "counters": "SELECT, INSERT",
    "catalogue_versions": "SELECT, INSERT",
    "locations": "SELECT, INSERT",
    "memberships": "SELECT, INSERT",
    "outbox": "SELECT, DELETE",
    "deliveries": "SELECT, UPDATE, DELETE",
    "idempotency_keys": "SELECT, DELETE",
    "payments": "SELECT",
    "payment_sessions": "SELECT",
    "orders": "SELECT",
    "activity": "SELECT, INSERT",
}

# Rows of no store: people who work in several, and the platform's own state.
GLOBAL = {
    "staff": "SELECT, INSERT, UPDATE",
    "staff_sessions": "SELECT, INSERT, UPDATE",
    "sign_in_tries": "SELECT, INSERT, UPDATE, DELETE",
    "schedules": "SELECT, INSERT, UPDATE, DELETE",
    "clock": "SELECT, INSERT, UPDATE",
}

FUNCTIONS = """
CREATE FUNCTION current_store() RETURNS uuid LANGUAGE sql STABLE
    RETURN current_setting('app.store_id')::uuid;

CREATE FUNCTION resolve_key(hash bytea)
RETURNS TABLE (id uuid, store_id uuid, kind text, label text, origins text[], locale text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT k.id, k.store_id, k.kind, k.label, k.origins, s.locale
    FROM public.api_keys k JOIN public.stores s ON s.id = k.store_id
    WHERE k.token_hash = hash AND k.revoked_at IS NULL;
END;

CREATE FUNCTION resolve_staff_session(hash bytea, at timestamptz)
RETURNS TABLE (id uuid, staff_id uuid, store_id uuid, name text, email text, locale text, theme text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT s.id, s.staff_id, m.store_id, p.name, p.email, p.locale, p.theme, m.role
    FROM public.staff_sessions s
    JOIN public.staff p ON p.id = s.staff_id AND p.enabled
    LEFT JOIN public.memberships m ON m.staff_id = s.staff_id AND m.store_id = s.store_id
    WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > at;
END;

CREATE FUNCTION resolve_payment_session(hash bytea)
RETURNS TABLE (id uuid, store_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT s.id, s.store_id FROM public.payment_sessions s WHERE s.secret_hash = hash;
END;

CREATE FUNCTION resolve_payment_account(account uuid)
RETURNS TABLE (id uuid, store_id uuid, provider text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT a.id, a.store_id, a.provider FROM public.payment_accounts a WHERE a.id = account;
END;

CREATE FUNCTION allowed_origins() RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT DISTINCT unnest(k.origins) FROM public.api_keys k
    WHERE k.revoked_at IS NULL AND k.kind = 'publishable';
END;

CREATE FUNCTION published_picture(hash text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT m.content_type FROM public.media m
    WHERE m.sha256 = hash AND EXISTS (
        SELECT 1 FROM public.product_media pm
        JOIN public.products p ON p.store_id = pm.store_id AND p.id = pm.product_id AND p.status = 'published'
        WHERE pm.store_id = m.store_id AND pm.media_id = m.id)
    LIMIT 1;
END;

CREATE FUNCTION put_search_document(of_kind text, subject uuid, is_visible boolean, words text, at timestamptz)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    INSERT INTO public.search_documents (store_id, kind, subject_id, visible, body, sorted_at)
    VALUES (public.current_store(), of_kind, subject, is_visible, words, at)
    ON CONFLICT (store_id, kind, subject_id)
    DO UPDATE SET visible = excluded.visible, body = excluded.body, sorted_at = excluded.sorted_at;
END;

-- For many: one statement, not one for each row.
CREATE FUNCTION put_search_documents(
    of_kind text, subjects uuid[], are_visible boolean[], words text[], at timestamptz[])
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    INSERT INTO public.search_documents (store_id, kind, subject_id, visible, body, sorted_at)
    SELECT public.current_store(), of_kind, d.subject, d.is_visible, d.words, d.at
    FROM unnest(subjects, are_visible, words, at) AS d (subject, is_visible, words, at)
    ON CONFLICT (store_id, kind, subject_id)
    DO UPDATE SET visible = excluded.visible, body = excluded.body, sorted_at = excluded.sorted_at;
END;

CREATE FUNCTION drop_search_document(of_kind text, subject uuid)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    DELETE FROM public.search_documents
    WHERE store_id = public.current_store() AND kind = of_kind AND subject_id = subject;
END;

-- What an import of the bound store has staged. Rows of one transaction only: they are cleared before it commits.
CREATE FUNCTION staged_import_rows(of_import uuid, of_kind text DEFAULT NULL) RETURNS SETOF staging.import_rows
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    SELECT r.* FROM staging.import_rows r
    WHERE r.import_id = of_import AND (of_kind IS NULL OR r.kind = of_kind) AND EXISTS (
        SELECT 1 FROM public.imports i WHERE i.id = of_import AND i.store_id = public.current_store());
END;

CREATE FUNCTION clear_import_rows(of_import uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public
BEGIN ATOMIC
    DELETE FROM staging.import_rows r
    WHERE r.import_id = of_import AND EXISTS (
        SELECT 1 FROM public.imports i WHERE i.id = of_import AND i.store_id = public.current_store());
END;

-- Nobody stages rows for another store's import: COPY knows no policies, but it fires triggers.
CREATE FUNCTION check_import_rows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM (SELECT DISTINCT r.import_id FROM added r) a
        WHERE NOT EXISTS (
            SELECT 1 FROM public.imports i WHERE i.id = a.import_id AND i.store_id = public.current_store()))
    THEN
        RAISE EXCEPTION 'rows are staged for an import of the bound store only' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER check_store AFTER INSERT ON staging.import_rows
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_import_rows();

-- A plain SQL function took a second on PostgreSQL 15 (a generic plan without the term); EXECUTE plans with it.
-- Pages run from the newest backwards; before_at and before_id are the last row's key.
CREATE FUNCTION find_search_documents(
    of_kind text, term text, only_visible boolean, before_at timestamptz, before_id uuid, at_most integer)
RETURNS TABLE (subject_id uuid, sorted_at timestamptz)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
DECLARE
    needle text := '%' || replace(replace(replace(term, chr(92), chr(92) || chr(92)), '%', chr(92) || '%'), '_', chr(92) || '_') || '%';
BEGIN
    RETURN QUERY EXECUTE
        'SELECT d.subject_id, d.sorted_at FROM public.search_documents d
         WHERE d.store_id = $1 AND d.kind = $2 AND d.body LIKE $3 AND (d.visible OR NOT $4)
           AND ($5 IS NULL OR (d.sorted_at, d.subject_id) < ($5, $6))
         ORDER BY d.sorted_at DESC, d.subject_id DESC LIMIT $7'
    USING public.current_store(), of_kind, needle, only_visible, before_at, before_id, at_most;
END $$;
"""

FOR_APP = (
    "staged_import_rows(uuid, text)",
    "clear_import_rows(uuid)",
    "resolve_key(bytea)",
    "resolve_staff_session(bytea, timestamptz)",
    "resolve_payment_session(bytea)",
    "resolve_payment_account(uuid)",
    "allowed_origins()",
    "published_picture(text)",
    "put_search_document(text, uuid, boolean, text, timestamptz)",
    "put_search_documents(text, uuid[], boolean[], text[], timestamptz[])",
    "drop_search_document(text, uuid)",
    "find_search_documents(text, text, boolean, timestamptz, uuid, integer)",
)


def upgrade() -> None:
    # Functions are executable by everybody unless that is taken away first, now and in later migrations.
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    op.execute(FUNCTIONS)
    op.execute(search_functions.FUNCTIONS)
    op.execute("GRANT USAGE ON SCHEMA public TO ecommerce_app, ecommerce_platform")
    op.execute("GRANT USAGE ON SCHEMA staging TO ecommerce_app")
    for table in SCOPED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY store ON {table} TO ecommerce_app"
            " USING (store_id = (SELECT current_setting('app.store_id')::uuid))"
            " WITH CHECK (store_id = (SELECT current_setting('app.store_id')::uuid))"
        )
        rights = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        op.execute(f"GRANT {rights} ON {table} TO ecommerce_app")
    op.execute("ALTER TABLE stores ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY store ON stores TO ecommerce_app"
        " USING (id = (SELECT current_setting('app.store_id')::uuid))"
        " WITH CHECK (id = (SELECT current_setting('app.store_id')::uuid))"
    )
    op.execute("GRANT SELECT, UPDATE ON stores TO ecommerce_app")
    op.execute("GRANT SELECT ON clock TO ecommerce_app")
    # "Run now" brings a scheduled job forward and can do nothing else to it.
    op.execute("GRANT SELECT, UPDATE (next_run_at) ON schedules TO ecommerce_app")
    op.execute("GRANT INSERT ON staging.import_rows TO ecommerce_app")
    for table, rights in PLATFORM.items():
        op.execute(f"CREATE POLICY platform ON {table} TO ecommerce_platform USING (true) WITH CHECK (true)")
        op.execute(f"GRANT {rights} ON {table} TO ecommerce_platform")
    for table, rights in GLOBAL.items():
        op.execute(f"GRANT {rights} ON {table} TO ecommerce_platform")
    op.execute("GRANT EXECUTE ON FUNCTION current_store() TO ecommerce_app, ecommerce_platform")
    for function in (*FOR_APP, *search_functions.FOR_APP):
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO ecommerce_app")
    op.execute("INSERT INTO clock (single, offset_seconds) VALUES (true, 0)")
