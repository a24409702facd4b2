"""Stores on PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by

from adapters.postgres.json import address, address_document
from adapters.postgres.reading import Reader
from adapters.postgres.session import Session
from adapters.postgres.tables.payments import payment_accounts
from adapters.postgres.tables.stores import delivery_rates, stores
from core.shared.errors import NotFound
from core.shared.ids import StoreId
from core.shared.money import Money
from core.stores.model import CapturePolicy, DeliveryRate, Store
from ports.stores import StoreFront

_CURRENT = sa.select(stores).where(stores.c.id == sa.bindparam("store_id"))

_FRONT = _CURRENT.add_columns(
    sa.select(
        sa.func.jsonb_agg(
            aggregate_order_by(
                sa.func.to_jsonb(payment_accounts.c.methods), payment_accounts.c.position, payment_accounts.c.id
            )
        )
    )
    .where(payment_accounts.c.store_id == stores.c.id, payment_accounts.c.enabled)
    .scalar_subquery()
    .label("offered")
)

_RATES = (
    sa.select(delivery_rates)
    .where(delivery_rates.c.country == sa.bindparam("country"))
    .order_by(delivery_rates.c.position, delivery_rates.c.id)
)


def to_store(row: sa.RowMapping | Mapping[str, Any]) -> Store:
    values: dict[str, Any] = dict(row)
    values |= {
        "id": StoreId(row["id"]),
        "currencies": tuple(row["currencies"]),
        "locales": tuple(row["locales"]),
        "countries": tuple(row["countries"]),
        "capture_policy": CapturePolicy(row["capture_policy"]),
        "origin": address(row["origin"]),
        "box": None if row["box"] is None else tuple(row["box"]),
    }
    return Store(**values)


def store_values(store: Store) -> dict[str, object]:
    """The row of a store without its id and version."""
    return {
        "name": store.name,
        "slug": store.slug,
        "currency": store.currency,
        "currencies": list(store.currencies),
        "locale": store.locale,
        "locales": list(store.locales),
        "countries": list(store.countries),
        "time_zone": store.time_zone,
        "prices_include_tax": store.prices_include_tax,
        "order_prefix": store.order_prefix,
        "capture_policy": store.capture_policy,
        "card_seconds": store.card_seconds,
        "pix_minutes": store.pix_minutes,
        "bank_transfer_days": store.bank_transfer_days,
        "email": store.email,
        "origin": address_document(store.origin),
        "carrier_rates": store.carrier_rates,
        "box": None if store.box is None else list(store.box),
        "created_at": store.created_at,
    }


class PostgresStores:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._current: Store | None = None

    def current(self) -> Store:
        if self._current is None:
            row = self._session.row(_CURRENT, {"store_id": self._session.store_id})
            if row is None:
                raise NotFound("There is no such store.")
            self._current = to_store(row)
        return self._current

    def delivery_rates(self, country: str) -> Sequence[DeliveryRate]:
        rows = self._session.rows(_RATES, {"country": country})
        return [
            DeliveryRate(
                id=str(row["id"]),
                name=row["name"],
                country=row["country"],
                postal_from=row["postal_from"],
                postal_to=row["postal_to"],
                weight_from=row["weight_from"],
                weight_to=row["weight_to"],
                price=Money(row["price_minor"], row["currency"]),
                days_min=row["days_min"],
                days_max=row["days_max"],
                position=row["position"],
            )
            for row in rows
        ]

    def replace_delivery_rates(self, rates: Sequence[DeliveryRate]) -> None:
        self._session.write(sa.delete(delivery_rates))
        if not rates:
            return
        self._session.write(
            sa.insert(delivery_rates).values(
                [
                    {
                        "id": self._session.ids.new(),
                        "store_id": self._session.store_id,
                        "name": rate.name,
                        "country": rate.country,
                        "postal_from": rate.postal_from,
                        "postal_to": rate.postal_to,
                        "weight_from": rate.weight_from,
                        "weight_to": rate.weight_to,
                        "price_minor": rate.price.minor,
                        "currency": rate.price.currency,
                        "days_min": rate.days_min,
                        "days_max": rate.days_max,
                        "position": rate.position,
                    }
                    for rate in rates
                ]
            )
        )

    def save(self, store: Store) -> None:
        before = store_values(self.current())
        self._session.update_version(stores, store.id, store.version, store_values(store))
        self._session.changed("store", store.id, before, store_values(store))
        self._current = None


class PostgresStoreQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def current(self) -> Store:
        row = self._reader.row(_CURRENT, {"store_id": self._reader.store_id})
        if row is None:
            raise NotFound("There is no such store.")
        return to_store(row)

    def front(self) -> StoreFront:
        row = self._reader.row(_FRONT, {"store_id": self._reader.store_id})
        if row is None:
            raise NotFound("There is no such store.")
        values = dict(row)
        offered = values.pop("offered") or []
        methods = dict.fromkeys(method for account in offered for method in account)
        return StoreFront(to_store(values), tuple(methods))
