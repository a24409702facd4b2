"""Tag rows and stock states of imported products are those that the catalogue itself would write."""

from __future__ import annotations

import pytest

from tests.core.imports.csv_files import mug
from tests.core.imports.importing import fixture, import_file, import_rows
from tests.derived import check_derived
from tests.shop import Shop

TRACKED = {"Variant_Inventory_Tracker": "shopify"}


@pytest.mark.parametrize("name", ["products.csv", "apparel_like.csv"])
def test_new_products(shop: Shop, name: str) -> None:
    import_file(shop, fixture(name))
    assert shop.sql("SELECT 1 FROM product_tags") != []
    check_derived(shop.sql)


def test_products_that_were_there(shop: Shop) -> None:
    states = []
    for tags, quantity in (("Barro, Verão", "8"), ("barro", "0"), ("Azul, VERAO", "3")):
        import_rows(shop, mug(Tags=tags, Variant_SKU="A", Variant_Inventory_Qty=quantity, **TRACKED))
        check_derived(shop.sql)
        states += [row["stock_state"] for row in shop.sql("SELECT stock_state FROM products")]
    assert states == ["in_stock", "sold_out", "in_stock"]
    assert {row["tag_folded"] for row in shop.sql("SELECT tag_folded FROM product_tags")} == {"azul", "verao"}
