"""People and machines: how they prove who they are, and for how long that holds.

Secrets are 256 random bits, kept as SHA-256: a slow hash protects guessable passwords, random ones need none.
All times here are wall time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.identity.roles import KEY_SCOPES, Role
from core.shared.errors import FieldProblem, Invalid, TooManyTries
from core.shared.ids import KeyId, SessionId, ShopperId, StaffId, StoreId
from core.shared.text import fold

MAX_TRIES = 5
PAUSE = timedelta(minutes=15)
STAFF_SESSION = timedelta(hours=12)
STAFF_SESSION_KEPT = timedelta(days=14)
SHOPPER_SESSION = timedelta(days=30)
PASSWORD_LENGTH = range(8, 201)
THEMES = ("light", "dark", "system")


class SignInPaused(TooManyTries):
    """Five wrong passwords in a row: sign-in rests for a quarter of an hour."""

    code = "sign_in_paused"


class KeyKind(StrEnum):
    PUBLISHABLE = "publishable"
    SECRET = "secret"


def digest(secret: str) -> bytes:
    """How a random secret (key, session, refresh token) is kept: SHA-256 of its UTF-8."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


@dataclass(frozen=True, slots=True)
class SignInTries:
    """Wrong passwords in a row, and until when no more are taken."""

    failed: int = 0
    locked_until: datetime | None = None

    def count(self, at: datetime) -> SignInTries:
        """The tries with one more, counted before it is known to be wrong, so that guesses in parallel count too.

        Raises SignInPaused while the pause lasts.
        """
        if self.locked_until is not None and at < self.locked_until:
            left = int((self.locked_until - at).total_seconds()) + 1
            raise SignInPaused("Too many wrong passwords. Try again in a while.", retry_after=left)
        failed = 1 if self.locked_until is not None else self.failed + 1
        return SignInTries(failed, at + PAUSE if failed >= MAX_TRIES else None)

    @property
    def left(self) -> int:
        """How many tries are left before the pause."""
        return max(0, MAX_TRIES - self.failed)


@dataclass(frozen=True, slots=True)
class Staff:
    """A person who works in one or several stores. `locale` and `theme` are empty until chosen."""

    id: StaffId
    email: str
    name: str
    password_hash: str = field(repr=False)
    created_at: datetime
    locale: str = ""
    theme: str = ""
    enabled: bool = True
    tries: SignInTries = SignInTries()

    def trying(self, at: datetime) -> Staff:
        """Raises SignInPaused."""
        return replace(self, tries=self.tries.count(at))

    def signed_in(self) -> Staff:
        return replace(self, tries=SignInTries())


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer's account of one store."""

    id: ShopperId
    email: str
    name: str
    password_hash: str = field(repr=False)
    created_at: datetime
    tries: SignInTries = SignInTries()

    def trying(self, at: datetime) -> Shopper:
        """Raises SignInPaused."""
        return replace(self, tries=self.tries.count(at))

    def signed_in(self) -> Shopper:
        return replace(self, tries=SignInTries())


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A staff session as it begins; only the digest of its secret is kept."""

    id: SessionId
    token_hash: bytes
    staff_id: StaffId
    store_id: StoreId | None
    user_agent: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ShopperSession:
    """A shopper's session: everything that grew from one log-in."""

    id: SessionId
    shopper_id: ShopperId
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def alive(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One link of a session's chain: used once, it is replaced by the next."""

    token_hash: bytes
    session: ShopperSession
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a store. `prefix` is what lists show of it."""

    id: KeyId
    kind: KeyKind
    label: str
    prefix: str
    token_hash: bytes
    origins: tuple[str, ...]
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """What a person may do in a store."""

    store_id: StoreId
    store_name: str
    role: Role


def checked_email(email: str) -> str:
    """`email` without surrounding spaces. Raises Invalid when it can't be one."""
    trimmed = email.strip()
    local, _, domain = trimmed.rpartition("@")
    blank = any(c.isspace() or not c.isprintable() for c in trimmed)
    if not local or "." not in domain.strip(".") or blank or len(trimmed) > 254:
        raise Invalid(problems=(FieldProblem("email", "malformed", "This is no e-mail address."),))
    return trimmed


def email_key(email: str) -> str:
    """What two spellings of one address have in common."""
    return fold(email)


def checked_password(password: str) -> str:
    """Raises Invalid when `password` is shorter than 8 or longer than 200 characters."""
    if len(password) not in PASSWORD_LENGTH:
        raise Invalid(problems=(FieldProblem("password", "length", "A password has 8 to 200 characters."),))
    return password


def checked_scopes(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Raises Invalid for a scope that keys are not given."""
    if unknown := sorted(set(scopes) - KEY_SCOPES):
        raise Invalid(problems=(FieldProblem("scopes", "unknown", f"No such scope: {', '.join(unknown)}."),))
    return tuple(sorted(set(scopes)))
