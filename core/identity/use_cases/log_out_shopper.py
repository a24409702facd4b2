"""A shopper ends a session: this one by its refresh token, or another of theirs by its id."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.identity.model import digest
from core.shared.errors import NotFound
from core.shared.ids import SessionId, ShopperId
from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class LogOutShopper:
    refresh_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class EndSession:
    shopper_id: ShopperId
    session_id: SessionId


@permission("identity.shopper.sign_in")
def log_out_shopper(cmd: LogOutShopper, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """End the session of the token; nothing happens when it has ended, or never was."""
    with uow() as tx:
        found = tx.shoppers.refresh_token(digest(cmd.refresh_token))
        if found is not None:
            tx.shoppers.revoke_session(found.session.id, clock.wall())


@permission("storefront.account.sign_out")
def end_session(cmd: EndSession, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """End one of the shopper's own sessions. Raises NotFound for any other."""
    with uow() as tx:
        owned = tx.shoppers.owns_session(cmd.shopper_id, cmd.session_id)
        if not owned or not tx.shoppers.revoke_session(cmd.session_id, clock.wall()):
            raise NotFound("There is no such session.")
