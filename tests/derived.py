"""What is stored beside products so that lists are fast, worked out again from what it is derived from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.shared.text import fold

Rows = Callable[[str], list[dict[str, Any]]]

_STATES = """
SELECT p.id, p.stock_state, v.id AS variant_id, v.stock_state AS of_variant, v.tracked,
    COALESCE((SELECT sum(i.on_hand - i.reserved) FROM stock_items i WHERE i.variant_id = v.id), 0) > 0 AS left
FROM products p JOIN variants v ON v.product_id = p.id
"""
_PRODUCTS = """
SELECT p.id, p.title, p.tags, p.updated_at, CASE WHEN p.status = 'published' THEN p.published_at END AS published_at,
    (SELECT min(v.price_minor) FROM variants v WHERE v.product_id = p.id) AS price
FROM products p
"""
_TAGS = "SELECT product_id, tag_folded, title_folded, price_minor, updated_at, published_at FROM product_tags"


def check_derived(rows: Rows) -> None:
    """Fail unless stock states and tag rows of the store that `rows` reads are those of its products."""
    _check_states(rows(_STATES))
    expected = {
        (p["id"], fold(tag), fold(p["title"]), p["price"], p["updated_at"], p["published_at"])
        for p in rows(_PRODUCTS)
        for tag in p["tags"]
    }
    assert {tuple(row.values()) for row in rows(_TAGS)} == expected


def _check_states(rows: list[dict[str, Any]]) -> None:
    states: dict[Any, set[str | None]] = {}
    for row in rows:
        state = None if not row["tracked"] else "in_stock" if row["left"] else "sold_out"
        assert row["of_variant"] == state, row
        states.setdefault(row["id"], set()).add(state)
    for row in rows:
        of_variants = states[row["id"]]
        state = next((state for state in ("in_stock", "sold_out") if state in of_variants), None)
        assert row["stock_state"] == state, row
