"""Products on sale: list, search, page. Answers are the stored documents, joined and never parsed."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from flask import Response, request
from werkzeug import Response as AnyResponse

from core.catalog.queries import ListOnSale, ShowOnSale, list_on_sale, show_on_sale
from ports.catalog import DocumentFilter
from web.calls import read
from web.pagination import listed, page_request
from web.resource import Resource
from web.schemas.catalog import ProductArguments, ProductDetailSchema, ProductSchema

catalog = Resource("products", description="What is on sale.")


def _json(body: bytes) -> AnyResponse:
    """`body` as it is, under a tag of its content, so that a client that has it already is told so."""
    response = Response(body, content_type="application/json")
    response.set_etag(sha256(body).hexdigest()[:32])
    response.cache_control.no_cache = True
    return response.make_conditional(request)


@catalog.get("/products")
@catalog.arguments(ProductArguments, location="query")
@catalog.response(200, listed(ProductSchema))
def list_products(arguments: dict[str, Any]) -> AnyResponse:
    """List or search products."""
    page = page_request(arguments)
    filter_ = DocumentFilter(search=arguments.pop("q"), **arguments)
    found = read(list_on_sale, ListOnSale(filter_, page))
    following = json.dumps(found.next).encode()
    return _json(b'{"data":[' + b",".join(found.rows) + b'],"next":' + following + b"}")


@catalog.get("/products/<slug>")
@catalog.response(200, ProductDetailSchema)
def show_product(slug: str) -> AnyResponse:
    """Show one product."""
    return _json(read(show_on_sale, ShowOnSale(slug)))
