"""People and machines: staff with memberships and sessions, shoppers with sessions, API keys."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from adapters.postgres.tables import (
    boolean,
    instant,
    integer,
    metadata,
    one_of,
    reference,
    scoped,
    strings,
    text,
    uuid,
    version,
)
from core.identity.roles import Role

staff = sa.Table(
    "staff",
    metadata,
    uuid("id", primary_key=True),
    text("email"),
    text("email_folded"),
    text("name"),
    text("password_hash"),
    text("locale"),
    text("theme"),
    boolean("enabled"),
    instant("created_at"),
    version(),
    sa.UniqueConstraint("email_folded"),
)

memberships = scoped(
    "memberships",
    uuid("staff_id"),
    text("role"),
    instant("created_at"),
    sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
    sa.UniqueConstraint("store_id", "staff_id"),
    one_of("role", Role),
    sa.Index("ix_memberships_staff_id", "staff_id"),
)

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    uuid("id", primary_key=True),
    sa.Column("token_hash", BYTEA, nullable=False),
    uuid("staff_id"),
    uuid("store_id", nullable=True),
    text("user_agent"),
    instant("created_at"),
    instant("expires_at"),
    instant("revoked_at", nullable=True),
    sa.UniqueConstraint("token_hash"),
    sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
    sa.ForeignKeyConstraint(["store_id"], ["stores.id"]),
    sa.Index("ix_staff_sessions_staff_id", "staff_id"),
)

shoppers = scoped(
    "shoppers",
    text("email"),
    text("email_folded"),
    text("name"),
    text("password_hash"),
    instant("created_at"),
    version(),
    sa.UniqueConstraint("store_id", "email_folded"),
)

# Of no store: a bucket is the digest of where sign-in was tried, and `until` says when it is forgotten.
sign_in_tries = sa.Table(
    "sign_in_tries",
    metadata,
    sa.Column("bucket", BYTEA, primary_key=True),
    integer("failed"),
    instant("until"),
    sa.Index("ix_sign_in_tries_until", "until"),
)

shopper_sessions = scoped(
    "shopper_sessions",
    uuid("shopper_id"),
    instant("created_at"),
    instant("expires_at"),
    instant("revoked_at", nullable=True),
    reference("shopper_id", "shoppers"),
)

refresh_tokens = scoped(
    "refresh_tokens",
    uuid("session_id"),
    sa.Column("token_hash", BYTEA, nullable=False),
    instant("created_at"),
    instant("expires_at"),
    instant("used_at", nullable=True),
    sa.UniqueConstraint("token_hash"),
    reference("session_id", "shopper_sessions"),
)

api_keys = scoped(
    "api_keys",
    text("kind"),
    text("label"),
    text("prefix"),
    sa.Column("token_hash", BYTEA, nullable=False),
    strings("origins"),
    strings("scopes"),
    instant("created_at"),
    instant("revoked_at", nullable=True),
    sa.UniqueConstraint("token_hash"),
    one_of("kind", ("publishable", "secret")),
    sa.CheckConstraint("kind <> 'publishable' OR cardinality(origins) > 0", name="origins"),
)
