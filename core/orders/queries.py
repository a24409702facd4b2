"""Reading orders."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.shared.errors import NotFound
from core.shared.ids import OrderId, ShopperId
from core.shared.permission import permission
from ports.links import Links, order_purpose
from ports.orders import Neighbours, OrderDetail, OrderFilter, OrderQueries, OrderRow
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class ListOrders:
    filter: OrderFilter = field(default_factory=OrderFilter)
    page: PageRequest = field(default_factory=PageRequest)


@permission("orders.order.read")
def list_orders(filter_: ListOrders, /, *, order_queries: OrderQueries) -> Page[OrderRow]:
    """Orders, newest first."""
    return order_queries.list(filter_.filter, filter_.page)


@dataclass(frozen=True, slots=True)
class GetOrder:
    """An order by its number."""

    number: int


@permission("orders.order.read")
def get_order(filter_: GetOrder, /, *, order_queries: OrderQueries) -> OrderDetail:
    """Raises NotFound."""
    return order_queries.by_number(filter_.number)


@dataclass(frozen=True, slots=True)
class GetNeighbours:
    """What stands next to an order, known by its place, in a list of orders."""

    filter: OrderFilter
    placed_at: datetime
    order_id: OrderId


@permission("orders.order.read")
def get_neighbours(filter_: GetNeighbours, /, *, order_queries: OrderQueries) -> Neighbours:
    """The orders before and after it."""
    return order_queries.neighbours(filter_.filter, filter_.placed_at, filter_.order_id)


@dataclass(frozen=True, slots=True)
class GetPlacedOrder:
    """The order that a checkout of the caller's has just made."""

    order_id: OrderId


@dataclass(frozen=True, slots=True)
class OrderWithToken:
    """An order and the secret that opens it to a guest."""

    order: OrderDetail
    access_token: str


@permission("storefront.checkout.complete")
def get_placed_order(filter_: GetPlacedOrder, /, *, order_queries: OrderQueries, links: Links) -> OrderWithToken:
    """Raises NotFound."""
    order = order_queries.get(filter_.order_id)
    return OrderWithToken(order, links.secret(order_purpose(order.token_rotation), order.id))


@dataclass(frozen=True, slots=True)
class GetOwnOrder:
    """An order by number, for whoever holds its token or is the shopper who placed it."""

    number: int
    token: str | None = None
    shopper_id: ShopperId | None = None


@permission("storefront.order.read")
def get_own_order(filter_: GetOwnOrder, /, *, order_queries: OrderQueries, links: Links) -> OrderDetail:
    """Raises NotFound for a foreign order just as for none."""
    order = order_queries.by_number(filter_.number)
    purpose = order_purpose(order.token_rotation)
    if filter_.token is not None and links.matches(purpose, order.id, filter_.token):
        return order
    if filter_.shopper_id is not None and filter_.shopper_id == order.shopper_id:
        return order
    raise NotFound("There is no such order.")


@dataclass(frozen=True, slots=True)
class ListOwnOrders:
    shopper_id: ShopperId
    page: PageRequest = field(default_factory=PageRequest)


@permission("storefront.account.read")
def list_own_orders(filter_: ListOwnOrders, /, *, order_queries: OrderQueries) -> Page[OrderRow]:
    """The shopper's orders, newest first."""
    return order_queries.list(OrderFilter(shopper_id=filter_.shopper_id), filter_.page)
