"""What a visitor's browser carries for us: the cart's token, orders' tokens, the login.

The cart has a signed cookie of its own that outlives the session; everything else is in Flask's signed
session cookie. Both are HttpOnly: scripts of a page can read neither.
"""

from __future__ import annotations

import secrets
import time
from typing import cast

from flask import Response, current_app, g, request, session
from itsdangerous import BadSignature, URLSafeTimedSerializer

from examples.storefront.api import Json

CART_COOKIE = "casa_ipe_cart"
CART_LIFE = 60 * 60 * 24 * 30  # seconds
ORDERS_KEPT = 12  # a cookie holds 4 kB


def cart_token() -> str | None:
    """The token of this visitor's cart, or None when there is none or it was tampered with."""
    if "cart_token" not in g:
        try:
            g.cart_token = _signer().loads(request.cookies.get(CART_COOKIE, ""), max_age=CART_LIFE)
        except BadSignature:
            g.cart_token = None
    return cast("str | None", g.cart_token)


def keep_cart(token: str) -> None:
    """Remember `token` as this visitor's cart."""
    g.cart_token, g.cart_changed = token, True


def forget_cart() -> None:
    """Let go of the cart and of the payment that was begun for it."""
    g.cart_token, g.cart_changed = None, True
    for name in ("pieces", "complete_key", "method"):
        session.pop(name, None)


def write_cart_cookie(response: Response) -> Response:
    """Put the cart's cookie on the answer when the cart has changed hands."""
    if g.get("cart_changed"):
        if g.cart_token:
            response.set_cookie(
                CART_COOKIE,
                str(_signer().dumps(g.cart_token)),
                max_age=CART_LIFE,
                httponly=True,
                samesite="Lax",
                secure=current_app.config["SESSION_COOKIE_SECURE"],
            )
        else:
            response.delete_cookie(CART_COOKIE)
    return response


def begin_payment() -> None:
    """A payment session was opened: completing the cart for it gets a key of its own."""
    session["complete_key"] = secrets.token_urlsafe(24)


def paying() -> bool:
    """Whether a payment was begun that no order has come of yet."""
    return "complete_key" in session


def complete_key() -> str:
    """The idempotency key of the payment begun; the same one until it is settled."""
    if not paying():
        begin_payment()
    return str(session["complete_key"])


def keep_order(number: str, token: str) -> None:
    """Remember that this visitor may see order `number`."""
    orders = {n: t for n, t in session.get("orders", {}).items() if n != number}
    session["orders"] = dict([*orders.items(), (number, token)][-ORDERS_KEPT:])


def order_token(number: str) -> str | None:
    """The token with which this visitor may see order `number`, if it was kept."""
    return cast("str | None", session.get("orders", {}).get(number))


def sign_in(tokens: Json) -> None:
    """Keep the pair of tokens that the API gave to a shopper."""
    session["login"] = {
        "access": tokens["access_token"],
        "refresh": tokens["refresh_token"],
        "until": int(time.time()) + int(tokens["expires_in"]) - 30,
        "name": tokens["customer"].get("name") or tokens["customer"]["email"],
    }
    session.pop("csrf", None)


def sign_out() -> None:
    """Forget the shopper."""
    session.pop("login", None)


def login() -> Json | None:
    """The shopper's tokens and name, or None for a guest."""
    return cast("Json | None", session.get("login"))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="cart")
