"""Imports through their use cases, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.imports.model import Import, ImportState
from core.imports.queries import (
    ExportRefusedRows,
    GetImport,
    ListChanges,
    ListProblems,
    export_refused_rows,
    get_import,
    list_changes,
    list_problems,
)
from core.imports.states import FieldChange
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.imports.use_cases.check_import import CheckImport, check_import
from core.imports.use_cases.confirm_import import ConfirmImport, confirm_import
from core.imports.use_cases.start_import import StartImport, start_import
from core.shared.ids import ImportId
from ports.imports import ProblemFilter, ProblemRow
from ports.paging import PageRequest
from tests.core.imports.csv_files import bytes_of
from tests.shop import Shop

FIXTURES = Path(__file__).parents[2] / "fixtures"


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def check(shop: Shop, content: bytes, name: str = "catalogo.csv") -> Import:
    """Hand a file in and have it checked."""
    command = StartImport(name, [content], "Júlia Prado", in_background=False)
    import_id = shop.run(start_import, command)
    shop.run(check_import, CheckImport(import_id))
    return import_of(shop, import_id)


def apply(shop: Shop, import_id: ImportId) -> Import:
    """Confirm and apply."""
    shop.run(confirm_import, ConfirmImport(import_id, in_background=False))
    shop.run(apply_import, ApplyImport(import_id))
    return import_of(shop, import_id)


def import_file(shop: Shop, content: bytes) -> Import:
    """The whole way of a file that changes something."""
    done = apply(shop, check(shop, content).id)
    assert done.state is ImportState.DONE
    return done


def import_rows(shop: Shop, *rows: Mapping[str, str]) -> Import:
    return import_file(shop, bytes_of(rows))


def import_of(shop: Shop, import_id: ImportId) -> Import:
    found = shop.read(get_import, GetImport(import_id))
    assert isinstance(found, Import)
    return found


def problems_of(shop: Shop, import_id: ImportId) -> Sequence[ProblemRow]:
    filter_ = ProblemFilter(import_id)
    found: Sequence[ProblemRow] = shop.read(list_problems, ListProblems(filter_, PageRequest(100))).rows
    return found


def changes_of(shop: Shop, import_id: ImportId) -> Sequence[FieldChange]:
    found: Sequence[FieldChange] = shop.read(list_changes, ListChanges(import_id))
    return found


def refused_rows_of(shop: Shop, import_id: ImportId) -> str:
    found = shop.read(export_refused_rows, ExportRefusedRows(import_id))
    assert isinstance(found, str)
    return found


def catalogue_of(shop: Shop) -> dict[str, Any]:
    """Everything an import writes, without ids and times: two runs that end the same are equal in it."""
    variants = shop.sql("""
        SELECT p.slug, p.title, p.description_html, p.vendor, p.product_type, p.tags, p.status, p.options, p.version,
            p.seo_title, p.seo_description, p.published_at IS NOT NULL AS published, v.position, v.title AS variant,
            v.option_values, v.sku, v.sku_folded, v.barcode, v.price_minor, v.compare_at_minor, v.cost_minor,
            v.currency, v.weight_grams, v.tax_category, v.tracked, v.requires_shipping, v.version AS variant_version,
            p.stock_state, v.stock_state AS variant_stock_state,
            s.on_hand, s.reserved, s.version AS stock_version,
            (SELECT coalesce(sum(m.quantity), 0) FROM stock_movements m WHERE m.stock_item_id = s.id) AS moved,
            (SELECT count(*) FROM stock_movements m WHERE m.stock_item_id = s.id) AS movements
        FROM products p JOIN variants v ON v.product_id = p.id LEFT JOIN stock_items s ON s.variant_id = v.id
        ORDER BY p.slug, v.position""")
    pictures = shop.sql("""
        SELECT p.slug, m.source_url, m.alt, m.position FROM product_media m JOIN products p ON p.id = m.product_id
        ORDER BY p.slug, m.position""")
    documents = shop.sql("SELECT slug, title_folded, price_minor FROM product_documents ORDER BY slug")
    tags = shop.sql("""
        SELECT p.slug, t.tag_folded, t.title_folded, t.price_minor, t.published_at IS NOT NULL AS on_sale
        FROM product_tags t JOIN products p ON p.id = t.product_id ORDER BY p.slug, t.tag_folded""")
    return {"variants": variants, "pictures": pictures, "documents": documents, "tags": tags}
