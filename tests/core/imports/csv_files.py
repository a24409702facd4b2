"""Product files for tests, made from rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from core.imports.grouping import ProductFile, ProductRows
from core.imports.problems import Problem
from core.imports.reading import CsvFile

COLUMNS = (
    "Handle", "Title", "Body (HTML)", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Variant SKU",
    "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Price", "Variant Compare At Price",
    "Image Src", "Published", "Tags",
)  # fmt: skip


def text_of(rows: Sequence[Mapping[str, str]], *, columns: Sequence[str] = COLUMNS, separator: str = ",") -> str:
    """A CSV file with `rows`; what a row doesn't name is empty."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def bytes_of(rows: Sequence[Mapping[str, str]], *, columns: Sequence[str] = COLUMNS, separator: str = ",") -> bytes:
    return text_of(rows, columns=columns, separator=separator).encode()


def mug(**cells: str) -> dict[str, str]:
    """A good row of a product without options; keywords are columns, `Variant_Price` for "Variant Price"."""
    row = {"Handle": "caneca", "Title": "Caneca Barro", "Variant Price": "69.90"}
    return row | {name.replace("_", " "): value for name, value in cells.items()}


def read(content: bytes, currency: str = "BRL") -> tuple[list[ProductRows], list[Problem], ProductFile]:
    """The products of a file, all problems in its order, and the file."""
    file = ProductFile(CsvFile(io.BytesIO(content)), currency)
    products: list[ProductRows] = []
    problems: list[Problem] = []
    for product in file:
        problems += product.strays + product.problems
        if product.handle:
            products.append(product)
    return products, sorted(problems, key=lambda problem: problem.line), file
