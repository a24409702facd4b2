"""What staff see of shipping: lists and pages, one statement each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from adapters.postgres import cursors
from adapters.postgres.logistics_progress import PROGRESS
from adapters.postgres.logistics_rows import to_quote
from adapters.postgres.queries.fulfilment_records import DOCUMENT, to_row
from adapters.postgres.reading import Reader
from adapters.postgres.tables.logistics import (
    carrier_accounts,
    carrier_budgets,
    fulfilments,
    parcels,
    shipments,
    shipping_quotes,
)
from adapters.postgres.tables.orders import orders
from core.logistics.lifecycle import FulfilmentState
from core.orders.axes import LineProgress
from core.shared.ids import CarrierAccountId, FulfilmentId, LineId, OrderId, ParcelId, ShipmentId
from ports.logistics import StoredQuote
from ports.logistics_queries import CarrierAccountRow, LabelRow, WorkRow
from ports.paging import Page, PageRequest

_WORK = (
    sa.select(
        fulfilments.c.id,
        fulfilments.c.planned_at,
        DOCUMENT.label("fulfilment"),
        orders.c.id.label("order_id"),
        orders.c.number.label("order_number"),
        orders.c.placed_at,
        orders.c.customer_name,
        orders.c.shipping_address,
        orders.c.currency,
        orders.c.shipping_option,
    )
    .select_from(
        fulfilments.join(
            orders, sa.and_(orders.c.store_id == fulfilments.c.store_id, orders.c.id == fulfilments.c.order_id)
        )
    )
    .where(orders.c.number.is_not(None))
)
_KEY = (fulfilments.c.planned_at, fulfilments.c.id)
_same_size = sa.and_(
    *(shipping_quotes.c[name] == parcels.c[name] for name in ("weight_grams", "length_mm", "width_mm", "height_mm"))
)
_offer = (
    shipping_quotes.c.parcel_id,
    shipping_quotes.c.account_id,
    shipping_quotes.c.carrier,
    shipping_quotes.c.service,
)
_QUOTES = (
    sa.select(shipping_quotes)
    .ext(distinct_on(*_offer))
    .join(
        parcels, sa.and_(parcels.c.store_id == shipping_quotes.c.store_id, parcels.c.id == shipping_quotes.c.parcel_id)
    )
    .where(
        shipping_quotes.c.parcel_id == sa.any_(sa.bindparam("parcel_ids", type_=sa.ARRAY(sa.UUID))),
        shipping_quotes.c.expires_at > sa.bindparam("now"),
        _same_size,
    )
    .order_by(*_offer, shipping_quotes.c.quoted_at.desc())
)
_LABELS = (
    sa.select(shipments.c.id, shipments.c.label_sha256, shipments.c.label_media_type, orders.c.number)
    .join(orders, sa.and_(orders.c.store_id == shipments.c.store_id, orders.c.id == shipments.c.order_id))
    .where(
        shipments.c.id == sa.any_(sa.bindparam("shipment_ids", type_=sa.ARRAY(sa.UUID))),
        shipments.c.label_sha256.is_not(None),
    )
)
_overdue = (
    sa.select(sa.func.count().label("overdue"), sa.func.min(parcels.c.next_poll_at).label("oldest"))
    .where(
        parcels.c.store_id == carrier_accounts.c.store_id,
        parcels.c.account_id == carrier_accounts.c.id,
        parcels.c.next_poll_at <= sa.bindparam("now"),
    )
    .lateral("overdue")
)
_ACCOUNTS = (
    sa.select(
        carrier_accounts, carrier_budgets.c.used_today, carrier_budgets.c.day, carrier_budgets.c.paused_until,
        _overdue.c.overdue, _overdue.c.oldest,
    )
    .select_from(
        carrier_accounts.outerjoin(
            carrier_budgets,
            sa.and_(
                carrier_budgets.c.store_id == carrier_accounts.c.store_id,
                carrier_budgets.c.account_id == carrier_accounts.c.id,
            ),
        ).join(_overdue, sa.true())
    )
    .order_by(carrier_accounts.c.position, carrier_accounts.c.id)
)  # fmt: skip


class PostgresLogisticsQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def worklist(self, states: Sequence[FulfilmentState], page: PageRequest) -> Page[WorkRow]:
        statement = _WORK.where(fulfilments.c.state.in_([str(state) for state in states]))
        if page.cursor is not None:
            at, id_ = cursors.decode(page.cursor, str, str)
            last = sa.tuple_(sa.literal(cursors.instant(at)), sa.literal(cursors.identifier(id_), sa.UUID))
            statement = statement.where(sa.tuple_(*_KEY) < last)
        statement = statement.order_by(*(column.desc() for column in _KEY)).limit(page.limit + 1)
        rows = self._reader.rows(statement)
        shown, following = rows[: page.limit], None
        if len(rows) > page.limit:
            following = cursors.encode(shown[-1]["planned_at"].isoformat(), str(shown[-1]["id"]))
        return Page([_to_work(row) for row in shown], following)

    def work(self, fulfilment_ids: Sequence[FulfilmentId]) -> Sequence[WorkRow]:
        statement = _WORK.where(fulfilments.c.id.in_(fulfilment_ids)).order_by(orders.c.number, fulfilments.c.number)
        return [_to_work(row) for row in self._reader.rows(statement)]

    def progress(self, order_id: OrderId) -> Mapping[LineId, LineProgress]:
        return {
            LineId(row["line_id"]): LineProgress(row["quantity"], row["planned"], row["shipped"], row["withdrawn"])
            for row in self._reader.rows(PROGRESS, {"order_id": order_id})
        }

    def quotes(self, parcel_ids: Sequence[ParcelId], now: datetime) -> Sequence[StoredQuote]:
        rows = self._reader.rows(_QUOTES, {"parcel_ids": list(parcel_ids), "now": now})
        return sorted((to_quote(row) for row in rows), key=lambda quote: (quote.price.minor, quote.service))

    def labels(self, shipment_ids: Sequence[ShipmentId]) -> Sequence[LabelRow]:
        found = {
            row["id"]: LabelRow(ShipmentId(row["id"]), row["number"], row["label_sha256"], row["label_media_type"])
            for row in self._reader.rows(_LABELS, {"shipment_ids": list(shipment_ids)})
        }
        return [found[id_] for id_ in shipment_ids if id_ in found]

    def accounts(self, now: datetime) -> Sequence[CarrierAccountRow]:
        return [_to_account(row, now) for row in self._reader.rows(_ACCOUNTS, {"now": now})]


def _to_work(row: Any) -> WorkRow:
    address = row["shipping_address"] or {}
    return WorkRow(
        order_id=OrderId(row["order_id"]),
        order_number=row["order_number"],
        placed_at=row["placed_at"],
        customer_name=address.get("name") or row["customer_name"],
        postal_code=address.get("postal_code"),
        city=address.get("city"),
        region=address.get("region"),
        country=address.get("country"),
        currency=row["currency"],
        option=row["shipping_option"],
        fulfilment=to_row(row["fulfilment"]),
    )


def _to_account(row: Any, now: datetime) -> CarrierAccountRow:
    return CarrierAccountRow(
        id=CarrierAccountId(row["id"]),
        carrier=row["carrier"],
        name=row["name"],
        enabled=row["enabled"],
        requests_per_second=row["requests_per_second"],
        requests_per_day=row["requests_per_day"],
        used_today=row["used_today"] if row["day"] == now.date() else 0,
        paused_until=row["paused_until"],
        overdue=row["overdue"],
        oldest_due_at=row["oldest"],
    )
