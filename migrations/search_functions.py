"""Lists of products and variants under several conditions, a search among them: part of 0002.

No index has every condition in every order, and what the planner expects of a pattern or of conditions together is
often far off. So it is not asked to choose: a list is walked in its order while enough of it matches, and as soon as it
does not, all matches are read from the index of the rarest condition and sorted. A page costs at most 22 rows of the
list for each row asked for, and then the rows of the rarest condition; when matches are common, no more than it takes
to find them. Like the migration, this is not edited once it is released.

The statements are put together from our own words; values stand in them as literals that format() quotes.
"""

from __future__ import annotations

FUNCTIONS = """
-- What is rare in one store is common in another: rows are expected by the store and the state together.
CREATE STATISTICS products_stock (mcv) ON store_id, stock_state FROM products;
CREATE STATISTICS variants_stock (mcv) ON store_id, stock_state FROM variants;

-- LIKE's pattern for what contains `term`, whatever signs stand in it.
CREATE FUNCTION containing(term text) RETURNS text LANGUAGE sql IMMUTABLE STRICT
    RETURN '%' || replace(replace(replace(term, chr(92), chr(92) || chr(92)), '%', chr(92) || '%'), '_', chr(92) || '_')
        || '%';

-- Walk a list (`walk` selects id and hit, in the list's order) until at_most hits are found. Gives NULL when that is
-- not worth while: after two rows for each row asked for, and twenty more for each hit. Its settings leave the planner
-- the list's own index and nothing that reads ahead.
CREATE FUNCTION walk_list(walk text, at_most integer) RETURNS uuid[]
LANGUAGE plpgsql STABLE
SET enable_sort = off SET enable_bitmapscan = off SET enable_seqscan = off SET enable_hashjoin = off
SET enable_mergejoin = off SET enable_material = off SET enable_memoize = off
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

-- Run `page`, which selects ids out of all matches, from the rarest condition's index on: never by whole tables.
CREATE FUNCTION sort_matches(page text) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
AS $$
BEGIN
    RETURN QUERY EXECUTE page;
END $$;

-- The ids of one page of a list.
--   tables, within: where the list's rows are, and what its index starts from; a walk starts from `start` too
--   keys: what it is sorted by, the last of them the id; falling: the greatest first
--   subject, pattern: the product of a row, and what its words have to be LIKE (NULL: anything)
--   conditions: what else has to hold (NULL: nothing); asked: the same of a single row, where it is put differently
--   after: the key of the last row of the page before, as a row of literals (NULL: the first page)
CREATE FUNCTION page_of_list(
    tables text, within text, start text, keys text[], falling boolean, subject text, pattern text, conditions text,
    asked text, after text, at_most integer)
RETURNS SETOF uuid LANGUAGE plpgsql STABLE
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

-- Products on sale, by `sort`: newest, title, price_asc, price_desc. after_key and after_id are the last row's key.
CREATE FUNCTION find_on_sale(
    term text, of_vendor text, of_tag text, sort text, after_key text, after_id uuid, at_most integer)
RETURNS TABLE (product_id uuid)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = pg_catalog, public
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

-- Products as staff list them, by `sort`: changed, title.
CREATE FUNCTION find_products(
    term text, of_status text, of_vendor text, of_tag text, of_stock text, sort text, falling boolean,
    after_key text, after_id uuid, at_most integer)
RETURNS TABLE (product_id uuid)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = pg_catalog, public
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

-- Variants as the stock list has them: by their product's name, in its order. `of_state`: in_stock, sold_out, reserved.
CREATE FUNCTION find_variants(
    term text, of_state text, after_title text, after_product uuid, after_position integer, after_variant uuid,
    at_most integer)
RETURNS TABLE (variant_id uuid)
LANGUAGE plpgsql STABLE ROWS 20 SECURITY DEFINER SET search_path = pg_catalog, public
AS $$
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
END $$;
"""

FOR_APP = (
    "find_on_sale(text, text, text, text, text, uuid, integer)",
    "find_products(text, text, text, text, text, text, boolean, text, uuid, integer)",
    "find_variants(text, text, text, uuid, integer, uuid, integer)",
)
