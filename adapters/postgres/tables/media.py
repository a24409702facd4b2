"""Pictures: the blob by its hash, and where imported pictures came from."""

from __future__ import annotations

import sqlalchemy as sa

from adapters.postgres.tables import instant, integer, scoped, text

media = scoped(
    "media",
    text("sha256"),
    text("content_type"),
    integer("width"),
    integer("height"),
    integer("size_bytes"),
    instant("created_at"),
    sa.UniqueConstraint("store_id", "sha256"),
    sa.Index("ix_media_sha256", "sha256"),
)
