"""Taking in what a run staged, and matching it: a statement each, over sets.

Statistics of tables that were just filled are wrong, and only their owner may ask for new ones: so the planner is kept
from nested loops, and groups are hashed in memory (`TUNE`).
"""

from __future__ import annotations

import sqlalchemy as sa

TUNE = sa.text(
    "SELECT set_config('enable_nestloop', 'off', true), set_config('work_mem', '128MB', true),"
    " set_config('jit', 'off', true), set_config('statement_timeout', '600000', true)"
)
# One run of an account at a time, until the transaction ends.
LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('reconciliation:' || CAST(:account AS text), 0))")

TOLD = sa.text("""
SELECT currency, word, count(*) AS lines, sum(gross_minor)::bigint AS gross, sum(fee_minor)::bigint AS fee,
    sum(net_minor)::bigint AS net
FROM staged_settlement_rows(:run, 'line') GROUP BY currency, word
""")

# Told more than once in a run: the last in the life of a payout counts, and what any of them knew of its lines.
TAKE_PAYOUTS = sa.text("""
INSERT INTO payouts AS p (id, store_id, account_id, reference, amount_minor, currency, status, arrival_on, created_at,
    bank_reference, failure_code, complete, lines_read, announced_posted, failure_posted)
SELECT DISTINCT ON (r.reference) r.id, current_store(), :account, r.reference, r.gross_minor, r.currency, r.word,
    r.on_day, r.created_at, r.source_reference, r.description, bool_or(r.flag) OVER same,
    bool_or(r.flag AND r.read) OVER same, false, false
FROM staged_settlement_rows(:run, 'payout') r
WINDOW same AS (PARTITION BY r.reference)
ORDER BY r.reference, array_position(ARRAY['failed', 'cancelled', 'paid', 'in_transit', 'announced'], r.word), r.id
ON CONFLICT (store_id, account_id, reference) DO UPDATE SET amount_minor = excluded.amount_minor,
    status = excluded.status, arrival_on = excluded.arrival_on,
    bank_reference = coalesce(excluded.bank_reference, p.bank_reference),
    failure_code = excluded.failure_code, complete = excluded.complete,
    lines_read = p.lines_read OR excluded.lines_read
WHERE (p.amount_minor, p.status, p.arrival_on, p.bank_reference, p.failure_code, p.complete, p.lines_read)
    IS DISTINCT FROM (excluded.amount_minor, excluded.status, excluded.arrival_on,
        coalesce(excluded.bank_reference, p.bank_reference), excluded.failure_code, excluded.complete,
        p.lines_read OR excluded.lines_read)
""")

TAKE_DISPUTES = sa.text("""
INSERT INTO disputes AS d (id, store_id, account_id, reference, tender_reference, payment_id, amount_minor, currency,
    status, reason, created_at, evidence_due_at, withdrawn, loss_posted)
SELECT DISTINCT ON (r.reference) r.id, current_store(), :account, r.reference, r.tender_reference, p.id, r.gross_minor,
    r.currency, r.word, coalesce(r.description, ''), r.created_at, r.due_at, r.flag, false
FROM staged_settlement_rows(:run, 'dispute') r
LEFT JOIN payments p ON p.account_id = :account AND p.provider_reference = r.tender_reference
ORDER BY r.reference,
    array_position(ARRAY['won', 'lost', 'closed', 'under_review', 'needs_response'], r.word), r.id
ON CONFLICT (store_id, account_id, reference) DO UPDATE SET tender_reference = excluded.tender_reference,
    payment_id = coalesce(excluded.payment_id, d.payment_id), amount_minor = excluded.amount_minor,
    status = excluded.status, reason = excluded.reason, evidence_due_at = excluded.evidence_due_at,
    withdrawn = excluded.withdrawn
WHERE (d.tender_reference, d.payment_id, d.amount_minor, d.status, d.reason, d.evidence_due_at, d.withdrawn)
    IS DISTINCT FROM (excluded.tender_reference, coalesce(excluded.payment_id, d.payment_id), excluded.amount_minor,
        excluded.status, excluded.reason, excluded.evidence_due_at, excluded.withdrawn)
""")

# A dispute of which only the money is known so far.
TAKE_DISPUTES_OF_LINES = sa.text("""
INSERT INTO disputes (id, store_id, account_id, reference, tender_reference, payment_id, amount_minor, currency, status,
    reason, created_at, withdrawn, loss_posted)
SELECT DISTINCT ON (r.source_reference) r.id, current_store(), :account, r.source_reference,
    coalesce(r.tender_reference, ''), p.id, -r.gross_minor, r.currency, 'needs_response', '', r.created_at, true, false
FROM staged_settlement_rows(:run, 'line') r
LEFT JOIN payments p ON p.account_id = :account AND p.provider_reference = r.tender_reference
WHERE r.word = 'dispute' AND r.source_reference IS NOT NULL
ORDER BY r.source_reference, r.created_at, r.id
ON CONFLICT (store_id, account_id, reference) DO NOTHING
""")

# What each line of `told` belongs to: by the provider's reference, else by our own id as it echoes it. Of two refunds
# under one reference the first counts.
_LINKED = """
refunds AS MATERIALIZED (
    SELECT DISTINCT ON (o.provider_reference, CASE WHEN o.provider_reference IS NULL THEN o.id END)
        o.id, o.payment_id, o.provider_reference, o.currency
    FROM payment_operations o JOIN payments p ON p.store_id = o.store_id AND p.id = o.payment_id
    WHERE o.kind = 'refund' AND p.account_id = :account
    ORDER BY o.provider_reference, CASE WHEN o.provider_reference IS NULL THEN o.id END, o.requested_at, o.id
), linked AS MATERIALIZED (
    SELECT t.*, coalesce(sp.id, mp.id, sr.id, mr.id, d.id) AS match_id,
        CASE WHEN coalesce(sp.id, sr.id, d.id) IS NOT NULL THEN 'provider_reference'
            WHEN coalesce(mp.id, mr.id) IS NOT NULL THEN 'merchant_reference' END AS match_pass,
        CASE WHEN coalesce(sp.id, mp.id) IS NOT NULL THEN 'sale' WHEN coalesce(sr.id, mr.id) IS NOT NULL THEN 'refund'
            WHEN d.id IS NOT NULL THEN 'dispute' END AS subject,
        coalesce(sp.id, mp.id, sr.payment_id, mr.payment_id, d.payment_id) AS payment_id,
        coalesce(sr.id, mr.id) AS operation_id, d.id AS dispute_id
    FROM told t
    LEFT JOIN payments sp ON t.category IN ('charge', 'capture_reversal') AND sp.account_id = :account
        AND sp.provider_reference = t.tender_reference AND sp.currency = t.currency
    LEFT JOIN payments mp ON t.category IN ('charge', 'capture_reversal') AND sp.id IS NULL
        AND mp.account_id = :account AND mp.id = t.merchant_id AND mp.currency = t.currency
    LEFT JOIN refunds sr ON t.category IN ('refund', 'refund_failure')
        AND sr.provider_reference = t.source_reference AND sr.currency = t.currency
    LEFT JOIN refunds mr ON t.category IN ('refund', 'refund_failure') AND sr.id IS NULL
        AND mr.id = t.merchant_id AND mr.currency = t.currency
    LEFT JOIN disputes d ON t.category IN ('dispute', 'dispute_reversal', 'fee') AND d.account_id = :account
        AND d.reference = t.source_reference
), groups AS (
    INSERT INTO match_groups (store_id, id, subject, payment_id, operation_id, dispute_id, pass, rule_version, run_id,
        matched_at)
    SELECT current_store(), l.match_id, l.subject, l.payment_id, l.operation_id, l.dispute_id, max(l.match_pass),
        :rules, :run, :now
    FROM linked l WHERE l.match_id IS NOT NULL
    GROUP BY l.match_id, l.subject, l.payment_id, l.operation_id, l.dispute_id
    ORDER BY l.match_id  -- an index grows at its end without a search
    ON CONFLICT (store_id, id) DO NOTHING
)
"""

TAKE_LINES = sa.text(f"""
WITH told AS MATERIALIZED (
    SELECT r.*, r.word AS category FROM staged_settlement_rows(:run, 'line') r
), {_LINKED}, taken AS (
    INSERT INTO provider_lines (store_id, id, account_id, external_id, category, raw_category, gross_minor, fee_minor,
        net_minor, currency, created_at, available_on, source_reference, tender_reference, merchant_reference,
        payout_reference, method, description, raw, run_id, match_id, match_pass, posted)
    SELECT current_store(), l.id, :account, l.reference, l.word, l.raw_word, l.gross_minor, l.fee_minor, l.net_minor,
        l.currency, l.created_at, l.on_day, l.source_reference, l.tender_reference, l.merchant_reference,
        l.payout_reference, l.method, l.description, l.raw, :run, l.match_id, l.match_pass,
        l.word IN ('payout', 'payout_reversal', 'other')
            OR (l.fee_minor = 0 AND l.word IN ('charge', 'capture_reversal', 'refund', 'refund_failure'))
    FROM linked l
    ON CONFLICT (account_id, external_id) DO NOTHING
    RETURNING match_pass
)
SELECT coalesce(match_pass, '') AS match_pass, count(*) AS lines FROM taken GROUP BY 1
""")  # noqa: S608 - constant fragments

# A line that was told before and is told otherwise now: the payout that carries it, or other figures.
CHANGE_LINES = sa.text("""
UPDATE provider_lines l SET gross_minor = n.gross_minor, fee_minor = n.fee_minor, net_minor = n.net_minor,
    available_on = n.on_day, payout_reference = coalesce(n.payout_reference, l.payout_reference)
FROM (
    SELECT DISTINCT ON (r.reference) r.* FROM staged_settlement_rows(:run, 'line') r
    ORDER BY r.reference, r.payout_reference IS NULL, r.net_minor, r.gross_minor
) n
WHERE l.account_id = :account AND l.external_id = n.reference
  AND (l.gross_minor, l.fee_minor, l.available_on, l.payout_reference)
      IS DISTINCT FROM (n.gross_minor, n.fee_minor, n.on_day, coalesce(n.payout_reference, l.payout_reference))
RETURNING l.run_id <> :run AS earlier
""")

# Lines of earlier runs whose other side came to be known since.
MATCH_EARLIER = sa.text(f"""
WITH told AS MATERIALIZED (
    SELECT l.*, l.external_id AS reference,
        CASE WHEN l.merchant_reference ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$'
            THEN l.merchant_reference::uuid END AS merchant_id
    FROM (SELECT id, external_id, category, currency, source_reference, tender_reference, merchant_reference
        FROM provider_lines WHERE account_id = :account AND match_id IS NULL AND run_id <> :run
          AND category NOT IN ('payout', 'payout_reversal', 'reserve', 'reserve_release', 'other')) l
), {_LINKED}
UPDATE provider_lines x SET match_id = l.match_id, match_pass = l.match_pass
FROM linked l WHERE x.id = l.id AND l.match_id IS NOT NULL
RETURNING x.match_pass
""")  # noqa: S608 - constant fragments

# Nothing but amount and date speaks for it: a line that names nothing, and one thing of ours, each alone for the other.
MATCH_BY_AMOUNT = sa.text("""
WITH nameless AS MATERIALIZED (
    SELECT l.id, l.created_at, l.currency, abs(l.gross_minor) AS amount,
        CASE l.category WHEN 'charge' THEN 'sale' ELSE 'refund' END AS subject
    FROM provider_lines l
    WHERE l.account_id = :account AND l.match_id IS NULL AND l.category IN ('charge', 'refund')
      AND l.tender_reference IS NULL AND l.merchant_reference IS NULL
      AND (l.category = 'charge' OR l.source_reference IS NULL)
), ours AS MATERIALIZED (
    SELECT p.id, 'sale' AS subject, p.id AS payment_id, NULL::uuid AS operation_id, p.captured_minor AS amount,
        p.currency, o.finished_at AS at
    FROM payments p
    JOIN LATERAL (SELECT max(finished_at) AS finished_at FROM payment_operations c
        WHERE c.store_id = p.store_id AND c.payment_id = p.id AND c.kind = 'capture' AND c.state = 'succeeded') o
        ON true
    WHERE p.account_id = :account AND p.captured_minor IN (SELECT amount FROM nameless WHERE subject = 'sale')
      AND NOT EXISTS (SELECT 1 FROM match_groups g WHERE g.store_id = p.store_id AND g.id = p.id)
    UNION ALL
    SELECT o.id, 'refund', p.id, o.id, o.amount_minor, o.currency, o.requested_at
    FROM payment_operations o JOIN payments p ON p.store_id = o.store_id AND p.id = o.payment_id
    WHERE p.account_id = :account AND o.kind = 'refund' AND o.state = 'succeeded'
      AND o.amount_minor IN (SELECT amount FROM nameless WHERE subject = 'refund')
      AND NOT EXISTS (SELECT 1 FROM match_groups g WHERE g.store_id = o.store_id AND g.id = o.id)
), pairs AS MATERIALIZED (
    SELECT n.id AS line_id, u.id, u.subject, u.payment_id, u.operation_id
    FROM nameless n JOIN ours u ON u.subject = n.subject AND u.currency = n.currency AND u.amount = n.amount
      AND u.at BETWEEN n.created_at - make_interval(days => :days) AND n.created_at + make_interval(days => :days)
), alone AS MATERIALIZED (
    SELECT p.* FROM pairs p
    WHERE p.line_id IN (SELECT line_id FROM pairs GROUP BY line_id HAVING count(*) = 1)
      AND p.id IN (SELECT id FROM pairs GROUP BY id HAVING count(*) = 1)
), groups AS (
    INSERT INTO match_groups (store_id, id, subject, payment_id, operation_id, pass, rule_version, run_id, matched_at)
    SELECT current_store(), a.id, a.subject, a.payment_id, a.operation_id, 'amount_and_date', :rules, :run, :now
    FROM alone a ON CONFLICT (store_id, id) DO NOTHING
)
UPDATE provider_lines x SET match_id = a.id, match_pass = 'amount_and_date' FROM alone a WHERE x.id = a.line_id
RETURNING x.match_pass
""")
