"""Which states a product has and how it moves between them."""

from __future__ import annotations

from enum import StrEnum

from core.shared.state_machine import Lifecycle


class ProductStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class ProductOperation(StrEnum):
    PUBLISH = "publish"
    UNPUBLISH = "unpublish"
    ARCHIVE = "archive"
    UNARCHIVE = "unarchive"


PRODUCT_LIFECYCLE: Lifecycle[ProductStatus, ProductOperation] = Lifecycle(
    "product",
    ProductStatus,
    {ProductStatus.DRAFT},
    {
        (ProductStatus.DRAFT, ProductOperation.PUBLISH): ProductStatus.PUBLISHED,
        (ProductStatus.PUBLISHED, ProductOperation.UNPUBLISH): ProductStatus.DRAFT,
        (ProductStatus.DRAFT, ProductOperation.ARCHIVE): ProductStatus.ARCHIVED,
        (ProductStatus.PUBLISHED, ProductOperation.ARCHIVE): ProductStatus.ARCHIVED,
        (ProductStatus.ARCHIVED, ProductOperation.UNARCHIVE): ProductStatus.DRAFT,
    },
)
