"""What is asked about stock, by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.shared.ids import VariantId
from core.shared.permission import permission
from ports.inventory import HolderRow, MovementRow, StockFilter, StockQueries, StockRow
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class ListStock:
    filter: StockFilter = field(default_factory=StockFilter)
    page: PageRequest = field(default_factory=PageRequest)


@permission("inventory.stock.read")
def list_stock(query: ListStock, /, *, stock_queries: StockQueries) -> Page[StockRow]:
    """Raises Invalid for a cursor that is not one of ours."""
    return stock_queries.page(query.filter, query.page)


@dataclass(frozen=True, slots=True)
class GetStock:
    variant_id: VariantId


@permission("inventory.stock.read")
def get_stock(query: GetStock, /, *, stock_queries: StockQueries) -> StockRow:
    """Raises NotFound."""
    return stock_queries.row(query.variant_id)


@dataclass(frozen=True, slots=True)
class ListMovements:
    variant_id: VariantId
    page: PageRequest = field(default_factory=PageRequest)


@permission("inventory.stock.read")
def list_movements(query: ListMovements, /, *, stock_queries: StockQueries) -> Page[MovementRow]:
    """Why on hand is what it is, newest first. Raises Invalid for a cursor that is not one of ours."""
    return stock_queries.movements(query.variant_id, query.page)


@dataclass(frozen=True, slots=True)
class ListHolders:
    variant_id: VariantId


@permission("inventory.stock.read")
def list_holders(query: ListHolders, /, *, stock_queries: StockQueries) -> Sequence[HolderRow]:
    """Who holds units of the variant, oldest first."""
    return stock_queries.holders(query.variant_id)
