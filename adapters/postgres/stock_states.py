"""Keeps what products and variants say of their stock equal to the stock, for lists that are filtered by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.session import Session
from core.catalog.model import Product
from core.catalog.stock_state import product_state, variant_state

# Rows that are right already are not written.
_WRITE = sa.text("""
WITH of_variants AS (
    UPDATE variants v SET stock_state = s.state
    FROM unnest(CAST(:variants AS uuid[]), CAST(:of_variants AS text[])) AS s (id, state)
    WHERE v.id = s.id AND v.stock_state IS DISTINCT FROM s.state)
UPDATE products p SET stock_state = s.state
FROM unnest(CAST(:products AS uuid[]), CAST(:of_products AS text[])) AS s (id, state)
WHERE p.id = s.id AND p.stock_state IS DISTINCT FROM s.state
""")


def write(session: Session, products: Sequence[Product], in_stock: Mapping[UUID, bool]) -> None:
    """Put down the states of complete `products`, whose rows this transaction holds, and of their variants.

    `in_stock` says of each variant's id whether it can be bought.
    """
    of_variants = {
        variant.id: variant_state(variant.tracked, in_stock.get(variant.id, False))
        for product in products
        for variant in product.variants
    }
    of_products = {
        product.id: product_state(of_variants[variant.id] for variant in product.variants) for product in products
    }
    session.write(
        _WRITE,
        {
            "variants": list(of_variants),
            "of_variants": list(of_variants.values()),
            "products": list(of_products),
            "of_products": list(of_products.values()),
        },
    )
