"""How far an order's lines are, in SQL: what is planned, what left, what was refunded before it left.

The same rule as `core.orders.axes.withdrawn`, which explains it; a test holds the two equal.
"""

from __future__ import annotations

import sqlalchemy as sa

# Refunds that moved no money take no piece back. Pieces refunded when they had left are not withdrawn.
LINE_PROGRESS = """
    SELECT l.id AS line_id, l.quantity, coalesce(f.planned, 0) AS planned, coalesce(f.shipped, 0) AS shipped,
           greatest(0, coalesce(w.withdrawn, 0))::integer AS withdrawn
    FROM order_lines l
    LEFT JOIN LATERAL (
        SELECT sum(p.quantity) FILTER (WHERE s.state = 'planned') AS planned,
               sum(p.quantity) FILTER (WHERE s.state = 'shipped') AS shipped
        FROM fulfilment_lines p
        JOIN fulfilments s ON s.store_id = p.store_id AND s.id = p.fulfilment_id
        WHERE p.store_id = l.store_id AND p.line_id = l.id
    ) f ON true
    LEFT JOIN LATERAL (
        SELECT least(sum(b.pieces), min(l.quantity - b.gone + b.later)) AS withdrawn
        FROM (
            SELECT a.pieces,
                   coalesce(sum(a.pieces) OVER (ORDER BY a.requested_at, a.id
                       ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING), 0) AS later,
                   (SELECT coalesce(sum(p.quantity), 0)
                    FROM fulfilment_lines p
                    JOIN fulfilments s ON s.store_id = p.store_id AND s.id = p.fulfilment_id
                    WHERE p.store_id = l.store_id AND p.line_id = l.id AND s.state = 'shipped'
                      AND s.shipped_at <= a.requested_at) AS gone
            FROM (
                SELECT r.id, r.requested_at, sum((piece ->> 1)::integer) AS pieces
                FROM refunds r
                JOIN payment_operations o ON o.store_id = r.store_id AND o.id = r.operation_id AND o.state <> 'declined'
                CROSS JOIN LATERAL jsonb_array_elements(r.lines) AS piece
                WHERE r.store_id = l.store_id AND r.order_id = l.order_id AND piece ->> 0 = l.id::text
                GROUP BY r.id, r.requested_at
            ) a
        ) b
    ) w ON l.refunded_quantity > 0
    WHERE l.order_id = :order_id
"""

PROGRESS = sa.text(LINE_PROGRESS)
