"""Shoppers: register, log in, stay logged in, log out."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import request

from core.identity.queries import OwnAccount, own_account, own_sessions
from core.identity.use_cases.log_in_shopper import LogInShopper, log_in_shopper
from core.identity.use_cases.log_out_shopper import EndSession, LogOutShopper, end_session, log_out_shopper
from core.identity.use_cases.refresh_shopper import RefreshShopper, refresh_shopper
from core.identity.use_cases.register_shopper import RegisterShopper, register_shopper
from core.identity.use_cases.shopper_session import Tokens
from core.shared.context import Shopper
from core.shared.errors import Unauthenticated
from core.shared.ids import SessionId
from ports.tokens import LIFETIME
from web.calls import context, read, run
from web.resource import Resource
from web.schemas.auth import (
    CustomerSchema,
    LoginSchema,
    RefreshSchema,
    RegisterSchema,
    SessionsSchema,
    TokensSchema,
)

auth = Resource("auth", description="Customers' accounts: short access tokens, refresh tokens that rotate.")


def _shown(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_token": tokens.access_token,
        "token_type": "Bearer",
        "expires_in": int(LIFETIME.total_seconds()),
        "refresh_token": tokens.refresh_token,
        "customer": asdict(tokens.account),
    }


def signed_in() -> Shopper:
    """The shopper who calls. Raises Unauthenticated when only the store is known."""
    actor = context().actor
    if not isinstance(actor, Shopper):
        raise Unauthenticated("Log in and send the access token.")
    return actor


@auth.post("/auth/register")
@auth.arguments(RegisterSchema)
@auth.response(201, TokensSchema)
def register(body: dict[str, str]) -> dict[str, Any]:
    """Open an account and log in."""
    return _shown(run(register_shopper, RegisterShopper(**body)))


@auth.post("/auth/login")
@auth.arguments(LoginSchema)
@auth.response(200, TokensSchema)
def login(body: dict[str, str]) -> dict[str, Any]:
    """Log in.

    After five wrong passwords for an address, whether it has an account or not, or thirty for any, the client's network
    address rests for 15 minutes (429).
    """
    return _shown(run(log_in_shopper, LogInShopper(**body, address=request.remote_addr or "")))


@auth.post("/auth/refresh")
@auth.arguments(RefreshSchema)
@auth.response(200, TokensSchema)
def refresh(body: dict[str, str]) -> dict[str, Any]:
    """Take new tokens for a refresh token.

    Each is good once; using one again ends the session, since it has two holders.
    """
    return _shown(run(refresh_shopper, RefreshShopper(**body)))


@auth.post("/auth/logout")
@auth.arguments(RefreshSchema)
@auth.response(204)
def logout(body: dict[str, str]) -> None:
    """End the session of a refresh token."""
    run(log_out_shopper, LogOutShopper(**body))


@auth.get("/auth/me")
@auth.response(200, CustomerSchema)
def me() -> Any:
    """Who is logged in."""
    return read(own_account, OwnAccount(signed_in().id))


@auth.get("/auth/sessions")
@auth.response(200, SessionsSchema)
def sessions() -> dict[str, Any]:
    """Where the customer is logged in."""
    shopper = signed_in()
    found = read(own_sessions, OwnAccount(shopper.id))
    rows = [asdict(session) | {"current": session.id == shopper.session_id} for session in found]
    return {"data": rows, "next": None}


@auth.delete("/auth/sessions/<uuid:session_id>")
@auth.response(204)
def delete_session(session_id: UUID) -> None:
    """End one of the customer's sessions."""
    run(end_session, EndSession(signed_in().id, SessionId(session_id)))
