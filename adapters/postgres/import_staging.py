"""Planned products as rows of the staging table: COPY text, made without asking the database, and its sending."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

import psycopg

from adapters.postgres.product_tags import folded_tags
from adapters.postgres.session import Session
from core.catalog.documents import encode, make_document, search_words
from core.catalog.lifecycle import ProductStatus
from core.catalog.model import Product
from core.catalog.stock_state import StockState
from core.catalog.variant import sku_key, variant_title
from core.imports.states import PicturePlan, ProductState, VariantPlan
from core.shared.words import folded

_KEYS = ("import_id", "kind", "id", "product_id", "position")
# The columns that a kind of row fills: what it doesn't fill costs nothing.
_KINDS: Mapping[str, Sequence[str]] = {
    "product": (
        *_KEYS, "title", "title_folded", "slug", "description_html", "vendor", "vendor_folded", "product_type", "tags",
        "status", "options", "seo_title", "seo_description", "stock_state", "price_minor", "summary", "page", "words",
        "tags_folded",
    ),
    "variant": (
        *_KEYS, "title", "option_values", "sku", "sku_folded", "barcode", "price_minor", "compare_at_minor",
        "cost_minor", "weight_grams", "tax_category", "tracked", "requires_shipping", "stock_state",
    ),
    "stock": (*_KEYS, "variant_id", "on_hand", "change", "movement_id", "status"),
    "picture": (*_KEYS, "source_url", "title"),
}  # fmt: skip
_COPIES = {kind: f"COPY staging.import_rows ({', '.join(columns)}) FROM STDIN" for kind, columns in _KINDS.items()}
_NULL = r"\N"

Rows = Mapping[str, list[str]]


def no_rows() -> Rows:
    """No rows of any kind yet."""
    return {kind: [] for kind in _KINDS}


def send(session: Session, rows: Rows) -> None:
    """COPY `rows` into the staging table."""
    connection = cast("psycopg.Connection[Any]", session.connection.connection.driver_connection)
    with connection.cursor() as cursor:
        for kind, lines in rows.items():
            if lines:
                with cursor.copy(_COPIES[kind]) as copy:
                    copy.write("".join(lines).encode())


def product_line(
    import_id: UUID,
    id_: UUID,
    state: ProductState,
    stock_state: StockState | None,
    new: Product | None,
    in_stock: Mapping[UUID, bool],
) -> str:
    """A product; a `new` one with what shoppers are served of it, whose variants can be bought as `in_stock` says."""
    served = _served(new, in_stock) if new else (_NULL,) * 5
    return _line(
        import_id.hex, "product", id_.hex, id_.hex, "0", _text(state.title), _text(folded(state.title)),
        _text(state.slug), _text(state.description_html), _text(state.vendor), _text(folded(state.vendor)),
        _text(state.product_type), _array(state.tags), state.status, _options(state.options), _text(state.seo_title),
        _text(state.seo_description), stock_state or _NULL, *served,
    )  # fmt: skip


def _served(product: Product, in_stock: Mapping[UUID, bool]) -> tuple[str, str, str, str, str]:
    """Lowest price, summary and page while it is on sale, words and folded tags."""
    summary = page = _NULL
    if product.status is ProductStatus.PUBLISHED:
        document = make_document(product, in_stock)
        summary, page = _text(document.summary.decode()), _text(document.page.decode())
    price = str(product.price_range[0].minor)
    return price, summary, page, _text(search_words(product)), _array(folded_tags(product.tags))


def variant_line(
    import_id: UUID, id_: UUID, product_id: UUID, plan: VariantPlan, names: tuple[str, ...], stock: StockState | None
) -> str:
    """A variant, of a product with options of these names."""
    state = plan.state
    title, values = _values(names, state.option_values)
    return _line(
        import_id.hex, "variant", id_.hex, product_id.hex, str(plan.position), title, values, _text(state.sku),
        _text(sku_key(state.sku)), _text(state.barcode), str(state.price), _number(state.compare_at),
        _number(state.cost), str(state.grams), state.tax_category, _truth(state.tracked),
        _truth(state.requires_shipping), stock or _NULL,
    )  # fmt: skip


def stock_line(
    import_id: UUID, id_: UUID, product_id: UUID, variant_id: UUID, plan: VariantPlan, movement_id: UUID
) -> str:
    """Units on the shelf, how many more than before, and the movement that says so."""
    on_hand = plan.on_hand or 0
    kind = "initial" if plan.id is None else "import"
    return _line(
        import_id.hex, "stock", id_.hex, product_id.hex, "0", variant_id.hex, str(on_hand),
        str(on_hand - plan.on_hand_before), movement_id.hex, kind,
    )  # fmt: skip


def picture_line(import_id: UUID, id_: UUID, product_id: UUID, plan: PicturePlan) -> str:
    """A picture by its address."""
    return _line(
        import_id.hex, "picture", id_.hex, product_id.hex, str(plan.position), _text(plan.url), _text(plan.alt)
    )


# The text format of COPY: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS
def _line(*cells: str) -> str:
    return "\t".join(cells) + "\n"


def _text(value: str | None) -> str:
    if value is None:
        return _NULL
    for sign, escape in (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t")):
        if sign in value:
            value = value.replace(sign, escape)
    return value


def _number(value: int | None) -> str:
    return _NULL if value is None else str(value)


def _truth(value: bool) -> str:
    return "t" if value else "f"


@lru_cache(maxsize=1024)
def _array(items: Sequence[str]) -> str:
    quoted = [item.replace("\\", "\\\\").replace('"', '\\"') for item in items]
    return _text("{" + ",".join(f'"{item}"' for item in quoted) + "}")


@lru_cache(maxsize=1024)
def _options(options: tuple[tuple[str, tuple[str, ...]], ...]) -> str:
    return _text(encode([{"name": name, "values": values} for name, values in options]))


@lru_cache(maxsize=4096)
def _values(names: tuple[str, ...], option_values: tuple[str, ...]) -> tuple[str, str]:
    """A variant's title and its values by option."""
    values = dict(zip(names, option_values, strict=True))
    return _text(variant_title(values)), _text(encode(values))
