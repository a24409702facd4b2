"""What staff see of stock: levels, movements with the balance after each, and who holds what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres import cursors
from adapters.postgres.queries.json_rows import children
from adapters.postgres.queries.matching import found, other_cursor, storable
from adapters.postgres.reading import Reader
from adapters.postgres.tables.catalog import product_media, products, variants
from adapters.postgres.tables.inventory import locations, reservations, stock_items, stock_movements
from adapters.postgres.tables.logistics import fulfilment_lines, fulfilments
from adapters.postgres.tables.media import media
from adapters.postgres.tables.orders import order_lines, orders
from core.inventory.model import MovementKind, ReservationOwner, ReservationState
from core.logistics.lifecycle import FulfilmentState
from core.shared.errors import NotFound
from core.shared.text import fold
from ports.inventory import HolderRow, MovementRow, StockFilter, StockRow
from ports.paging import Page, PageRequest

_picture = (
    sa.select(media.c.sha256)
    .select_from(product_media.join(media, media.c.id == product_media.c.media_id))
    .where(
        product_media.c.product_id == variants.c.product_id,
        sa.or_(variants.c.media_id.is_(None), product_media.c.media_id == variants.c.media_id),
    )
    .order_by(product_media.c.position, product_media.c.id)
    .limit(1)
    .scalar_subquery()
)
_levels = (
    sa.select(
        sa.func.coalesce(sa.func.sum(stock_items.c.on_hand), 0).label("on_hand"),
        sa.func.coalesce(sa.func.sum(stock_items.c.reserved), 0).label("reserved"),
    )
    .where(stock_items.c.variant_id == variants.c.id)
    .lateral("levels")
)
_ROWS = sa.select(
    variants.c.id.label("variant_id"),
    variants.c.product_id,
    variants.c.position,
    products.c.title.label("product_title"),
    products.c.title_folded,
    variants.c.title.label("variant_title"),
    variants.c.sku,
    variants.c.tracked,
    _levels.c.on_hand,
    _levels.c.reserved,
    _picture.label("picture"),
).select_from(products.join(variants, variants.c.product_id == products.c.id).join(_levels, sa.true()))
_ONE = _ROWS.where(variants.c.id == sa.bindparam("variant_id"))
_KEY = (products.c.title_folded, products.c.id, variants.c.position, variants.c.id)

Key = tuple[str, UUID, int, UUID]

_MOVEMENTS = (
    sa.select(stock_movements, stock_items.c.on_hand)
    .select_from(
        stock_movements.join(stock_items, stock_items.c.id == stock_movements.c.stock_item_id).join(
            locations, locations.c.id == stock_items.c.location_id
        )
    )
    .where(stock_items.c.variant_id == sa.bindparam("variant_id"), locations.c.is_default)
    .order_by(stock_movements.c.occurred_at.desc(), stock_movements.c.id.desc())
)
_PACKED = children(
    sa.func.jsonb_build_array(fulfilments.c.number, fulfilment_lines.c.quantity),
    (fulfilments.c.number, fulfilment_lines.c.id),
    fulfilments.c.store_id == orders.c.store_id,
    fulfilments.c.order_id == orders.c.id,
    fulfilments.c.state == FulfilmentState.PLANNED,
    fulfilment_lines.c.store_id == fulfilments.c.store_id,
    fulfilment_lines.c.fulfilment_id == fulfilments.c.id,
    order_lines.c.store_id == fulfilment_lines.c.store_id,
    order_lines.c.id == fulfilment_lines.c.line_id,
    order_lines.c.variant_id == stock_items.c.variant_id,
)
_HOLDERS = (
    sa.select(reservations, orders.c.number, _PACKED.label("packed"))
    .select_from(
        reservations.join(stock_items, stock_items.c.id == reservations.c.stock_item_id).outerjoin(
            orders,
            sa.and_(orders.c.id == reservations.c.owner_id, reservations.c.owner_kind == ReservationOwner.ORDER),
        )
    )
    .where(
        stock_items.c.variant_id == sa.bindparam("variant_id"),
        reservations.c.state == ReservationState.LIVE,
    )
    .order_by(reservations.c.created_at, reservations.c.id)
)


class PostgresStockQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def page(self, filter_: StockFilter, page: PageRequest) -> Page[StockRow]:
        rows = self._reader.rows(_page_statement(filter_, page))
        shown = rows[: page.limit]
        following = None
        if len(rows) > page.limit:
            last = shown[-1]
            following = cursors.encode(
                last["title_folded"], str(last["product_id"]), last["position"], str(last["variant_id"])
            )
        return Page([_to_row(row) for row in shown], following)

    def row(self, variant_id: UUID) -> StockRow:
        row = self._reader.row(_ONE, {"variant_id": variant_id})
        if row is None:
            raise NotFound("There is no such variant.")
        return _to_row(row)

    def movements(self, variant_id: UUID, page: PageRequest) -> Page[MovementRow]:
        """The balance goes backwards from what is on hand now; the cursor carries it to the next page."""
        statement, balance = _MOVEMENTS, None
        if page.cursor is not None:
            after, balance = _movement_key(page.cursor)
            here = sa.tuple_(stock_movements.c.occurred_at, stock_movements.c.id)
            statement = statement.where(here < sa.tuple_(*(sa.literal(value) for value in after)))
        rows = self._reader.rows(statement.limit(page.limit + 1), {"variant_id": variant_id})
        shown: list[MovementRow] = []
        for row in rows[: page.limit]:
            after_it = row["on_hand"] if balance is None else balance
            shown.append(_to_movement(row, after_it))
            balance = after_it - row["quantity"]
        following = None
        if len(rows) > page.limit:
            following = cursors.encode(shown[-1].occurred_at.isoformat(), str(shown[-1].id), balance)
        return Page(shown, following)

    def holders(self, variant_id: UUID) -> Sequence[HolderRow]:
        return [
            HolderRow(
                owner_kind=ReservationOwner(row["owner_kind"]),
                owner_id=row["owner_id"],
                order_number=None if row["number"] is None else str(row["number"]),
                quantity=row["quantity"],
                expires_at=row["expires_at"],
                created_at=row["created_at"],
                packed=[(number, pieces) for number, pieces in row["packed"] or ()],
            )
            for row in self._reader.rows(_HOLDERS, {"variant_id": variant_id})
        ]


def _page_statement(filter_: StockFilter, page: PageRequest) -> sa.Select[Any]:
    """Variants are found and cut first, with one more than is shown; then what is told of each is added up."""
    after = None if page.cursor is None else _row_key(page.cursor)
    term = fold(filter_.search)
    if term or filter_.state:
        chosen = _found(term, filter_.state, after, page.limit + 1)
    else:
        chosen = _all(after, page.limit + 1)
    return _ROWS.join(chosen, chosen.c.id == variants.c.id).order_by(*_KEY)


def _all(after: Key | None, at_most: int) -> sa.FromClause:
    statement = sa.select(variants.c.id).select_from(products.join(variants, variants.c.product_id == products.c.id))
    if after is not None:
        last = [sa.literal(value) for value in after]
        # The first condition is what an index can start from.
        statement = statement.where(sa.tuple_(*_KEY[:2]) >= sa.tuple_(*last[:2]), sa.tuple_(*_KEY) > sa.tuple_(*last))
    return statement.order_by(*_KEY).limit(at_most).cte("chosen")


def _found(term: str, state: str | None, after: Key | None, at_most: int) -> sa.FromClause:
    """What the search function finds under a filter; `term` may be empty."""
    title, product_id, position, variant_id = after or (None, None, None, None)
    return found(
        sa.func.find_variants(
            term or None, state, title, sa.cast(product_id, sa.UUID), position, sa.cast(variant_id, sa.UUID), at_most
        )
    )


def _row_key(cursor: str) -> Key:
    title, product_id, position, variant_id = cursors.decode(cursor, str, str, int, str)
    try:
        return storable(title), UUID(product_id), position, UUID(variant_id)
    except ValueError:
        raise other_cursor() from None


def _movement_key(cursor: str) -> tuple[tuple[datetime, UUID], int]:
    at, id_, balance = cursors.decode(cursor, str, str, int)
    try:
        return (datetime.fromisoformat(at), UUID(id_)), balance
    except ValueError:
        raise other_cursor() from None


def _to_row(row: sa.RowMapping) -> StockRow:
    return StockRow(
        variant_id=row["variant_id"],
        product_id=row["product_id"],
        product_title=row["product_title"],
        variant_title=row["variant_title"],
        sku=row["sku"],
        picture=row["picture"],
        tracked=row["tracked"],
        on_hand=int(row["on_hand"]),
        reserved=int(row["reserved"]),
    )


def _to_movement(row: sa.RowMapping, on_hand_after: int) -> MovementRow:
    return MovementRow(
        id=row["id"],
        kind=MovementKind(row["kind"]),
        change=row["quantity"],
        on_hand_after=on_hand_after,
        reason=row["reason"],
        reference_kind=row["reference_kind"],
        reference_id=row["reference_id"],
        occurred_at=row["occurred_at"],
    )
