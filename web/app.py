"""The REST API as one Flask application.

How to add a resource
---------------------
1. Schemas in `web/schemas/<ctx>.py`, derived from `web.schemas.shape.Shape` (unknown members are refused); fields
   `Whole` and `Text` from there, `MoneySchema`, `AddressSchema`, ids as `ma.fields.UUID`.
2. Routes in `web/resources/<ctx>.py`:

       carts = Resource("carts", description="The shopper's basket.")      # web.resource, under /api/v1

       @carts.post("/carts/<token>/lines")
       @carts.arguments(AddLineSchema)                   # JSON body; location="query" for query parameters
       @carts.response(201, CartSchema)                  # returned as a Response it only documents
       def add_cart_line(body, token):
           run(add_line, AddLine(token, **body, version=expected_version()))
           return shown(token, 201)

   `run` and `read` (web.calls) call the core as the caller that `Resource` found; `context()` and `key()` tell who
   that is. No `try`: `web.errors` answers whatever the core raises. Ids in paths: `<uuid:order_id>`, so that a
   malformed one is the same 404 as a foreign one.
3. Lists: schema derived from `PageArguments`, `page_request(arguments)`, `page_body(page, dump)`,
   `@r.response(200, listed(RowSchema))` (web.pagination).
4. Versions: `expected_version()` reads If-Match, `with_version(response, n)` writes the ETag (web.versions).
5. Repeats: `@idempotent(answer, required=True, caller="token")` (web.idempotency) nearest to the function.
6. One line in `RESOURCES` below. What is no JSON resource (webhooks, pages) is a plain Flask blueprint in `PAGES`; it
   finds its store through `kernel().lookups` and makes its own CallContext with `request_id()`.
Operation summaries come from docstrings: first line the summary, the rest the description.
"""

from __future__ import annotations

from typing import Any

from apispec import APISpec
from flask import Blueprint, Flask, redirect
from flask_smorest import Api
from werkzeug import Response as AnyResponse

from core.application import App
from ports.blobs import BlobStore
from ports.clock import Clock
from ports.lookups import Lookups
from ports.tokens import AccessTokens
from web import cors, errors, languages, measuring, request_ids, security
from web.calls import Kernel, WebSettings, kernel
from web.docs import docs
from web.health import health
from web.media import media
from web.payment_page import payment_page
from web.resource import Resource
from web.resources.admin_orders import admin_orders
from web.resources.auth import auth
from web.resources.cart import carts
from web.resources.catalog import catalog
from web.resources.checkout import checkout
from web.resources.jwks import jwks
from web.resources.orders import orders
from web.resources.stores import stores
from web.webhooks import webhooks

RESOURCES: tuple[Resource, ...] = (stores, catalog, auth, carts, checkout, orders, admin_orders)
PAGES: tuple[Blueprint, ...] = (health, media, docs, jwks, payment_page, webhooks)

MAX_BODY = 1_048_576  # bytes; the largest body of the API is a cart's address

_CONFIG: dict[str, Any] = {
    "API_TITLE": "Ecommerce.io API",
    "API_VERSION": "1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api/v1",
    "OPENAPI_JSON_PATH": "openapi.json",
    "MAX_CONTENT_LENGTH": MAX_BODY,
}


class _Api(Api):
    """flask-smorest's document, without its error bodies: `web.errors` answers errors."""

    spec: APISpec

    def _register_error_handlers(self) -> None:
        pass

    def _register_responses(self) -> None:
        pass


def create_api(
    app: App,
    settings: WebSettings,
    lookups: Lookups,
    *,
    tokens: AccessTokens,
    clock: Clock,
    blobs: BlobStore,
) -> Flask:
    """The API over `app`. `lookups` find stores by secrets, `blobs` holds the files of pictures."""
    flask = Flask("web", static_folder=None)
    flask.config.from_mapping(_CONFIG)
    flask.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    flask.extensions["kernel"] = Kernel(app, settings, lookups, tokens, clock, blobs)
    # After-request functions run last first: the request id is on every answer that the log tells of.
    for module in (measuring, request_ids, security, cors, errors, languages):
        module.install(flask)
    api = _Api(flask)
    flask.extensions["api"] = api
    _describe(api.spec, settings)
    for resource in RESOURCES:
        api.register_blueprint(resource)
    for pages in PAGES:
        flask.register_blueprint(pages)
    flask.add_url_rule("/", "root", _root)
    return flask


def _root() -> AnyResponse:
    """Who comes by hand wants the shop."""
    return redirect(kernel().settings.storefront_url, 302)


def _describe(spec: APISpec, settings: WebSettings) -> None:
    spec.options["info"] = {
        "description": "Sell over HTTP: catalogue, cart, checkout and the customer's own orders. Money is in minor "
        "units, times are RFC 3339 in UTC, errors are problem documents (RFC 9457).",
    }
    spec.options["servers"] = [{"url": settings.public_url}]
    spec.components.schema("Problem", schema=errors.Problem)
    spec.components.security_scheme(
        "store_key", {"type": "apiKey", "in": "header", "name": "X-Store-Key", "description": "pk_..."}
    )
    spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "description": "A shopper's access token, or sk_..."}
    )
