"""A shopper's session goes on: the refresh token is used up and replaced (RFC 9700, section 4.14.2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.identity.errors import RefreshRefused
from core.identity.model import digest
from core.identity.use_cases.shopper_session import Tokens, access
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.tokens import AccessTokens
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RefreshShopper:
    refresh_token: str = field(repr=False)


@permission("identity.shopper.sign_in")
def refresh_shopper(cmd: RefreshShopper, /, *, uow: UnitOfWork, tokens: AccessTokens, clock: Clock, ids: Ids) -> Tokens:
    """New tokens for the old one. A token that was used before has two holders, so its session ends.

    Raises RefreshRefused.
    """
    at = clock.wall()
    with uow() as tx:
        found = tx.shoppers.refresh_token(digest(cmd.refresh_token))
        if found is not None and found.used_at is None and found.session.alive(at):
            refresh = ids.secret()
            tx.shoppers.rotate(found, digest(refresh), at)
            account = tx.shoppers.account(found.session.shopper_id)
            return Tokens(access(tx, tokens, found.session.id, account.id, at), refresh, account)
        if found is not None and found.used_at is not None:
            tx.shoppers.revoke_session(found.session.id, at)
    raise RefreshRefused()
