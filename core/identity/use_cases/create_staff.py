"""A person of the back office, made by the command line or the demo."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.identity.model import Staff, checked_email, checked_password
from core.identity.roles import Role
from core.shared.ids import StaffId, StoreId
from core.shared.permission import permission
from ports.clock import Clock
from ports.identity import PlatformUnitOfWork
from ports.ids import Ids
from ports.passwords import PasswordHasher


@dataclass(frozen=True, slots=True)
class CreateStaff:
    """`memberships` are the stores the person works in, each with a role."""

    email: str
    name: str
    password: str = field(repr=False)
    memberships: tuple[tuple[StoreId, Role], ...]


@permission("identity.staff.create")
def create_staff(
    cmd: CreateStaff, /, *, platform: PlatformUnitOfWork, passwords: PasswordHasher, clock: Clock, ids: Ids
) -> StaffId:
    """Raises Invalid for a malformed address or a short password, EmailTaken when the person exists."""
    staff = Staff(
        id=StaffId(ids.new()),
        email=checked_email(cmd.email),
        name=cmd.name.strip(),
        password_hash=passwords.hash(checked_password(cmd.password)),
        created_at=clock.wall(),
    )
    with platform() as tx:
        tx.staff.add(staff)
        for store_id, role in cmd.memberships:
            tx.staff.join(staff.id, store_id, role, staff.created_at)
    return staff.id
