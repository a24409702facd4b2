"""What a shopper's sessions begin with and go on with: an access token and the next refresh token."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.identity.model import SHOPPER_SESSION, ShopperSession, digest
from core.shared.ids import SessionId, ShopperId
from ports.identity import ShopperAccount
from ports.ids import Ids
from ports.tokens import AccessClaims, AccessTokens
from ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class Tokens:
    """Both tokens are told this once."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    account: ShopperAccount


def begin(tx: Transaction, ids: Ids, tokens: AccessTokens, account: ShopperAccount, at: datetime) -> Tokens:
    """Begin a session of `account` in the open transaction."""
    refresh = ids.secret()
    session = ShopperSession(SessionId(ids.new()), account.id, at, at + SHOPPER_SESSION)
    tx.shoppers.add_session(session, digest(refresh))
    return Tokens(access(tx, tokens, session.id, account.id, at), refresh, account)


def access(tx: Transaction, tokens: AccessTokens, session_id: SessionId, shopper_id: ShopperId, at: datetime) -> str:
    """An access token of the session."""
    return tokens.issue(AccessClaims(shopper_id, session_id, tx.stores.current().id), at)
