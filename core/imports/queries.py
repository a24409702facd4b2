"""What is asked about imports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from core.imports.exporting import COLUMNS, csv_lines, csv_text, product_rows
from core.imports.model import Import
from core.imports.states import FieldChange
from core.shared.ids import ImportId
from core.shared.permission import permission
from ports.catalog import ProductFilter, ProductQueries, ProductRow
from ports.imports import ImportQueries, ImportRow, ProblemFilter, ProblemRow
from ports.paging import MAX_LIMIT, Page, PageRequest
from ports.stores import StoreQueries


@dataclass(frozen=True, slots=True)
class ListImports:
    page: PageRequest = field(default_factory=PageRequest)


@permission("imports.import.read")
def list_imports(query: ListImports, /, *, import_queries: ImportQueries) -> Page[ImportRow]:
    """Newest first. Raises Invalid for a cursor that is not one of ours."""
    return import_queries.page(query.page)


@dataclass(frozen=True, slots=True)
class GetImport:
    import_id: ImportId


@permission("imports.import.read")
def get_import(query: GetImport, /, *, import_queries: ImportQueries) -> Import:
    """Raises NotFound."""
    return import_queries.get(query.import_id)


@dataclass(frozen=True, slots=True)
class ListProblems:
    filter: ProblemFilter
    page: PageRequest = field(default_factory=PageRequest)


@permission("imports.import.read")
def list_problems(query: ListProblems, /, *, import_queries: ImportQueries) -> Page[ProblemRow]:
    """By line. Raises Invalid for a cursor that is not one of ours."""
    return import_queries.problems(query.filter, query.page)


@dataclass(frozen=True, slots=True)
class ListChanges:
    import_id: ImportId


@permission("imports.import.read")
def list_changes(query: ListChanges, /, *, import_queries: ImportQueries) -> Sequence[FieldChange]:
    """The sample of changes that the check kept, by line."""
    return import_queries.changes(query.import_id)


@dataclass(frozen=True, slots=True)
class ExportRefusedRows:
    import_id: ImportId


@permission("imports.import.read")
def export_refused_rows(query: ExportRefusedRows, /, *, import_queries: ImportQueries) -> str:
    """The refused rows under the file's own columns as CSV, to be corrected and handed in again. Raises NotFound."""
    header = [column.name for column in import_queries.get(query.import_id).columns]
    return csv_text(header, import_queries.refused_rows(query.import_id))


@dataclass(frozen=True, slots=True)
class ExportProducts:
    """Products as `filter` chooses and sorts them."""

    filter: ProductFilter = field(default_factory=ProductFilter)


@permission("catalog.product.read")
def export_products(
    query: ExportProducts,
    /,
    *,
    product_queries: ProductQueries,
    import_queries: ImportQueries,
    store_queries: StoreQueries,
) -> Iterator[str]:
    """A CSV file in Shopify's columns, piece by piece, read page by page while it is being sent."""
    return _exported(query.filter, product_queries, import_queries, store_queries.current().currency)


def _exported(
    filter_: ProductFilter, product_queries: ProductQueries, import_queries: ImportQueries, currency: str
) -> Iterator[str]:
    yield csv_lines([COLUMNS])
    page: Page[ProductRow] = product_queries.page(filter_, PageRequest(MAX_LIMIT))
    while page.rows:
        for product in import_queries.products([row.id for row in page.rows]):
            yield csv_lines(product_rows(product, currency))
        if page.next is None:
            return
        page = product_queries.page(filter_, PageRequest(MAX_LIMIT, page.next))
