"""Staff of several stores say in which one they work now."""

from __future__ import annotations

from dataclasses import dataclass

from core.identity.model import Membership
from core.shared.errors import NotFound
from core.shared.ids import SessionId, StaffId, StoreId
from core.shared.permission import permission
from ports.identity import PlatformUnitOfWork


@dataclass(frozen=True, slots=True)
class ChooseStore:
    staff_id: StaffId
    session_id: SessionId
    store_id: StoreId


@permission("identity.session.manage")
def choose_store(cmd: ChooseStore, /, *, platform: PlatformUnitOfWork) -> Membership:
    """Move the session to the store. Raises NotFound when the person does not work there."""
    with platform() as tx:
        for membership in tx.staff.memberships(cmd.staff_id):
            if membership.store_id == cmd.store_id:
                tx.staff.move_session(cmd.session_id, cmd.store_id)
                return membership
    raise NotFound("You are no member of such a store.")
