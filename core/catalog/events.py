"""What happened to a product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.shared.events import Event
from core.shared.ids import ProductId


@dataclass(frozen=True, slots=True)
class ProductEvent(Event):
    """Base: every one of them names the product."""

    aggregate: ClassVar[str] = "product"

    product_id: ProductId


@dataclass(frozen=True, slots=True)
class ProductCreated(ProductEvent):
    """A product was made, as a draft."""

    name: ClassVar[str] = "catalog.product_created.v1"


@dataclass(frozen=True, slots=True)
class ProductPublished(ProductEvent):
    """A product went on sale."""

    name: ClassVar[str] = "catalog.product_published.v1"


@dataclass(frozen=True, slots=True)
class ProductWithdrawn(ProductEvent):
    """A product is no longer on sale: back to draft, or archived."""

    name: ClassVar[str] = "catalog.product_withdrawn.v1"

    status: str


@dataclass(frozen=True, slots=True)
class ProductDeleted(ProductEvent):
    """A product that was never ordered is gone."""

    name: ClassVar[str] = "catalog.product_deleted.v1"

    title: str
