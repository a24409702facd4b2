"""Rows to products: options, variants, pictures, and what is refused together."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from core.catalog import rules, variant
from core.imports import cells, grouping
from tests.core.imports.csv_files import bytes_of, mug, read


def shirt(size: str, colour: str = "Azul", **cells: str) -> dict[str, str]:
    names = {"Option1 Name": "Tamanho", "Option2 Name": "Cor"} if size == "P" else {}
    row = mug(Handle="camisa", Title="Camisa" if size == "P" else "", **cells)
    return row | names | {"Option1 Value": size, "Option2 Value": colour}


def codes(*file_rows: Mapping[str, str]) -> list[tuple[int, str, str]]:
    return [(p.line, p.column, p.code) for p in read(bytes_of(file_rows))[1]]


def test_a_product_is_the_run_of_rows_with_one_handle() -> None:
    products, problems, _ = read(
        bytes_of([
            shirt("P", Image_Src="https://a.example/1.jpg"),
            shirt("M", Image_Src="https://a.example/2.jpg"),
            {"Handle": "camisa", "Image Src": "https://a.example/3.jpg"},
            mug(),
        ])
    )  # fmt: skip
    assert problems == []
    first, second = products
    assert first.fields.option_names == ("Tamanho", "Cor")
    assert [v.option_values for v in first.variants] == [("P", "Azul"), ("M", "Azul")]
    assert [p.url[-5:] for p in first.pictures] == ["1.jpg", "2.jpg", "3.jpg"]
    assert (second.fields.option_names, second.variants[0].option_values) == (None, ())


def test_title_and_default_title_are_no_option() -> None:
    products, problems, _ = read(bytes_of([mug(Option1_Name="Title", Option1_Value="Default Title")]))
    assert problems == []
    assert (products[0].fields.option_names, products[0].variants[0].option_values) == ((), ())


def test_stock_counts_only_where_it_is_tracked() -> None:
    products, _, _ = read(
        bytes_of([
            mug(Variant_Inventory_Qty="5", Variant_Inventory_Tracker="shopify"),
            mug(Handle="b", Variant_Inventory_Qty="7"),
        ])
    )  # fmt: skip
    assert [(p.variants[0].tracked, p.variants[0].quantity) for p in products] == [(True, 5), (False, None)]


def test_a_bad_later_row_is_refused_alone_and_can_be_handed_back_alone() -> None:
    products, problems, file = read(bytes_of([shirt("P"), shirt("M", Variant_Price="-1"), shirt("G")]))
    assert [(p.line, p.column, p.code, p.value, p.repair) for p in problems] == [
        (3, "Variant Price", "negative", "-1", "1")
    ]
    assert [v.option_values[0] for v in products[0].variants] == ["P", "G"]
    row = dict(zip(file.header.names, problems[0].cells, strict=True))
    assert (row["Title"], row["Option1 Name"], row["Option1 Value"]) == ("Camisa", "Tamanho", "M")


def test_a_bad_first_row_takes_its_product_with_it() -> None:
    products, problems, _ = read(bytes_of([shirt("P", Variant_Price="x"), shirt("M"), mug()]))
    assert [(p.line, p.code, bool(p.cells)) for p in problems] == [
        (2, "not_a_number", True),
        (3, "product_refused", True),
    ]
    assert [(p.handle, p.refused, len(p.variants)) for p in products] == [("camisa", True, 0), ("caneca", False, 1)]


def test_every_bad_cell_of_a_row_is_named_and_the_row_is_kept_once() -> None:
    bad = mug(Variant_Price="x", Variant_Grams="-1", Image_Src="nowhere", Published="perhaps")
    _, problems, _ = read(bytes_of([bad]))
    assert {p.column for p in problems} == {"Variant Price", "Variant Grams", "Image Src", "Published"}
    assert [bool(p.cells) for p in problems] == [True, False, False, False]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ({"Option1 Value": "P", "Option2 Value": "Azul"}, ("Option1 Value", "repeated_options")),
        ({"Option1 Value": "p", "Option2 Value": "AZUL "}, ("Option1 Value", "repeated_options")),
        ({"Option1 Value": "M"}, ("Option2 Value", "missing_option")),
        ({"Option2 Value": "Azul"}, ("Option1 Value", "missing_option")),
        ({"Option1 Value": "M", "Option2 Value": "Azul", "Variant SKU": "cam-p"}, ("Variant SKU", "repeated_sku")),
        ({"Option1 Value": "M", "Option2 Value": "Azul", "Variant Compare At Price": "5"},
         ("Variant Compare At Price", "compare_at_below_price")),
    ],
)  # fmt: skip
def test_what_later_rows_may_not_say(second: dict[str, str], expected: tuple[str, str]) -> None:
    row = {"Handle": "camisa", "Variant Price": "10"} | second
    assert codes(shirt("P", Variant_SKU="CAM-P"), row) == [(3, *expected)]


def test_a_value_without_an_option_is_refused() -> None:
    row = mug(Option1_Name="Cor", Option1_Value="Azul", Option2_Value="G")
    assert codes(row) == [(2, "Option2 Name", "option_without_name")]


def test_a_handle_that_comes_back_is_an_error_of_the_later_rows() -> None:
    products, problems, _ = read(bytes_of([mug(), mug(Handle="b"), mug(), mug(), mug(Handle="c")]))
    assert [(p.line, p.column, p.code) for p in problems] == [
        (4, "Handle", "repeated_handle"),
        (5, "Handle", "repeated_handle"),
    ]
    assert [p.handle for p in products] == ["caneca", "b", "c"]


def test_a_row_without_a_handle_is_refused_with_one_made_from_its_name() -> None:
    _, problems, _ = read(bytes_of([mug(Handle="")]))
    assert [(p.code, p.repair) for p in problems] == [("missing_handle", "caneca-barro")]


def test_limits_are_those_of_the_catalogue() -> None:
    assert rules.MAX_TITLE == cells.MAX_TEXT
    assert rules.MAX_SEO_DESCRIPTION == cells.MAX_SEO_DESCRIPTION
    assert rules.MAX_VARIANTS == grouping.MAX_VARIANTS
    assert variant.MAX_SKU == cells.MAX_SKU


def test_a_price_before_that_equals_the_price_is_none() -> None:
    products, problems, _ = read(bytes_of([mug(Variant_Compare_At_Price="69.90")]))
    assert (problems, products[0].variants[0].compare_at) == ([], None)
