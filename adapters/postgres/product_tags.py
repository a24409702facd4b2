"""The rows that lists of a tag are read from: one for each folded tag of a product, written with its documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from adapters.postgres.session import Row, Session
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Product
from core.shared.words import folded

# One statement for all, each column an array; a product's tags are lines, because an array of arrays has rows of one
# length only and folded text has no line end.
_WRITE = sa.text("""
WITH wanted AS (
    SELECT p.id, t.tag, p.title, p.price, p.updated_at, p.published_at
    FROM unnest(CAST(:ids AS uuid[]), CAST(:tags AS text[]), CAST(:titles AS text[]), CAST(:prices AS bigint[]),
        CAST(:updated_at AS timestamptz[]), CAST(:published_at AS timestamptz[]))
        AS p (id, tags, title, price, updated_at, published_at), unnest(string_to_array(p.tags, chr(10))) AS t (tag)),
gone AS (
    DELETE FROM product_tags r WHERE r.product_id = ANY(CAST(:ids AS uuid[]))
        AND NOT EXISTS (SELECT FROM wanted w WHERE w.id = r.product_id AND w.tag = r.tag_folded))
INSERT INTO product_tags (store_id, product_id, tag_folded, title_folded, price_minor, updated_at, published_at)
SELECT :store_id, w.id, w.tag, w.title, w.price, w.updated_at, w.published_at FROM wanted w
ON CONFLICT (store_id, product_id, tag_folded) DO UPDATE SET
    title_folded = excluded.title_folded, price_minor = excluded.price_minor, updated_at = excluded.updated_at,
    published_at = excluded.published_at
""")


def folded_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """The tags that `tags` are, each once and none empty."""
    return tuple(dict.fromkeys(filter(None, map(folded, tags))))


def prepare(products: Sequence[Product]) -> dict[str, list[Any]]:
    """The columns that `write` puts down for `products`. Asks no database."""
    return {
        "ids": [product.id for product in products],
        "tags": ["\n".join(folded_tags(product.tags)) for product in products],
        "titles": [folded(product.title) for product in products],
        "prices": [product.price_range[0].minor for product in products],
        "updated_at": [product.updated_at for product in products],
        "published_at": [
            product.published_at if product.status is ProductStatus.PUBLISHED else None for product in products
        ],
    }


def write(session: Session, columns: Row) -> None:
    """Make the rows of products those that `columns` say; theirs of other tags go."""
    session.write(_WRITE, {**columns, "store_id": session.store_id})
