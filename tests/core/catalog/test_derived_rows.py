"""Tag rows and stock states follow their products through everything that changes these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from core.catalog.queries import GetProduct, get_product
from core.catalog.use_cases.archive import ArchiveProduct, archive_product
from core.catalog.use_cases.delete import DeleteProduct, delete_product
from core.catalog.use_cases.edit import EditProduct, VariantEdit, edit_product
from core.catalog.use_cases.publish import PublishProduct, UnpublishProduct, publish_product, unpublish_product
from core.catalog.use_cases.remove_variant import RemoveVariant, remove_variant
from core.inventory.model import MovementKind, ReservationOwner
from core.shared.ids import ProductId
from core.shared.money import Money
from ports.inventory import StockClaim
from tests.catalogue import Catalogue
from tests.derived import check_derived

OWNER = ReservationOwner.PAYMENT_SESSION


def tags(catalogue: Catalogue) -> list[str]:
    return [row["tag_folded"] for row in catalogue.rows("SELECT tag_folded FROM product_tags ORDER BY 1")]


def states(catalogue: Catalogue) -> list[str | None]:
    """The product's own, then those of its variants."""
    rows = catalogue.rows(
        "SELECT p.stock_state AS product, v.stock_state AS variant FROM products p"
        " JOIN variants v ON v.product_id = p.id ORDER BY v.position"
    )
    return [rows[0]["product"], *(row["variant"] for row in rows)]


def edit(
    catalogue: Catalogue, product_id: ProductId, *, tracked: bool = True, price: int = 6990, **content: Any
) -> None:
    product = catalogue.read(get_product, GetProduct(product_id)).product
    variants = tuple(
        VariantEdit(v.id, v.version, replace(v.content(), tracked=tracked, price=Money(price, "BRL")))
        for v in product.variants
    )
    catalogue.run(
        edit_product, EditProduct(product.id, product.version, replace(product.content(), **content), variants)
    )


def test_tags_follow_what_staff_change(catalogue: Catalogue) -> None:
    product_id = catalogue.product("Caneca", tags=("Verão", "Casa"))
    steps: list[tuple[Callable[[], Any], list[str]]] = [
        (lambda: None, ["casa", "verao"]),
        (lambda: catalogue.run(publish_product, PublishProduct(product_id)), ["casa", "verao"]),
        (lambda: edit(catalogue, product_id, tags=("VERAO", "Barro")), ["barro", "verao"]),
        (lambda: edit(catalogue, product_id, title="Caneca Mar", price=100), ["barro", "verao"]),
        (lambda: catalogue.run(unpublish_product, UnpublishProduct(product_id)), ["barro", "verao"]),
        (lambda: edit(catalogue, product_id, tags=()), []),
        (lambda: edit(catalogue, product_id, tags=("Fim",)), ["fim"]),
        (lambda: catalogue.run(archive_product, ArchiveProduct(product_id)), ["fim"]),
        (lambda: catalogue.run(delete_product, DeleteProduct(product_id)), []),
    ]
    for step, expected in steps:
        step()
        assert tags(catalogue) == expected
        check_derived(catalogue.rows)


@pytest.mark.parametrize("published", [True, False], ids=["on sale", "draft"])
def test_states_follow_stock(catalogue: Catalogue, published: bool) -> None:
    product_id = catalogue.product("Camiseta", sizes=("P", "M"), on_hand=2)
    if published:
        catalogue.run(publish_product, PublishProduct(product_id))
    small, medium = catalogue.variant_ids(product_id)
    owner = uuid4()

    def reserve(quantity: int) -> None:
        with catalogue.transaction() as tx:
            assert tx.stock.reserve([StockClaim(small, quantity, uuid4())], OWNER, owner, None) == []

    def release() -> None:
        with catalogue.transaction() as tx:
            tx.stock.release(OWNER, owner)

    def adjust(variant: Any, change: int) -> None:
        with catalogue.transaction() as tx:
            tx.stock.adjust(variant, None, change, MovementKind.ADJUST, "counted")

    steps: list[tuple[Callable[[], Any], list[str | None]]] = [
        (lambda: None, ["in_stock", "in_stock", "in_stock"]),
        (lambda: reserve(1), ["in_stock", "in_stock", "in_stock"]),
        (lambda: reserve(1), ["in_stock", "sold_out", "in_stock"]),
        (lambda: adjust(medium, -2), ["sold_out", "sold_out", "sold_out"]),
        (lambda: edit(catalogue, product_id, tracked=False), [None, None, None]),
        (lambda: adjust(medium, 1), [None, None, None]),
        (lambda: edit(catalogue, product_id, tracked=True), ["in_stock", "sold_out", "in_stock"]),
        (release, ["in_stock", "in_stock", "in_stock"]),
        (lambda: catalogue.run(remove_variant, RemoveVariant(small)), ["in_stock", "in_stock"]),
    ]
    for step, expected in steps:
        step()
        assert states(catalogue) == expected
        check_derived(catalogue.rows)
