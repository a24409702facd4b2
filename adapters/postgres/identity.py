"""Shoppers with their sessions, and API keys, on PostgreSQL."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from adapters.postgres.session import Session
from adapters.postgres.tables.identity import api_keys, refresh_tokens, shopper_sessions, shoppers
from core.identity.errors import EmailTaken
from core.identity.model import (
    ApiKey,
    RefreshToken,
    Shopper,
    ShopperSession,
    email_key,
)
from core.shared.errors import NotFound
from core.shared.ids import SessionId, ShopperId
from ports.identity import ShopperAccount

_BY_EMAIL = sa.select(shoppers).where(shoppers.c.email_folded == sa.bindparam("email"))

_TOKEN = (
    sa.select(
        refresh_tokens.c.token_hash,
        refresh_tokens.c.used_at,
        shopper_sessions.c.id,
        shopper_sessions.c.shopper_id,
        shopper_sessions.c.created_at,
        shopper_sessions.c.expires_at,
        shopper_sessions.c.revoked_at,
    )
    .join(shopper_sessions, shopper_sessions.c.id == refresh_tokens.c.session_id)
    .where(refresh_tokens.c.token_hash == sa.bindparam("hash"))
    .with_for_update()
)


class PostgresShoppers:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, shopper: Shopper) -> None:
        values = {
            "id": shopper.id,
            "store_id": self._session.store_id,
            "email": shopper.email,
            "email_folded": email_key(shopper.email),
            "name": shopper.name,
            "password_hash": shopper.password_hash,
            "created_at": shopper.created_at,
            "version": 0,
        }
        self._session.write(sa.insert(shoppers), values, errors={"uq_shoppers_store_id_email_folded": EmailTaken()})
        # The log names the account by its id; who it is stands in the account.
        self._session.changed("shopper", shopper.id, None, {"created_at": shopper.created_at})

    def by_email(self, email: str) -> Shopper | None:
        row = self._session.row(_BY_EMAIL, {"email": email_key(email)})
        if row is None:
            return None
        return Shopper(
            id=ShopperId(row["id"]),
            email=row["email"],
            name=row["name"],
            password_hash=row["password_hash"],
            created_at=row["created_at"],
        )

    def add_session(self, session: ShopperSession, token_hash: bytes) -> None:
        self._session.write(
            sa.insert(shopper_sessions),
            {
                "id": session.id,
                "store_id": self._session.store_id,
                "shopper_id": session.shopper_id,
                "created_at": session.created_at,
                "expires_at": session.expires_at,
                "revoked_at": None,
            },
        )
        self._session.changed("shopper_session", session.id, None, {"shopper_id": session.shopper_id})
        self._add_token(session, token_hash, session.created_at)

    def _add_token(self, session: ShopperSession, token_hash: bytes, at: datetime) -> None:
        self._session.write(
            sa.insert(refresh_tokens),
            {
                "id": self._session.ids.new(),
                "store_id": self._session.store_id,
                "session_id": session.id,
                "token_hash": token_hash,
                "created_at": at,
                "expires_at": session.expires_at,
                "used_at": None,
            },
        )

    def refresh_token(self, token_hash: bytes) -> RefreshToken | None:
        row = self._session.row(_TOKEN, {"hash": token_hash})
        if row is None:
            return None
        session = ShopperSession(
            id=SessionId(row["id"]),
            shopper_id=ShopperId(row["shopper_id"]),
            created_at=row["created_at"],
            expires_at=row["expires_at"],
            revoked_at=row["revoked_at"],
        )
        return RefreshToken(bytes(row["token_hash"]), session, row["used_at"])

    def rotate(self, token: RefreshToken, token_hash: bytes, at: datetime) -> None:
        self._session.write(
            sa.update(refresh_tokens).where(refresh_tokens.c.token_hash == token.token_hash).values(used_at=at)
        )
        self._add_token(token.session, token_hash, at)

    def revoke_session(self, session_id: SessionId, at: datetime) -> bool:
        ended = self._session.write(
            sa.update(shopper_sessions)
            .where(shopper_sessions.c.id == session_id, shopper_sessions.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )
        if ended.rowcount:
            self._session.changed("shopper_session", session_id, {"revoked_at": None}, {"revoked_at": at})
        return bool(ended.rowcount)

    def account(self, shopper_id: ShopperId) -> ShopperAccount:
        row = self._session.row(
            sa.select(shoppers.c.id, shoppers.c.email, shoppers.c.name).where(shoppers.c.id == shopper_id)
        )
        if row is None:
            raise NotFound("There is no such account.")
        return ShopperAccount(ShopperId(row["id"]), row["email"], row["name"])

    def owns_session(self, shopper_id: ShopperId, session_id: SessionId) -> bool:
        owned = sa.select(shopper_sessions.c.id).where(
            shopper_sessions.c.id == session_id, shopper_sessions.c.shopper_id == shopper_id
        )
        return self._session.row(owned) is not None


class PostgresKeys:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, key: ApiKey) -> None:
        shown = {
            "kind": key.kind.value,
            "label": key.label,
            "prefix": key.prefix,
            "origins": list(key.origins),
            "scopes": list(key.scopes),
        }
        self._session.write(
            sa.insert(api_keys),
            {
                "id": key.id,
                "store_id": self._session.store_id,
                "token_hash": key.token_hash,
                "created_at": key.created_at,
                "revoked_at": None,
                **shown,
            },
        )
        self._session.changed("key", key.id, None, shown)

    def revoke(self, prefix: str, at: datetime) -> None:
        row = self._session.row(
            sa.select(api_keys.c.id).where(api_keys.c.prefix == prefix, api_keys.c.revoked_at.is_(None))
        )
        if row is None:
            raise NotFound("There is no such key.")
        self._session.write(sa.update(api_keys).where(api_keys.c.id == row["id"]).values(revoked_at=at))
        self._session.changed("key", row["id"], {"revoked_at": None}, {"revoked_at": at})
