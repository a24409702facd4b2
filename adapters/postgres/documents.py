"""Keeps what shoppers are served, and what search finds, equal to the products: the write side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres import catalog_rows, product_tags, stock_states
from adapters.postgres.session import Row, Session
from adapters.postgres.tables.catalog import catalogue_versions, product_documents, products
from adapters.postgres.tables.inventory import stock_items
from core.catalog.documents import ProductDocument, make_document, search_words
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Product

IDS = catalog_rows.IDS

# Whoever writes a product's documents holds its row, so that two transactions that change different things of one
# product (a price here, the last unit there) never overwrite each other's document. References may still be checked.
_LOCK = (
    sa.select(products.c.id)
    .where(products.c.id == sa.any_(IDS))
    .order_by(products.c.id)
    .with_for_update(key_share=True)
)
_AVAILABLE = (
    sa.select(stock_items.c.variant_id, sa.func.sum(stock_items.c.on_hand - stock_items.c.reserved).label("units"))
    .where(stock_items.c.variant_id == sa.any_(IDS))
    .group_by(stock_items.c.variant_id)
)
_WITHDRAW = (
    sa.delete(product_documents)
    .where(product_documents.c.product_id == sa.any_(IDS))
    .returning(product_documents.c.product_id)
)
# One statement for all, each column an array. Documents, which have no line end of their own, come as lines instead: an
# array's text would need an escape before each of their quotes, which takes longer than to make them.
_WRITE = sa.text("""
INSERT INTO product_documents (store_id, product_id, slug, title_folded, vendor_folded, price_minor,
    published_at, summary, page)
SELECT :store_id, d.id, d.slug, d.title, d.vendor, d.price, d.at,
    convert_to(d.summary, 'UTF8'), convert_to(d.page, 'UTF8')
FROM unnest(CAST(:ids AS uuid[]), CAST(:slugs AS text[]), CAST(:titles AS text[]), CAST(:vendors AS text[]),
    CAST(:prices AS bigint[]), CAST(:at AS timestamptz[]),
    string_to_array(:summaries, chr(10)), string_to_array(:pages, chr(10)))
    AS d (id, slug, title, vendor, price, at, summary, page)
ON CONFLICT (product_id) DO UPDATE SET
    slug = excluded.slug, title_folded = excluded.title_folded, vendor_folded = excluded.vendor_folded,
    price_minor = excluded.price_minor, published_at = excluded.published_at,
    summary = excluded.summary, page = excluded.page
""")
_FIND_BY = sa.text(
    "SELECT put_search_documents('product', CAST(:ids AS uuid[]), CAST(:visible AS boolean[]), CAST(:words AS text[]),"
    " CAST(:at AS timestamptz[]))"
)
_FORGET = sa.text("SELECT drop_search_document('product', d.id) FROM unnest(CAST(:ids AS uuid[])) AS d(id)")
_BUMP = (
    insert(catalogue_versions)
    .values(store_id=sa.bindparam("store_id"), version=1)
    .on_conflict_do_update(
        index_elements=[catalogue_versions.c.store_id],
        set_={"version": catalogue_versions.c.version + 1},
    )
)


def rewrite(session: Session, product_ids: Sequence[UUID], *, words: bool = True) -> None:
    """Write the documents of products anew from their rows, and of those that are not on sale take them away.

    `words` False leaves what search and tags find alone: for stock, which changes none of it. A number of statements
    that does not grow with the products. The catalogue's version goes up with the commit when shoppers see a
    difference.
    """
    if not product_ids:
        return
    session.rows(_LOCK, {"ids": list(product_ids)})
    complete = catalog_rows.load(session.rows, product_ids)
    in_stock = _in_stock(session, complete)
    stock_states.write(session, complete, in_stock)
    put(session, prepare(complete, in_stock, words=words))


@dataclass(frozen=True, slots=True)
class Prepared:
    """Products with their documents, of those on sale; what each is found by, words and tags, None to leave it."""

    products: Sequence[Product]
    documents: Sequence[ProductDocument]
    words: Sequence[str] | None
    tags: Row | None


def prepare(complete: Sequence[Product], in_stock: Mapping[UUID, bool], *, words: bool = True) -> Prepared:
    """Make what `put` writes; `in_stock` says of each variant on sale whether it can be bought. Asks no database."""
    on_sale = [product for product in complete if product.status is ProductStatus.PUBLISHED]
    return Prepared(
        complete,
        [make_document(product, in_stock) for product in on_sale],
        [search_words(product) for product in complete] if words else None,
        product_tags.prepare(complete) if words else None,
    )


def put(session: Session, prepared: Prepared) -> None:
    """Write documents of products as they stand in this transaction, which holds their rows."""
    not_on_sale = [product.id for product in prepared.products if product.status is not ProductStatus.PUBLISHED]
    seen = False
    if prepared.documents:
        session.write(_WRITE, _columns(session, prepared.documents))
        seen = True
    if not_on_sale:
        seen = bool(session.write(_WITHDRAW, {"ids": not_on_sale}).all()) or seen
    if prepared.words:
        _write_words(session, prepared.products, prepared.words)
    if prepared.tags:
        product_tags.write(session, prepared.tags)
    if seen:
        bump(session)


def bump(session: Session) -> None:
    """Give the store's catalogue its next version, once, as this transaction's last statement but the numbers."""
    if not any(statement is _BUMP for statement, _ in session.last):
        session.last.insert(0, (_BUMP, {"store_id": session.store_id}))


def forget(session: Session, product_ids: Sequence[UUID]) -> None:
    """Take what search finds of products that are being deleted; their documents go with their rows."""
    session.write(_FORGET, {"ids": list(product_ids)})
    bump(session)


def _in_stock(session: Session, complete: Sequence[Product]) -> Mapping[UUID, bool]:
    """For each variant whether it can be bought: not tracked, or with units left."""
    variants = [variant for product in complete for variant in product.variants]
    tracked = [variant.id for variant in variants if variant.tracked]
    units = {row["variant_id"]: row["units"] for row in session.rows(_AVAILABLE, {"ids": tracked})} if tracked else {}
    return {variant.id: not variant.tracked or units.get(variant.id, 0) > 0 for variant in variants}


def _columns(session: Session, made: Sequence[ProductDocument]) -> dict[str, Any]:
    return {
        "store_id": session.store_id,
        "ids": [document.product_id for document in made],
        "slugs": [document.slug for document in made],
        "titles": [document.title_folded for document in made],
        "vendors": [document.vendor_folded for document in made],
        "prices": [document.price_minor for document in made],
        "at": [document.published_at for document in made],
        "summaries": b"\n".join([document.summary for document in made]).decode(),
        "pages": b"\n".join([document.page for document in made]).decode(),
    }


def _write_words(session: Session, products: Sequence[Product], words: Sequence[str]) -> None:
    session.write(
        _FIND_BY,
        {
            "ids": [product.id for product in products],
            "visible": [product.status is ProductStatus.PUBLISHED for product in products],
            "words": list(words),
            "at": [product.published_at or product.created_at for product in products],
        },
    )
