"""Products of an import, written set by set: staged by COPY, then one INSERT ... SELECT for each table.

A set that the database refuses is undone and written again product by product, so that only the product that is at
fault stays out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from adapters.postgres import documents, import_staging
from adapters.postgres.import_packing import Packed, PostgresImportPacker
from adapters.postgres.import_statements import NEW, NEW_AND_CHANGED, SERVED
from adapters.postgres.inventory_rows import default_location
from adapters.postgres.session import Row, Session
from core.imports.events import ProductsImported
from core.imports.planning import ProductPlan, undone
from core.shared.ids import ImportId

_REFUSALS = {
    "uq_variants_store_id_sku_folded": ("sku_taken", "Another variant of the shop has this SKU."),
    "ck_stock_items_available_not_negative": ("below_reserved", "More is reserved by orders and payments."),
    "uq_products_store_id_slug": ("handle_taken", "Another product has got this address meanwhile."),
}
_OTHER_REFUSAL = ("not_written", "The database refused the product; somebody else may have changed it meanwhile.")

_TOUCH = sa.text("UPDATE products SET updated_at = :now WHERE id = ANY(CAST(:ids AS uuid[])) AND updated_at <> :now")
_CLEAR = sa.text("SELECT clear_import_rows(:import_id)")


def write(
    session: Session, import_id: UUID, version: int, packed: Packed, *, currency: str, reason: str
) -> list[ProductPlan]:
    """Write what is `packed`, prices in `currency`; `reason` stands with movements of stock. Returns the plans as they
    ended.

    `version` is the import's, which orders the event that tells of the products.
    """
    ended = list(packed.plans)
    if not packed.writes:
        return ended
    values = {
        "import_id": import_id,
        "store_id": session.store_id,
        "location_id": default_location(session),
        "currency": currency,
        "reason": reason,
    }
    written = [packed]
    try:
        _write_set(session, values, packed)
    except IntegrityError:
        written = _write_each(session, values, ended)
    _tell(session, ImportId(import_id), version, written)
    return ended


def _write_each(session: Session, values: Row, plans: list[ProductPlan]) -> list[Packed]:
    """Write product by product; in `plans` those that the database refuses become undone. Returns what was written."""
    packer = PostgresImportPacker(session.clock, session.ids)
    written = []
    for at, plan in enumerate(plans):
        packed = packer.pack(values["import_id"], [plan], values["currency"])
        try:
            _write_set(session, values, packed)
        except IntegrityError as violation:
            name = getattr(getattr(violation.orig, "diag", None), "constraint_name", None)
            plans[at] = undone(plan, *_REFUSALS.get(name or "", _OTHER_REFUSAL))
        else:
            written.append(packed)
    return written


def _write_set(session: Session, values: Row, packed: Packed) -> None:
    if not packed.writes:
        return
    values = {**values, "now": packed.at}
    steps = NEW_AND_CHANGED if packed.changed else NEW
    with session.connection.begin_nested():
        import_staging.send(session, packed.rows)
        for step in (*steps, *SERVED) if packed.created else steps:
            if packed.rows[step.kind]:
                session.write(step.statement, {name: values[name] for name in step.parameters})
        if packed.changed:
            session.write(_TOUCH, {"ids": packed.changed, "now": packed.at})
        session.write(_CLEAR, {"import_id": values["import_id"]})


def _tell(session: Session, import_id: ImportId, version: int, written: Sequence[Packed]) -> None:
    """Bring what shoppers are served up to date, and say which products were written."""
    created, changed, published, withdrawn = (
        tuple(chain.from_iterable(getattr(packed, name) for packed in written))
        for name in ("created", "changed", "published", "withdrawn")
    )
    if not created and not changed:
        return
    documents.rewrite(session, changed)
    if any(packed.puts_on_sale for packed in written):
        documents.bump(session)
    session.emit([ProductsImported(import_id, created, changed, published, withdrawn)], import_id, version)
