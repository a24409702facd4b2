"""Products: the write side, what staff see, and the documents that shoppers are served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Product
from core.catalog.stock_state import StockState as StockState
from core.shared.money import Money
from ports.paging import Page, PageRequest


class ProductRepository(Protocol):
    """Products of the bound store, with their variants and pictures.

    Every write puts what shoppers are served and what search finds in order, in the same transaction.
    """

    def get(self, product_id: UUID) -> Product:
        """Raises NotFound."""
        ...

    def of_variant(self, variant_id: UUID) -> Product:
        """The product that a variant belongs to. Raises NotFound."""
        ...

    def add(self, product: Product) -> None:
        """Write a new product, with a stock item at the default location for each variant.

        Raises SlugTaken, SkuTaken.
        """
        ...

    def save(self, product: Product) -> None:
        """Write what changed since `get`: the product, its pictures, and each variant under its own version.

        Raises WriteConflict for a stale version of any, SlugTaken, SkuTaken, VariantWasOrdered or
        ProductIsReserved for a variant that can't be taken away.
        """
        ...

    def delete(self, product: Product) -> None:
        """Remove a product. Raises ProductWasOrdered, ProductIsReserved."""
        ...

    def free_slug(self, wanted: str) -> str:
        """`wanted`, or with the smallest number behind it that no product of the store has."""
        ...

    def sku_owners(self, skus: Sequence[str], *, outside: UUID | None) -> Mapping[str, str]:
        """For each folded SKU that is in use, "product, variant" that has it; `outside` leaves one product out."""
        ...


class ProductSort(StrEnum):
    """Orders of the staff's list."""

    CHANGED = "changed"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """`search` is text in name, vendor, SKU, tags or address; `vendor` and `tag` are compared folded."""

    search: str = ""
    status: ProductStatus | None = None
    vendor: str | None = None
    tag: str | None = None
    stock: StockState | None = None
    sort: ProductSort = ProductSort.CHANGED
    descending: bool = True


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the staff's list. `available` is None when no variant is tracked; `picture` a SHA-256."""

    id: UUID
    title: str
    vendor: str
    product_type: str
    status: ProductStatus
    picture: str | None
    variants: int
    price_min: Money
    price_max: Money
    compare_at: Money | None
    available: int | None
    sold_out_variants: int
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class VariantStock:
    """What of a variant is there, and whether an order line names it, so that it has to stay."""

    on_hand: int
    reserved: int
    ordered: bool

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class ProductChange:
    """One entry of the activity log about a product: the action's name and who did it."""

    action: str
    actor: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product as its page shows it, with the stock of each variant by id and the latest changes."""

    product: Product
    stock: Mapping[UUID, VariantStock]
    changes: Sequence[ProductChange] = ()

    @property
    def ordered(self) -> bool:
        return any(item.ordered for item in self.stock.values())


class ProductQueries(Protocol):
    """What staff see of products."""

    def page(self, filter_: ProductFilter, page: PageRequest) -> Page[ProductRow]:
        """Raises Invalid for a cursor that is not one of ours."""
        ...

    def view(self, product_id: UUID) -> ProductView:
        """Raises NotFound."""
        ...


class DocumentSort(StrEnum):
    """Orders of the storefront's list."""

    NEWEST = "newest"
    TITLE = "title"
    PRICE_ASC = "price_asc"
    PRICE_DESC = "price_desc"


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """`search` is text in name, vendor, SKU, tags or address; `vendor` and `tag` are compared folded."""

    search: str = ""
    tag: str | None = None
    vendor: str | None = None
    sort: DocumentSort = DocumentSort.NEWEST


class ProductDocuments(Protocol):
    """Published products of the bound store as JSON made when they were saved."""

    def page(self, filter_: DocumentFilter, page: PageRequest) -> Page[bytes]:
        """Summaries, one JSON object each. Raises Invalid for a cursor that is not one of ours."""
        ...

    def by_slug(self, slug: str) -> bytes:
        """The product page's JSON object. Raises NotFound for what is not on sale."""
        ...
