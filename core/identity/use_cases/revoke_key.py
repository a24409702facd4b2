"""An API key becomes worthless."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.permission import permission
from ports.clock import Clock
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """`prefix` is what lists show of the key."""

    prefix: str


@permission("identity.key.create")
def revoke_key(cmd: RevokeKey, /, *, uow: UnitOfWork, clock: Clock) -> None:
    """From the commit on no request is answered under the key. Raises NotFound."""
    with uow() as tx:
        tx.keys.revoke(cmd.prefix, clock.wall())
