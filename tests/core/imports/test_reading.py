"""Encodings, separators, quotes and sizes of files that we did not write."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from core.imports.reading import CsvFile
from tests.core.imports.csv_files import bytes_of, mug, read, text_of

ROWS = [mug(Title="Caneca Ipê", Tags="cerâmica, café")]


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_encodings_are_found(codec: str, name: str) -> None:
    products, problems, file = read(text_of(ROWS).encode(codec))
    assert file.file.encoding == name
    assert problems == []
    assert products[0].fields.title == "Caneca Ipê"
    assert products[0].fields.tags == ("cerâmica", "café")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_are_found(separator: str) -> None:
    products, problems, file = read(bytes_of([mug(Variant_Price="69,90")], separator=separator))
    assert file.file.separator == separator
    assert problems == []
    assert products[0].variants[0].price == 6990


def test_bytes_that_are_no_utf8_spoil_their_row_only() -> None:
    rows = text_of([mug(Title="Ipê"), mug(Handle="b", Title="XX"), mug(Handle="c", Title="C")]).encode()
    products, problems, _ = read(rows.replace(b"XX", b"\xff\xfe"))
    assert [(p.line, p.column, p.code) for p in problems] == [(3, "Title", "unreadable")]
    assert [p.handle for p in products] == ["caneca", "c"]


def test_line_breaks_in_a_cell_keep_the_count_of_lines() -> None:
    body = "<p>um</p>\r\n<p>dois</p>\n\n<p>três</p>"
    products, problems, _ = read(bytes_of([mug(**{"Body (HTML)": body}), mug(Handle="b", Variant_Price="-1")]))
    assert products[0].fields.description_html == body
    assert [(p.line, p.code) for p in problems] == [(6, "negative")]


def test_a_zero_byte_is_named_with_its_column() -> None:
    _, problems, _ = read(bytes_of([mug(Title="Ca\x00neca")]))
    assert [(p.line, p.column, p.code, p.repair) for p in problems] == [(2, "Title", "zero_byte", "Caneca")]


def test_a_cell_of_one_megabyte_is_read() -> None:
    products, problems, _ = read(bytes_of([mug(**{"Body (HTML)": "x" * 1_000_000})]))
    assert problems == []
    assert len(products[0].fields.description_html or "") == 1_000_000


@pytest.mark.parametrize(
    "cell", ["x" * 10_000_000, '<p class="a">um parágrafo</p>, dois e três\n' * 250_000], ids=["one line", "many lines"]
)
def test_a_cell_of_ten_megabytes_is_a_row_error_in_bounded_memory(cell: str) -> None:
    content = bytes_of([mug(), mug(Handle="b", **{"Body (HTML)": cell}), mug(Handle="c")])
    del cell
    stream = io.BytesIO(content)
    tracemalloc.start()
    file = CsvFile(stream)
    records = [(record.line, record.fault.code if record.fault else None) for record in file.records()]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [code for _, code in records] == [None, "cell_too_large", None]
    assert [line for line, _ in records[:2]] == [2, 3]
    assert peak < 50_000_000


def test_a_quote_that_never_closes_costs_its_own_line() -> None:
    lines = ["Handle,Title,Variant Price", "a,A,1", 'b,"B,2', "c,C,3", 'd,"D",4', "e,E,5"]
    products, problems, _ = read("\n".join(lines).encode())
    assert [(p.line, p.code) for p in problems] == [(3, "unclosed_quote")]
    assert [p.handle for p in products] == ["a", "c", "d", "e"]


def test_a_quote_that_never_closes_in_a_large_file_costs_its_own_line() -> None:
    rows = "".join(f"p{n},Produto de nome bem comprido {n},10\n" for n in range(70_000))
    products, problems, _ = read(f'Handle,Title,Variant Price\na,"A,1\n{rows}'.encode())
    assert [(p.line, p.code) for p in problems] == [(2, "unclosed_quote")]
    assert len(products) == 70_000


def test_blank_rows_are_counted_apart() -> None:
    products, problems, file = read(b"Handle,Title,Variant Price\n\n,,\na,A,1\n")
    assert (len(products), problems, file.rows, file.file.blank_rows) == (1, [], 1, 2)


def test_rows_of_another_width_are_refused() -> None:
    _, problems, _ = read(b"Handle,Title,Variant Price\na,A\nb,B,1,,\nc,C,1,x\n")
    assert [(p.line, p.code) for p in problems] == [(2, "too_few_cells"), (4, "too_many_cells")]


@pytest.mark.parametrize("content", [b"", b"\n", b"\x89PNG\r\n\x1a\n\x00\x00", b'"', b"\xff\xfe", b"\xef\xbb\xbf"])
def test_what_is_no_product_file_lacks_its_columns(content: bytes) -> None:
    products, _, file = read(content)
    assert products == []
    assert file.header.missing == ("Handle", "Title", "Variant Price")


def test_columns_are_known_in_both_spellings_whatever_their_case() -> None:
    head = "URL handle,TITLE,price,Compare-at  price,Cor favorita,Inventory quantity,Inventory tracker"
    products, problems, file = read(f"{head}\na,A,1,2,x,3,shopify\n".encode())
    assert problems == []
    assert (file.header.missing, file.header.ignored) == ((), ("Cor favorita",))
    variant = products[0].variants[0]
    assert (variant.price, variant.compare_at, variant.quantity, variant.tracked) == (100, 200, 3, True)


def test_a_column_that_comes_twice_is_named() -> None:
    assert read(b"Handle,Title,Variant Price,Price\n")[2].header.doubled == ("Price",)
