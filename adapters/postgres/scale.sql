-- Many rows at once; see scale.py. Each block is named by a line `-- block: name`; parameters are psycopg's.

-- block: stores
-- Built once at the end, the largest index takes a fraction of what row by row would.
CREATE TEMP TABLE rebuilt AS SELECT pg_get_indexdef('ix_search_documents_body'::regclass) AS ddl;
DROP INDEX ix_search_documents_body;
INSERT INTO stores (id, name, slug, currency, currencies, locale, locales, countries, time_zone, prices_include_tax,
    order_prefix, capture_policy, card_seconds, pix_minutes, bank_transfer_days, email, created_at, version)
SELECT gen_random_uuid(), 'Loja ' || n, 'scale-' || n, 'BRL', '{BRL}', 'pt-BR', '{pt-BR,en}', '{BR}',
    'America/Sao_Paulo', true, 'S' || n || '-', 'at_once', 900, 30, 5, 'loja' || n || '@scale.example', now(), 1
FROM generate_series(1, %(stores)s) n;
CREATE TEMP TABLE scale AS
    SELECT id AS store_id, row_number() OVER (ORDER BY length(slug), slug)::int AS n FROM stores
    WHERE slug LIKE 'scale-%%';
ALTER TABLE scale ADD COLUMN products int, ADD COLUMN orders int;
UPDATE scale SET
    products = CASE WHEN n = 1 THEN %(large_products)s ELSE %(small_products)s END,
    orders = CASE WHEN n = 1 THEN %(large_orders)s ELSE %(small_orders)s END;
INSERT INTO counters SELECT store_id, 'order', 1001 + orders FROM scale;
INSERT INTO catalogue_versions SELECT store_id, 1 FROM scale;
INSERT INTO locations SELECT gen_random_uuid(), store_id, 'Estoque', true, now() FROM scale;

-- block: products
CREATE TEMP TABLE scaled_products AS
SELECT gen_random_uuid() AS id, s.store_id, i.n,
    (ARRAY['Caneca','Manta','Bowl','Prato','Vela','Cesto','Luminária','Tábua','Almofada','Rede','Garrafa','Colher',
     'Banco','Moringa','Pano','Fruteira','Bandeja','Jarra','Travessa','Tapete'])[1 + mod(i.n, 20)]
        || ' ' || (ARRAY['Barro','Musgo','Areia','Ferrugem','Azul'])[1 + mod(i.n / 20, 5)]
        || ' ' || i.n AS title,
    (ARRAY['Ateliê Suenaga','Tecelagem Resende','Marcenaria Jatobá','Oficina Norte'])[1 + mod(i.n, 4)] AS vendor,
    CASE WHEN mod(i.n, 10) = 9 THEN 'draft' ELSE 'published' END AS status,
    1990 + (i.n * 7919) %% 50000 AS price, now() - make_interval(mins => i.n) AS at,
    -- In the last but one store nearly everything is sold out, in the last something of all is held; elsewhere few.
    CASE WHEN s.n = %(stores)s - 1 THEN mod(i.n, 2000) <> 7 ELSE mod(i.n, 2000) = 7 END AS sold_out,
    CASE WHEN s.n = %(stores)s OR mod(i.n, 2000) = 11 THEN 1 ELSE 0 END AS reserved
FROM scale s, generate_series(1, s.products) AS i (n);
INSERT INTO products (id, store_id, slug, title, title_folded, description_html, vendor, vendor_folded, product_type,
    tags, status, stock_state, options, seo_title, seo_description, published_at, created_at, updated_at, version)
SELECT id, store_id, 'p-' || n, title, lower(translate(title, 'áãâéêíóôõúç', 'aaaeeiooouc')), '<p>' || title || '</p>',
    vendor, lower(translate(vendor, 'áãâéêíóôõúç', 'aaaeeiooouc')), 'Cozinha',
    CASE WHEN mod(n, 997) = 0 THEN ARRAY['raro'] WHEN mod(n, 50) = 0 THEN ARRAY['barro'] ELSE ARRAY['casa'] END, status,
    CASE WHEN sold_out THEN 'sold_out' ELSE 'in_stock' END, '[]', '', '',
    CASE WHEN status = 'published' THEN at END, at, at, 1
FROM scaled_products;
INSERT INTO variants (id, store_id, product_id, position, title, option_values, sku, sku_folded, currency, price_minor,
    weight_grams, tax_category, tracked, requires_shipping, stock_state, version)
SELECT gen_random_uuid(), store_id, id, v, '', '{}', 'SKU-' || n || '-' || v, 'sku-' || n || '-' || v, 'BRL', price,
    400, 'standard', true, true, CASE WHEN sold_out THEN 'sold_out' ELSE 'in_stock' END, 1
FROM scaled_products, generate_series(0, 1) v;
INSERT INTO stock_items (id, store_id, variant_id, location_id, on_hand, reserved, version)
SELECT gen_random_uuid(), v.store_id, v.id, l.id, p.reserved + CASE WHEN p.sold_out THEN 0 ELSE 10 END, p.reserved, 1
FROM variants v JOIN scaled_products p ON p.id = v.product_id JOIN locations l ON l.store_id = v.store_id;
INSERT INTO product_tags (store_id, product_id, tag_folded, title_folded, price_minor, updated_at, published_at)
SELECT p.store_id, p.id, t.tag, p.title_folded, s.price, p.updated_at, p.published_at
FROM products p JOIN scaled_products s ON s.id = p.id, unnest(p.tags) AS t (tag);
INSERT INTO product_documents (product_id, store_id, slug, title_folded, vendor_folded, price_minor, published_at,
    summary, page)
SELECT p.id, p.store_id, p.slug, p.title_folded, p.vendor_folded, s.price, p.published_at, d.document, d.document
FROM products p JOIN scaled_products s ON s.id = p.id,
    LATERAL (SELECT convert_to(jsonb_build_object('id', p.id, 'slug', p.slug, 'title', p.title, 'vendor', p.vendor,
        'price', jsonb_build_object('amount', s.price, 'currency', 'BRL'))::text, 'UTF8') AS document) d
WHERE p.status = 'published';
INSERT INTO search_documents (store_id, kind, subject_id, visible, body, sorted_at)
SELECT p.store_id, 'product', p.id, p.status = 'published',
    p.title_folded || ' ' || p.vendor_folded || ' sku-' || s.n || '-0 sku-' || s.n || '-1', p.updated_at
FROM products p JOIN scaled_products s ON s.id = p.id;

-- block: orders
CREATE TEMP TABLE scaled_orders AS
SELECT gen_random_uuid() AS id, gen_random_uuid() AS cart_id, s.store_id, i.n, 1000 + i.n AS number,
    'cliente' || mod(i.n, 5000) || '@uol.example' AS email, 'Cliente ' || mod(i.n, 5000) AS name,
    now() - make_interval(mins => (s.orders - i.n) * 3) AS at, 5000 + (i.n * 7919) %% 90000 AS total,
    (ARRAY['paid','paid','paid','paid','paid','awaiting','refunded','authorised','partially_refunded',
     'expired'])[1 + mod(i.n, 10)]
        AS payment_status
FROM scale s, generate_series(1, s.orders) AS i (n);
INSERT INTO carts (id, store_id, token_hash, state, currency, locale, created_at, updated_at, version)
SELECT cart_id, store_id, decode(replace(cart_id::text, '-', ''), 'hex'), 'completed', 'BRL', 'pt-BR', at, at, 1
FROM scaled_orders;
INSERT INTO orders (id, store_id, cart_id, number, status, payment_status, fulfilment_status, return_status, currency,
    items_minor, discount_minor, shipping_minor, tax_minor, total_minor, quantity, contact, email_folded, customer_name,
    shipping_address, quote, token_rotation, locale, placed_at, version)
SELECT id, store_id, cart_id, number, CASE WHEN payment_status = 'expired' THEN 'cancelled' ELSE 'open' END,
    payment_status, 'unfulfilled', 'none', 'BRL', total, 0, 0, 0, total, 1,
    jsonb_build_object('email', email, 'name', name, 'phone', NULL, 'tax_id', NULL), email, name,
    jsonb_build_object('city', 'Curitiba', 'region', 'PR'), '{"tax_included": true}', 0, 'pt-BR', at, 1
FROM scaled_orders;
INSERT INTO search_documents (store_id, kind, subject_id, visible, body, sorted_at)
SELECT store_id, 'order', id, true, number || ' ' || lower(name) || ' ' || email, at FROM scaled_orders;

-- block: analyse
DO $$ BEGIN EXECUTE (SELECT ddl FROM rebuilt); END $$;
ANALYZE products; ANALYZE variants; ANALYZE stock_items; ANALYZE product_documents; ANALYZE product_tags;
ANALYZE search_documents; ANALYZE orders; ANALYZE carts;
