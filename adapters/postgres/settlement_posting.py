"""Lines, payouts and losses that wait to be posted, as facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.ledger.chart import OpenItem
from core.ledger.posting import Settled
from core.reconciliation.rules import Subject
from core.reconciliation.settling import LineFact, LossFact, PayoutFact
from core.shared.ids import DisputeId, OrderId, PaymentAccountId, PayoutId, ProviderLineId
from core.shared.money import Money

LINES = sa.text("""
SELECT l.id, l.account_id, l.category, l.gross_minor, l.fee_minor, l.currency, l.created_at, g.subject, l.match_id,
    p.order_id, EXISTS (
        SELECT 1 FROM reconciliation_exceptions e
        WHERE e.store_id = l.store_id AND e.account_id = l.account_id AND e.right_reference = l.external_id
          AND e.kind = 'duplicate_provider_line') AS repeated
FROM (
    SELECT * FROM provider_lines WHERE account_id = :account AND NOT posted ORDER BY id LIMIT :at_most
    FOR UPDATE SKIP LOCKED
) l
LEFT JOIN match_groups g ON g.store_id = l.store_id AND g.id = l.match_id
LEFT JOIN payments p ON p.store_id = g.store_id AND p.id = g.payment_id
ORDER BY l.id
""")
LINES_POSTED = sa.text("UPDATE provider_lines SET posted = true WHERE id = ANY (:ids) AND NOT posted")

# A payout that came back is carried again by a later one, by one line: what it carried is what is carried, and so on
# where that one came back, too.
PAYOUTS = sa.text("""
SELECT p.id, p.account_id, p.amount_minor, p.currency, p.created_at, p.status IN ('failed', 'cancelled') AS came_back, (
    SELECT min(l.created_at) FROM provider_lines l
    WHERE l.store_id = p.store_id AND l.account_id = p.account_id AND l.category = 'payout_reversal'
      AND l.source_reference = p.reference) AS returned_at, (
    SELECT jsonb_agg(jsonb_build_array(i.item, i.minor) ORDER BY i.item) FROM (
        SELECT CASE g.subject WHEN 'sale' THEN 'payment:' || g.id WHEN 'refund' THEN 'refund:' || g.id
            WHEN 'dispute' THEN 'dispute:' || g.id ELSE 'line:' || l.id END AS item, sum(l.net_minor)::bigint AS minor
        FROM provider_lines l LEFT JOIN match_groups g ON g.store_id = l.store_id AND g.id = l.match_id
        WHERE l.store_id = p.store_id AND l.account_id = p.account_id
          AND l.category NOT IN ('payout', 'payout_reversal') AND l.payout_reference = ANY (ARRAY(
            WITH RECURSIVE again (reference) AS (
                SELECT p.reference
                UNION
                SELECT b.source_reference FROM again a JOIN provider_lines b ON b.payout_reference = a.reference
                WHERE b.account_id = p.account_id AND b.category = 'payout_reversal'
            ) SELECT reference FROM again))
        GROUP BY 1) i) AS carried
FROM (
    SELECT * FROM payouts WHERE account_id = :account AND lines_read
      AND (NOT announced_posted OR (status IN ('failed', 'cancelled') AND NOT failure_posted))
    ORDER BY created_at, id LIMIT :at_most FOR UPDATE SKIP LOCKED
) p ORDER BY p.created_at, p.id
""")
PAYOUTS_POSTED = sa.text("""
UPDATE payouts p SET announced_posted = true, failure_posted = p.failure_posted OR d.came_back
FROM unnest(CAST(:ids AS uuid[]), CAST(:back AS boolean[])) AS d (id, came_back) WHERE p.id = d.id
""")

LOSSES = sa.text("""
SELECT d.id, d.amount_minor, d.currency, p.order_id FROM (
    SELECT * FROM disputes WHERE account_id = :account AND status = 'lost' AND withdrawn AND NOT loss_posted
    ORDER BY id LIMIT :at_most FOR UPDATE SKIP LOCKED
) d LEFT JOIN payments p ON p.store_id = d.store_id AND p.id = d.payment_id ORDER BY d.id
""")
LOSSES_POSTED = sa.text("UPDATE disputes SET loss_posted = true WHERE id = ANY (:ids)")


def to_lines(rows: Sequence[sa.RowMapping]) -> list[LineFact]:
    """The facts of rows of LINES."""
    return [
        LineFact(
            id=ProviderLineId(row["id"]),
            account_id=PaymentAccountId(row["account_id"]),
            category=row["category"],
            gross=Money(row["gross_minor"], row["currency"]),
            fee=Money(row["fee_minor"], row["currency"]),
            at=row["created_at"],
            subject=None if row["subject"] is None else Subject(row["subject"]),
            subject_id=row["match_id"],
            order_id=_order(row["order_id"]),
            repeated=row["repeated"],
        )
        for row in rows
    ]


def to_payouts(rows: Sequence[sa.RowMapping], now: Any) -> list[PayoutFact]:
    """The facts of rows of PAYOUTS."""
    return [
        PayoutFact(
            id=PayoutId(row["id"]),
            account_id=PaymentAccountId(row["account_id"]),
            amount=Money(row["amount_minor"], row["currency"]),
            at=row["created_at"],
            carried=[Settled(OpenItem.parse(i), Money(minor, row["currency"])) for i, minor in row["carried"] or []],
            failed_at=(row["returned_at"] or now) if row["came_back"] else None,
        )
        for row in rows
    ]


def to_losses(rows: Sequence[sa.RowMapping], now: Any) -> list[LossFact]:
    """The facts of rows of LOSSES."""
    return [
        LossFact(DisputeId(row["id"]), Money(row["amount_minor"], row["currency"]), now, _order(row["order_id"]))
        for row in rows
    ]


def _order(id_: Any) -> OrderId | None:
    return None if id_ is None else OrderId(id_)
