"""People and machines: how they prove who they are, and for how long that holds.

Secrets are 256 random bits, kept as SHA-256: a slow hash protects guessable passwords, random ones need none.
All times here are wall time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from core.identity.roles import KEY_SCOPES, Role
from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import KeyId, SessionId, ShopperId, StaffId, StoreId
from core.shared.text import fold

STAFF_SESSION = timedelta(hours=12)
STAFF_SESSION_KEPT = timedelta(days=14)
SHOPPER_SESSION = timedelta(days=30)
PASSWORD_LENGTH = range(8, 201)
_WEB_PORTS = {"http": 80, "https": 443}
THEMES = ("light", "dark", "system")


class KeyKind(StrEnum):
    PUBLISHABLE = "publishable"
    SECRET = "secret"


def digest(secret: str) -> bytes:
    """How a random secret (key, session, refresh token) is kept: SHA-256 of its UTF-8."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


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


@dataclass(frozen=True, slots=True)
class Shopper:
    """A customer's account of one store."""

    id: ShopperId
    email: str
    name: str
    password_hash: str = field(repr=False)
    created_at: datetime


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


def checked_origins(kind: KeyKind, origins: tuple[str, ...]) -> tuple[str, ...]:
    """`origins` as browsers send them (RFC 6454, 6.1): scheme, host and, unless it is the scheme's own, the port.

    Raises Invalid for what is no origin of the web, and for a publishable key with none: whoever pays is sent back to
    an address that the client names, and only the key says which are the shop's.
    """
    found = tuple(dict.fromkeys(_origin(origin) for origin in origins))
    if kind is KeyKind.PUBLISHABLE and not found:
        problem = FieldProblem("origins", "required", "A publishable key is for at least one origin.")
        raise Invalid(problems=(problem,))
    return found


def _origin(text: str) -> str:
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError:  # a port that is none, a bracket that nothing closes
        raise _no_origin(text) from None
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None
    if parts.scheme not in _WEB_PORTS or not parts.hostname or extra:
        raise _no_origin(text)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + ("" if port in (None, _WEB_PORTS[parts.scheme]) else f":{port}")


def _no_origin(text: str) -> Invalid:
    return Invalid(problems=(FieldProblem("origins", "malformed", f"This is no origin: {text[:200]}"),))


def checked_scopes(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Raises Invalid for a scope that keys are not given."""
    if unknown := sorted(set(scopes) - KEY_SCOPES):
        raise Invalid(problems=(FieldProblem("scopes", "unknown", f"No such scope: {', '.join(unknown)}."),))
    return tuple(sorted(set(scopes)))
