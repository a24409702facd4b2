"""Who calls: the store by its key, the shopper by an access token, the integration by a secret key.

- `X-Store-Key: pk_...` names the store. It is readable in every storefront, so it is an address, not a proof.
- `Authorization: Bearer <JWT>` with it: a shopper of that store; the session in the token is checked alive.
- `Authorization: Bearer sk_...` alone: an integration with the scopes of its key.
A browser's Origin has to be one of the key's; no Origin, a server, is allowed.
"""

from __future__ import annotations

from flask import g, request

from core.identity.model import digest
from core.shared.context import Actor, CallContext, Key, Shopper
from core.shared.errors import Unauthenticated
from ports.lookups import KnownKey
from ports.tokens import TokenRefused
from web.calls import kernel
from web.errors import BadRequest
from web.request_ids import request_id

STORE_KEY = "X-Store-Key"
_MAX_SECRET = 200


class KeyUnknown(Unauthenticated):
    """The key is unknown or revoked."""

    code = "key_unknown"


class TokenInvalid(Unauthenticated):
    """The access token is not valid, has expired, or its session has ended."""

    code = "token_invalid"


def authenticate() -> None:
    """Find the caller of this request and keep its context. Raises Unauthenticated, or 403 for a foreign origin."""
    bearer = _bearer()
    named = request.headers.get(STORE_KEY, "")
    secret = bearer if bearer.startswith("sk_") else ""
    if not (named or secret):
        raise Unauthenticated(f"Send the store's key in {STORE_KEY}.")
    found = _key(secret or named)
    if found.secret != bool(secret) or (secret and named and _key(named).store_id != found.store_id):
        raise KeyUnknown()
    _check_origin(found)
    g.api_key = found
    if bearer and not secret:
        actor, label = _shopper(found, bearer)
    else:
        actor, label = Key(found.id, secret=found.secret), found.label
    g.call_context = CallContext(
        store_id=found.store_id,
        actor=actor,
        request_id=request_id(),
        locale=found.locale,
        actor_label=label,
    )


def _bearer() -> str:
    header = request.headers.get("Authorization", "")
    if not header:
        return ""
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise TokenInvalid("Authorization has to be `Bearer` and a token.")
    return token.strip()


def _key(secret: str) -> KnownKey:
    found = kernel().lookups.key(digest(secret)) if len(secret) <= _MAX_SECRET else None
    if found is None:
        raise KeyUnknown()
    return found


def _check_origin(found: KnownKey) -> None:
    origin = request.headers.get("Origin")
    if origin is not None and origin not in found.origins:
        raise BadRequest(403, "This key is not used from this origin.", code="origin_not_allowed")


def _shopper(found: KnownKey, token: str) -> tuple[Actor, str]:
    core = kernel()
    try:
        claims = core.tokens.verify(token)
    except TokenRefused:
        raise TokenInvalid() from None
    if claims.store_id != found.store_id:
        raise TokenInvalid()
    session = core.lookups.shopper_session(claims.store_id, claims.session_id, core.clock.wall())
    if session is None or session.shopper_id != claims.shopper_id:
        raise TokenInvalid()
    return Shopper(session.shopper_id, session.id), session.name
