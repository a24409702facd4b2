"""The figures of the first page on PostgreSQL: one statement, every count over an index."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from adapters.postgres.reading import Reader
from adapters.postgres.tables.orders import PART_SHIPPED, TO_SHIP, orders
from adapters.postgres.tables.platform import deliveries
from adapters.postgres.tables.reconciliation import exceptions
from core.messages.deliveries import DeliveryState
from core.orders.axes import PaymentStatus
from core.orders.lifecycle import OrderStatus
from core.reconciliation.model import ExceptionState
from core.shared.money import Money
from ports.home import MOST_TO_SHIP, Today


def _totals(name: str, amount: sa.Column[Any], currency: sa.Column[Any], *where: Any) -> sa.Select[Any]:
    return (
        sa.select(
            sa.literal(name).label("figure"),
            sa.func.count().label("number"),
            sa.func.sum(amount).label("minor"),
            currency.label("currency"),
        )
        .where(*where)
        .group_by(currency)
    )


def _count(name: str, table: sa.FromClause, *where: Any) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [
        sa.literal(name),
        sa.func.count(),
        sa.literal(0, sa.BigInteger),
        sa.literal("", sa.CHAR(3)),
    ]
    return sa.select(*columns).select_from(table).where(*where)


# In the index's order, so that no more of it is read than is counted.
_part_shipped = sa.select(orders.c.id).where(PART_SHIPPED).limit(MOST_TO_SHIP + 1).subquery()
_to_ship = (
    sa.select(orders.c.id).where(TO_SHIP).order_by(orders.c.placed_at, orders.c.id).limit(MOST_TO_SHIP + 1).subquery()
)

_TODAY = sa.union_all(
    _totals("placed", orders.c.total_minor, orders.c.currency, orders.c.placed_at >= sa.bindparam("since")),
    _totals("exceptions", exceptions.c.amount_minor, exceptions.c.currency, exceptions.c.state == ExceptionState.OPEN),
    _count(
        "awaiting",
        orders,
        orders.c.status == OrderStatus.OPEN,
        orders.c.payment_status == PaymentStatus.AWAITING,
    ),
    _count("to_ship", _to_ship),
    _count("part_shipped", _part_shipped),
    _count("dead", deliveries, deliveries.c.state == DeliveryState.DEAD),
)


class PostgresHomeQueries:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def today(self, since: datetime) -> Today:
        rows = self._reader.rows(_TODAY, {"since": since})

        def number(figure: str) -> int:
            return sum(int(row["number"]) for row in rows if row["figure"] == figure)

        def money(figure: str) -> list[Money]:
            found = [Money(int(row["minor"]), row["currency"]) for row in rows if row["figure"] == figure]
            return sorted(found, key=lambda total: total.currency)

        return Today(
            placed=number("placed"),
            sales=money("placed"),
            awaiting_payment=number("awaiting"),
            to_ship=number("to_ship"),
            part_shipped=number("part_shipped"),
            open_exceptions=number("exceptions"),
            exposed=money("exceptions"),
            dead_deliveries=number("dead"),
        )
