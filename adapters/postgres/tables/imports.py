"""Imports: the job, what it refused and what it would change, and the staging of its rows."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import (
    STAGING,
    document,
    instant,
    integer,
    metadata,
    minor,
    one_of,
    reference,
    scoped,
    text,
    uuid,
    version,
)
from core.imports.model import ImportState

imports = scoped(
    "imports",
    text("kind"),
    text("state"),
    text("file_name"),
    text("file_key"),
    integer("file_bytes"),
    document("dialect"),
    document("columns"),
    document("counts"),
    document("effects"),
    integer("checkpoint"),
    text("failure", nullable=True),
    text("created_by"),
    instant("created_at"),
    instant("checked_at", nullable=True),
    instant("started_at", nullable=True),
    instant("finished_at", nullable=True),
    version(),
    one_of("state", ImportState),
    sa.Index("ix_imports_store_created_at", "store_id", "created_at", "id"),
)

import_problems = scoped(
    "import_problems",
    uuid("import_id"),
    integer("line"),
    text("handle"),
    text("column"),
    text("code"),
    text("value"),
    text("message"),
    text("row"),
    reference("import_id", "imports", ondelete="CASCADE"),
    sa.Index("ix_import_problems_import", "store_id", "import_id", "line"),
)

import_changes = scoped(
    "import_changes",
    uuid("import_id"),
    integer("line"),
    text("handle"),
    text("title"),
    text("subject"),
    text("field"),
    document("before", nullable=True),
    document("after", nullable=True),
    reference("import_id", "imports", ondelete="CASCADE"),
    sa.Index("ix_import_changes_import", "store_id", "import_id", "line"),
)

# COPY does not work under row-level security, so rows are copied here first, keyed by the import. Filled and read
# only through an import of the caller's own store; `unlogged`, because the file is the truth until it is applied.
import_rows = sa.Table(
    "import_rows",
    metadata,
    uuid("import_id"),
    integer("line"),
    integer("product_no"),
    text("handle"),
    text("title", nullable=True),
    text("description_html", nullable=True),
    text("vendor", nullable=True),
    text("product_type", nullable=True),
    sa.Column("tags", sa.ARRAY(sa.Text), nullable=True),
    sa.Column("published", sa.Boolean, nullable=True),
    document("options", nullable=True),
    document("option_values", nullable=True),
    text("variant_title", nullable=True),
    text("sku", nullable=True),
    text("barcode", nullable=True),
    integer("weight_grams", nullable=True),
    sa.Column("tracked", sa.Boolean, nullable=True),
    integer("quantity", nullable=True),
    minor("price_minor", nullable=True),
    minor("compare_at_minor", nullable=True),
    minor("cost_minor", nullable=True),
    sa.Column("requires_shipping", sa.Boolean, nullable=True),
    sa.Column("taxable", sa.Boolean, nullable=True),
    text("image_url", nullable=True),
    integer("image_position", nullable=True),
    text("image_alt", nullable=True),
    text("seo_title", nullable=True),
    text("seo_description", nullable=True),
    sa.Index("ix_import_rows_import", "import_id", "product_no", "line"),
    schema=STAGING,
    prefixes=["UNLOGGED"],
)
