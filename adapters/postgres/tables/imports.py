"""Imports: the job, what it refused and what it would change, and the staging of its rows."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import (
    STAGING,
    boolean,
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
    document("dialect", nullable=True),
    document("columns"),
    document("checked"),
    document("applied"),
    integer("failed"),
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
    text("title"),
    text("column"),
    text("code"),
    text("value"),
    text("message"),
    text("repair", nullable=True),
    boolean("while_writing"),
    # The row itself stands with the first of its problems.
    sa.Column("cells", sa.ARRAY(sa.Text), nullable=True),
    reference("import_id", "imports", ondelete="CASCADE"),
    sa.UniqueConstraint("store_id", "import_id", "line", "column", "code"),
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
    sa.Index("ix_import_changes_import", "store_id", "import_id", "line", "id"),
)

# COPY does not work under row-level security, so what is to be written is copied here first, keyed by the import, and
# read back through a function that checks the import's store. A chunk's rows live in the chunk's own transaction only;
# `unlogged`, because the file is the truth until it is applied.
import_rows = sa.Table(
    "import_rows",
    metadata,
    uuid("import_id"),
    text("kind"),
    uuid("id"),
    uuid("product_id"),
    integer("position"),
    text("title", nullable=True),
    text("title_folded", nullable=True),
    text("slug", nullable=True),
    text("description_html", nullable=True),
    text("vendor", nullable=True),
    text("vendor_folded", nullable=True),
    text("product_type", nullable=True),
    sa.Column("tags", sa.ARRAY(sa.Text), nullable=True),
    text("status", nullable=True),
    document("options", nullable=True),
    text("seo_title", nullable=True),
    text("seo_description", nullable=True),
    document("option_values", nullable=True),
    text("sku", nullable=True),
    text("sku_folded", nullable=True),
    text("barcode", nullable=True),
    minor("price_minor", nullable=True),
    minor("compare_at_minor", nullable=True),
    minor("cost_minor", nullable=True),
    integer("weight_grams", nullable=True),
    text("tax_category", nullable=True),
    sa.Column("tracked", sa.Boolean, nullable=True),
    sa.Column("requires_shipping", sa.Boolean, nullable=True),
    text("stock_state", nullable=True),
    uuid("variant_id", nullable=True),
    uuid("movement_id", nullable=True),
    integer("on_hand", nullable=True),
    integer("change", nullable=True),
    text("source_url", nullable=True),
    # What shoppers are served of a new product, and what it is found by.
    text("summary", nullable=True),
    text("page", nullable=True),
    text("words", nullable=True),
    sa.Column("tags_folded", sa.ARRAY(sa.Text), nullable=True),
    sa.Index("ix_import_rows_import", "import_id", "kind"),
    schema=STAGING,
    prefixes=["UNLOGGED"],
)
