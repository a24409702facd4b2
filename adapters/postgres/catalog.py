"""Products on PostgreSQL, the write side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres import catalog_rows, documents
from adapters.postgres.catalog_rows import IDS, picture_values, product_values, variant_values
from adapters.postgres.inventory_rows import clear_released, create_items
from adapters.postgres.session import Session
from adapters.postgres.tables.catalog import product_media, products, variants
from adapters.postgres.tables.orders import order_lines
from core.catalog.errors import ProductIsReserved, ProductWasOrdered, SkuTaken, SlugTaken, VariantWasOrdered
from core.catalog.model import Product
from core.catalog.variant import Variant
from core.shared.errors import CoreError, NotFound

_SLUG, _SKU = "uq_products_store_id_slug", "uq_variants_store_id_sku_folded"
_RESERVED = "fk_reservations_store_id_stock_item_id"
_ORDERED = ("fk_order_lines_store_id_product_id", "fk_order_lines_store_id_variant_id")
_NO_WORDS = ("title_folded", "vendor_folded", "sku_folded")

_ORDERED_VARIANTS = sa.select(order_lines.c.variant_id).where(order_lines.c.variant_id == sa.any_(IDS)).distinct()
_OF_VARIANT = sa.select(variants.c.product_id).where(variants.c.id == sa.bindparam("variant_id"))
_SLUGS = sa.select(products.c.slug).where(products.c.slug.op("^@")(sa.bindparam("prefix")))
_SKU_OWNERS = (
    sa.select(variants.c.sku_folded, variants.c.title, products.c.title.label("product_title"))
    .select_from(variants.join(products, products.c.id == variants.c.product_id))
    .where(
        variants.c.sku_folded == sa.any_(sa.bindparam("skus", type_=sa.ARRAY(sa.Text))),
        variants.c.product_id.is_distinct_from(sa.bindparam("outside", type_=sa.UUID)),
    )
)


@dataclass(slots=True)
class _Loaded:
    """A product's rows as they were read: what `save` compares with."""

    product: dict[str, Any]
    variants: dict[UUID, dict[str, Any]]
    pictures: list[dict[str, Any]]

    @classmethod
    def of(cls, product: Product) -> _Loaded:
        return cls(
            product_values(product),
            {variant.id: variant_values(variant) for variant in product.variants},
            [picture_values(picture, at) for at, picture in enumerate(product.pictures)],
        )


class PostgresProducts:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[UUID, _Loaded] = {}

    def get(self, product_id: UUID) -> Product:
        found = catalog_rows.load(self._session.rows, [product_id])
        if not found:
            raise NotFound("There is no such product.")
        self._loaded[product_id] = _Loaded.of(found[0])
        return found[0]

    def of_variant(self, variant_id: UUID) -> Product:
        row = self._session.row(_OF_VARIANT, {"variant_id": variant_id})
        if row is None:
            raise NotFound("There is no such variant.")
        return self.get(row["product_id"])

    def free_slug(self, wanted: str) -> str:
        taken = {row["slug"] for row in self._session.rows(_SLUGS, {"prefix": wanted})}
        if wanted not in taken:
            return wanted
        number = 2
        while f"{wanted}-{number}" in taken:
            number += 1
        return f"{wanted}-{number}"

    def sku_owners(self, skus: Sequence[str], *, outside: UUID | None) -> Mapping[str, str]:
        if not skus:
            return {}
        rows = self._session.rows(_SKU_OWNERS, {"skus": list(skus), "outside": outside})
        return {row["sku_folded"]: f"{row['product_title']}, {row['title']}" for row in rows}

    def add(self, product: Product) -> None:
        session = self._session
        values = product_values(product)
        row = {"id": product.id, "store_id": session.store_id, **values, "version": product.version}
        session.write(
            sa.insert(products).values(updated_at=product.updated_at, **row),
            errors={_SLUG: SlugTaken(product.slug)},
        )
        self._write_pictures(product, [])
        self._add_variants(product, product.variants)
        session.changed("product", product.id, None, _told(values))
        self._finish(product)

    def save(self, product: Product) -> None:
        before = self._loaded[product.id]
        after = _Loaded.of(product)
        if before == after:
            return
        now = self._session.now()
        product.updated_at = now
        kept = {variant.id for variant in product.variants}
        self._release_stock_of([id_ for id_ in before.variants if id_ not in kept])
        if before.product != after.product or before.pictures != after.pictures:
            self._session.update_version(
                products,
                product.id,
                product.version,
                {**after.product, "updated_at": now},
                errors={_SLUG: SlugTaken(product.slug)},
            )
            product.version += 1
        else:
            touched = sa.update(products).where(products.c.id == product.id).values(updated_at=now)
            self._session.write(touched)
        self._session.changed(
            "product",
            product.id,
            _told(before.product) | {"pictures": before.pictures},
            _told(after.product) | {"pictures": after.pictures},
        )
        self._write_pictures(product, before.pictures)
        self._save_variants(product, before.variants)
        self._finish(product)

    def delete(self, product: Product) -> None:
        session = self._session
        ids = [variant.id for variant in product.variants]
        if self._ordered(ids):
            raise ProductWasOrdered()
        clear_released(session, ids)
        documents.forget(session, [product.id])
        errors: dict[str, CoreError] = {name: ProductWasOrdered() for name in _ORDERED}
        errors[_RESERVED] = ProductIsReserved()
        session.write(sa.delete(products).where(products.c.id == product.id), errors=errors)
        session.changed("product", product.id, _told(product_values(product)), None)
        session.emit(product.events, product.id, product.version)
        product.events.clear()

    def _finish(self, product: Product) -> None:
        documents.rewrite(self._session, [product.id])
        self._session.emit(product.events, product.id, product.version)
        product.events.clear()
        self._loaded[product.id] = _Loaded.of(product)

    def _write_pictures(self, product: Product, before: list[dict[str, Any]]) -> None:
        after = [picture_values(picture, at) for at, picture in enumerate(product.pictures)]
        if after == before:
            return
        kept = {row["id"] for row in after}
        gone = [row["id"] for row in before if row["id"] not in kept]
        if gone:
            self._session.write(sa.delete(product_media).where(product_media.c.id == sa.any_(IDS)), {"ids": gone})
        if after:
            statement = insert(product_media).values(
                [{"store_id": self._session.store_id, "product_id": product.id, **row} for row in after]
            )
            changing = {name: statement.excluded[name] for name in ("media_id", "source_url", "alt", "position")}
            self._session.write(statement.on_conflict_do_update(index_elements=[product_media.c.id], set_=changing))

    def _save_variants(self, product: Product, before: dict[UUID, dict[str, Any]]) -> None:
        kept = {variant.id for variant in product.variants}
        self._remove_variants([id_ for id_ in before if id_ not in kept])
        changed = [
            variant
            for variant in product.variants
            if variant.id in before and before[variant.id] != variant_values(variant)
        ]
        renamed = [v.id for v in changed if before[v.id]["sku_folded"] != variant_values(v)["sku_folded"]]
        if len(renamed) > 1:  # two variants may have swapped their SKUs, which are unique at every moment
            freed = sa.update(variants).where(variants.c.id == sa.any_(IDS)).values(sku=None, sku_folded=None)
            self._session.write(freed, {"ids": renamed})
        for variant in changed:
            values = variant_values(variant)
            self._session.update_version(variants, variant.id, variant.version, values, errors=_taken(product, variant))
            variant.version += 1
            self._session.changed("variant", variant.id, _told(before[variant.id]), _told(values))
        self._add_variants(product, [variant for variant in product.variants if variant.id not in before])

    def _add_variants(self, product: Product, new: Sequence[Variant]) -> None:
        for variant in new:
            values = variant_values(variant)
            self._session.write(
                sa.insert(variants).values(
                    id=variant.id,
                    store_id=self._session.store_id,
                    product_id=product.id,
                    version=variant.version,
                    **values,
                ),
                errors=_taken(product, variant),
            )
            self._session.changed("variant", variant.id, None, _told(values))
        create_items(self._session, [variant.id for variant in new])

    def _release_stock_of(self, gone: Sequence[UUID]) -> None:
        """Lock the stock of variants that go, before their product's row: the order in which claims lock them."""
        if not gone:
            return
        if self._ordered(gone):
            raise VariantWasOrdered()
        clear_released(self._session, gone)

    def _remove_variants(self, gone: Sequence[UUID]) -> None:
        if not gone:
            return
        errors: dict[str, CoreError] = {_ORDERED[1]: VariantWasOrdered(), _RESERVED: ProductIsReserved()}
        statement = sa.delete(variants).where(variants.c.id == sa.any_(IDS))
        self._session.write(statement, {"ids": list(gone)}, errors=errors)

    def _ordered(self, variant_ids: Sequence[UUID]) -> bool:
        return bool(self._session.rows(_ORDERED_VARIANTS, {"ids": list(variant_ids)}))


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the activity log tells them: without the columns that only search and order need."""
    return {name: value for name, value in values.items() if name not in _NO_WORDS}


def _taken(product: Product, variant: Variant) -> dict[str, CoreError]:
    index = product.variants.index(variant)
    return {_SKU: SkuTaken({f"variants.{index}.sku": "another product"})}
