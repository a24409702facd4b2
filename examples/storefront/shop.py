"""The API as this request's visitor sees it, and the store's own facts."""

from __future__ import annotations

import time
from typing import cast

import httpx
from flask import current_app, g

from examples.storefront import visitor
from examples.storefront.api import Api, ApiProblem, Json

STORE_LIFE = 60.0  # seconds that name, methods and countries of the store are believed


def api() -> Api:
    """The API in the name of this visitor, one per request."""
    if "api" not in g:
        client = cast(httpx.Client, current_app.extensions["storefront_client"])
        g.api = Api(client, current_app.config["PUBLISHABLE_KEY"], _bearer, _renew)
    return cast(Api, g.api)


def store() -> Json:
    """Name, currency, countries, time zone and payment methods of the store."""
    kept = current_app.extensions.get("storefront_store")
    if kept is None or kept[0] < time.monotonic():
        data = api().call("GET", "/store", guest=True).data
        kept = current_app.extensions["storefront_store"] = (time.monotonic() + STORE_LIFE, data)
    return cast(Json, kept[1])


def zone() -> str:
    """The store's time zone, in which shoppers read dates."""
    return str(store()["time_zone"])


def _bearer() -> str | None:
    login = visitor.login()
    if login is None:
        return None
    return str(login["access"]) if login["until"] > time.time() else _renew()


def _renew() -> str | None:
    """A new pair of tokens for the old one; a shopper whose login has ended goes on as a guest."""
    login = visitor.login()
    if login is None:
        return None
    try:
        tokens = api().call("POST", "/auth/refresh", {"refresh_token": login["refresh"]}, guest=True).data
    except ApiProblem:
        visitor.sign_out()
        return None
    visitor.sign_in(tokens)
    return str(tokens["access_token"])
