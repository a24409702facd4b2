"""What is asked about products: by staff, and by storefronts."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.shared.ids import ProductId
from core.shared.permission import permission
from ports.catalog import (
    DocumentFilter,
    ProductDocuments,
    ProductFilter,
    ProductQueries,
    ProductRow,
    ProductView,
)
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class ListProducts:
    filter: ProductFilter = field(default_factory=ProductFilter)
    page: PageRequest = field(default_factory=PageRequest)


@permission("catalog.product.read")
def list_products(query: ListProducts, /, *, product_queries: ProductQueries) -> Page[ProductRow]:
    """Raises Invalid for a cursor that is not one of ours."""
    return product_queries.page(query.filter, query.page)


@dataclass(frozen=True, slots=True)
class GetProduct:
    product_id: ProductId


@permission("catalog.product.read")
def get_product(query: GetProduct, /, *, product_queries: ProductQueries) -> ProductView:
    """Raises NotFound."""
    return product_queries.view(query.product_id)


@dataclass(frozen=True, slots=True)
class ListOnSale:
    filter: DocumentFilter = field(default_factory=DocumentFilter)
    page: PageRequest = field(default_factory=PageRequest)


@permission("storefront.product.read")
def list_on_sale(query: ListOnSale, /, *, product_documents: ProductDocuments) -> Page[bytes]:
    """Summaries of published products as JSON. Raises Invalid for a cursor that is not one of ours."""
    return product_documents.page(query.filter, query.page)


@dataclass(frozen=True, slots=True)
class ShowOnSale:
    slug: str


@permission("storefront.product.read")
def show_on_sale(query: ShowOnSale, /, *, product_documents: ProductDocuments) -> bytes:
    """A published product's page as JSON. Raises NotFound."""
    return product_documents.by_slug(query.slug)
