"""What finance reads of payouts, as SQL: each query one statement."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.queries.payout_lines import LINE_COLUMNS, LINE_JOINS

# The sums of a payout's lines. A line told twice counts where the payout really has it: then it is what is left over.
_SUMS = """
SELECT s.*, y.amount_minor - s.single AS over_single FROM (
    SELECT count(*) AS lines, coalesce(sum(l.net_minor) FILTER (WHERE t.twice), 0)::bigint AS doubled,
        coalesce(sum(l.net_minor) FILTER (WHERE NOT t.twice), 0)::bigint AS single,
        coalesce(sum(l.gross_minor) FILTER (
            WHERE NOT t.twice AND l.category IN ('charge', 'capture_reversal')), 0)::bigint AS gross,
        coalesce(sum(CASE WHEN l.category = 'fee' THEN l.net_minor ELSE -l.fee_minor END) FILTER (
            WHERE NOT t.twice AND l.category NOT IN ('dispute', 'dispute_reversal')), 0)::bigint AS fees,
        coalesce(sum(l.gross_minor) FILTER (
            WHERE NOT t.twice AND l.category IN ('refund', 'refund_failure')), 0)::bigint AS refunds,
        coalesce(sum(l.net_minor) FILTER (
            WHERE NOT t.twice AND l.category IN ('dispute', 'dispute_reversal')), 0)::bigint AS disputes
    FROM provider_lines l
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT 1 FROM reconciliation_exceptions e
        WHERE e.store_id = l.store_id AND e.account_id = l.account_id
          AND e.right_reference = l.external_id COLLATE "default" AND e.kind = 'duplicate_provider_line') AS twice) t
    WHERE l.store_id = y.store_id AND l.account_id = y.account_id AND l.payout_reference = y.reference
      AND l.category <> 'payout'
      AND (l.category <> 'payout_reversal' OR l.source_reference IS DISTINCT FROM l.payout_reference)) s
"""
_OPEN = """
SELECT count(*) AS open_exceptions FROM reconciliation_exceptions e
WHERE e.store_id = y.store_id AND e.account_id = y.account_id AND e.state = 'open' AND (
    e.right_reference = y.reference COLLATE "default" OR e.right_reference IN (
        SELECT r COLLATE "default" FROM provider_lines l
        CROSS JOIN LATERAL (VALUES (l.external_id), (l.source_reference)) v (r)
        WHERE l.store_id = y.store_id AND l.account_id = y.account_id AND l.payout_reference = y.reference))
"""
_ROW = "y.*, a.name AS account_name, a.provider, s.*, o.open_exceptions"
_FROM = f"""
JOIN payment_accounts a ON a.store_id = y.store_id AND a.id = y.account_id
CROSS JOIN LATERAL ({_SUMS}) s CROSS JOIN LATERAL ({_OPEN}) o
"""

LIST = sa.text(f"""
SELECT {_ROW} FROM (
    SELECT * FROM payouts
    WHERE (CAST(:account AS uuid) IS NULL OR account_id = :account)
      AND arrival_on >= coalesce(CAST(:since AS date), '-infinity')
      AND arrival_on < coalesce(CAST(:until AS date), 'infinity')
      AND (CAST(:day AS date) IS NULL OR (arrival_on, id) < (CAST(:day AS date), CAST(:id AS uuid)))
    ORDER BY arrival_on DESC, id DESC LIMIT :at_most
) y {_FROM} ORDER BY y.arrival_on DESC, y.id DESC
""")  # noqa: S608 - constant fragments

# Each line gives a row of its own kind and, where a fee was kept, one of fees.
_PARTS = f"""
SELECT jsonb_agg(jsonb_build_array(q.kind, q.method, q.lines, q.theirs, q.ours, q.exceptions)) FROM (
    SELECT v.kind, CASE WHEN v.kind = 'sales' THEN f.method END AS method, count(*) AS lines,
        sum(v.theirs)::bigint AS theirs, sum(v.ours)::bigint AS ours,
        coalesce(jsonb_agg(DISTINCT v.exception) FILTER (WHERE v.exception IS NOT NULL), '[]') AS exceptions
    FROM (
        SELECT {LINE_COLUMNS} FROM provider_lines l {LINE_JOINS}
        WHERE l.store_id = y.store_id AND l.account_id = y.account_id AND l.payout_reference = y.reference
          AND l.category <> 'payout'
      AND (l.category <> 'payout_reversal' OR l.source_reference IS DISTINCT FROM l.payout_reference)
    ) f CROSS JOIN LATERAL (VALUES
        (CASE WHEN f.twice THEN 'duplicates' ELSE CASE f.category
            WHEN 'charge' THEN 'sales' WHEN 'capture_reversal' THEN 'sales' WHEN 'refund' THEN 'refunds'
            WHEN 'refund_failure' THEN 'refund_failures' WHEN 'dispute' THEN 'disputes'
            WHEN 'dispute_reversal' THEN 'disputes' WHEN 'reserve' THEN 'reserves'
            WHEN 'reserve_release' THEN 'reserves' WHEN 'other' THEN 'adjustments'
            WHEN 'payout_reversal' THEN 'returned'
            ELSE CASE WHEN f.subject = 'dispute' THEN 'dispute_fees' ELSE 'fees' END END END,
         CASE WHEN f.twice THEN f.net_minor ELSE f.gross_minor END,
         CASE WHEN f.category IN ('fee', 'reserve', 'reserve_release', 'payout_reversal') AND NOT f.twice
            THEN f.gross_minor
            ELSE coalesce(f.ours_gross, 0) END,
         CASE WHEN f.exception_kind <> 'fee_mismatch' THEN f.exception_id END, true),
        (CASE WHEN f.subject = 'dispute' THEN 'dispute_fees' ELSE 'fees' END, -f.fee_minor,
         CASE WHEN f.category = 'charge' AND f.ours_gross IS NULL THEN 0 ELSE -coalesce(f.ours_fee, f.fee_minor) END,
         coalesce(f.fee_exception, CASE WHEN f.fee_minor IS DISTINCT FROM f.ours_fee THEN f.exception_id END),
         NOT f.twice AND f.fee_minor <> 0)
    ) v (kind, theirs, ours, exception, counts)
    WHERE v.counts GROUP BY 1, 2) q
"""  # noqa: S608 - constant fragments
_ENTRIES = """
SELECT jsonb_agg(jsonb_build_array(q.number, q.id, q.kind, q.booked_on, q.code, q.amount, q.currency)
    ORDER BY q.number, q.amount < 0, q.code)
FROM (
    SELECT e.number, e.id, e.kind, e.booked_on, c.code, c.currency, sum(p.amount_minor)::bigint AS amount
    FROM journal_entries e
    JOIN postings p ON p.store_id = e.store_id AND p.entry_id = e.id
    JOIN ledger_accounts c ON c.store_id = p.store_id AND c.id = p.account_id
    WHERE e.store_id = y.store_id AND e.key IN ('payout:' || y.id, 'payout_failed:' || y.id)
    GROUP BY 1, 2, 3, 4, 5, 6) q
"""
_COUNTS = """
SELECT jsonb_build_array(count(*) FILTER (WHERE l.match_id IS NOT NULL), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM reconciliation_exceptions e
    WHERE e.store_id = l.store_id AND e.account_id = l.account_id AND e.state = 'open'
      AND e.right_reference IN (
        l.external_id COLLATE "default", l.source_reference, l.tender_reference))))
FROM provider_lines l
WHERE l.store_id = y.store_id AND l.account_id = y.account_id AND l.payout_reference = y.reference
  AND l.category <> 'payout'
      AND (l.category <> 'payout_reversal' OR l.source_reference IS DISTINCT FROM l.payout_reference)
"""
RUN_COLUMNS = "r.*, a.name AS account_name"
_RUN = """
SELECT to_jsonb(r) || jsonb_build_object('account_name', a.name) FROM reconciliation_runs r
WHERE r.store_id = y.store_id AND r.account_id = y.account_id AND NOT r.dry_run
ORDER BY r.started_at DESC, r.id DESC LIMIT 1
"""
DETAIL = sa.text(f"""
SELECT {_ROW}, ({_PARTS}) AS parts, ({_ENTRIES}) AS entries, ({_COUNTS}) AS tally, ({_RUN}) AS run
FROM payouts y {_FROM} WHERE y.id = :payout
""")  # noqa: S608 - constant fragments

# Undecided first. `decided`, `at` and `id` are the last row's key.
LINES = sa.text(f"""
SELECT * FROM (
    SELECT {LINE_COLUMNS} FROM payouts y
    JOIN provider_lines l ON l.store_id = y.store_id AND l.account_id = y.account_id
        AND l.payout_reference = y.reference AND l.category <> 'payout'
      AND (l.category <> 'payout_reversal' OR l.source_reference IS DISTINCT FROM l.payout_reference) {LINE_JOINS}
    WHERE y.id = :payout
) f
WHERE (:which = 'all' OR f.exception_open = (:which = 'undecided'))
  AND (CAST(:at AS timestamptz) IS NULL
    OR (NOT f.exception_open, f.created_at, f.id) > (:decided, CAST(:at AS timestamptz), CAST(:id AS uuid)))
ORDER BY NOT f.exception_open, f.created_at, f.id LIMIT :at_most
""")  # noqa: S608 - constant fragments

UNPAID = sa.text("""
SELECT a.id AS account_id, a.name AS account_name, l.currency, b.days_from, count(*) AS lines,
    sum(l.gross_minor)::bigint AS gross, -sum(l.fee_minor)::bigint AS fees, sum(l.net_minor)::bigint AS net
FROM payment_accounts a
JOIN provider_lines l ON l.store_id = a.store_id AND l.account_id = a.id AND l.payout_reference IS NULL
    AND l.category <> 'payout'
CROSS JOIN LATERAL (
    SELECT max(d) AS days_from FROM unnest(CAST(:ages AS integer[])) AS d
    WHERE d = 0 OR l.created_at <= CAST(:now AS timestamptz) - make_interval(days => d)) b
GROUP BY a.id, a.name, l.currency, b.days_from ORDER BY a.name, a.id, l.currency, b.days_from
""")

FEES = sa.text("""
WITH contracts AS (
    SELECT c.*, lead(c.valid_from) OVER (PARTITION BY c.account_id, c.method, c.currency ORDER BY c.valid_from)
        AS valid_until
    FROM fee_contracts c
), sold AS (
    SELECT l.account_id, coalesce(p.method, l.method, '') AS method, l.currency, l.match_id, p.captured_minor,
        (p.created_at AT TIME ZONE 'UTC')::date AS day, sum(l.gross_minor) AS gross, sum(l.fee_minor) AS fee
    FROM provider_lines l LEFT JOIN payments p ON p.store_id = l.store_id AND p.id = l.match_id
    WHERE l.category IN ('charge', 'capture_reversal') AND l.created_at >= CAST(:since AS date)
      AND l.created_at < CAST(:until AS date)
    GROUP BY 1, 2, 3, 4, 5, 6
)
SELECT a.id AS account_id, a.name AS account_name, s.method, s.currency, count(*) AS payments,
    sum(s.gross)::bigint AS gross, sum(s.fee)::bigint AS fees, CASE WHEN bool_and(c.id IS NOT NULL) THEN
        sum(round(s.captured_minor * c.basis_points / 10000.0) + c.fixed_minor)::bigint END AS expected
FROM sold s JOIN payment_accounts a ON a.id = s.account_id
LEFT JOIN contracts c ON c.account_id = s.account_id AND c.method = s.method AND c.currency = s.currency
    AND c.valid_from <= s.day AND (c.valid_until IS NULL OR c.valid_until > s.day)
GROUP BY a.id, a.name, s.method, s.currency ORDER BY a.name, a.id, gross DESC
""")

# A provider that is recorded by hand tells nothing.
ACCOUNTS = sa.text("""
SELECT a.id, a.name, a.provider, (
    SELECT max(r.started_at) FROM reconciliation_runs r WHERE r.store_id = a.store_id AND r.account_id = a.id) AS last
FROM payment_accounts a WHERE a.enabled AND a.provider <> 'manual' ORDER BY a.name, a.id
""")

RUNS = sa.text("""
SELECT r.*, a.name AS account_name
FROM reconciliation_runs r JOIN payment_accounts a ON a.store_id = r.store_id AND a.id = r.account_id
WHERE r.started_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
  AND r.started_at < coalesce(CAST(:before AS timestamptz), 'infinity')
  AND (CAST(:at AS timestamptz) IS NULL OR (r.started_at, r.id) < (CAST(:at AS timestamptz), CAST(:id AS uuid)))
ORDER BY r.started_at DESC, r.id DESC LIMIT :at_most
""")
