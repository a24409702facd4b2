ALTER SCHEMA public OWNER TO ecommerce_owner;
CREATE SCHEMA staging;
ALTER SCHEMA staging OWNER TO ecommerce_owner;
CREATE EXTENSION IF NOT EXISTS btree_gin WITH SCHEMA public;
COMMENT ON EXTENSION btree_gin IS 'support for indexing common datatypes in GIN';
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';
CREATE TABLE public.api_keys (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    kind text NOT NULL,
    label text NOT NULL,
    prefix text NOT NULL,
    token_hash bytea NOT NULL,
    origins text[] NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    CONSTRAINT ck_api_keys_kind CHECK ((kind = ANY (ARRAY['publishable'::text, 'secret'::text]))),
    CONSTRAINT ck_api_keys_origins CHECK (((kind <> 'publishable'::text) OR (cardinality(origins) > 0)))
);
ALTER TABLE public.api_keys OWNER TO ecommerce_owner;
CREATE FUNCTION public.allowed_origins() RETURNS SETOF text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT DISTINCT unnest(k.origins) AS unnest
    FROM public.api_keys k
   WHERE ((k.revoked_at IS NULL) AND (k.kind = 'publishable'::text));
END;
ALTER FUNCTION public.allowed_origins() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_entry_is_posted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    SET enable_seqscan TO 'off'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.postings p WHERE p.entry_id = NEW.id) THEN
        RAISE EXCEPTION 'entry % has no postings', NEW.number
        USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_journal_entries_posted';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION public.check_entry_is_posted() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_import_rows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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
ALTER FUNCTION public.check_import_rows() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_journal_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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
ALTER FUNCTION public.check_journal_entries() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_ledger_day() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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
ALTER FUNCTION public.check_ledger_day() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_match_groups() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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
ALTER FUNCTION public.check_match_groups() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_postings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    SET enable_seqscan TO 'off'
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
ALTER FUNCTION public.check_postings() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_provider_lines() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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
ALTER FUNCTION public.check_provider_lines() OWNER TO ecommerce_owner;
CREATE FUNCTION public.check_settlement_rows() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
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
ALTER FUNCTION public.check_settlement_rows() OWNER TO ecommerce_owner;
CREATE FUNCTION public.current_store() RETURNS uuid
    LANGUAGE sql STABLE
    RETURN (current_setting('app.store_id'::text))::uuid;
ALTER FUNCTION public.current_store() OWNER TO ecommerce_owner;
CREATE TABLE public.imports (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    file_name text NOT NULL,
    file_key text NOT NULL,
    file_bytes integer NOT NULL,
    dialect jsonb,
    columns jsonb NOT NULL,
    checked jsonb NOT NULL,
    applied jsonb NOT NULL,
    failed integer NOT NULL,
    checkpoint integer NOT NULL,
    failure text,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    checked_at timestamp with time zone,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    version integer NOT NULL,
    CONSTRAINT ck_imports_state CHECK ((state = ANY (ARRAY['checking'::text, 'checked'::text, 'applying'::text, 'done'::text, 'failed'::text, 'cancelled'::text])))
);
ALTER TABLE public.imports OWNER TO ecommerce_owner;
CREATE UNLOGGED TABLE staging.import_rows (
    import_id uuid NOT NULL,
    kind text NOT NULL,
    id uuid NOT NULL,
    product_id uuid NOT NULL,
    "position" integer NOT NULL,
    title text,
    title_folded text,
    slug text,
    description_html text,
    vendor text,
    vendor_folded text,
    product_type text,
    tags text[],
    status text,
    options jsonb,
    seo_title text,
    seo_description text,
    option_values jsonb,
    sku text,
    sku_folded text,
    barcode text,
    price_minor bigint,
    compare_at_minor bigint,
    cost_minor bigint,
    weight_grams integer,
    tax_category text,
    tracked boolean,
    requires_shipping boolean,
    stock_state text,
    variant_id uuid,
    movement_id uuid,
    on_hand integer,
    change integer,
    source_url text,
    summary text,
    page text,
    words text,
    tags_folded text[]
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY staging.import_rows ALTER COLUMN description_html SET STORAGE EXTERNAL;
ALTER TABLE ONLY staging.import_rows ALTER COLUMN summary SET STORAGE EXTERNAL;
ALTER TABLE ONLY staging.import_rows ALTER COLUMN page SET STORAGE EXTERNAL;
ALTER TABLE staging.import_rows OWNER TO ecommerce_owner;
CREATE FUNCTION public.clear_import_rows(of_import uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 DELETE FROM staging.import_rows r
   WHERE ((r.import_id = clear_import_rows.of_import) AND (EXISTS ( SELECT 1
            FROM public.imports i
           WHERE ((i.id = clear_import_rows.of_import) AND (i.store_id = public.current_store())))));
END;
ALTER FUNCTION public.clear_import_rows(of_import uuid) OWNER TO ecommerce_owner;
CREATE TABLE public.reconciliation_runs (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    state text NOT NULL,
    trigger text NOT NULL,
    dry_run boolean NOT NULL,
    rule_version integer NOT NULL,
    since timestamp with time zone NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    counts jsonb NOT NULL,
    totals jsonb NOT NULL,
    failure text,
    CONSTRAINT ck_reconciliation_runs_state CHECK ((state = ANY (ARRAY['pulling'::text, 'matched'::text, 'done'::text, 'failed'::text]))),
    CONSTRAINT ck_reconciliation_runs_trigger CHECK ((trigger = ANY (ARRAY['event'::text, 'schedule'::text, 'button'::text, 'command'::text])))
);
ALTER TABLE public.reconciliation_runs OWNER TO ecommerce_owner;
CREATE UNLOGGED TABLE staging.settlement_rows (
    run_id uuid NOT NULL,
    kind text NOT NULL,
    id uuid NOT NULL,
    reference text NOT NULL COLLATE pg_catalog."C",
    word text NOT NULL,
    raw_word text,
    gross_minor bigint NOT NULL,
    fee_minor bigint,
    net_minor bigint,
    currency character(3) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    on_day date,
    source_reference text COLLATE pg_catalog."C",
    tender_reference text COLLATE pg_catalog."C",
    merchant_reference text COLLATE pg_catalog."C",
    merchant_id uuid,
    payout_reference text COLLATE pg_catalog."C",
    method text,
    description text,
    flag boolean,
    read boolean,
    due_at timestamp with time zone,
    raw jsonb
);
ALTER TABLE staging.settlement_rows OWNER TO ecommerce_owner;
CREATE FUNCTION public.clear_settlement_rows(of_run uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 DELETE FROM staging.settlement_rows r
   WHERE ((r.run_id = clear_settlement_rows.of_run) AND (EXISTS ( SELECT 1
            FROM public.reconciliation_runs x
           WHERE ((x.id = clear_settlement_rows.of_run) AND (x.store_id = public.current_store())))));
END;
ALTER FUNCTION public.clear_settlement_rows(of_run uuid) OWNER TO ecommerce_owner;
CREATE FUNCTION public.containing(term text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT
    RETURN (('%'::text || replace(replace(replace(term, chr(92), (chr(92) || chr(92))), '%'::text, (chr(92) || '%'::text)), '_'::text, (chr(92) || '_'::text))) || '%'::text);
ALTER FUNCTION public.containing(term text) OWNER TO ecommerce_owner;
CREATE TABLE public.search_documents (
    store_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    visible boolean NOT NULL,
    body text NOT NULL,
    sorted_at timestamp with time zone NOT NULL
);
ALTER TABLE public.search_documents OWNER TO ecommerce_owner;
CREATE FUNCTION public.drop_search_document(of_kind text, subject uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 DELETE FROM public.search_documents
   WHERE ((search_documents.store_id = public.current_store()) AND (search_documents.kind = drop_search_document.of_kind) AND (search_documents.subject_id = drop_search_document.subject));
END;
ALTER FUNCTION public.drop_search_document(of_kind text, subject uuid) OWNER TO ecommerce_owner;
CREATE FUNCTION public.find_on_sale(term text, of_vendor text, of_tag text, sort text, after_key text, after_id uuid, at_most integer) RETURNS TABLE(product_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'pg_catalog', 'public'
    AS $$
DECLARE
    store uuid := public.current_store();
    source text := CASE WHEN of_tag IS NULL THEN 'd' ELSE 't' END;
    key text := CASE sort WHEN 'newest' THEN 'published_at' WHEN 'title' THEN 'title_folded' ELSE 'price_minor' END;
    kind text := CASE sort WHEN 'newest' THEN 'timestamptz' WHEN 'title' THEN 'text' ELSE 'bigint' END;
BEGIN
    RETURN QUERY SELECT public.page_of_list(
        'public.product_documents d'
            || CASE WHEN of_tag IS NULL THEN '' ELSE
                ' JOIN public.product_tags t ON t.store_id = d.store_id AND t.product_id = d.product_id' END,
        format('d.store_id = %L', store)
            || CASE WHEN of_tag IS NULL THEN '' ELSE
                format(' AND t.store_id = %L AND t.tag_folded = %L AND t.published_at IS NOT NULL', store, of_tag) END,
        NULL, ARRAY[source || '.' || key, source || '.product_id'], sort IN ('newest', 'price_desc'),
        'd.product_id', public.containing(term),
        CASE WHEN of_vendor IS NOT NULL THEN format('d.vendor_folded = %L', of_vendor) END,
        NULL,
        CASE WHEN after_id IS NOT NULL THEN format('(CAST(%L AS %s), %L::uuid)', after_key, kind, after_id) END,
        at_most);
END $$;
ALTER FUNCTION public.find_on_sale(term text, of_vendor text, of_tag text, sort text, after_key text, after_id uuid, at_most integer) OWNER TO ecommerce_owner;
CREATE FUNCTION public.find_products(term text, of_status text, of_vendor text, of_tag text, of_stock text, sort text, falling boolean, after_key text, after_id uuid, at_most integer) RETURNS TABLE(product_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'pg_catalog', 'public'
    AS $$
DECLARE
    store uuid := public.current_store();
    key text := CASE sort WHEN 'title' THEN 'title_folded' ELSE 'updated_at' END;
    kind text := CASE sort WHEN 'title' THEN 'text' ELSE 'timestamptz' END;
BEGIN
    RETURN QUERY SELECT public.page_of_list(
        'public.products p'
            || CASE WHEN of_tag IS NULL THEN '' ELSE
                ' JOIN public.product_tags t ON t.store_id = p.store_id AND t.product_id = p.id' END,
        format('p.store_id = %L', store)
            || CASE WHEN of_tag IS NULL THEN '' ELSE
                format(' AND t.store_id = %L AND t.tag_folded = %L', store, of_tag) END,
        NULL, CASE WHEN of_tag IS NULL THEN ARRAY['p.' || key, 'p.id'] ELSE ARRAY['t.' || key, 't.product_id'] END,
        falling, 'p.id', public.containing(term),
        nullif(concat_ws(' AND ',
            CASE WHEN of_status IS NOT NULL THEN format('p.status = %L', of_status) END,
            CASE WHEN of_vendor IS NOT NULL THEN format('p.vendor_folded = %L', of_vendor) END,
            CASE WHEN of_stock IS NOT NULL THEN format('p.stock_state = %L', of_stock) END), ''),
        NULL,
        CASE WHEN after_id IS NOT NULL THEN format('(CAST(%L AS %s), %L::uuid)', after_key, kind, after_id) END,
        at_most);
END $$;
ALTER FUNCTION public.find_products(term text, of_status text, of_vendor text, of_tag text, of_stock text, sort text, falling boolean, after_key text, after_id uuid, at_most integer) OWNER TO ecommerce_owner;
CREATE FUNCTION public.find_search_documents(of_kind text, term text, only_visible boolean, before_at timestamp with time zone, before_id uuid, at_most integer) RETURNS TABLE(subject_id uuid, sorted_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
DECLARE
    needle text := '%' || replace(replace(replace(term, chr(92), chr(92) || chr(92)), '%', chr(92) || '%'), '_', chr(92) || '_') || '%';
BEGIN
    RETURN QUERY EXECUTE
        'SELECT d.subject_id, d.sorted_at FROM public.search_documents d
         WHERE d.store_id = $1 AND d.kind = $2 AND d.body LIKE $3 AND (d.visible OR NOT $4)
           AND ($5 IS NULL OR (d.sorted_at, d.subject_id) < ($5, $6))
         ORDER BY d.sorted_at DESC, d.subject_id DESC LIMIT $7'
    USING public.current_store(), of_kind, needle, only_visible, before_at, before_id, at_most;
END $_$;
ALTER FUNCTION public.find_search_documents(of_kind text, term text, only_visible boolean, before_at timestamp with time zone, before_id uuid, at_most integer) OWNER TO ecommerce_owner;
CREATE FUNCTION public.find_variants(term text, of_state text, after_title text, after_product uuid, after_position integer, after_variant uuid, at_most integer) RETURNS TABLE(variant_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20
    SET search_path TO 'pg_catalog', 'public'
    AS $_$
DECLARE
    store uuid := public.current_store();
BEGIN
    RETURN QUERY SELECT public.page_of_list(
        'public.products p JOIN public.variants v ON v.store_id = p.store_id AND v.product_id = p.id',
        format('p.store_id = %L AND v.store_id = %1$L', store),
        CASE WHEN after_variant IS NOT NULL THEN
            format('(p.title_folded, p.id) >= (%L, %L::uuid)', after_title, after_product) END,
        ARRAY['p.title_folded', 'p.id', 'v.position', 'v.id'], false, 'p.id', public.containing(term),
        CASE
            WHEN of_state = 'reserved' THEN format(
                'v.id IN (SELECT i.variant_id FROM public.stock_items i WHERE i.store_id = %L AND i.reserved > 0)',
                store)
            WHEN of_state IS NOT NULL THEN format('v.stock_state = %L', of_state) END,
        CASE WHEN of_state = 'reserved' THEN format(
            '(SELECT sum(i.reserved) FROM public.stock_items i WHERE i.store_id = %L AND i.variant_id = v.id) > 0',
            store) END,
        CASE WHEN after_variant IS NOT NULL THEN
            format('(%L, %L::uuid, %s, %L::uuid)', after_title, after_product, after_position, after_variant) END,
        at_most);
END $_$;
ALTER FUNCTION public.find_variants(term text, of_state text, after_title text, after_product uuid, after_position integer, after_variant uuid, at_most integer) OWNER TO ecommerce_owner;
CREATE FUNCTION public.keep_matched() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.match_groups g WHERE g.store_id = OLD.store_id AND g.id = OLD.id) THEN
        RAISE EXCEPTION 'a line is matched with it' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION public.keep_matched() OWNER TO ecommerce_owner;
CREATE FUNCTION public.keep_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.provider_lines l WHERE l.match_id = OLD.id AND l.store_id = OLD.store_id)
        OR EXISTS (SELECT 1 FROM public.provider_lines l WHERE l.account_id = OLD.id AND l.store_id = OLD.store_id)
    THEN
        RAISE EXCEPTION 'lines of the provider refer to it' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION public.keep_told() OWNER TO ecommerce_owner;
CREATE TABLE public.ledger_days (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    day date NOT NULL,
    sequence integer NOT NULL,
    closed boolean NOT NULL,
    reason text NOT NULL,
    decided_by text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    last_number bigint NOT NULL,
    entries bigint NOT NULL,
    digest bytea NOT NULL,
    seal bytea NOT NULL,
    CONSTRAINT ck_ledger_days_sequence_positive CHECK ((sequence > 0))
);
ALTER TABLE public.ledger_days OWNER TO ecommerce_owner;
CREATE FUNCTION public.ledger_closed_through(of_store uuid) RETURNS date
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT d.day
    FROM public.ledger_days d
   WHERE ((d.store_id = ledger_closed_through.of_store) AND d.closed AND (NOT (EXISTS ( SELECT 1
            FROM public.ledger_days l
           WHERE ((l.store_id = d.store_id) AND (l.day = d.day) AND (l.sequence > d.sequence))))))
   ORDER BY d.day DESC
  LIMIT 1;
END;
ALTER FUNCTION public.ledger_closed_through(of_store uuid) OWNER TO ecommerce_owner;
CREATE FUNCTION public.page_of_list(tables text, within text, start text, keys text[], falling boolean, subject text, pattern text, conditions text, asked text, after text, at_most integer) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
    store uuid := public.current_store();
    id text := keys[cardinality(keys)];
    way text := CASE WHEN falling THEN ' DESC' ELSE '' END;
    sides text := CASE WHEN falling THEN ' < ' ELSE ' > ' END || after;
    names text[] := ARRAY(SELECT 'k' || n FROM generate_series(1, cardinality(keys)) n);
    words text := format('public.search_documents s WHERE s.store_id = %L AND s.kind = ''product''', store);
    hits uuid[];
BEGIN
    hits := public.walk_list(
        format('SELECT %s AS id, %s AND %s AS hit FROM %s WHERE %s', id,
            CASE WHEN pattern IS NULL THEN 'true' ELSE
                format('(SELECT s.body LIKE %L FROM %s AND s.subject_id = %s)', pattern, words, subject) END,
            coalesce(asked, conditions, 'true'), tables, within)
        || coalesce(' AND ' || start, '')
        || coalesce(format(' AND (%s)', array_to_string(keys, ', ')) || sides, '')
        || format(' ORDER BY %s%s', array_to_string(keys, way || ', '), way),
        at_most);
    IF hits IS NOT NULL THEN
        RETURN QUERY SELECT unnest(hits);
        RETURN;
    END IF;
    RETURN QUERY SELECT public.sort_matches(
        format('WITH m (%s) AS MATERIALIZED (SELECT %s FROM %s WHERE %s',
            array_to_string(names, ', '), array_to_string(keys, ', '), tables, within)
        || coalesce(' AND ' || conditions, '')
        || CASE WHEN pattern IS NULL THEN '' ELSE
            format(' AND %s IN (SELECT s.subject_id FROM %s AND s.body LIKE %L)', subject, words, pattern) END
        || format(') SELECT %s FROM m', names[cardinality(names)])
        || coalesce(format(' WHERE (%s)', array_to_string(names, ', ')) || sides, '')
        || format(' ORDER BY %s%s LIMIT %s', array_to_string(names, way || ', '), way, at_most));
END $$;
ALTER FUNCTION public.page_of_list(tables text, within text, start text, keys text[], falling boolean, subject text, pattern text, conditions text, asked text, after text, at_most integer) OWNER TO ecommerce_owner;
CREATE TABLE public.media (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    sha256 text NOT NULL,
    content_type text NOT NULL,
    width integer NOT NULL,
    height integer NOT NULL,
    size_bytes integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.media OWNER TO ecommerce_owner;
CREATE TABLE public.product_media (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    product_id uuid NOT NULL,
    media_id uuid,
    source_url text,
    alt text NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT ck_product_media_has_a_source CHECK (((media_id IS NOT NULL) OR (source_url IS NOT NULL)))
);
ALTER TABLE public.product_media OWNER TO ecommerce_owner;
CREATE TABLE public.products (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    slug text NOT NULL,
    title text NOT NULL,
    title_folded text NOT NULL,
    description_html text NOT NULL,
    vendor text NOT NULL,
    vendor_folded text NOT NULL,
    product_type text NOT NULL,
    tags text[] NOT NULL,
    status text NOT NULL,
    options jsonb NOT NULL,
    seo_title text NOT NULL,
    seo_description text NOT NULL,
    stock_state text,
    published_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_products_status CHECK ((status = ANY (ARRAY['draft'::text, 'published'::text, 'archived'::text]))),
    CONSTRAINT ck_products_stock_state CHECK ((stock_state = ANY (ARRAY['in_stock'::text, 'sold_out'::text])))
);
ALTER TABLE public.products OWNER TO ecommerce_owner;
CREATE FUNCTION public.published_picture(hash text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT m.content_type
    FROM public.media m
   WHERE ((m.sha256 = published_picture.hash) AND (EXISTS ( SELECT 1
            FROM (public.product_media pm
              JOIN public.products p ON (((p.store_id = pm.store_id) AND (p.id = pm.product_id) AND (p.status = 'published'::text))))
           WHERE ((pm.store_id = m.store_id) AND (pm.media_id = m.id)))))
  LIMIT 1;
END;
ALTER FUNCTION public.published_picture(hash text) OWNER TO ecommerce_owner;
CREATE FUNCTION public.put_search_document(of_kind text, subject uuid, is_visible boolean, words text, at timestamp with time zone) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 INSERT INTO public.search_documents (store_id, kind, subject_id, visible, body, sorted_at)
   VALUES (public.current_store(), put_search_document.of_kind, put_search_document.subject, put_search_document.is_visible, put_search_document.words, put_search_document.at) ON CONFLICT(store_id, kind, subject_id) DO UPDATE SET visible = excluded.visible, body = excluded.body, sorted_at = excluded.sorted_at;
END;
ALTER FUNCTION public.put_search_document(of_kind text, subject uuid, is_visible boolean, words text, at timestamp with time zone) OWNER TO ecommerce_owner;
CREATE FUNCTION public.put_search_documents(of_kind text, subjects uuid[], are_visible boolean[], words text[], at timestamp with time zone[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 INSERT INTO public.search_documents (store_id, kind, subject_id, visible, body, sorted_at)  SELECT public.current_store() AS current_store,
             put_search_documents.of_kind AS of_kind,
             d.subject,
             d.is_visible,
             d.words,
             d.at
            FROM UNNEST(put_search_documents.subjects, put_search_documents.are_visible, put_search_documents.words, put_search_documents.at) d(subject, is_visible, words, at) ON CONFLICT(store_id, kind, subject_id) DO UPDATE SET visible = excluded.visible, body = excluded.body, sorted_at = excluded.sorted_at;
END;
ALTER FUNCTION public.put_search_documents(of_kind text, subjects uuid[], are_visible boolean[], words text[], at timestamp with time zone[]) OWNER TO ecommerce_owner;
CREATE FUNCTION public.refuse_ledger_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public'
    AS $$
BEGIN
    RAISE EXCEPTION '% is written once: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
ALTER FUNCTION public.refuse_ledger_change() OWNER TO ecommerce_owner;
CREATE TABLE public.carrier_accounts (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    carrier text NOT NULL,
    name text NOT NULL,
    config bytea NOT NULL,
    enabled boolean NOT NULL,
    requests_per_second integer NOT NULL,
    burst integer NOT NULL,
    requests_per_day integer NOT NULL,
    "position" integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_carrier_accounts_limits_positive CHECK (((requests_per_second > 0) AND (burst > 0) AND (requests_per_day > 0)))
);
ALTER TABLE public.carrier_accounts OWNER TO ecommerce_owner;
CREATE FUNCTION public.resolve_carrier_account(account uuid) RETURNS TABLE(id uuid, store_id uuid, carrier text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT a.id,
     a.store_id,
     a.carrier
    FROM public.carrier_accounts a
   WHERE ((a.id = resolve_carrier_account.account) AND a.enabled);
END;
ALTER FUNCTION public.resolve_carrier_account(account uuid) OWNER TO ecommerce_owner;
CREATE TABLE public.stores (
    id uuid NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    currency character(3) NOT NULL,
    currencies text[] NOT NULL,
    locale text NOT NULL,
    locales text[] NOT NULL,
    countries text[] NOT NULL,
    time_zone text NOT NULL,
    prices_include_tax boolean NOT NULL,
    order_prefix text NOT NULL,
    capture_policy text NOT NULL,
    card_seconds integer NOT NULL,
    pix_minutes integer NOT NULL,
    bank_transfer_days integer NOT NULL,
    email text NOT NULL,
    origin jsonb,
    created_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    carrier_rates boolean DEFAULT true NOT NULL,
    box jsonb,
    CONSTRAINT ck_stores_capture_policy CHECK ((capture_policy = ANY (ARRAY['at_once'::text, 'at_fulfilment'::text, 'by_hand'::text])))
);
ALTER TABLE public.stores OWNER TO ecommerce_owner;
CREATE FUNCTION public.resolve_key(hash bytea) RETURNS TABLE(id uuid, store_id uuid, kind text, label text, origins text[], locale text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT k.id,
     k.store_id,
     k.kind,
     k.label,
     k.origins,
     s.locale
    FROM (public.api_keys k
      JOIN public.stores s ON ((s.id = k.store_id)))
   WHERE ((k.token_hash = resolve_key.hash) AND (k.revoked_at IS NULL));
END;
ALTER FUNCTION public.resolve_key(hash bytea) OWNER TO ecommerce_owner;
CREATE TABLE public.payment_accounts (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    provider text NOT NULL,
    name text NOT NULL,
    config bytea NOT NULL,
    methods text[] NOT NULL,
    enabled boolean NOT NULL,
    "position" integer NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.payment_accounts OWNER TO ecommerce_owner;
CREATE FUNCTION public.resolve_payment_account(account uuid) RETURNS TABLE(id uuid, store_id uuid, provider text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT a.id,
     a.store_id,
     a.provider
    FROM public.payment_accounts a
   WHERE (a.id = resolve_payment_account.account);
END;
ALTER FUNCTION public.resolve_payment_account(account uuid) OWNER TO ecommerce_owner;
CREATE TABLE public.payment_sessions (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    cart_id uuid NOT NULL,
    cart_version integer NOT NULL,
    payment_id uuid NOT NULL,
    method text NOT NULL,
    state text NOT NULL,
    currency character(3) NOT NULL,
    amount_minor bigint NOT NULL,
    secret_hash bytea NOT NULL,
    quote jsonb NOT NULL,
    return_url text NOT NULL,
    next_action jsonb,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    version integer NOT NULL,
    CONSTRAINT ck_payment_sessions_state CHECK ((state = ANY (ARRAY['opening'::text, 'open'::text, 'closing'::text, 'completed'::text, 'cancelled'::text, 'expired'::text])))
);
ALTER TABLE public.payment_sessions OWNER TO ecommerce_owner;
CREATE FUNCTION public.resolve_payment_session(hash bytea) RETURNS TABLE(id uuid, store_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT s.id,
     s.store_id
    FROM public.payment_sessions s
   WHERE (s.secret_hash = resolve_payment_session.hash);
END;
ALTER FUNCTION public.resolve_payment_session(hash bytea) OWNER TO ecommerce_owner;
CREATE TABLE public.memberships (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    role text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_memberships_role CHECK ((role = ANY (ARRAY['owner'::text, 'manager'::text, 'support'::text, 'finance'::text])))
);
ALTER TABLE public.memberships OWNER TO ecommerce_owner;
CREATE TABLE public.staff (
    id uuid NOT NULL,
    email text NOT NULL,
    email_folded text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    locale text NOT NULL,
    theme text NOT NULL,
    enabled boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version integer NOT NULL
);
ALTER TABLE public.staff OWNER TO ecommerce_owner;
CREATE TABLE public.staff_sessions (
    id uuid NOT NULL,
    token_hash bytea NOT NULL,
    staff_id uuid NOT NULL,
    store_id uuid,
    user_agent text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);
ALTER TABLE public.staff_sessions OWNER TO ecommerce_owner;
CREATE FUNCTION public.resolve_staff_session(hash bytea, at timestamp with time zone) RETURNS TABLE(id uuid, staff_id uuid, store_id uuid, name text, email text, locale text, theme text, role text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT s.id,
     s.staff_id,
     m.store_id,
     p.name,
     p.email,
     p.locale,
     p.theme,
     m.role
    FROM ((public.staff_sessions s
      JOIN public.staff p ON (((p.id = s.staff_id) AND p.enabled)))
      LEFT JOIN public.memberships m ON (((m.staff_id = s.staff_id) AND (m.store_id = s.store_id))))
   WHERE ((s.token_hash = resolve_staff_session.hash) AND (s.revoked_at IS NULL) AND (s.expires_at > resolve_staff_session.at));
END;
ALTER FUNCTION public.resolve_staff_session(hash bytea, at timestamp with time zone) OWNER TO ecommerce_owner;
CREATE FUNCTION public.sort_matches(page text) RETURNS SETOF uuid
    LANGUAGE plpgsql STABLE
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    AS $$
BEGIN
    RETURN QUERY EXECUTE page;
END $$;
ALTER FUNCTION public.sort_matches(page text) OWNER TO ecommerce_owner;
CREATE FUNCTION public.staged_import_rows(of_import uuid, of_kind text DEFAULT NULL::text) RETURNS SETOF staging.import_rows
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT r.import_id,
     r.kind,
     r.id,
     r.product_id,
     r."position",
     r.title,
     r.title_folded,
     r.slug,
     r.description_html,
     r.vendor,
     r.vendor_folded,
     r.product_type,
     r.tags,
     r.status,
     r.options,
     r.seo_title,
     r.seo_description,
     r.option_values,
     r.sku,
     r.sku_folded,
     r.barcode,
     r.price_minor,
     r.compare_at_minor,
     r.cost_minor,
     r.weight_grams,
     r.tax_category,
     r.tracked,
     r.requires_shipping,
     r.stock_state,
     r.variant_id,
     r.movement_id,
     r.on_hand,
     r.change,
     r.source_url,
     r.summary,
     r.page,
     r.words,
     r.tags_folded
    FROM staging.import_rows r
   WHERE ((r.import_id = staged_import_rows.of_import) AND ((staged_import_rows.of_kind IS NULL) OR (r.kind = staged_import_rows.of_kind)) AND (EXISTS ( SELECT 1
            FROM public.imports i
           WHERE ((i.id = staged_import_rows.of_import) AND (i.store_id = public.current_store())))));
END;
ALTER FUNCTION public.staged_import_rows(of_import uuid, of_kind text) OWNER TO ecommerce_owner;
CREATE FUNCTION public.staged_settlement_rows(of_run uuid, of_kind text) RETURNS SETOF staging.settlement_rows
    LANGUAGE sql STABLE SECURITY DEFINER ROWS 100000
    SET search_path TO 'pg_catalog', 'public'
    BEGIN ATOMIC
 SELECT r.run_id,
     r.kind,
     r.id,
     r.reference,
     r.word,
     r.raw_word,
     r.gross_minor,
     r.fee_minor,
     r.net_minor,
     r.currency,
     r.created_at,
     r.on_day,
     r.source_reference,
     r.tender_reference,
     r.merchant_reference,
     r.merchant_id,
     r.payout_reference,
     r.method,
     r.description,
     r.flag,
     r.read,
     r.due_at,
     r.raw
    FROM staging.settlement_rows r
   WHERE ((r.run_id = staged_settlement_rows.of_run) AND (r.kind = staged_settlement_rows.of_kind) AND (EXISTS ( SELECT 1
            FROM public.reconciliation_runs x
           WHERE ((x.id = staged_settlement_rows.of_run) AND (x.store_id = public.current_store())))));
END;
ALTER FUNCTION public.staged_settlement_rows(of_run uuid, of_kind text) OWNER TO ecommerce_owner;
CREATE FUNCTION public.walk_list(walk text, at_most integer) RETURNS uuid[]
    LANGUAGE plpgsql STABLE
    SET enable_sort TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_material TO 'off'
    SET enable_memoize TO 'off'
    AS $$
DECLARE
    line record;
    walked integer := 0;
    hits uuid[] := '{}';
BEGIN
    FOR line IN EXECUTE format('%s LIMIT %s', walk, 22 * at_most) LOOP
        walked := walked + 1;
        IF line.hit THEN
            hits := hits || line.id;
            EXIT WHEN cardinality(hits) = at_most;
        ELSIF walked >= 2 * at_most + 20 * cardinality(hits) THEN
            RETURN NULL;
        END IF;
    END LOOP;
    RETURN hits;
END $$;
ALTER FUNCTION public.walk_list(walk text, at_most integer) OWNER TO ecommerce_owner;
CREATE TABLE public.activity (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    parent_id uuid,
    action text NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_label text NOT NULL,
    request_id text NOT NULL,
    reason text,
    target_kind text,
    target_id uuid,
    changes jsonb NOT NULL,
    occurred_at timestamp with time zone NOT NULL
);
ALTER TABLE public.activity OWNER TO ecommerce_owner;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE public.alembic_version OWNER TO ecommerce_owner;
CREATE TABLE public.approvals (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    exception_id uuid NOT NULL,
    decision text NOT NULL,
    state text NOT NULL,
    amount_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    details jsonb NOT NULL,
    note text NOT NULL,
    asked_by_id uuid,
    asked_by text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    decided_by_id uuid,
    decided_by text,
    decided_at timestamp with time zone,
    answer text NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_approvals_decision CHECK ((decision = ANY (ARRAY['resolve'::text, 'write_off'::text, 'refund'::text]))),
    CONSTRAINT ck_approvals_state CHECK ((state = ANY (ARRAY['asked'::text, 'approved'::text, 'refused'::text, 'used'::text]))),
    CONSTRAINT ck_approvals_two_people CHECK (((decided_by_id IS NULL) OR (decided_by_id IS DISTINCT FROM asked_by_id)))
);
ALTER TABLE public.approvals OWNER TO ecommerce_owner;
CREATE TABLE public.carrier_answers (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    question text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    failed text,
    prices jsonb NOT NULL,
    refusals text[] NOT NULL
);
ALTER TABLE public.carrier_answers OWNER TO ecommerce_owner;
CREATE TABLE public.carrier_budgets (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    rate_milli integer NOT NULL,
    tokens_milli integer NOT NULL,
    refilled_at timestamp with time zone NOT NULL,
    day date NOT NULL,
    used_today integer NOT NULL,
    paused_until timestamp with time zone
);
ALTER TABLE public.carrier_budgets OWNER TO ecommerce_owner;
CREATE TABLE public.carrier_webhooks (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    carrier text NOT NULL,
    account_id uuid NOT NULL,
    external_id text NOT NULL,
    kind text NOT NULL,
    tracking_folded text,
    shipment_reference text,
    tracked jsonb,
    body bytea NOT NULL,
    state text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    processed_at timestamp with time zone,
    CONSTRAINT ck_carrier_webhooks_state CHECK ((state = ANY (ARRAY['received'::text, 'parked'::text, 'processed'::text])))
);
ALTER TABLE public.carrier_webhooks OWNER TO ecommerce_owner;
CREATE TABLE public.cart_lines (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    cart_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    quantity integer NOT NULL,
    seen_price_minor bigint NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT ck_cart_lines_quantity_positive CHECK ((quantity > 0))
);
ALTER TABLE public.cart_lines OWNER TO ecommerce_owner;
CREATE TABLE public.carts (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    state text NOT NULL,
    currency character(3) NOT NULL,
    shopper_id uuid,
    contact jsonb,
    shipping_address jsonb,
    billing_address jsonb,
    shipping_option jsonb,
    locale text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_carts_state CHECK ((state = ANY (ARRAY['open'::text, 'completed'::text])))
);
ALTER TABLE public.carts OWNER TO ecommerce_owner;
CREATE TABLE public.catalogue_versions (
    store_id uuid NOT NULL,
    version bigint NOT NULL
);
ALTER TABLE public.catalogue_versions OWNER TO ecommerce_owner;
CREATE TABLE public.clock (
    single boolean NOT NULL,
    offset_seconds bigint NOT NULL,
    CONSTRAINT ck_clock_one_row CHECK (single)
);
ALTER TABLE public.clock OWNER TO ecommerce_owner;
CREATE TABLE public.counters (
    store_id uuid NOT NULL,
    series text NOT NULL,
    next bigint NOT NULL,
    seal bytea
);
ALTER TABLE public.counters OWNER TO ecommerce_owner;
CREATE TABLE public.deliveries (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    event_id uuid,
    event_name text NOT NULL,
    subscriber text NOT NULL,
    payload jsonb NOT NULL,
    request_id text NOT NULL,
    locale text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    last_error text,
    done_at timestamp with time zone,
    discard_reason text,
    CONSTRAINT ck_deliveries_state CHECK ((state = ANY (ARRAY['waiting'::text, 'leased'::text, 'done'::text, 'dead'::text, 'discarded'::text])))
);
ALTER TABLE public.deliveries OWNER TO ecommerce_owner;
CREATE TABLE public.delivery_rates (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    name text NOT NULL,
    country text NOT NULL,
    postal_from text NOT NULL,
    postal_to text NOT NULL,
    weight_from integer NOT NULL,
    weight_to integer NOT NULL,
    price_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    days_min integer NOT NULL,
    days_max integer NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT ck_delivery_rates_price_not_negative CHECK ((price_minor >= 0)),
    CONSTRAINT ck_delivery_rates_weight_band CHECK ((weight_from < weight_to))
);
ALTER TABLE public.delivery_rates OWNER TO ecommerce_owner;
CREATE TABLE public.disputes (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reference text NOT NULL COLLATE pg_catalog."C",
    tender_reference text NOT NULL COLLATE pg_catalog."C",
    payment_id uuid,
    amount_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    status text NOT NULL,
    reason text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    evidence_due_at timestamp with time zone,
    withdrawn boolean NOT NULL,
    loss_posted boolean NOT NULL,
    CONSTRAINT ck_disputes_status CHECK ((status = ANY (ARRAY['needs_response'::text, 'under_review'::text, 'won'::text, 'lost'::text, 'closed'::text])))
);
ALTER TABLE public.disputes OWNER TO ecommerce_owner;
CREATE TABLE public.exception_comments (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    exception_id uuid NOT NULL,
    kind text NOT NULL,
    text text NOT NULL,
    by_id uuid,
    by_label text NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE public.exception_comments OWNER TO ecommerce_owner;
CREATE TABLE public.fee_contracts (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    method text NOT NULL,
    currency character(3) NOT NULL,
    basis_points integer NOT NULL,
    fixed_minor bigint NOT NULL,
    valid_from date NOT NULL,
    CONSTRAINT ck_fee_contracts_not_negative CHECK (((basis_points >= 0) AND (fixed_minor >= 0)))
);
ALTER TABLE public.fee_contracts OWNER TO ecommerce_owner;
CREATE TABLE public.fulfilment_lines (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    line_id uuid NOT NULL,
    quantity integer NOT NULL,
    CONSTRAINT ck_fulfilment_lines_quantity_positive CHECK ((quantity > 0))
);
ALTER TABLE public.fulfilment_lines OWNER TO ecommerce_owner;
CREATE TABLE public.fulfilments (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    order_id uuid NOT NULL,
    number integer NOT NULL,
    location_id uuid NOT NULL,
    state text NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    shipped_at timestamp with time zone,
    ended_at timestamp with time zone,
    version integer NOT NULL,
    CONSTRAINT ck_fulfilments_state CHECK ((state = ANY (ARRAY['planned'::text, 'shipped'::text, 'cancelled'::text, 'reversed'::text])))
);
ALTER TABLE public.fulfilments OWNER TO ecommerce_owner;
CREATE TABLE public.idempotency_keys (
    store_id uuid NOT NULL,
    caller text NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    body_hash bytea NOT NULL,
    answer jsonb,
    claimed_until timestamp with time zone,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.idempotency_keys OWNER TO ecommerce_owner;
CREATE TABLE public.import_changes (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    import_id uuid NOT NULL,
    line integer NOT NULL,
    handle text NOT NULL,
    title text NOT NULL,
    subject text NOT NULL,
    field text NOT NULL,
    before jsonb,
    after jsonb
);
ALTER TABLE public.import_changes OWNER TO ecommerce_owner;
CREATE TABLE public.import_problems (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    import_id uuid NOT NULL,
    line integer NOT NULL,
    handle text NOT NULL,
    title text NOT NULL,
    "column" text NOT NULL,
    code text NOT NULL,
    value text NOT NULL,
    message text NOT NULL,
    repair text,
    while_writing boolean NOT NULL,
    cells text[]
);
ALTER TABLE public.import_problems OWNER TO ecommerce_owner;
CREATE TABLE public.journal_entries (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    number bigint NOT NULL,
    key text NOT NULL,
    kind text NOT NULL,
    fact_at timestamp with time zone NOT NULL,
    booked_on date NOT NULL,
    source_type text NOT NULL,
    source_id text NOT NULL,
    order_id uuid,
    reverses uuid,
    memo text NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    seal bytea NOT NULL,
    CONSTRAINT ck_journal_entries_kind CHECK ((kind = ANY (ARRAY['capture'::text, 'refund'::text, 'refund_reversed'::text, 'goods_left'::text, 'goods_back'::text, 'label'::text, 'label_voided'::text, 'fee'::text, 'payout'::text, 'payout_failed'::text, 'bank'::text, 'dispute'::text, 'dispute_lost'::text, 'dispute_won'::text, 'dispute_fee'::text, 'reserve_held'::text, 'reserve_released'::text, 'closing_item'::text]))),
    CONSTRAINT ck_journal_entries_source_type CHECK ((source_type = ANY (ARRAY['payment_operation'::text, 'fulfilment'::text, 'shipment'::text, 'provider_line'::text, 'payout'::text, 'dispute'::text, 'exception'::text, 'bank_line'::text])))
);
ALTER TABLE public.journal_entries OWNER TO ecommerce_owner;
CREATE TABLE public.ledger_accounts (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    code text NOT NULL,
    currency character(3) NOT NULL,
    payment_account_id uuid,
    created_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_ledger_accounts_clearing_per_payment_account CHECK (((payment_account_id IS NOT NULL) = (code = '1100'::text))),
    CONSTRAINT ck_ledger_accounts_code CHECK ((code = ANY (ARRAY['1000'::text, '1100'::text, '1110'::text, '1120'::text, '1130'::text, '1150'::text, '1190'::text, '2100'::text, '2200'::text, '2300'::text, '4000'::text, '4010'::text, '4900'::text, '4910'::text, '5000'::text, '6100'::text, '6110'::text, '6120'::text, '6200'::text])))
);
ALTER TABLE public.ledger_accounts OWNER TO ecommerce_owner;
CREATE TABLE public.ledger_balances (
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    day date NOT NULL,
    debit_minor bigint NOT NULL,
    credit_minor bigint NOT NULL,
    postings integer NOT NULL
);
ALTER TABLE public.ledger_balances OWNER TO ecommerce_owner;
CREATE TABLE public.ledger_open_items (
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    open_item text NOT NULL,
    amount_minor bigint NOT NULL,
    opened_on date NOT NULL
);
ALTER TABLE public.ledger_open_items OWNER TO ecommerce_owner;
CREATE TABLE public.ledger_settings (
    store_id uuid NOT NULL,
    exception_limit_minor bigint NOT NULL,
    CONSTRAINT ck_ledger_settings_limit_not_negative CHECK ((exception_limit_minor >= 0))
);
ALTER TABLE public.ledger_settings OWNER TO ecommerce_owner;
CREATE TABLE public.locations (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    name text NOT NULL,
    is_default boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE public.locations OWNER TO ecommerce_owner;
CREATE TABLE public.match_groups (
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    subject text NOT NULL,
    payment_id uuid,
    operation_id uuid,
    dispute_id uuid,
    pass text NOT NULL,
    rule_version integer NOT NULL,
    run_id uuid NOT NULL,
    matched_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_match_groups_pass CHECK ((pass = ANY (ARRAY['provider_reference'::text, 'merchant_reference'::text, 'amount_and_date'::text]))),
    CONSTRAINT ck_match_groups_subject CHECK ((subject = ANY (ARRAY['sale'::text, 'refund'::text, 'dispute'::text]))),
    CONSTRAINT ck_match_groups_subject_is_id CHECK ((id = COALESCE(operation_id, dispute_id, payment_id)))
);
ALTER TABLE public.match_groups OWNER TO ecommerce_owner;
CREATE TABLE public.messages (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    recipient text NOT NULL,
    sender text NOT NULL,
    subject text NOT NULL,
    body_text text NOT NULL,
    body_html text NOT NULL,
    order_id uuid,
    created_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone
);
ALTER TABLE public.messages OWNER TO ecommerce_owner;
CREATE TABLE public.order_lines (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    order_id uuid NOT NULL,
    "position" integer NOT NULL,
    product_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    sku text,
    title text NOT NULL,
    options jsonb NOT NULL,
    image text,
    quantity integer NOT NULL,
    unit_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    weight_grams integer NOT NULL,
    requires_shipping boolean NOT NULL,
    explanation jsonb NOT NULL,
    refunded_quantity integer NOT NULL,
    CONSTRAINT ck_order_lines_quantity_positive CHECK ((quantity > 0))
);
ALTER TABLE public.order_lines OWNER TO ecommerce_owner;
CREATE TABLE public.orders (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    cart_id uuid NOT NULL,
    number bigint,
    status text NOT NULL,
    payment_status text NOT NULL,
    fulfilment_status text NOT NULL,
    return_status text NOT NULL,
    currency character(3) NOT NULL,
    items_minor bigint NOT NULL,
    discount_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    quantity integer NOT NULL,
    shopper_id uuid,
    contact jsonb NOT NULL,
    email_folded text NOT NULL,
    customer_name text NOT NULL,
    shipping_address jsonb,
    billing_address jsonb,
    shipping_option jsonb,
    quote jsonb NOT NULL,
    token_rotation integer NOT NULL,
    locale text NOT NULL,
    cancel_reason text,
    placed_at timestamp with time zone NOT NULL,
    cancelled_at timestamp with time zone,
    version integer NOT NULL,
    travels boolean DEFAULT true NOT NULL,
    CONSTRAINT ck_orders_fulfilment_status CHECK ((fulfilment_status = ANY (ARRAY['unfulfilled'::text, 'partially_fulfilled'::text, 'fulfilled'::text, 'in_transit'::text, 'delivered'::text]))),
    CONSTRAINT ck_orders_payment_status CHECK ((payment_status = ANY (ARRAY['awaiting'::text, 'authorised'::text, 'partially_paid'::text, 'paid'::text, 'overpaid'::text, 'partially_refunded'::text, 'refunded'::text, 'disputed'::text, 'voided'::text, 'expired'::text]))),
    CONSTRAINT ck_orders_return_status CHECK ((return_status = ANY (ARRAY['none'::text, 'requested'::text, 'in_transit'::text, 'received'::text, 'closed'::text]))),
    CONSTRAINT ck_orders_status CHECK ((status = ANY (ARRAY['open'::text, 'cancelled'::text, 'archived'::text])))
);
ALTER TABLE public.orders OWNER TO ecommerce_owner;
CREATE TABLE public.outbox (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    name text NOT NULL,
    aggregate text NOT NULL,
    aggregate_id uuid NOT NULL,
    aggregate_version integer NOT NULL,
    payload jsonb NOT NULL,
    request_id text NOT NULL,
    occurred_at timestamp with time zone NOT NULL
);
ALTER TABLE public.outbox OWNER TO ecommerce_owner;
CREATE TABLE public.parcels (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    "position" integer NOT NULL,
    weight_grams integer NOT NULL,
    length_mm integer NOT NULL,
    width_mm integer NOT NULL,
    height_mm integer NOT NULL,
    carrier text,
    service text,
    tracking_number text,
    tracking_folded text,
    account_id uuid,
    status text NOT NULL,
    status_at timestamp with time zone,
    doubtful boolean NOT NULL,
    announced text[] NOT NULL,
    tracked_since timestamp with time zone,
    last_news_at timestamp with time zone,
    next_poll_at timestamp with time zone,
    polls integer NOT NULL,
    answer_hash text,
    CONSTRAINT ck_parcels_status CHECK ((status = ANY (ARRAY['unknown'::text, 'label_created'::text, 'accepted'::text, 'in_transit'::text, 'customs_hold'::text, 'out_for_delivery'::text, 'available_for_pickup'::text, 'delivery_attempted'::text, 'delayed'::text, 'exception'::text, 'returning'::text, 'returned'::text, 'delivered'::text, 'lost'::text, 'cancelled'::text])))
);
ALTER TABLE public.parcels OWNER TO ecommerce_owner;
CREATE TABLE public.payment_operations (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    amount_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    key text NOT NULL,
    provider_reference text,
    error_code text,
    details jsonb NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT ck_payment_operations_amount_not_negative CHECK ((amount_minor >= 0)),
    CONSTRAINT ck_payment_operations_kind CHECK ((kind = ANY (ARRAY['authorise'::text, 'capture'::text, 'void'::text, 'expire'::text, 'refund'::text]))),
    CONSTRAINT ck_payment_operations_state CHECK ((state = ANY (ARRAY['requested'::text, 'succeeded'::text, 'declined'::text, 'pending'::text, 'unknown'::text])))
);
ALTER TABLE public.payment_operations OWNER TO ecommerce_owner;
CREATE TABLE public.payments (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    provider text NOT NULL,
    method text NOT NULL,
    cart_id uuid NOT NULL,
    session_id uuid NOT NULL,
    order_id uuid,
    state text NOT NULL,
    currency character(3) NOT NULL,
    amount_minor bigint NOT NULL,
    authorised_minor bigint NOT NULL,
    captured_minor bigint NOT NULL,
    refunded_minor bigint NOT NULL,
    refunding_minor bigint NOT NULL,
    manual_capture boolean NOT NULL,
    confirmed_by_hand boolean NOT NULL,
    provider_reference text,
    details jsonb NOT NULL,
    decline_code text,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    check_at timestamp with time zone,
    checks integer NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_payments_refunds_within_captured CHECK ((refunding_minor <= captured_minor)),
    CONSTRAINT ck_payments_state CHECK ((state = ANY (ARRAY['created'::text, 'awaiting'::text, 'authorised'::text, 'captured'::text, 'declined'::text, 'voided'::text, 'expired'::text])))
);
ALTER TABLE public.payments OWNER TO ecommerce_owner;
CREATE TABLE public.payouts (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    account_id uuid NOT NULL,
    reference text NOT NULL COLLATE pg_catalog."C",
    amount_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    status text NOT NULL,
    arrival_on date NOT NULL,
    created_at timestamp with time zone NOT NULL,
    bank_reference text,
    failure_code text,
    complete boolean NOT NULL,
    lines_read boolean NOT NULL,
    announced_posted boolean NOT NULL,
    failure_posted boolean NOT NULL,
    CONSTRAINT ck_payouts_status CHECK ((status = ANY (ARRAY['announced'::text, 'in_transit'::text, 'paid'::text, 'failed'::text, 'cancelled'::text])))
);
ALTER TABLE public.payouts OWNER TO ecommerce_owner;
CREATE TABLE public.postings (
    store_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    line integer NOT NULL,
    account_id uuid NOT NULL,
    amount_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    open_item text,
    booked_on date NOT NULL,
    number bigint NOT NULL,
    CONSTRAINT ck_postings_amount_not_zero CHECK ((amount_minor <> 0))
);
ALTER TABLE public.postings OWNER TO ecommerce_owner;
CREATE TABLE public.product_documents (
    product_id uuid NOT NULL,
    store_id uuid NOT NULL,
    slug text NOT NULL,
    title_folded text NOT NULL,
    vendor_folded text NOT NULL,
    price_minor bigint NOT NULL,
    published_at timestamp with time zone NOT NULL,
    summary bytea NOT NULL,
    page bytea NOT NULL
)
WITH (toast_tuple_target='8160');
ALTER TABLE ONLY public.product_documents ALTER COLUMN summary SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.product_documents ALTER COLUMN page SET STORAGE EXTERNAL;
ALTER TABLE public.product_documents OWNER TO ecommerce_owner;
CREATE TABLE public.product_tags (
    store_id uuid NOT NULL,
    product_id uuid NOT NULL,
    tag_folded text NOT NULL,
    title_folded text NOT NULL,
    price_minor bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone
);
ALTER TABLE public.product_tags OWNER TO ecommerce_owner;
CREATE TABLE public.provider_lines (
    store_id uuid NOT NULL,
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    external_id text NOT NULL COLLATE pg_catalog."C",
    category text NOT NULL,
    raw_category text NOT NULL,
    gross_minor bigint NOT NULL,
    fee_minor bigint NOT NULL,
    net_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    available_on date NOT NULL,
    source_reference text COLLATE pg_catalog."C",
    tender_reference text COLLATE pg_catalog."C",
    merchant_reference text COLLATE pg_catalog."C",
    payout_reference text COLLATE pg_catalog."C",
    method text,
    description text NOT NULL,
    raw jsonb NOT NULL,
    run_id uuid NOT NULL,
    match_id uuid,
    match_pass text,
    posted boolean NOT NULL,
    CONSTRAINT ck_provider_lines_category CHECK ((category = ANY (ARRAY['charge'::text, 'capture_reversal'::text, 'refund'::text, 'refund_failure'::text, 'dispute'::text, 'dispute_reversal'::text, 'fee'::text, 'payout'::text, 'payout_reversal'::text, 'reserve'::text, 'reserve_release'::text, 'other'::text]))),
    CONSTRAINT ck_provider_lines_match_pass CHECK ((match_pass = ANY (ARRAY['provider_reference'::text, 'merchant_reference'::text, 'amount_and_date'::text]))),
    CONSTRAINT ck_provider_lines_net_is_gross_less_fee CHECK ((net_minor = (gross_minor - fee_minor)))
);
ALTER TABLE public.provider_lines OWNER TO ecommerce_owner;
CREATE TABLE public.reconciliation_exceptions (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    left_reference text NOT NULL,
    right_reference text NOT NULL,
    payment_id uuid,
    order_id uuid,
    amount_minor bigint NOT NULL,
    currency character(3) NOT NULL,
    details jsonb NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolution text,
    version integer NOT NULL,
    resolved_by text,
    account_id uuid,
    origin text DEFAULT 'payments'::text NOT NULL,
    owner_id uuid,
    owner_name text,
    CONSTRAINT ck_reconciliation_exceptions_kind CHECK ((kind = ANY (ARRAY['late_payment'::text, 'duplicate_charge'::text, 'amount_over'::text, 'amount_under'::text, 'missing_at_provider'::text, 'missing_internally'::text, 'fee_mismatch'::text, 'duplicate_provider_line'::text, 'refund_mismatch'::text, 'refund_failed'::text, 'dispute_opened'::text, 'dispute_won'::text, 'dispute_lost'::text, 'unexpected_adjustment'::text, 'payout_short'::text, 'payout_over'::text, 'payout_failed'::text]))),
    CONSTRAINT ck_reconciliation_exceptions_origin CHECK ((origin = ANY (ARRAY['payments'::text, 'reconciliation'::text]))),
    CONSTRAINT ck_reconciliation_exceptions_state CHECK ((state = ANY (ARRAY['open'::text, 'resolved'::text])))
);
ALTER TABLE public.reconciliation_exceptions OWNER TO ecommerce_owner;
CREATE TABLE public.reconciliation_settings (
    store_id uuid NOT NULL,
    approval_limit_minor bigint NOT NULL,
    CONSTRAINT ck_reconciliation_settings_limit_not_negative CHECK ((approval_limit_minor >= 0))
);
ALTER TABLE public.reconciliation_settings OWNER TO ecommerce_owner;
CREATE TABLE public.refresh_tokens (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    session_id uuid NOT NULL,
    token_hash bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
ALTER TABLE public.refresh_tokens OWNER TO ecommerce_owner;
CREATE TABLE public.refunds (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    order_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    operation_id uuid NOT NULL,
    currency character(3) NOT NULL,
    amount_minor bigint NOT NULL,
    shipping_minor bigint NOT NULL,
    lines jsonb NOT NULL,
    note text NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamp with time zone NOT NULL
);
ALTER TABLE public.refunds OWNER TO ecommerce_owner;
CREATE TABLE public.reservations (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    stock_item_id uuid NOT NULL,
    quantity integer NOT NULL,
    owner_kind text NOT NULL,
    owner_id uuid NOT NULL,
    state text NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT ck_reservations_owner_kind CHECK ((owner_kind = ANY (ARRAY['payment_session'::text, 'order'::text]))),
    CONSTRAINT ck_reservations_quantity_positive CHECK ((quantity > 0)),
    CONSTRAINT ck_reservations_state CHECK ((state = ANY (ARRAY['live'::text, 'released'::text, 'shipped'::text])))
);
ALTER TABLE public.reservations OWNER TO ecommerce_owner;
CREATE TABLE public.schedules (
    name text NOT NULL,
    next_run_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    every_seconds integer NOT NULL,
    last_run_at timestamp with time zone,
    took_ms integer,
    last_result jsonb,
    last_error text
);
ALTER TABLE public.schedules OWNER TO ecommerce_owner;
CREATE TABLE public.shipments (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    order_id uuid NOT NULL,
    account_id uuid NOT NULL,
    key text NOT NULL,
    state text NOT NULL,
    shipment_reference text NOT NULL,
    rate_id text NOT NULL,
    carrier text NOT NULL,
    service text NOT NULL,
    currency character(3) NOT NULL,
    quoted_minor bigint NOT NULL,
    paid_minor bigint,
    paid_currency character(3),
    days_min integer,
    days_max integer,
    tracking_number text,
    label_sha256 text,
    label_media_type text,
    reason text,
    unwanted boolean NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    purchased_at timestamp with time zone,
    ended_at timestamp with time zone,
    check_at timestamp with time zone,
    checks integer NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_shipments_state CHECK ((state = ANY (ARRAY['draft'::text, 'purchasing'::text, 'purchased'::text, 'refused'::text, 'unknown'::text, 'voiding'::text, 'voided'::text, 'void_refused'::text, 'expired'::text])))
);
ALTER TABLE public.shipments OWNER TO ecommerce_owner;
CREATE TABLE public.shipping_batch_rows (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    batch_id uuid NOT NULL,
    "position" integer NOT NULL,
    order_id uuid NOT NULL,
    fulfilment_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    state text NOT NULL,
    quote_id uuid,
    problem text,
    tries integer NOT NULL,
    CONSTRAINT ck_shipping_batch_rows_state CHECK ((state = ANY (ARRAY['new'::text, 'quoted'::text, 'queued'::text, 'done'::text])))
);
ALTER TABLE public.shipping_batch_rows OWNER TO ecommerce_owner;
CREATE TABLE public.shipping_batches (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    number integer NOT NULL,
    state text NOT NULL,
    choice text NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    closed_at timestamp with time zone,
    version integer NOT NULL,
    CONSTRAINT ck_shipping_batches_choice CHECK ((choice = ANY (ARRAY['cheapest_in_time'::text, 'cheapest'::text, 'fastest'::text]))),
    CONSTRAINT ck_shipping_batches_state CHECK ((state = ANY (ARRAY['quoting'::text, 'open'::text, 'buying'::text, 'closed'::text])))
);
ALTER TABLE public.shipping_batches OWNER TO ecommerce_owner;
CREATE TABLE public.shipping_quotes (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    account_id uuid NOT NULL,
    carrier text NOT NULL,
    service text NOT NULL,
    currency character(3) NOT NULL,
    price_minor bigint NOT NULL,
    days_min integer,
    days_max integer,
    shipment_reference text NOT NULL,
    rate_id text NOT NULL,
    weight_grams integer NOT NULL,
    length_mm integer NOT NULL,
    width_mm integer NOT NULL,
    height_mm integer NOT NULL,
    quoted_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);
ALTER TABLE public.shipping_quotes OWNER TO ecommerce_owner;
CREATE TABLE public.shopper_sessions (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    shopper_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);
ALTER TABLE public.shopper_sessions OWNER TO ecommerce_owner;
CREATE TABLE public.shoppers (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    email text NOT NULL,
    email_folded text NOT NULL,
    name text NOT NULL,
    password_hash text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    version integer NOT NULL
);
ALTER TABLE public.shoppers OWNER TO ecommerce_owner;
CREATE TABLE public.sign_in_tries (
    bucket bytea NOT NULL,
    failed integer NOT NULL,
    until timestamp with time zone NOT NULL
);
ALTER TABLE public.sign_in_tries OWNER TO ecommerce_owner;
CREATE TABLE public.stock_items (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    variant_id uuid NOT NULL,
    location_id uuid NOT NULL,
    on_hand integer NOT NULL,
    reserved integer NOT NULL,
    version integer NOT NULL,
    CONSTRAINT ck_stock_items_available_not_negative CHECK ((on_hand >= reserved)),
    CONSTRAINT ck_stock_items_reserved_not_negative CHECK ((reserved >= 0))
);
ALTER TABLE public.stock_items OWNER TO ecommerce_owner;
CREATE TABLE public.stock_movements (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    stock_item_id uuid NOT NULL,
    kind text NOT NULL,
    quantity integer NOT NULL,
    reason text NOT NULL,
    reference_kind text,
    reference_id uuid,
    occurred_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_stock_movements_kind CHECK ((kind = ANY (ARRAY['initial'::text, 'adjust'::text, 'import'::text, 'ship'::text, 'return'::text])))
);
ALTER TABLE public.stock_movements OWNER TO ecommerce_owner;
CREATE TABLE public.timeline (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    subject_kind text NOT NULL,
    subject_id uuid NOT NULL,
    name text NOT NULL,
    payload jsonb NOT NULL,
    actor_kind text NOT NULL,
    actor_id uuid,
    actor_label text NOT NULL,
    occurred_at timestamp with time zone NOT NULL
);
ALTER TABLE public.timeline OWNER TO ecommerce_owner;
CREATE TABLE public.tracking_events (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    parcel_id uuid NOT NULL,
    dedupe_key text NOT NULL,
    status text NOT NULL,
    raw_code text NOT NULL,
    body text NOT NULL,
    local_time text NOT NULL,
    at timestamp with time zone,
    place text,
    event_id text,
    sequence integer,
    source text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    CONSTRAINT ck_tracking_events_source CHECK ((source = ANY (ARRAY['poll'::text, 'webhook'::text, 'manual'::text]))),
    CONSTRAINT ck_tracking_events_status CHECK ((status = ANY (ARRAY['unknown'::text, 'label_created'::text, 'accepted'::text, 'in_transit'::text, 'customs_hold'::text, 'out_for_delivery'::text, 'available_for_pickup'::text, 'delivery_attempted'::text, 'delayed'::text, 'exception'::text, 'returning'::text, 'returned'::text, 'delivered'::text, 'lost'::text, 'cancelled'::text])))
);
ALTER TABLE public.tracking_events OWNER TO ecommerce_owner;
CREATE TABLE public.variants (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    product_id uuid NOT NULL,
    "position" integer NOT NULL,
    title text NOT NULL,
    option_values jsonb NOT NULL,
    sku text,
    sku_folded text,
    barcode text,
    currency character(3) NOT NULL,
    price_minor bigint NOT NULL,
    compare_at_minor bigint,
    cost_minor bigint,
    weight_grams integer NOT NULL,
    tax_category text NOT NULL,
    tracked boolean NOT NULL,
    requires_shipping boolean NOT NULL,
    stock_state text,
    media_id uuid,
    version integer NOT NULL,
    CONSTRAINT ck_variants_price_not_negative CHECK ((price_minor >= 0)),
    CONSTRAINT ck_variants_stock_state CHECK ((stock_state = ANY (ARRAY['in_stock'::text, 'sold_out'::text]))),
    CONSTRAINT ck_variants_weight_not_negative CHECK ((weight_grams >= 0))
);
ALTER TABLE public.variants OWNER TO ecommerce_owner;
CREATE TABLE public.webhooks (
    id uuid NOT NULL,
    store_id uuid NOT NULL,
    provider text NOT NULL,
    account_id uuid NOT NULL,
    external_id text NOT NULL,
    kind text NOT NULL,
    subject text,
    body bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    processed_at timestamp with time zone
);
ALTER TABLE public.webhooks OWNER TO ecommerce_owner;
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT pk_activity PRIMARY KEY (id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT pk_api_keys PRIMARY KEY (id);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT pk_approvals PRIMARY KEY (id);
ALTER TABLE ONLY public.carrier_accounts
    ADD CONSTRAINT pk_carrier_accounts PRIMARY KEY (id);
ALTER TABLE ONLY public.carrier_answers
    ADD CONSTRAINT pk_carrier_answers PRIMARY KEY (id);
ALTER TABLE ONLY public.carrier_budgets
    ADD CONSTRAINT pk_carrier_budgets PRIMARY KEY (id);
ALTER TABLE ONLY public.carrier_webhooks
    ADD CONSTRAINT pk_carrier_webhooks PRIMARY KEY (id);
ALTER TABLE ONLY public.cart_lines
    ADD CONSTRAINT pk_cart_lines PRIMARY KEY (id);
ALTER TABLE ONLY public.carts
    ADD CONSTRAINT pk_carts PRIMARY KEY (id);
ALTER TABLE ONLY public.catalogue_versions
    ADD CONSTRAINT pk_catalogue_versions PRIMARY KEY (store_id);
ALTER TABLE ONLY public.clock
    ADD CONSTRAINT pk_clock PRIMARY KEY (single);
ALTER TABLE ONLY public.counters
    ADD CONSTRAINT pk_counters PRIMARY KEY (store_id, series);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT pk_deliveries PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery_rates
    ADD CONSTRAINT pk_delivery_rates PRIMARY KEY (id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT pk_disputes PRIMARY KEY (id);
ALTER TABLE ONLY public.exception_comments
    ADD CONSTRAINT pk_exception_comments PRIMARY KEY (id);
ALTER TABLE ONLY public.fee_contracts
    ADD CONSTRAINT pk_fee_contracts PRIMARY KEY (id);
ALTER TABLE ONLY public.fulfilment_lines
    ADD CONSTRAINT pk_fulfilment_lines PRIMARY KEY (id);
ALTER TABLE ONLY public.fulfilments
    ADD CONSTRAINT pk_fulfilments PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT pk_idempotency_keys PRIMARY KEY (store_id, caller, route, key);
ALTER TABLE ONLY public.import_changes
    ADD CONSTRAINT pk_import_changes PRIMARY KEY (id);
ALTER TABLE ONLY public.import_problems
    ADD CONSTRAINT pk_import_problems PRIMARY KEY (id);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT pk_imports PRIMARY KEY (id);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT pk_journal_entries PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT pk_ledger_accounts PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_balances
    ADD CONSTRAINT pk_ledger_balances PRIMARY KEY (store_id, account_id, day);
ALTER TABLE ONLY public.ledger_days
    ADD CONSTRAINT pk_ledger_days PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_open_items
    ADD CONSTRAINT pk_ledger_open_items PRIMARY KEY (store_id, account_id, open_item);
ALTER TABLE ONLY public.ledger_settings
    ADD CONSTRAINT pk_ledger_settings PRIMARY KEY (store_id);
ALTER TABLE ONLY public.locations
    ADD CONSTRAINT pk_locations PRIMARY KEY (id);
ALTER TABLE ONLY public.match_groups
    ADD CONSTRAINT pk_match_groups PRIMARY KEY (store_id, id);
ALTER TABLE ONLY public.media
    ADD CONSTRAINT pk_media PRIMARY KEY (id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT pk_memberships PRIMARY KEY (id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT pk_messages PRIMARY KEY (id);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT pk_order_lines PRIMARY KEY (id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT pk_orders PRIMARY KEY (id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT pk_outbox PRIMARY KEY (id);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT pk_parcels PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_accounts
    ADD CONSTRAINT pk_payment_accounts PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT pk_payment_operations PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_sessions
    ADD CONSTRAINT pk_payment_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT pk_payments PRIMARY KEY (id);
ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT pk_payouts PRIMARY KEY (id);
ALTER TABLE ONLY public.postings
    ADD CONSTRAINT pk_postings PRIMARY KEY (entry_id, line);
ALTER TABLE ONLY public.product_documents
    ADD CONSTRAINT pk_product_documents PRIMARY KEY (product_id);
ALTER TABLE ONLY public.product_media
    ADD CONSTRAINT pk_product_media PRIMARY KEY (id);
ALTER TABLE ONLY public.product_tags
    ADD CONSTRAINT pk_product_tags PRIMARY KEY (store_id, product_id, tag_folded);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT pk_products PRIMARY KEY (id);
ALTER TABLE ONLY public.provider_lines
    ADD CONSTRAINT pk_provider_lines PRIMARY KEY (store_id, id);
ALTER TABLE ONLY public.reconciliation_exceptions
    ADD CONSTRAINT pk_reconciliation_exceptions PRIMARY KEY (id);
ALTER TABLE ONLY public.reconciliation_runs
    ADD CONSTRAINT pk_reconciliation_runs PRIMARY KEY (id);
ALTER TABLE ONLY public.reconciliation_settings
    ADD CONSTRAINT pk_reconciliation_settings PRIMARY KEY (store_id);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT pk_refresh_tokens PRIMARY KEY (id);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT pk_refunds PRIMARY KEY (id);
ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT pk_reservations PRIMARY KEY (id);
ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT pk_schedules PRIMARY KEY (name);
ALTER TABLE ONLY public.search_documents
    ADD CONSTRAINT pk_search_documents PRIMARY KEY (store_id, kind, subject_id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT pk_shipments PRIMARY KEY (id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT pk_shipping_batch_rows PRIMARY KEY (id);
ALTER TABLE ONLY public.shipping_batches
    ADD CONSTRAINT pk_shipping_batches PRIMARY KEY (id);
ALTER TABLE ONLY public.shipping_quotes
    ADD CONSTRAINT pk_shipping_quotes PRIMARY KEY (id);
ALTER TABLE ONLY public.shopper_sessions
    ADD CONSTRAINT pk_shopper_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.shoppers
    ADD CONSTRAINT pk_shoppers PRIMARY KEY (id);
ALTER TABLE ONLY public.sign_in_tries
    ADD CONSTRAINT pk_sign_in_tries PRIMARY KEY (bucket);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT pk_staff PRIMARY KEY (id);
ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT pk_staff_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.stock_items
    ADD CONSTRAINT pk_stock_items PRIMARY KEY (id);
ALTER TABLE ONLY public.stock_movements
    ADD CONSTRAINT pk_stock_movements PRIMARY KEY (id);
ALTER TABLE ONLY public.stores
    ADD CONSTRAINT pk_stores PRIMARY KEY (id);
ALTER TABLE ONLY public.timeline
    ADD CONSTRAINT pk_timeline PRIMARY KEY (id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT pk_tracking_events PRIMARY KEY (id);
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT pk_variants PRIMARY KEY (id);
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT pk_webhooks PRIMARY KEY (id);
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT uq_activity_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT uq_api_keys_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT uq_api_keys_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT uq_approvals_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.carrier_accounts
    ADD CONSTRAINT uq_carrier_accounts_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.carrier_answers
    ADD CONSTRAINT uq_carrier_answers_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.carrier_budgets
    ADD CONSTRAINT uq_carrier_budgets_store_id_account_id UNIQUE (store_id, account_id);
ALTER TABLE ONLY public.carrier_budgets
    ADD CONSTRAINT uq_carrier_budgets_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.carrier_webhooks
    ADD CONSTRAINT uq_carrier_webhooks_store_id_carrier_account_id_external_id UNIQUE (store_id, carrier, account_id, external_id);
ALTER TABLE ONLY public.carrier_webhooks
    ADD CONSTRAINT uq_carrier_webhooks_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.cart_lines
    ADD CONSTRAINT uq_cart_lines_store_id_cart_id_variant_id UNIQUE (store_id, cart_id, variant_id);
ALTER TABLE ONLY public.cart_lines
    ADD CONSTRAINT uq_cart_lines_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.carts
    ADD CONSTRAINT uq_carts_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.carts
    ADD CONSTRAINT uq_carts_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT uq_deliveries_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.delivery_rates
    ADD CONSTRAINT uq_delivery_rates_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT uq_disputes_store_id_account_id_reference UNIQUE (store_id, account_id, reference);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT uq_disputes_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.exception_comments
    ADD CONSTRAINT uq_exception_comments_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.fee_contracts
    ADD CONSTRAINT uq_fee_contracts_from UNIQUE (store_id, account_id, method, currency, valid_from);
ALTER TABLE ONLY public.fee_contracts
    ADD CONSTRAINT uq_fee_contracts_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.fulfilment_lines
    ADD CONSTRAINT uq_fulfilment_lines_store_id_fulfilment_id_line_id UNIQUE (store_id, fulfilment_id, line_id);
ALTER TABLE ONLY public.fulfilment_lines
    ADD CONSTRAINT uq_fulfilment_lines_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.fulfilments
    ADD CONSTRAINT uq_fulfilments_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.fulfilments
    ADD CONSTRAINT uq_fulfilments_store_id_order_id_number UNIQUE (store_id, order_id, number);
ALTER TABLE ONLY public.import_changes
    ADD CONSTRAINT uq_import_changes_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.import_problems
    ADD CONSTRAINT uq_import_problems_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.import_problems
    ADD CONSTRAINT uq_import_problems_store_id_import_id_line_column_code UNIQUE (store_id, import_id, line, "column", code);
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT uq_imports_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT uq_journal_entries_number UNIQUE (store_id, number);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT uq_journal_entries_reverses UNIQUE (store_id, reverses);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT uq_journal_entries_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT uq_journal_entries_store_id_key UNIQUE (store_id, key);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT uq_ledger_accounts_chart UNIQUE NULLS NOT DISTINCT (store_id, code, currency, payment_account_id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT uq_ledger_accounts_currency UNIQUE (store_id, id, currency);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT uq_ledger_accounts_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.ledger_days
    ADD CONSTRAINT uq_ledger_days_sequence UNIQUE (store_id, day, sequence);
ALTER TABLE ONLY public.ledger_days
    ADD CONSTRAINT uq_ledger_days_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.locations
    ADD CONSTRAINT uq_locations_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.media
    ADD CONSTRAINT uq_media_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.media
    ADD CONSTRAINT uq_media_store_id_sha256 UNIQUE (store_id, sha256);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT uq_memberships_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT uq_memberships_store_id_staff_id UNIQUE (store_id, staff_id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT uq_messages_store_id_dedupe_key UNIQUE (store_id, dedupe_key);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT uq_messages_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT uq_order_lines_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT uq_orders_store_id_cart_id UNIQUE (store_id, cart_id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT uq_orders_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT uq_orders_store_id_number UNIQUE (store_id, number);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT uq_outbox_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT uq_parcels_store_id_fulfilment_id_position UNIQUE (store_id, fulfilment_id, "position");
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT uq_parcels_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.payment_accounts
    ADD CONSTRAINT uq_payment_accounts_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT uq_payment_operations_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT uq_payment_operations_store_id_payment_id_kind_key UNIQUE (store_id, payment_id, kind, key);
ALTER TABLE ONLY public.payment_sessions
    ADD CONSTRAINT uq_payment_sessions_secret_hash UNIQUE (secret_hash);
ALTER TABLE ONLY public.payment_sessions
    ADD CONSTRAINT uq_payment_sessions_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT uq_payments_store_id_account_id_provider_reference UNIQUE (store_id, account_id, provider_reference);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT uq_payments_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT uq_payouts_store_id_account_id_reference UNIQUE (store_id, account_id, reference);
ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT uq_payouts_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.product_documents
    ADD CONSTRAINT uq_product_documents_store_id_product_id UNIQUE (store_id, product_id);
ALTER TABLE ONLY public.product_documents
    ADD CONSTRAINT uq_product_documents_store_id_slug UNIQUE (store_id, slug);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT uq_products_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.products
    ADD CONSTRAINT uq_products_store_id_slug UNIQUE (store_id, slug);
ALTER TABLE ONLY public.provider_lines
    ADD CONSTRAINT uq_provider_lines_external UNIQUE (account_id, external_id);
ALTER TABLE ONLY public.reconciliation_exceptions
    ADD CONSTRAINT uq_reconciliation_exceptions_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.reconciliation_exceptions
    ADD CONSTRAINT uq_reconciliation_exceptions_store_id_kind_left_referen_bab5 UNIQUE (store_id, kind, left_reference, right_reference);
ALTER TABLE ONLY public.reconciliation_runs
    ADD CONSTRAINT uq_reconciliation_runs_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT uq_refresh_tokens_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT uq_refunds_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT uq_refunds_store_id_operation_id UNIQUE (store_id, operation_id);
ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT uq_reservations_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT uq_shipments_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT uq_shipments_store_id_key UNIQUE (store_id, key);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT uq_shipping_batch_rows_store_id_batch_id_parcel_id UNIQUE (store_id, batch_id, parcel_id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT uq_shipping_batch_rows_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.shipping_batches
    ADD CONSTRAINT uq_shipping_batches_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.shipping_batches
    ADD CONSTRAINT uq_shipping_batches_store_id_number UNIQUE (store_id, number);
ALTER TABLE ONLY public.shipping_quotes
    ADD CONSTRAINT uq_shipping_quotes_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.shopper_sessions
    ADD CONSTRAINT uq_shopper_sessions_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.shoppers
    ADD CONSTRAINT uq_shoppers_store_id_email_folded UNIQUE (store_id, email_folded);
ALTER TABLE ONLY public.shoppers
    ADD CONSTRAINT uq_shoppers_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.staff
    ADD CONSTRAINT uq_staff_email_folded UNIQUE (email_folded);
ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT uq_staff_sessions_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.stock_items
    ADD CONSTRAINT uq_stock_items_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.stock_items
    ADD CONSTRAINT uq_stock_items_store_id_variant_id_location_id UNIQUE (store_id, variant_id, location_id);
ALTER TABLE ONLY public.stores
    ADD CONSTRAINT uq_stores_slug UNIQUE (slug);
ALTER TABLE ONLY public.timeline
    ADD CONSTRAINT uq_timeline_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT uq_tracking_events_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT uq_tracking_events_store_id_parcel_id_dedupe_key UNIQUE (store_id, parcel_id, dedupe_key);
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT uq_variants_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT uq_variants_store_id_sku_folded UNIQUE (store_id, sku_folded);
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT uq_webhooks_store_id_id UNIQUE (store_id, id);
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT uq_webhooks_store_id_provider_account_id_external_id UNIQUE (store_id, provider, account_id, external_id);
CREATE INDEX ix_activity_people ON public.activity USING btree (store_id, occurred_at, id) WHERE (actor_kind = ANY (ARRAY['staff'::text, 'shopper'::text]));
CREATE INDEX ix_activity_store_occurred_at ON public.activity USING btree (store_id, occurred_at, id);
CREATE INDEX ix_activity_target ON public.activity USING btree (store_id, target_kind, target_id, occurred_at);
CREATE INDEX ix_carrier_answers_asked ON public.carrier_answers USING btree (asked_at);
CREATE INDEX ix_carrier_answers_question ON public.carrier_answers USING btree (store_id, question, asked_at);
CREATE INDEX ix_carrier_webhooks_parked ON public.carrier_webhooks USING btree (store_id, tracking_folded) WHERE (state = 'parked'::text);
CREATE INDEX ix_deliveries_due ON public.deliveries USING btree (next_attempt_at) WHERE (state = ANY (ARRAY['waiting'::text, 'leased'::text]));
CREATE INDEX ix_deliveries_store_state ON public.deliveries USING btree (store_id, state, created_at);
CREATE INDEX ix_delivery_rates_store_country ON public.delivery_rates USING btree (store_id, country);
CREATE INDEX ix_disputes_payment ON public.disputes USING btree (store_id, payment_id);
CREATE INDEX ix_exception_comments_exception ON public.exception_comments USING btree (store_id, exception_id, at, id);
CREATE INDEX ix_exceptions_account ON public.reconciliation_exceptions USING btree (store_id, account_id, right_reference);
CREATE INDEX ix_exceptions_explained ON public.reconciliation_exceptions USING btree (store_id, resolved_at) WHERE (state = 'resolved'::text);
CREATE INDEX ix_exceptions_order ON public.reconciliation_exceptions USING btree (store_id, order_id);
CREATE INDEX ix_exceptions_store_state ON public.reconciliation_exceptions USING btree (store_id, state, opened_at, id);
CREATE INDEX ix_exceptions_value ON public.reconciliation_exceptions USING btree (store_id, amount_minor, id) WHERE (state = 'open'::text);
CREATE INDEX ix_fulfilment_lines_line ON public.fulfilment_lines USING btree (store_id, line_id);
CREATE INDEX ix_fulfilments_store_state ON public.fulfilments USING btree (store_id, state, planned_at, id);
CREATE INDEX ix_idempotency_keys_created_at ON public.idempotency_keys USING btree (created_at);
CREATE INDEX ix_import_changes_import ON public.import_changes USING btree (store_id, import_id, line, id);
CREATE INDEX ix_imports_store_created_at ON public.imports USING btree (store_id, created_at, id);
CREATE INDEX ix_journal_entries_day ON public.journal_entries USING btree (store_id, booked_on, number);
CREATE INDEX ix_journal_entries_order ON public.journal_entries USING btree (store_id, order_id, number) WHERE (order_id IS NOT NULL);
CREATE INDEX ix_ledger_open_items_open ON public.ledger_open_items USING btree (store_id, account_id, opened_on, open_item) WHERE (amount_minor <> 0);
CREATE INDEX ix_media_sha256 ON public.media USING btree (sha256);
CREATE INDEX ix_memberships_staff_id ON public.memberships USING btree (staff_id);
CREATE INDEX ix_messages_order ON public.messages USING btree (store_id, order_id);
CREATE INDEX ix_messages_store_created_at ON public.messages USING btree (store_id, created_at, id);
CREATE INDEX ix_order_lines_order ON public.order_lines USING btree (store_id, order_id, "position");
CREATE INDEX ix_order_lines_variant ON public.order_lines USING btree (store_id, variant_id);
CREATE INDEX ix_orders_store_email ON public.orders USING btree (store_id, email_folded, placed_at, id);
CREATE INDEX ix_orders_store_fulfilment_status ON public.orders USING btree (store_id, fulfilment_status, placed_at, id);
CREATE INDEX ix_orders_store_payment_status ON public.orders USING btree (store_id, payment_status, placed_at, id);
CREATE INDEX ix_orders_store_placed_at ON public.orders USING btree (store_id, placed_at, id);
CREATE INDEX ix_orders_store_shopper ON public.orders USING btree (store_id, shopper_id, placed_at, id);
CREATE INDEX ix_orders_store_status ON public.orders USING btree (store_id, status, placed_at, id);
CREATE INDEX ix_orders_to_send ON public.orders USING btree (store_id, placed_at, id) WHERE ((status = 'open'::text) AND (fulfilment_status = 'unfulfilled'::text) AND (payment_status = ANY (ARRAY['authorised'::text, 'paid'::text, 'overpaid'::text, 'partially_refunded'::text])) AND travels);
CREATE INDEX ix_outbox_occurred_at ON public.outbox USING btree (occurred_at);
CREATE INDEX ix_parcels_due ON public.parcels USING btree (account_id, next_poll_at) WHERE (next_poll_at IS NOT NULL);
CREATE INDEX ix_parcels_number ON public.parcels USING btree (store_id, tracking_folded);
CREATE INDEX ix_parcels_order ON public.parcels USING btree (store_id, order_id);
CREATE INDEX ix_payment_operations_payment ON public.payment_operations USING btree (store_id, payment_id, requested_at);
CREATE INDEX ix_payment_sessions_deadline ON public.payment_sessions USING btree (expires_at) WHERE (state = ANY (ARRAY['closing'::text, 'open'::text, 'opening'::text]));
CREATE INDEX ix_payments_check ON public.payments USING btree (check_at) WHERE (check_at IS NOT NULL);
CREATE INDEX ix_payments_order ON public.payments USING btree (store_id, order_id);
CREATE INDEX ix_payments_session ON public.payments USING btree (store_id, session_id);
CREATE INDEX ix_payouts_arrival ON public.payouts USING btree (store_id, arrival_on, id);
CREATE INDEX ix_postings_account ON public.postings USING btree (store_id, account_id, booked_on, number, line);
CREATE INDEX ix_product_documents_newest ON public.product_documents USING btree (store_id, published_at, product_id);
CREATE INDEX ix_product_documents_price ON public.product_documents USING btree (store_id, price_minor, product_id);
CREATE INDEX ix_product_documents_title ON public.product_documents USING btree (store_id, title_folded, product_id);
CREATE INDEX ix_product_documents_vendor ON public.product_documents USING btree (store_id, vendor_folded, published_at, product_id);
CREATE INDEX ix_product_media_media ON public.product_media USING btree (store_id, media_id);
CREATE INDEX ix_product_media_product ON public.product_media USING btree (store_id, product_id, "position");
CREATE INDEX ix_product_tags_changed ON public.product_tags USING btree (store_id, tag_folded, updated_at, product_id);
CREATE INDEX ix_product_tags_newest ON public.product_tags USING btree (store_id, tag_folded, published_at, product_id) WHERE (published_at IS NOT NULL);
CREATE INDEX ix_product_tags_price ON public.product_tags USING btree (store_id, tag_folded, price_minor, product_id) WHERE (published_at IS NOT NULL);
CREATE INDEX ix_product_tags_title ON public.product_tags USING btree (store_id, tag_folded, title_folded, product_id);
CREATE INDEX ix_products_store_status ON public.products USING btree (store_id, status, updated_at, id);
CREATE INDEX ix_products_store_stock ON public.products USING btree (store_id, stock_state, updated_at, id);
CREATE INDEX ix_products_store_title ON public.products USING btree (store_id, title_folded, id);
CREATE INDEX ix_products_store_updated_at ON public.products USING btree (store_id, updated_at, id);
CREATE INDEX ix_products_store_vendor ON public.products USING btree (store_id, vendor_folded, updated_at, id);
CREATE INDEX ix_provider_lines_match ON public.provider_lines USING btree (match_id);
CREATE INDEX ix_provider_lines_payout ON public.provider_lines USING btree (account_id, payout_reference);
CREATE INDEX ix_provider_lines_to_post ON public.provider_lines USING btree (account_id, id) WHERE (NOT posted);
CREATE INDEX ix_provider_lines_unmatched ON public.provider_lines USING btree (account_id) WHERE (match_id IS NULL);
CREATE INDEX ix_reconciliation_runs_account ON public.reconciliation_runs USING btree (store_id, account_id, started_at, id);
CREATE INDEX ix_reconciliation_runs_started ON public.reconciliation_runs USING btree (store_id, started_at, id);
CREATE INDEX ix_refunds_order ON public.refunds USING btree (store_id, order_id, requested_at);
CREATE INDEX ix_reservations_live_item ON public.reservations USING btree (store_id, stock_item_id) WHERE (state = 'live'::text);
CREATE INDEX ix_reservations_owner ON public.reservations USING btree (store_id, owner_kind, owner_id);
CREATE INDEX ix_search_documents_body ON public.search_documents USING gin (store_id, kind, body public.gin_trgm_ops);
CREATE INDEX ix_search_documents_store ON public.search_documents USING btree (store_id, kind, sorted_at, subject_id);
CREATE INDEX ix_shipments_check ON public.shipments USING btree (check_at) WHERE (check_at IS NOT NULL);
CREATE INDEX ix_shipments_fulfilment ON public.shipments USING btree (store_id, fulfilment_id);
CREATE INDEX ix_shipments_order ON public.shipments USING btree (store_id, order_id);
CREATE INDEX ix_shipments_reference ON public.shipments USING btree (store_id, account_id, shipment_reference);
CREATE INDEX ix_shipping_batch_rows_parcel ON public.shipping_batch_rows USING btree (store_id, parcel_id);
CREATE INDEX ix_shipping_quotes_parcel ON public.shipping_quotes USING btree (store_id, parcel_id, quoted_at);
CREATE INDEX ix_sign_in_tries_until ON public.sign_in_tries USING btree (until);
CREATE INDEX ix_staff_sessions_staff_id ON public.staff_sessions USING btree (staff_id);
CREATE INDEX ix_stock_items_reserved ON public.stock_items USING btree (store_id, variant_id) WHERE (reserved > 0);
CREATE INDEX ix_stock_movements_item ON public.stock_movements USING btree (store_id, stock_item_id, occurred_at, id);
CREATE INDEX ix_timeline_subject ON public.timeline USING btree (store_id, subject_kind, subject_id, occurred_at);
CREATE INDEX ix_variants_product ON public.variants USING btree (store_id, product_id, "position");
CREATE INDEX ix_variants_stock ON public.variants USING btree (store_id, stock_state, product_id);
CREATE UNIQUE INDEX uq_approvals_waiting ON public.approvals USING btree (store_id, exception_id) WHERE (state = ANY (ARRAY['asked'::text, 'approved'::text]));
CREATE UNIQUE INDEX uq_locations_default ON public.locations USING btree (store_id) WHERE is_default;
CREATE UNIQUE INDEX uq_payment_sessions_live_cart ON public.payment_sessions USING btree (store_id, cart_id) WHERE (state = ANY (ARRAY['closing'::text, 'open'::text, 'opening'::text]));
CREATE UNIQUE INDEX uq_shipments_live_parcel ON public.shipments USING btree (store_id, parcel_id) WHERE (state = ANY (ARRAY['draft'::text, 'expired'::text, 'purchased'::text, 'purchasing'::text, 'unknown'::text, 'void_refused'::text, 'voiding'::text]));
CREATE INDEX ix_import_rows_import ON staging.import_rows USING btree (import_id, kind);
CREATE INDEX ix_settlement_rows_run ON staging.settlement_rows USING btree (run_id, kind);
CREATE STATISTICS public.products_stock (mcv) ON store_id, stock_state FROM public.products;
ALTER STATISTICS public.products_stock OWNER TO ecommerce_owner;
CREATE STATISTICS public.variants_stock (mcv) ON store_id, stock_state FROM public.variants;
ALTER STATISTICS public.variants_stock OWNER TO ecommerce_owner;
CREATE TRIGGER check_changed_references AFTER UPDATE ON public.match_groups REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_match_groups();
CREATE TRIGGER check_changed_references AFTER UPDATE ON public.provider_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_provider_lines();
CREATE TRIGGER check_day AFTER INSERT ON public.journal_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_journal_entries();
CREATE TRIGGER check_order AFTER INSERT ON public.ledger_days FOR EACH ROW EXECUTE FUNCTION public.check_ledger_day();
CREATE CONSTRAINT TRIGGER check_posted AFTER INSERT ON public.journal_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.check_entry_is_posted();
CREATE TRIGGER check_postings AFTER INSERT ON public.postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_postings();
CREATE TRIGGER check_references AFTER INSERT ON public.match_groups REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_match_groups();
CREATE TRIGGER check_references AFTER INSERT ON public.provider_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_provider_lines();
CREATE TRIGGER keep_referenced AFTER DELETE OR UPDATE OF store_id, id ON public.disputes FOR EACH ROW EXECUTE FUNCTION public.keep_matched();
CREATE TRIGGER keep_referenced AFTER DELETE OR UPDATE OF store_id, id ON public.match_groups FOR EACH ROW EXECUTE FUNCTION public.keep_told();
CREATE TRIGGER keep_referenced AFTER DELETE OR UPDATE OF store_id, id ON public.payment_accounts FOR EACH ROW EXECUTE FUNCTION public.keep_told();
CREATE TRIGGER keep_referenced AFTER DELETE OR UPDATE OF store_id, id ON public.payment_operations FOR EACH ROW EXECUTE FUNCTION public.keep_matched();
CREATE TRIGGER keep_referenced AFTER DELETE OR UPDATE OF store_id, id ON public.payments FOR EACH ROW EXECUTE FUNCTION public.keep_matched();
CREATE TRIGGER written_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.journal_entries FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();
CREATE TRIGGER written_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_accounts FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();
CREATE TRIGGER written_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_days FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();
CREATE TRIGGER written_once BEFORE DELETE OR UPDATE OR TRUNCATE ON public.postings FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();
CREATE TRIGGER check_store AFTER INSERT ON staging.import_rows REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_import_rows();
CREATE TRIGGER check_store AFTER INSERT ON staging.settlement_rows REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public.check_settlement_rows();
ALTER TABLE ONLY public.activity
    ADD CONSTRAINT fk_activity_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT fk_api_keys_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT fk_approvals_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.approvals
    ADD CONSTRAINT fk_approvals_store_id_exception_id FOREIGN KEY (store_id, exception_id) REFERENCES public.reconciliation_exceptions(store_id, id);
ALTER TABLE ONLY public.carrier_accounts
    ADD CONSTRAINT fk_carrier_accounts_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.carrier_answers
    ADD CONSTRAINT fk_carrier_answers_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.carrier_answers
    ADD CONSTRAINT fk_carrier_answers_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.carrier_accounts(store_id, id);
ALTER TABLE ONLY public.carrier_budgets
    ADD CONSTRAINT fk_carrier_budgets_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.carrier_budgets
    ADD CONSTRAINT fk_carrier_budgets_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.carrier_accounts(store_id, id);
ALTER TABLE ONLY public.carrier_webhooks
    ADD CONSTRAINT fk_carrier_webhooks_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.carrier_webhooks
    ADD CONSTRAINT fk_carrier_webhooks_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.carrier_accounts(store_id, id);
ALTER TABLE ONLY public.cart_lines
    ADD CONSTRAINT fk_cart_lines_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.cart_lines
    ADD CONSTRAINT fk_cart_lines_store_id_cart_id FOREIGN KEY (store_id, cart_id) REFERENCES public.carts(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.carts
    ADD CONSTRAINT fk_carts_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.carts
    ADD CONSTRAINT fk_carts_store_id_shopper_id FOREIGN KEY (store_id, shopper_id) REFERENCES public.shoppers(store_id, id);
ALTER TABLE ONLY public.catalogue_versions
    ADD CONSTRAINT fk_catalogue_versions_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.counters
    ADD CONSTRAINT fk_counters_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.deliveries
    ADD CONSTRAINT fk_deliveries_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.delivery_rates
    ADD CONSTRAINT fk_delivery_rates_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT fk_disputes_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT fk_disputes_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT fk_disputes_store_id_payment_id FOREIGN KEY (store_id, payment_id) REFERENCES public.payments(store_id, id);
ALTER TABLE ONLY public.exception_comments
    ADD CONSTRAINT fk_exception_comments_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.exception_comments
    ADD CONSTRAINT fk_exception_comments_store_id_exception_id FOREIGN KEY (store_id, exception_id) REFERENCES public.reconciliation_exceptions(store_id, id);
ALTER TABLE ONLY public.fee_contracts
    ADD CONSTRAINT fk_fee_contracts_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.fee_contracts
    ADD CONSTRAINT fk_fee_contracts_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE ONLY public.fulfilment_lines
    ADD CONSTRAINT fk_fulfilment_lines_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.fulfilment_lines
    ADD CONSTRAINT fk_fulfilment_lines_store_id_fulfilment_id FOREIGN KEY (store_id, fulfilment_id) REFERENCES public.fulfilments(store_id, id);
ALTER TABLE ONLY public.fulfilment_lines
    ADD CONSTRAINT fk_fulfilment_lines_store_id_line_id FOREIGN KEY (store_id, line_id) REFERENCES public.order_lines(store_id, id);
ALTER TABLE ONLY public.fulfilments
    ADD CONSTRAINT fk_fulfilments_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.fulfilments
    ADD CONSTRAINT fk_fulfilments_store_id_location_id FOREIGN KEY (store_id, location_id) REFERENCES public.locations(store_id, id);
ALTER TABLE ONLY public.fulfilments
    ADD CONSTRAINT fk_fulfilments_store_id_order_id FOREIGN KEY (store_id, order_id) REFERENCES public.orders(store_id, id);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT fk_idempotency_keys_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.import_changes
    ADD CONSTRAINT fk_import_changes_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.import_changes
    ADD CONSTRAINT fk_import_changes_store_id_import_id FOREIGN KEY (store_id, import_id) REFERENCES public.imports(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.import_problems
    ADD CONSTRAINT fk_import_problems_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.import_problems
    ADD CONSTRAINT fk_import_problems_store_id_import_id FOREIGN KEY (store_id, import_id) REFERENCES public.imports(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.imports
    ADD CONSTRAINT fk_imports_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT fk_journal_entries_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT fk_journal_entries_store_id_order_id FOREIGN KEY (store_id, order_id) REFERENCES public.orders(store_id, id);
ALTER TABLE ONLY public.journal_entries
    ADD CONSTRAINT fk_journal_entries_store_id_reverses FOREIGN KEY (store_id, reverses) REFERENCES public.journal_entries(store_id, id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT fk_ledger_accounts_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.ledger_accounts
    ADD CONSTRAINT fk_ledger_accounts_store_id_payment_account_id FOREIGN KEY (store_id, payment_account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE ONLY public.ledger_balances
    ADD CONSTRAINT fk_ledger_balances_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.ledger_days
    ADD CONSTRAINT fk_ledger_days_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.ledger_open_items
    ADD CONSTRAINT fk_ledger_open_items_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.ledger_settings
    ADD CONSTRAINT fk_ledger_settings_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.locations
    ADD CONSTRAINT fk_locations_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.media
    ADD CONSTRAINT fk_media_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT fk_memberships_staff_id FOREIGN KEY (staff_id) REFERENCES public.staff(id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT fk_memberships_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.messages
    ADD CONSTRAINT fk_messages_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT fk_order_lines_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT fk_order_lines_store_id_order_id FOREIGN KEY (store_id, order_id) REFERENCES public.orders(store_id, id);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT fk_order_lines_store_id_product_id FOREIGN KEY (store_id, product_id) REFERENCES public.products(store_id, id);
ALTER TABLE ONLY public.order_lines
    ADD CONSTRAINT fk_order_lines_store_id_variant_id FOREIGN KEY (store_id, variant_id) REFERENCES public.variants(store_id, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT fk_orders_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT fk_orders_store_id_cart_id FOREIGN KEY (store_id, cart_id) REFERENCES public.carts(store_id, id);
ALTER TABLE ONLY public.orders
    ADD CONSTRAINT fk_orders_store_id_shopper_id FOREIGN KEY (store_id, shopper_id) REFERENCES public.shoppers(store_id, id);
ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT fk_outbox_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT fk_parcels_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT fk_parcels_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.carrier_accounts(store_id, id);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT fk_parcels_store_id_fulfilment_id FOREIGN KEY (store_id, fulfilment_id) REFERENCES public.fulfilments(store_id, id);
ALTER TABLE ONLY public.parcels
    ADD CONSTRAINT fk_parcels_store_id_order_id FOREIGN KEY (store_id, order_id) REFERENCES public.orders(store_id, id);
ALTER TABLE ONLY public.payment_accounts
    ADD CONSTRAINT fk_payment_accounts_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT fk_payment_operations_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT fk_payment_operations_store_id_payment_id FOREIGN KEY (store_id, payment_id) REFERENCES public.payments(store_id, id);
ALTER TABLE ONLY public.payment_sessions
    ADD CONSTRAINT fk_payment_sessions_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.payment_sessions
    ADD CONSTRAINT fk_payment_sessions_store_id_cart_id FOREIGN KEY (store_id, cart_id) REFERENCES public.carts(store_id, id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT fk_payments_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT fk_payments_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT fk_payouts_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.payouts
    ADD CONSTRAINT fk_payouts_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE ONLY public.postings
    ADD CONSTRAINT fk_postings_account FOREIGN KEY (store_id, account_id, currency) REFERENCES public.ledger_accounts(store_id, id, currency);
ALTER TABLE ONLY public.postings
    ADD CONSTRAINT fk_postings_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.product_documents
    ADD CONSTRAINT fk_product_documents_store_id_product_id FOREIGN KEY (store_id, product_id) REFERENCES public.products(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.product_media
    ADD CONSTRAINT fk_product_media_store_id_media_id FOREIGN KEY (store_id, media_id) REFERENCES public.media(store_id, id);
ALTER TABLE ONLY public.product_media
    ADD CONSTRAINT fk_product_media_store_id_product_id FOREIGN KEY (store_id, product_id) REFERENCES public.products(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.product_tags
    ADD CONSTRAINT fk_product_tags_store_id_product_id FOREIGN KEY (store_id, product_id) REFERENCES public.products(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.products
    ADD CONSTRAINT fk_products_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.reconciliation_exceptions
    ADD CONSTRAINT fk_reconciliation_exceptions_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.reconciliation_exceptions
    ADD CONSTRAINT fk_reconciliation_exceptions_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE ONLY public.reconciliation_runs
    ADD CONSTRAINT fk_reconciliation_runs_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.reconciliation_runs
    ADD CONSTRAINT fk_reconciliation_runs_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE ONLY public.reconciliation_settings
    ADD CONSTRAINT fk_reconciliation_settings_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT fk_refresh_tokens_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT fk_refresh_tokens_store_id_session_id FOREIGN KEY (store_id, session_id) REFERENCES public.shopper_sessions(store_id, id);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT fk_refunds_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT fk_refunds_store_id_operation_id FOREIGN KEY (store_id, operation_id) REFERENCES public.payment_operations(store_id, id);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT fk_refunds_store_id_order_id FOREIGN KEY (store_id, order_id) REFERENCES public.orders(store_id, id);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT fk_refunds_store_id_payment_id FOREIGN KEY (store_id, payment_id) REFERENCES public.payments(store_id, id);
ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT fk_reservations_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.reservations
    ADD CONSTRAINT fk_reservations_store_id_stock_item_id FOREIGN KEY (store_id, stock_item_id) REFERENCES public.stock_items(store_id, id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT fk_shipments_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT fk_shipments_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.carrier_accounts(store_id, id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT fk_shipments_store_id_fulfilment_id FOREIGN KEY (store_id, fulfilment_id) REFERENCES public.fulfilments(store_id, id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT fk_shipments_store_id_order_id FOREIGN KEY (store_id, order_id) REFERENCES public.orders(store_id, id);
ALTER TABLE ONLY public.shipments
    ADD CONSTRAINT fk_shipments_store_id_parcel_id FOREIGN KEY (store_id, parcel_id) REFERENCES public.parcels(store_id, id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT fk_shipping_batch_rows_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT fk_shipping_batch_rows_store_id_batch_id FOREIGN KEY (store_id, batch_id) REFERENCES public.shipping_batches(store_id, id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT fk_shipping_batch_rows_store_id_fulfilment_id FOREIGN KEY (store_id, fulfilment_id) REFERENCES public.fulfilments(store_id, id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT fk_shipping_batch_rows_store_id_order_id FOREIGN KEY (store_id, order_id) REFERENCES public.orders(store_id, id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT fk_shipping_batch_rows_store_id_parcel_id FOREIGN KEY (store_id, parcel_id) REFERENCES public.parcels(store_id, id);
ALTER TABLE ONLY public.shipping_batch_rows
    ADD CONSTRAINT fk_shipping_batch_rows_store_id_quote_id FOREIGN KEY (store_id, quote_id) REFERENCES public.shipping_quotes(store_id, id);
ALTER TABLE ONLY public.shipping_batches
    ADD CONSTRAINT fk_shipping_batches_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.shipping_quotes
    ADD CONSTRAINT fk_shipping_quotes_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.shipping_quotes
    ADD CONSTRAINT fk_shipping_quotes_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.carrier_accounts(store_id, id);
ALTER TABLE ONLY public.shipping_quotes
    ADD CONSTRAINT fk_shipping_quotes_store_id_parcel_id FOREIGN KEY (store_id, parcel_id) REFERENCES public.parcels(store_id, id);
ALTER TABLE ONLY public.shopper_sessions
    ADD CONSTRAINT fk_shopper_sessions_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.shopper_sessions
    ADD CONSTRAINT fk_shopper_sessions_store_id_shopper_id FOREIGN KEY (store_id, shopper_id) REFERENCES public.shoppers(store_id, id);
ALTER TABLE ONLY public.shoppers
    ADD CONSTRAINT fk_shoppers_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT fk_staff_sessions_staff_id FOREIGN KEY (staff_id) REFERENCES public.staff(id);
ALTER TABLE ONLY public.staff_sessions
    ADD CONSTRAINT fk_staff_sessions_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.stock_items
    ADD CONSTRAINT fk_stock_items_store_id_location_id FOREIGN KEY (store_id, location_id) REFERENCES public.locations(store_id, id);
ALTER TABLE ONLY public.stock_items
    ADD CONSTRAINT fk_stock_items_store_id_variant_id FOREIGN KEY (store_id, variant_id) REFERENCES public.variants(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.stock_movements
    ADD CONSTRAINT fk_stock_movements_store_id_stock_item_id FOREIGN KEY (store_id, stock_item_id) REFERENCES public.stock_items(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.timeline
    ADD CONSTRAINT fk_timeline_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT fk_tracking_events_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.tracking_events
    ADD CONSTRAINT fk_tracking_events_store_id_parcel_id FOREIGN KEY (store_id, parcel_id) REFERENCES public.parcels(store_id, id);
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT fk_variants_store_id_media_id FOREIGN KEY (store_id, media_id) REFERENCES public.media(store_id, id);
ALTER TABLE ONLY public.variants
    ADD CONSTRAINT fk_variants_store_id_product_id FOREIGN KEY (store_id, product_id) REFERENCES public.products(store_id, id) ON DELETE CASCADE;
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT fk_webhooks_store_id FOREIGN KEY (store_id) REFERENCES public.stores(id);
ALTER TABLE ONLY public.webhooks
    ADD CONSTRAINT fk_webhooks_store_id_account_id FOREIGN KEY (store_id, account_id) REFERENCES public.payment_accounts(store_id, id);
ALTER TABLE public.activity ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.api_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.approvals ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.carrier_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.carrier_answers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.carrier_budgets ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.carrier_webhooks ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cart_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.carts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.catalogue_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.counters ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.deliveries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.delivery_rates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.disputes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.exception_comments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.fee_contracts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.fulfilment_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.fulfilments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.import_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.import_problems ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.imports ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.journal_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ledger_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ledger_balances ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ledger_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ledger_open_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ledger_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.match_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.media ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.memberships ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.messages ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.parcels ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_operations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payouts ENABLE ROW LEVEL SECURITY;
CREATE POLICY platform ON public.activity TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.carrier_answers TO ecommerce_platform USING (true);
CREATE POLICY platform ON public.catalogue_versions TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.counters TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.deliveries TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.idempotency_keys TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.locations TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.memberships TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.orders TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.outbox TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.parcels FOR SELECT TO ecommerce_platform USING (true);
CREATE POLICY platform ON public.payment_accounts FOR SELECT TO ecommerce_platform USING (true);
CREATE POLICY platform ON public.payment_sessions TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.payments TO ecommerce_platform USING (true) WITH CHECK (true);
CREATE POLICY platform ON public.reconciliation_runs FOR SELECT TO ecommerce_platform USING (true);
CREATE POLICY platform ON public.shipments FOR SELECT TO ecommerce_platform USING (true);
CREATE POLICY platform ON public.stores TO ecommerce_platform USING (true) WITH CHECK (true);
ALTER TABLE public.postings ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.product_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.product_media ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.product_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.products ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.provider_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reconciliation_exceptions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reconciliation_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reconciliation_settings ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.reservations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shipments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shipping_batch_rows ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shipping_batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shipping_quotes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shopper_sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.shoppers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.stock_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.stock_movements ENABLE ROW LEVEL SECURITY;
CREATE POLICY store ON public.activity TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.api_keys TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.approvals TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.carrier_accounts TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.carrier_answers TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.carrier_budgets TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.carrier_webhooks TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.cart_lines TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.carts TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.catalogue_versions TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.counters TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.deliveries TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.delivery_rates TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.disputes TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.exception_comments TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.fee_contracts TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.fulfilment_lines TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.fulfilments TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.idempotency_keys TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.import_changes TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.import_problems TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.imports TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.journal_entries TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.ledger_accounts TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.ledger_balances TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.ledger_days TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.ledger_open_items TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.ledger_settings TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.locations TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.match_groups TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.media TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.memberships TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.messages TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.order_lines TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.orders TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.outbox TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.parcels TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.payment_accounts TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.payment_operations TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.payment_sessions TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.payments TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.payouts TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.postings TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.product_documents TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.product_media TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.product_tags TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.products TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.provider_lines TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.reconciliation_exceptions TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.reconciliation_runs TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.reconciliation_settings TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.refresh_tokens TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.refunds TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.reservations TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.shipments TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.shipping_batch_rows TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.shipping_batches TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.shipping_quotes TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.shopper_sessions TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.shoppers TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.stock_items TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.stock_movements TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.stores TO ecommerce_app USING ((id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.timeline TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.tracking_events TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.variants TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
CREATE POLICY store ON public.webhooks TO ecommerce_app USING ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting))) WITH CHECK ((store_id = ( SELECT (current_setting('app.store_id'::text))::uuid AS current_setting)));
ALTER TABLE public.stores ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.timeline ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tracking_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.variants ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.webhooks ENABLE ROW LEVEL SECURITY;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO ecommerce_app;
GRANT USAGE ON SCHEMA public TO ecommerce_platform;
GRANT USAGE ON SCHEMA staging TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_keys TO ecommerce_app;
REVOKE ALL ON FUNCTION public.allowed_origins() FROM PUBLIC;
GRANT ALL ON FUNCTION public.allowed_origins() TO ecommerce_app;
REVOKE ALL ON FUNCTION public.check_entry_is_posted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_import_rows() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_journal_entries() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_ledger_day() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_match_groups() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_postings() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_provider_lines() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_settlement_rows() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.current_store() FROM PUBLIC;
GRANT ALL ON FUNCTION public.current_store() TO ecommerce_app;
GRANT ALL ON FUNCTION public.current_store() TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.imports TO ecommerce_app;
GRANT INSERT ON TABLE staging.import_rows TO ecommerce_app;
REVOKE ALL ON FUNCTION public.clear_import_rows(of_import uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.clear_import_rows(of_import uuid) TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reconciliation_runs TO ecommerce_app;
GRANT SELECT(store_id) ON TABLE public.reconciliation_runs TO ecommerce_platform;
GRANT SELECT(account_id) ON TABLE public.reconciliation_runs TO ecommerce_platform;
GRANT SELECT(state) ON TABLE public.reconciliation_runs TO ecommerce_platform;
GRANT SELECT(dry_run) ON TABLE public.reconciliation_runs TO ecommerce_platform;
GRANT SELECT(started_at) ON TABLE public.reconciliation_runs TO ecommerce_platform;
GRANT INSERT ON TABLE staging.settlement_rows TO ecommerce_app;
REVOKE ALL ON FUNCTION public.clear_settlement_rows(of_run uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.clear_settlement_rows(of_run uuid) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.containing(term text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.drop_search_document(of_kind text, subject uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.drop_search_document(of_kind text, subject uuid) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.find_on_sale(term text, of_vendor text, of_tag text, sort text, after_key text, after_id uuid, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_on_sale(term text, of_vendor text, of_tag text, sort text, after_key text, after_id uuid, at_most integer) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.find_products(term text, of_status text, of_vendor text, of_tag text, of_stock text, sort text, falling boolean, after_key text, after_id uuid, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_products(term text, of_status text, of_vendor text, of_tag text, of_stock text, sort text, falling boolean, after_key text, after_id uuid, at_most integer) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.find_search_documents(of_kind text, term text, only_visible boolean, before_at timestamp with time zone, before_id uuid, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_search_documents(of_kind text, term text, only_visible boolean, before_at timestamp with time zone, before_id uuid, at_most integer) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.find_variants(term text, of_state text, after_title text, after_product uuid, after_position integer, after_variant uuid, at_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.find_variants(term text, of_state text, after_title text, after_product uuid, after_position integer, after_variant uuid, at_most integer) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.keep_matched() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.keep_told() FROM PUBLIC;
GRANT SELECT,INSERT ON TABLE public.ledger_days TO ecommerce_app;
REVOKE ALL ON FUNCTION public.ledger_closed_through(of_store uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ledger_closed_through(of_store uuid) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.page_of_list(tables text, within text, start text, keys text[], falling boolean, subject text, pattern text, conditions text, asked text, after text, at_most integer) FROM PUBLIC;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.media TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_media TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.products TO ecommerce_app;
REVOKE ALL ON FUNCTION public.published_picture(hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.published_picture(hash text) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.put_search_document(of_kind text, subject uuid, is_visible boolean, words text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.put_search_document(of_kind text, subject uuid, is_visible boolean, words text, at timestamp with time zone) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.put_search_documents(of_kind text, subjects uuid[], are_visible boolean[], words text[], at timestamp with time zone[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.put_search_documents(of_kind text, subjects uuid[], are_visible boolean[], words text[], at timestamp with time zone[]) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.refuse_ledger_change() FROM PUBLIC;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.carrier_accounts TO ecommerce_app;
REVOKE ALL ON FUNCTION public.resolve_carrier_account(account uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resolve_carrier_account(account uuid) TO ecommerce_app;
GRANT SELECT,UPDATE ON TABLE public.stores TO ecommerce_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.stores TO ecommerce_platform;
REVOKE ALL ON FUNCTION public.resolve_key(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resolve_key(hash bytea) TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payment_accounts TO ecommerce_app;
GRANT SELECT(id) ON TABLE public.payment_accounts TO ecommerce_platform;
GRANT SELECT(store_id) ON TABLE public.payment_accounts TO ecommerce_platform;
GRANT SELECT(provider) ON TABLE public.payment_accounts TO ecommerce_platform;
GRANT SELECT(enabled) ON TABLE public.payment_accounts TO ecommerce_platform;
REVOKE ALL ON FUNCTION public.resolve_payment_account(account uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resolve_payment_account(account uuid) TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payment_sessions TO ecommerce_app;
GRANT SELECT ON TABLE public.payment_sessions TO ecommerce_platform;
REVOKE ALL ON FUNCTION public.resolve_payment_session(hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resolve_payment_session(hash bytea) TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.memberships TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.memberships TO ecommerce_platform;
GRANT SELECT,INSERT,UPDATE ON TABLE public.staff TO ecommerce_platform;
GRANT SELECT,INSERT,UPDATE ON TABLE public.staff_sessions TO ecommerce_platform;
REVOKE ALL ON FUNCTION public.resolve_staff_session(hash bytea, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.resolve_staff_session(hash bytea, at timestamp with time zone) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.sort_matches(page text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.staged_import_rows(of_import uuid, of_kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.staged_import_rows(of_import uuid, of_kind text) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.staged_settlement_rows(of_run uuid, of_kind text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.staged_settlement_rows(of_run uuid, of_kind text) TO ecommerce_app;
REVOKE ALL ON FUNCTION public.walk_list(walk text, at_most integer) FROM PUBLIC;
GRANT SELECT,INSERT ON TABLE public.activity TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.activity TO ecommerce_platform;
GRANT SELECT ON TABLE public.alembic_version TO ecommerce_app;
GRANT SELECT ON TABLE public.alembic_version TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.approvals TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.carrier_answers TO ecommerce_app;
GRANT SELECT,DELETE ON TABLE public.carrier_answers TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.carrier_budgets TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.carrier_webhooks TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.cart_lines TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.carts TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.catalogue_versions TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.catalogue_versions TO ecommerce_platform;
GRANT SELECT ON TABLE public.clock TO ecommerce_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.clock TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.counters TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.counters TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deliveries TO ecommerce_app;
GRANT SELECT,DELETE,UPDATE ON TABLE public.deliveries TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.delivery_rates TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.disputes TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.exception_comments TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fee_contracts TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fulfilment_lines TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fulfilments TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_keys TO ecommerce_app;
GRANT SELECT,DELETE ON TABLE public.idempotency_keys TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_changes TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.import_problems TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.journal_entries TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.ledger_accounts TO ecommerce_app;
GRANT SELECT ON TABLE public.ledger_balances TO ecommerce_app;
GRANT SELECT ON TABLE public.ledger_open_items TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ledger_settings TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.locations TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.locations TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.match_groups TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.messages TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.order_lines TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.orders TO ecommerce_app;
GRANT SELECT ON TABLE public.orders TO ecommerce_platform;
GRANT SELECT,INSERT ON TABLE public.outbox TO ecommerce_app;
GRANT SELECT,DELETE ON TABLE public.outbox TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.parcels TO ecommerce_app;
GRANT SELECT(id) ON TABLE public.parcels TO ecommerce_platform;
GRANT SELECT(store_id) ON TABLE public.parcels TO ecommerce_platform;
GRANT SELECT(account_id) ON TABLE public.parcels TO ecommerce_platform;
GRANT SELECT(next_poll_at) ON TABLE public.parcels TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payment_operations TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payments TO ecommerce_app;
GRANT SELECT ON TABLE public.payments TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.payouts TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.postings TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_documents TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.product_tags TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.provider_lines TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reconciliation_exceptions TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reconciliation_settings TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.refresh_tokens TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.refunds TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.reservations TO ecommerce_app;
GRANT SELECT ON TABLE public.schedules TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.schedules TO ecommerce_platform;
GRANT UPDATE(next_run_at) ON TABLE public.schedules TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.shipments TO ecommerce_app;
GRANT SELECT(id) ON TABLE public.shipments TO ecommerce_platform;
GRANT SELECT(store_id) ON TABLE public.shipments TO ecommerce_platform;
GRANT SELECT(state) ON TABLE public.shipments TO ecommerce_platform;
GRANT SELECT(check_at) ON TABLE public.shipments TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.shipping_batch_rows TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.shipping_batches TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.shipping_quotes TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.shopper_sessions TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.shoppers TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.sign_in_tries TO ecommerce_platform;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.stock_items TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.stock_movements TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.timeline TO ecommerce_app;
GRANT SELECT,INSERT ON TABLE public.tracking_events TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.variants TO ecommerce_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhooks TO ecommerce_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ecommerce_owner REVOKE ALL ON FUNCTIONS FROM PUBLIC;
