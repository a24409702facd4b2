"""What storefronts read: documents made when products were saved, in one statement."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.queries.matching import found, instant_key, number_key, text_key
from adapters.postgres.reading import Reader
from adapters.postgres.tables.catalog import product_documents as documents
from adapters.postgres.tables.catalog import product_tags as tags
from core.shared.errors import NotFound
from core.shared.text import fold
from ports.catalog import DocumentFilter, DocumentSort
from ports.paging import Page, PageRequest

_KEYS = {
    DocumentSort.NEWEST: "published_at",
    DocumentSort.TITLE: "title_folded",
    DocumentSort.PRICE_ASC: "price_minor",
    DocumentSort.PRICE_DESC: "price_minor",
}
_DESCENDING = (DocumentSort.NEWEST, DocumentSort.PRICE_DESC)
_PAGE = sa.select(documents.c.page).where(documents.c.slug == sa.bindparam("slug"))

Key = tuple[Any, UUID]


class PostgresProductDocuments:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def by_slug(self, slug: str) -> bytes:
        row = self._reader.row(_PAGE, {"slug": slug})
        if row is None:
            raise NotFound("There is no such product.")
        return bytes(row["page"])

    def page(self, filter_: DocumentFilter, page: PageRequest) -> Page[bytes]:
        rows = self._reader.rows(page_statement(filter_, page))
        shown = rows[: page.limit]
        following = None
        if len(rows) > page.limit:
            key = shown[-1]["key"]
            if filter_.sort is DocumentSort.NEWEST:
                key = key.isoformat()
            following = cursors.encode(filter_.sort.value, key, str(shown[-1]["product_id"]))
        return Page([bytes(row["summary"]) for row in shown], following)


def page_statement(filter_: DocumentFilter, page: PageRequest) -> sa.Select[Any]:
    """The statement of one page, with one row more than is shown: its presence says that there is a next page."""
    after = _after(filter_.sort, page.cursor)
    if fold(filter_.search) or (filter_.tag is not None and filter_.vendor is not None):
        cut: sa.FromClause = _found(filter_, after, page.limit + 1)
    else:
        cut = _listed(filter_, after, page.limit + 1).cte("cut")
    key = documents.c[_KEYS[filter_.sort]]
    statement = sa.select(documents.c.product_id, documents.c.summary, key.label("key"))
    statement = statement.join(cut, cut.c.id == documents.c.product_id)
    return _sorted(statement, filter_.sort, key, documents.c.product_id)


def _listed(filter_: DocumentFilter, after: Key | None, at_most: int) -> sa.Select[Any]:
    """Under one condition at most: a vendor's documents, or a tag's rows, which have the keys too."""
    source: sa.Table = documents if filter_.tag is None else tags
    key, id_ = source.c[_KEYS[filter_.sort]], source.c.product_id
    statement = sa.select(id_.label("id"))
    if filter_.tag is not None:
        statement = statement.where(tags.c.tag_folded == fold(filter_.tag), tags.c.published_at.is_not(None))
    if filter_.vendor is not None:
        statement = statement.where(documents.c.vendor_folded == fold(filter_.vendor))
    if after is not None:
        here, last = sa.tuple_(key, id_), sa.tuple_(*(sa.literal(value) for value in after))
        statement = statement.where(here < last if filter_.sort in _DESCENDING else here > last)
    return _sorted(statement, filter_.sort, key, id_).limit(at_most)


def _found(filter_: DocumentFilter, after: Key | None, at_most: int) -> sa.TableValuedAlias:
    """What the search function finds under the filter."""
    at, id_ = after or (None, None)
    return found(
        sa.func.find_on_sale(
            fold(filter_.search) or None,
            None if filter_.vendor is None else fold(filter_.vendor),
            None if filter_.tag is None else fold(filter_.tag),
            filter_.sort.value,
            None if at is None else str(at),
            sa.cast(id_, sa.UUID),
            at_most,
        )
    )


def _sorted(
    statement: sa.Select[Any], sort: DocumentSort, key: sa.ColumnElement[Any], id_: sa.ColumnElement[Any]
) -> sa.Select[Any]:
    if sort in _DESCENDING:
        return statement.order_by(key.desc(), id_.desc())
    return statement.order_by(key, id_)


def _after(sort: DocumentSort, cursor: str | None) -> Key | None:
    if cursor is None:
        return None
    if sort is DocumentSort.NEWEST:
        return instant_key(cursor, sort)
    return text_key(cursor, sort) if sort is DocumentSort.TITLE else number_key(cursor, sort)
