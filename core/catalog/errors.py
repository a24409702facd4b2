"""What the catalogue refuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.shared.errors import FieldProblem, Invalid, Rejected, WriteConflict

if TYPE_CHECKING:
    from core.catalog.model import Product


class SlugTaken(Invalid):
    """Another product of the store has this address."""

    code = "slug_taken"

    def __init__(self, slug: str) -> None:
        message = f"Another product has the address {slug}."
        super().__init__(message, problems=(FieldProblem("slug", self.code, message),))


class SkuTaken(Invalid):
    """Another variant of the store has this SKU."""

    code = "sku_taken"

    def __init__(self, owners: dict[str, str]) -> None:
        """`owners` names for each wire field (`variants.2.sku`) the product and variant that has the SKU."""
        super().__init__(
            "A SKU is already in use.",
            problems=tuple(FieldProblem(field, self.code, f"Belongs to {owner}.") for field, owner in owners.items()),
        )
        self.owners = owners


class ProductWasOrdered(Rejected):
    """The product was ordered before: it can be archived, not deleted."""

    code = "product_was_ordered"


class VariantWasOrdered(Rejected):
    """The variant was ordered before: it can't be taken away."""

    code = "variant_was_ordered"


class ProductIsReserved(Rejected):
    """Units are promised to somebody who is paying right now."""

    code = "product_is_reserved"


class ProductWasChanged(WriteConflict):
    """Somebody else saved this product first; `current` is what they saved, `fields` what differs from yours."""

    def __init__(self, current: Product, fields: tuple[str, ...]) -> None:
        super().__init__("Somebody else saved this product first.")
        self.current = current
        self.fields = fields
