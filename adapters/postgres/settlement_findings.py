"""What does not fit, found anew by every run over the account's lines: sets and sums, no row by itself.

Each fragment selects `kind, left_reference, right_reference, amount_minor, currency, payment_id, details`; `details`
hold both figures, the time of the fact and the item of the ledger that it leaves open.
"""

from __future__ import annotations

import sqlalchemy as sa

# Movements that an object of the provider makes once: another line of the same figure tells it again.
_BASES = """
repeated AS MATERIALIZED (
    SELECT l.category, l.source_reference, l.gross_minor
    FROM provider_lines l
    WHERE l.account_id = :account AND l.source_reference IS NOT NULL
      AND l.category IN ('charge', 'refund', 'refund_failure', 'dispute', 'dispute_reversal')
    GROUP BY l.category, l.source_reference, l.gross_minor HAVING count(*) > 1
), copies AS MATERIALIZED (
    SELECT l.id, l.external_id, l.match_id, l.category, l.source_reference, l.gross_minor, l.net_minor, l.currency,
        l.payout_reference, l.created_at, l.match_pass
    FROM provider_lines l JOIN repeated r ON r.category = l.category AND r.source_reference = l.source_reference
        AND r.gross_minor = l.gross_minor
    WHERE l.account_id = :account
), doubles AS MATERIALIZED (
    SELECT c.* FROM copies c WHERE EXISTS (
        SELECT 1 FROM copies f WHERE f.category = c.category AND f.source_reference = c.source_reference
          AND f.gross_minor = c.gross_minor AND (f.created_at, f.external_id) < (c.created_at, c.external_id))
), sums AS MATERIALIZED (
    SELECT l.match_id AS id,
        coalesce(sum(l.gross_minor) FILTER (WHERE l.category <> 'refund_failure'), 0)::bigint AS gross,
        sum(l.fee_minor)::bigint AS fee, min(l.source_reference) AS source, max(l.source_reference) AS last_source,
        min(l.created_at) AS at,
        coalesce(sum(l.gross_minor) FILTER (WHERE l.category = 'refund_failure'), 0)::bigint AS failed
    FROM provider_lines l
    WHERE l.account_id = :account AND l.match_id IS NOT NULL
      AND l.category IN ('charge', 'capture_reversal', 'refund', 'refund_failure')
      AND NOT EXISTS (SELECT 1 FROM doubles d WHERE d.id = l.id)
    GROUP BY l.match_id
), sources AS MATERIALIZED (
    SELECT l.match_id AS id, l.source_reference AS source, sum(l.gross_minor)::bigint AS gross,
        sum(l.fee_minor)::bigint AS fee, min(l.created_at) AS at,
        bool_or(coalesce(l.tender_reference = p.provider_reference, false)) AS of_tender, min(l.id::text) AS line
    FROM provider_lines l JOIN sums s ON s.id = l.match_id AND s.source <> s.last_source
    JOIN payments p ON p.id = l.match_id AND p.captured_minor <> s.gross
    WHERE l.account_id = :account AND NOT EXISTS (SELECT 1 FROM doubles d WHERE d.id = l.id)
    GROUP BY l.match_id, l.source_reference
), main AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, source FROM sources ORDER BY id, of_tender DESC, at, source
), extras AS MATERIALIZED (
    SELECT s.* FROM sources s JOIN main m ON m.id = s.id WHERE s.source <> m.source
), extra AS MATERIALIZED (
    SELECT id, sum(gross)::bigint AS gross, sum(fee)::bigint AS fee FROM extras GROUP BY id
), contracts AS MATERIALIZED (
    SELECT c.method, c.currency, c.basis_points, c.fixed_minor, c.valid_from,
        lead(c.valid_from) OVER (PARTITION BY c.method, c.currency ORDER BY c.valid_from) AS valid_until
    FROM fee_contracts c WHERE c.account_id = :account
), sales AS MATERIALIZED (
    SELECT p.id, p.currency, p.state, p.captured_minor, p.method, s.at, coalesce(m.source, s.source,
        p.provider_reference, '') AS source, s.gross - coalesce(x.gross, 0) AS gross, s.fee - coalesce(x.fee, 0) AS fee,
        f.expected + CASE WHEN f.rest > 5000 OR (f.rest = 5000 AND f.expected % 2 = 1) THEN 1 ELSE 0 END
            + f.fixed_minor AS expected_fee
    FROM sums s JOIN payments p ON p.id = s.id
    LEFT JOIN main m ON m.id = s.id LEFT JOIN extra x ON x.id = s.id
    LEFT JOIN contracts c ON c.method = p.method AND c.currency = p.currency
        AND c.valid_from <= (p.created_at AT TIME ZONE 'UTC')::date
        AND (c.valid_until IS NULL OR c.valid_until > (p.created_at AT TIME ZONE 'UTC')::date)
    CROSS JOIN LATERAL (SELECT p.captured_minor * c.basis_points / 10000 AS expected,
        p.captured_minor * c.basis_points % 10000 AS rest, c.fixed_minor) f
)
"""

_OF_SALES = """
SELECT CASE WHEN v.captured_minor > 0 THEN CASE WHEN v.gross > v.captured_minor THEN 'amount_over'
            ELSE 'amount_under' END
        WHEN v.state IN ('voided', 'expired', 'declined') THEN 'late_payment' ELSE 'missing_internally' END AS kind,
    v.id::text AS left_reference, v.source AS right_reference, abs(v.gross - v.captured_minor) AS amount_minor,
    v.currency, v.id AS payment_id,
    jsonb_build_object('expected', v.captured_minor, 'captured', v.gross, 'method', v.method, 'at', v.at,
        'item', 'payment:' || v.id) AS details
FROM sales v
WHERE v.gross <> v.captured_minor AND (v.captured_minor > 0 OR v.at < CAST(:now AS timestamptz) - interval '1 hour')
UNION ALL
SELECT 'fee_mismatch', v.id::text, v.source, abs(v.fee - v.expected_fee), v.currency, v.id,
    jsonb_build_object('expected', v.expected_fee, 'captured', v.fee, 'method', v.method, 'at', v.at,
        'expected_fee', v.expected_fee)
FROM sales v WHERE v.captured_minor > 0 AND abs(v.fee - v.expected_fee) > :tolerance
UNION ALL
SELECT 'duplicate_charge', x.id::text, x.source, x.gross, p.currency, p.id,
    jsonb_build_object('expected', 0, 'captured', x.gross, 'method', p.method, 'at', x.at, 'item', 'payment:' || p.id)
FROM extras x JOIN payments p ON p.id = x.id
"""

_OF_REFUNDS = """
SELECT 'refund_mismatch', o.id::text, s.source, abs(-s.gross - CASE WHEN o.state = 'declined' AND s.failed = 0 THEN 0
        ELSE o.amount_minor END), o.currency, o.payment_id,
    jsonb_build_object('expected', CASE WHEN o.state = 'declined' AND s.failed = 0 THEN 0 ELSE o.amount_minor END,
        'captured', -s.gross, 'at', s.at, 'item', 'refund:' || o.id)
FROM sums s JOIN payment_operations o ON o.id = s.id AND o.kind = 'refund'
WHERE s.gross <> 0 AND -s.gross <> CASE WHEN o.state = 'declined' AND s.failed = 0 THEN 0 ELSE o.amount_minor END
UNION ALL
SELECT 'refund_failed', o.id::text, s.source, s.failed, o.currency, o.payment_id,
    jsonb_build_object('expected', o.amount_minor, 'captured', 0, 'at', s.at, 'item', 'refund:' || o.id)
FROM sums s JOIN payment_operations o ON o.id = s.id AND o.kind = 'refund' WHERE s.failed > 0
"""

# Ours only. A payment that is not captured has no line to miss.
_MISSING = """
SELECT 'missing_at_provider', p.id::text, coalesce(p.provider_reference, ''), p.captured_minor, p.currency, p.id,
    jsonb_build_object('expected', p.captured_minor, 'captured', 0, 'method', p.method, 'at', c.at,
        'item', 'payment:' || p.id)
FROM payments p
JOIN (SELECT payment_id, max(finished_at) AS at FROM payment_operations
    WHERE kind = 'capture' AND state = 'succeeded' GROUP BY payment_id) c ON c.payment_id = p.id
WHERE p.account_id = :account AND p.captured_minor > 0
  AND NOT EXISTS (SELECT 1 FROM match_groups g WHERE g.store_id = p.store_id AND g.id = p.id)
  AND c.at < CAST(:now AS timestamptz)
      - make_interval(hours => CASE WHEN p.method = ANY (:slow_methods) THEN :slow_lag ELSE :lag END)
UNION ALL
SELECT 'missing_at_provider', o.id::text, coalesce(o.provider_reference, ''), o.amount_minor, o.currency, p.id,
    jsonb_build_object('expected', o.amount_minor, 'captured', 0, 'method', p.method, 'at', o.finished_at,
        'item', 'refund:' || o.id)
FROM payment_operations o JOIN payments p ON p.store_id = o.store_id AND p.id = o.payment_id
WHERE p.account_id = :account AND o.kind = 'refund' AND o.state = 'succeeded' AND o.amount_minor > 0
  AND NOT EXISTS (SELECT 1 FROM match_groups g WHERE g.store_id = o.store_id AND g.id = o.id)
  AND coalesce(o.finished_at, o.requested_at) < CAST(:now AS timestamptz) - make_interval(hours => :lag)
"""

# The provider's only: what no pass found a match for.
_UNMATCHED = """
SELECT CASE WHEN u.kind = 'refund' THEN 'refund_mismatch' ELSE 'missing_internally' END, '', u.reference,
    abs(sum(u.gross_minor))::bigint, u.currency, NULL::uuid,
    jsonb_build_object('expected', 0, 'captured', abs(sum(u.gross_minor))::bigint, 'method', min(u.method),
        'at', min(u.created_at), 'item', 'line:' || min(u.id::text))
FROM (
    SELECT l.id, l.gross_minor, l.currency, l.method, l.created_at,
        CASE WHEN l.category IN ('refund', 'refund_failure') THEN 'refund' ELSE 'charge' END AS kind,
        CASE WHEN l.category IN ('refund', 'refund_failure') THEN coalesce(l.source_reference, l.external_id)
            ELSE coalesce(l.source_reference, l.tender_reference, l.external_id) END AS reference
    FROM provider_lines l
    WHERE l.account_id = :account AND l.match_id IS NULL
      AND l.category IN ('charge', 'capture_reversal', 'refund', 'refund_failure')
      AND NOT EXISTS (SELECT 1 FROM doubles d WHERE d.id = l.id)
) u GROUP BY u.kind, u.reference, u.currency HAVING sum(u.gross_minor) <> 0
UNION ALL
SELECT 'unexpected_adjustment', '', l.external_id, abs(l.net_minor), l.currency, NULL::uuid,
    jsonb_build_object('expected', 0, 'captured', l.net_minor, 'at', l.created_at, 'word', l.raw_category,
        'item', 'line:' || l.id)
FROM provider_lines l WHERE l.account_id = :account AND l.match_id IS NULL AND l.category = 'other'
UNION ALL
SELECT 'duplicate_provider_line', '', d.external_id, abs(d.net_minor), d.currency, g.payment_id,
    jsonb_build_object('expected', 0, 'captured', d.net_minor, 'at', d.created_at, 'item', 'line:' || d.id)
FROM doubles d LEFT JOIN match_groups g ON g.id = d.match_id
"""

_OF_DISPUTES = """
SELECT CASE d.status WHEN 'won' THEN 'dispute_won' WHEN 'lost' THEN 'dispute_lost' ELSE 'dispute_opened' END,
    coalesce(d.payment_id::text, ''), d.reference, d.amount_minor, d.currency, d.payment_id,
    jsonb_build_object('expected', 0, 'captured', -d.amount_minor, 'at', d.created_at, 'word', d.reason,
        'item', 'dispute:' || d.id)
FROM disputes d WHERE d.account_id = :account AND d.status <> 'closed'
"""

# What is left after everything that can be named. A line told twice is counted where less is left with it: then the
# payout really has it.
_OF_PAYOUTS = """
SELECT CASE WHEN y.rest < 0 THEN 'payout_short' ELSE 'payout_over' END, '', y.reference, abs(y.rest), y.currency,
    NULL::uuid, jsonb_build_object('expected', y.amount_minor - y.rest, 'captured', y.amount_minor,
        'at', y.created_at, 'item', 'payout:' || y.id)
FROM (
    SELECT p.id, p.reference, p.amount_minor, p.currency, p.created_at,
        CASE WHEN abs(p.amount_minor - n.net) < abs(p.amount_minor - n.net + n.doubled)
            THEN p.amount_minor - n.net ELSE p.amount_minor - n.net + n.doubled END AS rest
    FROM payouts p
    LEFT JOIN (
        SELECT l.payout_reference, sum(l.net_minor)::bigint AS net FROM provider_lines l
        WHERE l.account_id = :account AND l.payout_reference IS NOT NULL AND l.category <> 'payout'
          AND (l.category <> 'payout_reversal' OR l.source_reference IS DISTINCT FROM l.payout_reference)
        GROUP BY l.payout_reference) t ON t.payout_reference = p.reference
    LEFT JOIN (
        SELECT payout_reference, sum(net_minor)::bigint AS net FROM doubles GROUP BY payout_reference
        ) d ON d.payout_reference = p.reference
    CROSS JOIN LATERAL (SELECT coalesce(t.net, 0) AS net, coalesce(d.net, 0) AS doubled) n
    WHERE p.account_id = :account AND p.lines_read AND p.status <> 'cancelled'
) y WHERE y.rest <> 0
UNION ALL
SELECT 'payout_failed', '', p.reference, abs(p.amount_minor), p.currency, NULL::uuid,
    jsonb_build_object('expected', p.amount_minor, 'captured', 0, 'at', p.created_at, 'word', p.failure_code)
FROM payouts p WHERE p.account_id = :account AND p.status = 'failed'
"""

# A finding that is known keeps what was decided about it, unless its figure changed; one that nobody decided about is
# open again. What is found no more, and was open, is closed by nobody.
FIND = sa.text(f"""
WITH {_BASES}, findings AS MATERIALIZED (
    {_OF_SALES} UNION ALL {_OF_REFUNDS} UNION ALL {_MISSING} UNION ALL {_UNMATCHED} UNION ALL {_OF_DISPUTES}
    UNION ALL {_OF_PAYOUTS}
), found AS MATERIALIZED (
    SELECT DISTINCT ON (f.kind, f.left_reference, f.right_reference) f.*, p.order_id
    FROM findings f LEFT JOIN payments p ON p.id = f.payment_id
    ORDER BY f.kind, f.left_reference, f.right_reference, f.amount_minor DESC
), put AS (
    INSERT INTO reconciliation_exceptions AS e (id, store_id, kind, state, left_reference, right_reference, payment_id,
        order_id, amount_minor, currency, details, opened_at, account_id, origin, version)
    SELECT gen_random_uuid(), current_store(), f.kind, 'open', f.left_reference, f.right_reference, f.payment_id,
        f.order_id, f.amount_minor, f.currency, f.details, :now, :account, 'reconciliation', 1
    FROM found f
    ON CONFLICT (store_id, kind, left_reference, right_reference) DO UPDATE SET amount_minor = excluded.amount_minor,
        currency = excluded.currency, details = excluded.details, payment_id = excluded.payment_id,
        order_id = excluded.order_id, account_id = excluded.account_id, state = 'open', resolved_at = NULL,
        resolution = NULL, resolved_by = NULL, version = e.version + 1,
        opened_at = CASE WHEN e.state = 'open' THEN e.opened_at ELSE excluded.opened_at END
    WHERE (e.amount_minor, e.currency) <> (excluded.amount_minor, excluded.currency)
       OR (e.state = 'resolved' AND e.resolved_by IS NULL AND e.origin = 'reconciliation')
    RETURNING e.id, e.kind, e.amount_minor, CASE WHEN e.version = 1 THEN 'opened' ELSE 'restated' END AS what
), closed AS (
    UPDATE reconciliation_exceptions e SET state = 'resolved', resolution = 'money_fits', resolved_at = :now,
        version = e.version + 1
    WHERE e.account_id = :account AND e.origin = 'reconciliation' AND e.state = 'open' AND NOT EXISTS (
        SELECT 1 FROM found f WHERE f.kind = e.kind AND f.left_reference = e.left_reference
          AND f.right_reference = e.right_reference)
    RETURNING e.id, e.kind, e.amount_minor, 'closed' AS what
), changed AS (SELECT * FROM put UNION ALL SELECT * FROM closed), noted AS (
    INSERT INTO exception_comments (id, store_id, exception_id, kind, text, by_label, at)
    SELECT gen_random_uuid(), current_store(), c.id, c.what, '', :label, :now FROM changed c
)
SELECT what, kind, count(*) AS exceptions, sum(amount_minor)::bigint AS minor FROM changed GROUP BY what, kind
""")  # noqa: S608 - constant fragments
