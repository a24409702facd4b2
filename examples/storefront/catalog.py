"""The product list and the product's page."""

from __future__ import annotations

from collections import Counter
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from examples.storefront.api import ApiProblem, Json, segment
from examples.storefront.formats import percent_off
from examples.storefront.shop import api

pages = Blueprint("catalog", __name__)

PAGE = 20
SORTS = {
    "newest": "Novidades",
    "price_asc": "Menor preço",
    "price_desc": "Maior preço",
    "title": "De A a Z",
}
FILTERS = ("q", "tag", "vendor")


@pages.get("/")
def index() -> str | Response:
    """Products with search, sort and pages."""
    wanted = {name: request.args[name].strip()[:100] for name in FILTERS if request.args.get(name, "").strip()}
    sort = request.args.get("sort", "newest")
    query = {**wanted, "sort": sort if sort in SORTS else "newest", "limit": str(PAGE)}
    cursor = request.args.get("cursor", "")
    try:
        found = api().get("/products", {**query, "cursor": cursor} if cursor else query)
    except ApiProblem as error:
        if cursor and error.status < 500:  # a cursor that is no longer good: begin at the first page
            return redirect(f"{url_for('catalog.index')}?{urlencode({**wanted, 'sort': query['sort']})}")
        raise
    return render_template(
        "list.html",
        products=found["data"],
        next=found.get("next"),
        wanted=wanted,
        sort=query["sort"],
        sorts=SORTS,
        tags=_tags(found["data"], wanted.get("tag")),
        later=bool(cursor),
        percent_off=percent_off,
    )


@pages.get("/products/<slug>")
def product(slug: str) -> str:
    """One product; `?variant=` is the one that is chosen."""
    return product_page(slug, request.args.get("variant", ""))


def product_page(slug: str, variant_id: str, quantity: str = "1", error: str = "") -> str:
    """The page of the product `slug`, with what was chosen and why it could not be added."""
    found = api().get(f"/products/{segment(slug)}")
    chosen = _chosen(found["variants"], variant_id)
    more = [p for p in api().get("/products", {"limit": "5"})["data"] if p["id"] != found["id"]][:4]
    return render_template(
        "product.html",
        product=found,
        chosen=chosen,
        images=_images(found, chosen),
        options=_options(found, chosen),
        more=more,
        quantity=quantity,
        error=error,
        percent_off=percent_off,
    )


def _tags(products: list[Json], active: str | None) -> list[str]:
    """Up to six tags of the products shown, the commonest first; the active one is shown apart."""
    counts = Counter(tag for product in products for tag in product["tags"] if tag != active)
    return [tag for tag, _ in counts.most_common(6)]


def _chosen(variants: list[Json], variant_id: str) -> Json:
    """The variant asked for; else the first that can be bought; else the first."""
    for variant in variants:
        if variant["id"] == variant_id:
            return variant
    return next((variant for variant in variants if variant["in_stock"]), variants[0])


def _images(product: Json, chosen: Json) -> list[Json | None]:
    """The chosen variant's picture first, then the product's; one empty place when there is none."""
    first = chosen.get("image")
    rest = [image for image in product.get("images") or [] if not first or image["url"] != first["url"]]
    return [*([first] if first else []), *rest] or [None]


def _options(product: Json, chosen: Json) -> list[Json]:
    """Each option with, per value, the variant it leads to: the nearest to the one chosen."""
    if len(product["variants"]) < 2:
        return []
    groups = []
    for option in product["options"]:
        name, values = option["name"], []
        for value in option["values"]:
            target = _nearest(product["variants"], chosen, name, value)
            if target:
                values.append({"value": value, "variant": target, "chosen": chosen["options"].get(name) == value})
        groups.append({"name": name, "choices": values, "value": chosen["options"].get(name, "")})
    return groups


def _nearest(variants: list[Json], chosen: Json, name: str, value: str) -> Json | None:
    fitting = [variant for variant in variants if variant["options"].get(name) == value]

    def kinship(variant: Json) -> tuple[int, bool]:
        same = sum(variant["options"].get(key) == other for key, other in chosen["options"].items() if key != name)
        return same, bool(variant["in_stock"])

    return max(fitting, key=kinship, default=None)
