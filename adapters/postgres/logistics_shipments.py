"""Postage and the offers it is bought from, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.logistics_rows import (
    quote_row,
    shipment_row,
    shipment_values,
    to_quote,
    to_shipment,
    told_shipment,
)
from adapters.postgres.session import Session
from adapters.postgres.tables.logistics import shipments, shipping_quotes
from core.logistics.errors import LabelInProgress
from core.logistics.shipment import Shipment
from core.shared.errors import NotFound
from core.shared.ids import CarrierAccountId, FulfilmentId, OrderId, ShipmentId
from ports.logistics import StoredQuote

_OLDEST_FIRST = (shipments.c.requested_at, shipments.c.id)
_GET = sa.select(shipments).where(shipments.c.id == sa.bindparam("shipment_id"))
_BY_KEY = sa.select(shipments).where(shipments.c.key == sa.bindparam("key"))
_BY_REFERENCE = (
    sa.select(shipments)
    .where(
        shipments.c.account_id == sa.bindparam("account_id"),
        shipments.c.shipment_reference == sa.bindparam("reference"),
    )
    .order_by(shipments.c.requested_at.desc(), shipments.c.id.desc())
    .limit(1)
)
_QUOTE = sa.select(shipping_quotes).where(shipping_quotes.c.id == sa.bindparam("quote_id"))


class PostgresShipments:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[UUID, dict[str, Any]] = {}

    def get(self, shipment_id: ShipmentId, *, lock: bool = False) -> Shipment:
        row = self._session.row(_GET.with_for_update() if lock else _GET, {"shipment_id": shipment_id})
        if row is None:
            raise NotFound("There is no such label.")
        return self._remember(to_shipment(row))

    def by_key(self, key: str) -> Shipment | None:
        row = self._session.row(_BY_KEY, {"key": key})
        return None if row is None else self._remember(to_shipment(row))

    def by_reference(self, account_id: CarrierAccountId, shipment_reference: str) -> Shipment | None:
        row = self._session.row(_BY_REFERENCE, {"account_id": account_id, "reference": shipment_reference})
        return None if row is None else self._remember(to_shipment(row))

    def of_fulfilment(self, fulfilment_id: FulfilmentId, *, lock: bool = False) -> Sequence[Shipment]:
        return self._many(shipments.c.fulfilment_id == fulfilment_id, lock=lock)

    def of_order(self, order_id: OrderId, *, lock: bool = False) -> Sequence[Shipment]:
        return self._many(shipments.c.order_id == order_id, lock=lock)

    def _many(self, which: sa.ColumnElement[bool], *, lock: bool) -> Sequence[Shipment]:
        statement = sa.select(shipments).where(which).order_by(*_OLDEST_FIRST)
        rows = self._session.rows(statement.with_for_update() if lock else statement)
        return [self._remember(to_shipment(row)) for row in rows]

    def add(self, shipment: Shipment) -> None:
        shipment.version = 1
        self._session.write(
            sa.insert(shipments).values(store_id=self._session.store_id, **shipment_row(shipment)),
            errors={
                "uq_shipments_live_parcel": LabelInProgress(),
                "uq_shipments_store_id_key": LabelInProgress(),
            },
        )
        self._after_save(shipment)

    def save(self, shipment: Shipment) -> None:
        self._session.update_version(shipments, shipment.id, shipment.version, shipment_values(shipment))
        shipment.version += 1
        self._after_save(shipment)

    def _after_save(self, shipment: Shipment) -> None:
        self._session.emit(shipment.events, shipment.id, shipment.version)
        shipment.events.clear()
        self._session.changed("shipment", shipment.id, self._loaded.get(shipment.id), told_shipment(shipment))
        self._remember(shipment)

    def _remember(self, shipment: Shipment) -> Shipment:
        self._loaded[shipment.id] = told_shipment(shipment)
        return shipment

    def add_quotes(self, quotes: Sequence[StoredQuote]) -> None:
        rows = [{"store_id": self._session.store_id, **quote_row(quote)} for quote in quotes]
        self._session.write(sa.insert(shipping_quotes).values(rows))

    def quote(self, quote_id: UUID) -> StoredQuote:
        row = self._session.row(_QUOTE, {"quote_id": quote_id})
        if row is None:
            raise NotFound("There is no such offer.")
        return to_quote(row)
