"""Staff end their session."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.ids import SessionId
from core.shared.permission import permission
from ports.clock import Clock
from ports.identity import PlatformUnitOfWork


@dataclass(frozen=True, slots=True)
class SignOutStaff:
    session_id: SessionId


@permission("identity.session.manage")
def sign_out_staff(cmd: SignOutStaff, /, *, platform: PlatformUnitOfWork, clock: Clock) -> None:
    """End the session; its cookie is worthless from now on, wherever it was copied to."""
    with platform() as tx:
        tx.staff.end_session(cmd.session_id, clock.wall())
