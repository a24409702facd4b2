"""What staff see of products: lists and one product's page, each in one statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.catalog_rows import to_picture, to_product, to_variant
from adapters.postgres.queries.matching import found, instant_key, text_key
from adapters.postgres.reading import Reader
from adapters.postgres.tables.catalog import product_media, product_tags, products, variants
from adapters.postgres.tables.inventory import stock_items
from adapters.postgres.tables.media import media
from core.catalog.lifecycle import ProductStatus
from core.shared.errors import NotFound
from core.shared.money import Money
from core.shared.text import fold
from ports.catalog import (
    ProductChange,
    ProductFilter,
    ProductRow,
    ProductSort,
    ProductView,
    StockState,
    VariantStock,
)
from ports.paging import Page, PageRequest

_COLUMNS = ("id", "title", "title_folded", "vendor", "product_type", "status", "updated_at", "version")
_KEYS = {ProductSort.CHANGED: "updated_at", ProductSort.TITLE: "title_folded"}

Key = tuple[datetime | str, UUID]

_units = (
    sa.select(sa.func.coalesce(sa.func.sum(stock_items.c.on_hand - stock_items.c.reserved), 0))
    .where(stock_items.c.variant_id == variants.c.id)
    .scalar_subquery()
)

# Everything a product's page shows in one statement: children come as JSON.
_VIEW = sa.text("""
SELECT p.*,
    (SELECT jsonb_agg(to_jsonb(v) || jsonb_build_object(
            'on_hand', COALESCE(s.on_hand, 0), 'reserved', COALESCE(s.reserved, 0),
            'ordered', EXISTS (SELECT FROM order_lines l WHERE l.store_id = v.store_id AND l.variant_id = v.id))
            ORDER BY v.position, v.id)
     FROM variants v
     LEFT JOIN LATERAL (SELECT sum(i.on_hand) AS on_hand, sum(i.reserved) AS reserved
                        FROM stock_items i WHERE i.store_id = v.store_id AND i.variant_id = v.id) s ON true
     WHERE v.store_id = p.store_id AND v.product_id = p.id) AS variants,
    (SELECT jsonb_agg(to_jsonb(pm) || jsonb_build_object(
            'sha256', m.sha256, 'width', m.width, 'height', m.height) ORDER BY pm.position, pm.id)
     FROM product_media pm LEFT JOIN media m ON m.store_id = pm.store_id AND m.id = pm.media_id
     WHERE pm.store_id = p.store_id AND pm.product_id = p.id) AS pictures,
    (SELECT jsonb_agg(a.entry) FROM (
        SELECT jsonb_build_object('action', a.action, 'actor', a.actor_label, 'at', a.occurred_at) AS entry
        FROM activity a
        WHERE a.store_id = p.store_id AND a.target_kind = 'product' AND a.target_id = p.id
        ORDER BY a.occurred_at DESC LIMIT 4) a) AS changes
FROM products p WHERE p.id = :product_id
""")


class PostgresProductQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def page(self, filter_: ProductFilter, page: PageRequest) -> Page[ProductRow]:
        rows = self._reader.rows(page_statement(filter_, page))
        shown = rows[: page.limit]
        following = None
        if len(rows) > page.limit:
            key = shown[-1]["key"]
            word = key.isoformat() if isinstance(key, datetime) else key
            following = cursors.encode(_sort_name(filter_), word, str(shown[-1]["id"]))
        return Page([_to_row(row) for row in shown], following)

    def view(self, product_id: UUID) -> ProductView:
        row = self._reader.row(_VIEW, {"product_id": product_id})
        if row is None:
            raise NotFound("There is no such product.")
        product = to_product(row)
        children = [_with_ids(child) for child in row["variants"] or ()]
        product.variants = [to_variant(child, product.options) for child in children]
        product.pictures = [to_picture(_with_ids(child)) for child in row["pictures"] or ()]
        stock = {child["id"]: VariantStock(child["on_hand"], child["reserved"], child["ordered"]) for child in children}
        changes = [
            ProductChange(entry["action"], entry["actor"], datetime.fromisoformat(entry["at"]))
            for entry in row["changes"] or ()
        ]
        return ProductView(product, stock, changes)


def page_statement(filter_: ProductFilter, page: PageRequest) -> sa.Select[Any]:
    """The statement of one page: rows are found and cut first, then what is told of each is added up."""
    chosen = _chosen(filter_, page).cte("chosen")
    told = (
        sa.select(
            sa.func.count().label("variants"),
            sa.func.min(variants.c.price_minor).label("price_min"),
            sa.func.max(variants.c.price_minor).label("price_max"),
            sa.func.max(variants.c.compare_at_minor).label("compare_at"),
            sa.func.min(variants.c.currency).label("currency"),
            sa.func.sum(_units).filter(variants.c.tracked).label("available"),
            sa.func.count().filter(variants.c.stock_state == StockState.SOLD_OUT).label("sold_out"),
        )
        .where(variants.c.product_id == chosen.c.id)
        .lateral("told")
    )
    picture = (
        sa.select(media.c.sha256)
        .select_from(product_media.join(media, media.c.id == product_media.c.media_id))
        .where(product_media.c.product_id == chosen.c.id)
        .order_by(product_media.c.position, product_media.c.id)
        .limit(1)
        .lateral("picture")
    )
    statement: sa.Select[Any] = sa.select(chosen, told, picture.c.sha256).select_from(
        chosen.join(told, sa.true()).outerjoin(picture, sa.true())
    )
    return _sorted(statement, filter_, chosen.c.key, chosen.c.id)


def _chosen(filter_: ProductFilter, page: PageRequest) -> sa.Select[Any]:
    """The products of one page, with one more than is shown."""
    after = _after(filter_, page)
    plain = (filter_.status, filter_.vendor, filter_.tag)
    if fold(filter_.search) or filter_.stock or plain.count(None) < len(plain) - 1:
        cut: sa.FromClause = _found(filter_, after, page.limit + 1)
    else:
        cut = _listed(filter_, after, page.limit + 1).cte("cut")
    key = products.c[_KEYS[filter_.sort]].label("key")
    columns = [products.c[name] for name in _COLUMNS]
    return sa.select(*columns, key).join(cut, cut.c.id == products.c.id)


def _listed(filter_: ProductFilter, after: Key | None, at_most: int) -> sa.Select[Any]:
    """Under one condition at most, for which there is an index in the list's order."""
    source = products if filter_.tag is None else product_tags
    key, id_ = source.c[_KEYS[filter_.sort]], products.c.id if filter_.tag is None else product_tags.c.product_id
    statement = sa.select(id_.label("id")).where(*_conditions(filter_))
    if after is not None:
        row, last = sa.tuple_(key, id_), sa.tuple_(*(sa.literal(value) for value in after))
        statement = statement.where(row < last if filter_.descending else row > last)
    return _sorted(statement, filter_, key, id_).limit(at_most)


def _conditions(filter_: ProductFilter) -> list[sa.ColumnElement[bool]]:
    conditions = []
    if filter_.status is not None:
        conditions.append(products.c.status == filter_.status)
    if filter_.vendor is not None:
        conditions.append(products.c.vendor_folded == fold(filter_.vendor))
    if filter_.tag is not None:
        conditions.append(product_tags.c.tag_folded == fold(filter_.tag))
    return conditions


def _found(filter_: ProductFilter, after: Key | None, at_most: int) -> sa.TableValuedAlias:
    """What the search function finds under the filter."""
    at, id_ = after or (None, None)
    return found(
        sa.func.find_products(
            fold(filter_.search) or None,
            filter_.status,
            None if filter_.vendor is None else fold(filter_.vendor),
            None if filter_.tag is None else fold(filter_.tag),
            filter_.stock,
            filter_.sort.value,
            filter_.descending,
            None if at is None else str(at),
            sa.cast(id_, sa.UUID),
            at_most,
        )
    )


def _sort_name(filter_: ProductFilter) -> str:
    return f"{filter_.sort}{'-' if filter_.descending else '+'}"


def _after(filter_: ProductFilter, page: PageRequest) -> Key | None:
    """The key of the last row of the page before. Raises Invalid for a cursor of another list."""
    if page.cursor is None:
        return None
    read = text_key if filter_.sort is ProductSort.TITLE else instant_key
    return read(page.cursor, _sort_name(filter_))


def _sorted(
    statement: sa.Select[Any], filter_: ProductFilter, key: sa.ColumnElement[Any], id_: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    if filter_.descending:
        return statement.order_by(key.desc(), id_.desc())
    return statement.order_by(key, id_)


def _with_ids(child: dict[str, Any]) -> dict[str, Any]:
    """A child's row out of JSON: what was a uuid is one again."""
    ids = {name: UUID(child[name]) for name in ("id", "media_id") if child.get(name)}
    return {**child, **ids}


def _to_row(row: sa.RowMapping) -> ProductRow:
    def money(column: str) -> Money | None:
        return None if row[column] is None else Money(row[column], row["currency"])

    return ProductRow(
        id=row["id"],
        title=row["title"],
        vendor=row["vendor"],
        product_type=row["product_type"],
        status=ProductStatus(row["status"]),
        picture=row["sha256"],
        variants=row["variants"],
        price_min=Money(row["price_min"], row["currency"]),
        price_max=Money(row["price_max"], row["currency"]),
        compare_at=money("compare_at"),
        available=None if row["available"] is None else int(row["available"]),
        sold_out_variants=row["sold_out"],
        updated_at=row["updated_at"],
        version=row["version"],
    )
