"""Exactly the products that a list shows, as a CSV file in Shopify's columns."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from admin.access import requires
from admin.catalog_index import filter_of_address
from admin.context import read
from core.imports.queries import ExportProducts, export_products

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # Excel takes the file for UTF-8 only with it


@requires("catalog.product.read")
def export() -> Response:
    """The file is sent while it is read, so its length does not matter."""
    lines = read(export_products, ExportProducts(filter_of_address()))

    def marked() -> Iterator[str]:
        yield _MARK
        yield from lines

    response = Response(marked(), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename="products.csv")
    return response
