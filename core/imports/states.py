"""A product as an import compares it: what the catalogue has now and what the file wants, in the same records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from core.shared.words import folded


@dataclass(frozen=True, slots=True)
class ProductState:
    """A product's own fields. `options` are names with their values, in order; `status` as the catalogue has it."""

    slug: str
    title: str
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    status: str = "draft"
    options: tuple[tuple[str, tuple[str, ...]], ...] = ()
    seo_title: str = ""
    seo_description: str = ""

    @property
    def option_names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.options)


@dataclass(frozen=True, slots=True)
class VariantState:
    """A variant's own fields; prices in minor units of the store's currency, weight in grams."""

    option_values: tuple[str, ...]
    price: int
    sku: str | None = None
    barcode: str | None = None
    compare_at: int | None = None
    cost: int | None = None
    grams: int = 0
    tax_category: str = "standard"
    tracked: bool = False
    requires_shipping: bool = True

    @property
    def title(self) -> str:
        """The option values as merchants write them; empty for the only variant of a product without options."""
        return " / ".join(self.option_values)

    @property
    def combination(self) -> tuple[str, ...]:
        return tuple(map(folded, self.option_values))


@dataclass(frozen=True, slots=True)
class ExistingVariant:
    """A variant with its stock at the default location; `stock_item_id` is None when it has none there."""

    id: UUID
    position: int
    state: VariantState
    stock_item_id: UUID | None
    on_hand: int
    reserved: int


@dataclass(frozen=True, slots=True)
class ExistingPicture:
    id: UUID
    url: str | None
    alt: str
    position: int


@dataclass(slots=True)
class ExistingProduct:
    """A product of the store as it stands."""

    id: UUID
    state: ProductState
    version: int = 0
    variants: list[ExistingVariant] = field(default_factory=list)
    pictures: list[ExistingPicture] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What the store has of the products of one chunk: by slug, and who has the SKUs that the file names.

    `sku_owners` maps a folded SKU to the slug of its product.
    """

    products: Mapping[str, ExistingProduct]
    sku_owners: Mapping[str, str]

    @property
    def empty(self) -> bool:
        return not self.products and not self.sku_owners


NOTHING = Catalogue({}, {})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as JSON values; prices as amount and currency."""

    line: int
    handle: str
    title: str
    subject: str
    field: str
    before: object
    after: object


@dataclass(slots=True)
class VariantPlan:
    """What becomes of one variant. `id` None makes a new one; `on_hand` None leaves its stock alone."""

    line: int
    id: UUID | None
    position: int
    state: VariantState
    changed: bool
    stock_item_id: UUID | None = None
    on_hand_before: int = 0
    on_hand: int | None = None

    @property
    def stock_change(self) -> int:
        return 0 if self.on_hand is None else self.on_hand - self.on_hand_before


@dataclass(frozen=True, slots=True)
class PicturePlan:
    """A picture to add (`id` None) or whose text changes."""

    line: int
    id: UUID | None
    url: str
    alt: str
    position: int
