"""A variant: one combination of a product's options, with its price and its parcel's weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from core.shared.errors import FieldProblem
from core.shared.ids import MediaId, VariantId
from core.shared.money import Money
from core.shared.words import folded

# What the only variant of a product without options is called.
DEFAULT_TITLE = "Default"
TAX_CATEGORY = "standard"
MAX_SKU = 64
MAX_WEIGHT = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantContent:
    """What staff type for one variant. `option_values` maps option names to values; weight is in grams."""

    price: Money
    option_values: Mapping[str, str]
    sku: str | None = None
    barcode: str | None = None
    compare_at: Money | None = None
    cost: Money | None = None
    weight_grams: int = 0
    tax_category: str = TAX_CATEGORY
    tracked: bool = True
    requires_shipping: bool = True
    media_id: MediaId | None = None


@dataclass(slots=True, kw_only=True)
class Variant:
    """A variant of a product, saved on its own: `version` guards it, not the product's."""

    id: VariantId
    position: int
    option_values: dict[str, str]
    price: Money
    sku: str | None = None
    barcode: str | None = None
    compare_at: Money | None = None
    cost: Money | None = None
    weight_grams: int = 0
    tax_category: str = TAX_CATEGORY
    tracked: bool = True
    requires_shipping: bool = True
    media_id: MediaId | None = None
    version: int = 0

    @property
    def title(self) -> str:
        return variant_title(self.option_values)

    def apply(self, content: VariantContent) -> None:
        for field in fields(content):
            setattr(self, field.name, getattr(content, field.name))
        self.option_values = dict(content.option_values)
        self.sku = (content.sku or "").strip() or None
        self.barcode = (content.barcode or "").strip() or None

    def content(self) -> VariantContent:
        """Everything that `apply` sets, as it stands."""
        return VariantContent(**{field.name: getattr(self, field.name) for field in fields(VariantContent)})


def variant_title(option_values: Mapping[str, str]) -> str:
    """The option values in their order, joined as merchants write them: "M / Azul"."""
    return " / ".join(option_values.values()) or DEFAULT_TITLE


def sku_key(sku: str | None) -> str | None:
    """The form of a SKU that equality goes by, None for no SKU."""
    return folded(sku) or None if sku else None


def variant_problems(variant: Variant, prefix: str) -> list[FieldProblem]:
    """What is wrong with a variant by itself, under `prefix.field`."""
    problems = []
    if variant.price.minor < 0:
        problems.append(FieldProblem(f"{prefix}.price", "negative", "A price is zero or more."))
    if variant.cost is not None and variant.cost.minor < 0:
        problems.append(FieldProblem(f"{prefix}.cost", "negative", "A cost is zero or more."))
    if variant.compare_at is not None and variant.compare_at <= variant.price:
        problems.append(FieldProblem(f"{prefix}.compare_at", "not_above_price", "The price before is above the price."))
    if not 0 <= variant.weight_grams <= MAX_WEIGHT:
        problems.append(FieldProblem(f"{prefix}.weight_grams", "out_of_range", "A weight is between 0 g and 1,000 kg."))
    if variant.sku and len(variant.sku) > MAX_SKU:
        problems.append(FieldProblem(f"{prefix}.sku", "too_long", f"At most {MAX_SKU} characters."))
    return problems
