"""What storefronts read: documents made when products were saved, in one statement without a join."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.queries.matching import WINDOW, instant_key, matches, number_key, text_key
from adapters.postgres.reading import Reader
from adapters.postgres.tables.catalog import product_documents as documents
from adapters.postgres.tables.catalog import product_tags as tags
from core.shared.errors import NotFound
from core.shared.text import fold
from ports.catalog import DocumentFilter, DocumentSort
from ports.paging import Page, PageRequest

_KEYS = {
    DocumentSort.NEWEST: documents.c.published_at,
    DocumentSort.TITLE: documents.c.title_folded,
    DocumentSort.PRICE_ASC: documents.c.price_minor,
    DocumentSort.PRICE_DESC: documents.c.price_minor,
}
_DESCENDING = (DocumentSort.NEWEST, DocumentSort.PRICE_DESC)
_PAGE = sa.select(documents.c.page).where(documents.c.slug == sa.bindparam("slug"))


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
    key = _KEYS[filter_.sort]
    statement = sa.select(documents.c.product_id, documents.c.summary, key.label("key"))
    if filter_.vendor is not None:
        statement = statement.where(documents.c.vendor_folded == fold(filter_.vendor))
    if filter_.tag is not None:
        statement = statement.join(tags, tags.c.product_id == documents.c.product_id).where(
            tags.c.tag_folded == fold(filter_.tag), tags.c.published_at.is_not(None)
        )
    after = _after(filter_.sort, page.cursor)
    term = fold(filter_.search)
    if term:
        statement = _search(statement, filter_, term, after, page.limit)
    if filter_.sort in _DESCENDING:
        statement = statement.order_by(key.desc(), documents.c.product_id.desc())
    else:
        statement = statement.order_by(key, documents.c.product_id)
    if after is not None:
        last = sa.tuple_(*(sa.literal(value) for value in after))
        here = sa.tuple_(key, documents.c.product_id)
        statement = statement.where(here < last if filter_.sort in _DESCENDING else here > last)
    return statement.limit(page.limit + 1)


def _after(sort: DocumentSort, cursor: str | None) -> tuple[Any, UUID] | None:
    if cursor is None:
        return None
    if sort is DocumentSort.NEWEST:
        return instant_key(cursor, sort)
    return text_key(cursor, sort) if sort is DocumentSort.TITLE else number_key(cursor, sort)


def _search(
    statement: sa.Select[Any], filter_: DocumentFilter, term: str, after: tuple[Any, UUID] | None, limit: int
) -> sa.Select[Any]:
    if filter_.sort is DocumentSort.NEWEST and filter_.vendor is None and filter_.tag is None:
        found = matches(term, visible=True, limit=limit + 1, after=after)
    else:
        found = matches(term, visible=True, limit=WINDOW)
    return statement.join(found, found.c.subject_id == documents.c.product_id)
