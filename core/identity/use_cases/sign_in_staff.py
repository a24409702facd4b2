"""Staff prove who they are and get a session of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from core.identity.model import (
    PASSWORD_LENGTH,
    STAFF_SESSION,
    STAFF_SESSION_KEPT,
    Membership,
    Staff,
    StaffSession,
    digest,
)
from core.identity.tries import STAFF, Door
from core.identity.use_cases.trying import count_try, forget_tries
from core.shared.ids import SessionId
from core.shared.permission import permission
from ports.clock import Clock
from ports.identity import PlatformUnitOfWork
from ports.ids import Ids
from ports.passwords import PasswordHasher


@dataclass(frozen=True, slots=True)
class SignInStaff:
    """`address` is the client's, as the connection names it. `keep` asks for 14 days instead of 12 hours. `previous` is
    the session that this one replaces."""

    email: str
    password: str = field(repr=False)
    address: str
    keep: bool = False
    user_agent: str = ""
    previous: SessionId | None = None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`token` is the session's secret, told this once. `memberships` are the stores to choose from."""

    token: str = field(repr=False)
    expires_at: datetime
    memberships: tuple[Membership, ...]


@permission("identity.staff.sign_in")
def sign_in_staff(
    cmd: SignInStaff, /, *, platform: PlatformUnitOfWork, passwords: PasswordHasher, clock: Clock, ids: Ids
) -> SignedIn:
    """Begin a session. With one membership its store is chosen at once.

    Raises SignInRefused for a wrong pair, SignInPaused after too many of them from the client's address.
    """
    at, door = clock.wall(), Door(STAFF, cmd.email, cmd.address)
    tries = count_try(platform, door, at)
    with platform() as tx:
        staff = tx.staff.by_email(cmd.email)
    # Nobody's account takes as long and is refused in the same words; a far too long password is not hashed.
    stored = staff.password_hash if staff is not None and staff.enabled else None
    password = cmd.password if len(cmd.password) < PASSWORD_LENGTH.stop else ""
    right = passwords.verify(password, stored)
    tries.judge(right, at)
    assert staff is not None  # noqa: S101 - nobody's password is never right
    token = ids.secret()
    forget_tries(platform, door, tries, at)
    with platform() as tx:
        memberships = tuple(tx.staff.memberships(staff.id))
        if cmd.previous is not None:
            tx.staff.end_session(cmd.previous, at)
        session = _session(cmd, staff, token, memberships, at, SessionId(ids.new()))
        tx.staff.add_session(session, staff)
    return SignedIn(token, session.expires_at, memberships)


def _session(
    cmd: SignInStaff, staff: Staff, token: str, memberships: tuple[Membership, ...], at: datetime, id_: SessionId
) -> StaffSession:
    return StaffSession(
        id=id_,
        token_hash=digest(token),
        staff_id=staff.id,
        store_id=memberships[0].store_id if len(memberships) == 1 else None,
        user_agent=cmd.user_agent[:300],
        created_at=at,
        expires_at=at + (STAFF_SESSION_KEPT if cmd.keep else STAFF_SESSION),
    )
