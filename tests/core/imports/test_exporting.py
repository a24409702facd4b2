"""Products as CSV: our own import reads them back and nothing changes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imports.exporting import amount, csv_text, neutral
from core.imports.queries import ExportProducts, export_products
from core.imports.values import price
from ports.catalog import ProductFilter
from tests.core.imports.csv_files import mug
from tests.core.imports.importing import check, fixture, import_file, import_rows
from tests.shop import Shop


def exported(shop: Shop, filter_: ProductFilter | None = None) -> str:
    return "".join(shop.read(export_products, ExportProducts(filter_ or ProductFilter())))


@pytest.mark.parametrize("name", ["products.csv", "apparel_like.csv"])
def test_what_is_exported_changes_nothing_when_it_comes_back(shop: Shop, name: str) -> None:
    import_file(shop, fixture(name))
    checked = check(shop, exported(shop).encode("utf-8-sig"))
    assert checked.checked.rows_unchanged == checked.checked.rows > 0
    assert (checked.checked.rows_refused, checked.checked.fields_changed) == (0, 0)


def test_only_what_is_chosen_is_exported(shop: Shop) -> None:
    import_rows(shop, mug(Tags="barro"), mug(Handle="b", Title="Outra"))
    rows = list(csv.DictReader(io.StringIO(exported(shop, ProductFilter(tag="barro")))))
    assert [(row["Handle"], row["Variant Price"]) for row in rows] == [("caneca", "69.90")]


def test_formulas_are_neutralised_and_come_back_as_they_were(shop: Shop) -> None:
    import_rows(shop, mug(Title='=HYPERLINK("http://x")', **{"Body (HTML)": "-10% hoje"}))
    content = exported(shop)
    (row,) = csv.DictReader(io.StringIO(content))
    assert row["Title"] == '\'=HYPERLINK("http://x")'
    assert row["Body (HTML)"] == "'-10% hoje"
    assert check(shop, content.encode()).checked.rows_unchanged == 1


@given(st.text(max_size=20))
def test_no_cell_begins_like_a_formula(cell: str) -> None:
    assert not neutral(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    text = csv_text([cell], [[cell]])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [[neutral(cell)]] * 2


@given(st.integers(0, 10**12), st.sampled_from(["BRL", "JPY", "KWD"]))
def test_amounts_are_read_as_they_are_written(minor: int, currency: str) -> None:
    assert price(amount(minor, currency), currency) == minor
