"""Products with their options, variants and pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product as combinations

from core.catalog.events import ProductCreated, ProductDeleted, ProductPublished, ProductWithdrawn
from core.catalog.lifecycle import PRODUCT_LIFECYCLE, ProductOperation
from core.catalog.lifecycle import ProductStatus as ProductStatus
from core.catalog.rules import check
from core.catalog.variant import Variant, VariantContent
from core.shared.errors import FieldProblem, Invalid, NotFound
from core.shared.events import Event
from core.shared.ids import MediaId, ProductId, ProductPictureId, VariantId
from core.shared.money import Money
from core.shared.text import fold


@dataclass(frozen=True, slots=True)
class Option:
    """What variants differ by: "Size" with "P", "M", "G"."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductContent:
    """What staff type for a product. `description_html` is sanitised before it gets here; slug is an address."""

    title: str
    slug: str
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    seo_title: str = ""
    seo_description: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A stored picture: `sha256` is its name in the blob store, sizes are in pixels."""

    media_id: MediaId
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ProductPicture:
    """A picture in a product's list.

    `image` is None while it is only an address: imported pictures are never hot-linked, a placeholder stands
    for them until they were fetched.
    """

    id: ProductPictureId
    alt: str = ""
    image: Image | None = None
    source_url: str | None = None


@dataclass(slots=True, kw_only=True)
class Product:
    """A product and everything that is sold under its name. Instants are UTC."""

    id: ProductId
    slug: str
    title: str
    created_at: datetime
    updated_at: datetime
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    status: ProductStatus = ProductStatus.DRAFT
    options: tuple[Option, ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    published_at: datetime | None = None
    version: int = 0
    variants: list[Variant] = field(default_factory=list)
    pictures: list[ProductPicture] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @classmethod
    def create(
        cls,
        id_: ProductId,
        content: ProductContent,
        options: Sequence[Option],
        variants: Sequence[Variant],
        at: datetime,
    ) -> Product:
        """A new draft. Raises Invalid, naming every field that is wrong."""
        product = cls(id=id_, slug=content.slug, title=content.title, created_at=at, updated_at=at)
        product._take(content)
        product.options = tuple(options)
        product.variants = list(variants)
        check(product)
        product.events.append(ProductCreated(id_))
        return product

    def edit(self, content: ProductContent) -> None:
        """Take what staff typed. Raises Invalid."""
        self._take(content)
        check(self)

    def _take(self, content: ProductContent) -> None:
        self.title = content.title.strip()
        self.slug = content.slug
        self.description_html = content.description_html
        self.vendor = content.vendor.strip()
        self.product_type = content.product_type.strip()
        self.tags = distinct(content.tags)
        self.seo_title = content.seo_title.strip()
        self.seo_description = content.seo_description.strip()

    def content(self) -> ProductContent:
        """Everything that `edit` sets, as it stands."""
        return ProductContent(
            title=self.title,
            slug=self.slug,
            description_html=self.description_html,
            vendor=self.vendor,
            product_type=self.product_type,
            tags=self.tags,
            seo_title=self.seo_title,
            seo_description=self.seo_description,
        )

    def variant(self, id_: VariantId) -> Variant:
        """Raises NotFound."""
        for variant in self.variants:
            if variant.id == id_:
                return variant
        raise NotFound("This product has no such variant.")

    def change_variants(self, contents: Sequence[tuple[VariantId, VariantContent]]) -> None:
        """Take what staff typed for some variants. Raises NotFound, Invalid."""
        for id_, content in contents:
            self.variant(id_).apply(content)
        check(self)

    def set_options(self, options: Sequence[Option], new_id: Callable[[], VariantId]) -> None:
        """Make the variants all combinations of `options`; what existing ones are called stays where it fits.

        An option keeps its variants when it is renamed in its place; a new option puts existing variants under
        its first value; a combination that is gone takes its variant with it. New variants cost what the first
        one does. Raises Invalid.
        """
        self.options = tuple(options)
        known = {_combination(variant, self.options): variant for variant in reversed(self.variants)}
        wanted = list(combinations(*(option.values for option in self.options)))
        pattern = self.variants[0]
        self.variants = [
            known.get(values) or _like(pattern, new_id()) for values in wanted
        ]  # fmt: skip
        for position, (variant, values) in enumerate(zip(self.variants, wanted, strict=True)):
            variant.position = position
            names = (option.name for option in self.options)
            variant.option_values = dict(zip(names, values, strict=True))
        check(self)

    def remove_variant(self, id_: VariantId) -> None:
        """Take one variant away. Raises NotFound; Invalid for the last one."""
        self.variants.remove(self.variant(id_))
        check(self)

    def add_picture(self, picture: ProductPicture) -> None:
        self.pictures.append(picture)

    def arrange_pictures(self, alts: Sequence[tuple[ProductPictureId, str]]) -> None:
        """Bring pictures into this order with these alternative texts; one that is not named goes. Raises NotFound."""
        known = {picture.id: picture for picture in self.pictures}
        try:
            self.pictures = [
                ProductPicture(id_, alt.strip(), known[id_].image, known[id_].source_url) for id_, alt in alts
            ]
        except KeyError:
            raise NotFound("This product has no such picture.") from None
        kept = {picture.image.media_id for picture in self.pictures if picture.image}
        for variant in self.variants:
            if variant.media_id not in kept:
                variant.media_id = None

    def picture_of(self, media_id: MediaId | None) -> ProductPicture | None:
        """The product's picture that shows the media `media_id`."""
        return next((p for p in self.pictures if p.image and p.image.media_id == media_id), None)

    def publish(self, at: datetime) -> None:
        """Put the product on sale. Raises TransitionRefused, or Invalid for one that nobody could buy."""
        self._move(ProductOperation.PUBLISH)
        if not self.variants:
            raise Invalid(problems=(FieldProblem("variants", "required", "Nothing to sell: no variants."),))
        self.published_at = self.published_at or at
        self.events.append(ProductPublished(self.id))

    def unpublish(self) -> None:
        """Take the product off sale, back to a draft. Raises TransitionRefused."""
        self._move(ProductOperation.UNPUBLISH)
        self.events.append(ProductWithdrawn(self.id, self.status))

    def archive(self) -> None:
        """Put the product away for good. Raises TransitionRefused."""
        was_on_sale = self.status is ProductStatus.PUBLISHED
        self._move(ProductOperation.ARCHIVE)
        if was_on_sale:
            self.events.append(ProductWithdrawn(self.id, self.status))

    def unarchive(self) -> None:
        """Bring the product back as a draft. Raises TransitionRefused."""
        self._move(ProductOperation.UNARCHIVE)

    def delete(self) -> None:
        self.events.append(ProductDeleted(self.id, self.title))

    def _move(self, operation: ProductOperation) -> None:
        self.status = PRODUCT_LIFECYCLE.after(self.status, operation)

    @property
    def price_range(self) -> tuple[Money, Money]:
        """The lowest and the highest price of its variants, of which there is at least one."""
        prices = [variant.price for variant in self.variants]
        return min(prices, key=lambda m: m.minor), max(prices, key=lambda m: m.minor)


def distinct(tags: Sequence[str]) -> tuple[str, ...]:
    """`tags` stripped, without empty ones and repeats (case and accents don't count)."""
    kept: dict[str, str] = {}
    for tag in tags:
        kept.setdefault(fold(tag), tag.strip())
    kept.pop("", None)
    return tuple(kept.values())


def _combination(variant: Variant, options: Sequence[Option]) -> tuple[str, ...]:
    """The values that `variant` has under `options`, by place; a new option's first value where it had none."""
    values = list(variant.option_values.values())
    return tuple(values[i] if i < len(values) else option.values[0] for i, option in enumerate(options))


def _like(pattern: Variant, id_: VariantId) -> Variant:
    new = Variant(id=id_, position=0, option_values={}, price=pattern.price)
    new.cost, new.weight_grams, new.tracked = pattern.cost, pattern.weight_grams, pattern.tracked
    new.requires_shipping, new.tax_category = pattern.requires_shipping, pattern.tax_category
    return new
