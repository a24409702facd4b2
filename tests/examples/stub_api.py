"""The REST contract as a small Flask program with its state in memory; the storefront's other side in tests.

It answers what the contract says and refuses what it forbids: unknown body fields, a missing key, a
`complete` without an idempotency key. What goes wrong is planted: `shop.refuse` and `shop.payment`.
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import Flask, Response, g, jsonify, request

from tests.examples.stub_account import orders, people
from tests.examples.stub_catalogue import PICTURES, PRODUCTS, VOUCHER, Json, brl
from tests.examples.stub_shop import Refusal, Shop, body, now

KEY = "pk_test_casa_ipe"
QR = (
    "data:image/svg+xml;base64,"
    + b64encode(
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 5 5">'
        b'<path d="M0 0h2v2H0zM3 0h2v2H3zM0 3h2v2H0zM3 3h1v1H3z"/></svg>'
    ).decode()
)
METHODS = [
    {"method": "card", "name": "Cartão"},
    {"method": "pix", "name": "Pix"},
    {"method": "boleto", "name": "Boleto"},
    {"method": "bank_transfer", "name": "Transferência"},
    {"method": "cash_on_delivery", "name": "Na entrega"},
]
STORE = {
    "name": "Casa Ipê",
    "currency": "BRL",
    "currencies": ["BRL"],
    "locale": "pt-BR",
    "locales": ["pt-BR"],
    "time_zone": "America/Sao_Paulo",
    "countries": [{"code": "BR", "name": "Brasil"}],
    "prices_include_tax": True,
    "order_prefix": "CI-",
    "payment_methods": METHODS,
}
OPTIONS = [("pac", "PAC", 1758, [3, 5]), ("sedex", "SEDEX", 2210, [1, 2])]
VARIANTS = {v["id"]: (p, v) for p in (*PRODUCTS, VOUCHER) for v in p["variants"]}
NEXT_ACTION: dict[str, Json | None] = {
    "card": {"type": "redirect", "url": "http://pay.example/pay/secret"},
    "pix": {"type": "pix", "qr": QR, "copy_paste": "00020126580014br.gov.bcb.pix0136" + "7c2e91d4" * 14},
    "boleto": {
        "type": "boleto",
        "number": "99991234567890123456789012345678901234567890123",
        "due_on": "2026-11-27",
        "url": "http://pay.example/boleto",
    },
    "bank_transfer": {"type": "instructions", "text": "Banco 001\nAgência 1234, conta 5678-9"},
    "cash_on_delivery": None,
}
CONTACT = {"email", "name", "phone", "tax_id"}
ADDRESS = {
    "name",
    "company",
    "tax_id",
    "phone",
    "postal_code",
    "street",
    "number",
    "complement",
    "district",
    "city",
    "region",
    "country",
}


def create_stub(shop: Shop) -> Flask:
    """The API over `shop`."""
    app = Flask("stub")

    @app.before_request
    def plant() -> None:
        if request.path.startswith("/media/"):
            return
        shop.seen.append((request.method, request.path.removeprefix("/api/v1")))
        for (method, end), refusal in shop.refuse.items():
            if request.method == method and request.path.endswith(end):
                raise refusal
        if request.headers.get("X-Store-Key") != KEY:
            raise Refusal(401, "unauthenticated")
        bearer = request.headers.get("Authorization")
        if bearer and bearer != f"Bearer {shop.access}":
            raise Refusal(401, "token_expired")
        g.shopper = bool(bearer)

    @app.errorhandler(Refusal)
    def refused(error: Refusal) -> tuple[Response, int, dict[str, str]]:
        data = {"title": error.code, "code": error.code, "detail": "", "errors": error.errors}
        return jsonify({**data, "status": error.status}), error.status, error.headers

    _catalogue(app)
    _carts(app, shop)
    _checkout(app, shop)
    for register in (people, orders):
        register(app, shop)
    return app


def _catalogue(app: Flask) -> None:
    @app.get("/api/v1/store")
    def store() -> Json:
        return STORE

    @app.get("/api/v1/products")
    def products() -> Json:
        args = request.args
        found = [p for p in PRODUCTS if args.get("q", "").lower() in p["title"].lower()]
        found = [p for p in found if "tag" not in args or args["tag"] in p["tags"]]
        found = [p for p in found if "vendor" not in args or args["vendor"] == p["vendor"]]
        if args.get("sort", "").startswith("price"):
            found.sort(key=lambda p: int(p["price"]["amount"]), reverse=args["sort"] == "price_desc")
        if not args.get("cursor", "0").isdigit():
            raise Refusal(422, "invalid_cursor")
        start, size = int(args.get("cursor", "0")), min(int(args["limit"]), 6)
        more = start + size < len(found)
        return {"data": found[start : start + size], "next": str(start + size) if more else None}

    @app.get("/api/v1/products/<slug>")
    def product(slug: str) -> Json:
        for item in PRODUCTS:
            if item["slug"] == slug:
                return item
        raise Refusal(404, "not_found")

    @app.get("/media/<name>")
    def media(name: str) -> Response:
        return Response(PICTURES[name], mimetype="image/svg+xml")


def _carts(app: Flask, shop: Shop) -> None:
    @app.post("/api/v1/carts")
    def create() -> tuple[Json, int]:
        body()
        token = f"cart-{next(shop.ids)}"
        empty = dict.fromkeys(("contact", "shipping_address", "shipping_option", "payment_session"))
        shop.carts[token] = {"token": token, "version": 1, "currency": "BRL", "lines": [], **empty}
        return shop.cart(token), 201

    @app.get("/api/v1/carts/<token>")
    def show(token: str) -> Json:
        return shop.cart(token)

    @app.patch("/api/v1/carts/<token>")
    def contact(token: str) -> Json:
        cart, data = shop.cart(token), body("contact")["contact"]
        assert set(data) <= CONTACT
        cart["contact"] = data
        return shop.cart(token)

    @app.post("/api/v1/carts/<token>/lines")
    def add(token: str) -> tuple[Json, int]:
        cart, data = shop.cart(token), body("variant_id", "quantity")
        if data["variant_id"] not in VARIANTS:
            raise Refusal(422, "invalid", [{"field": "variant_id", "code": "unknown", "message": "Não existe."}])
        product, variant = VARIANTS[data["variant_id"]]
        line = next((x for x in cart["lines"] if x["variant_id"] == variant["id"]), None)
        if line is None:
            line = {"id": f"line-{next(shop.ids)}", "variant_id": variant["id"], "quantity": 0, "tax": brl(0)}
            line |= {"sku": variant["sku"], "title": product["title"], "options": variant["options"]}
            line |= {"unit_price": variant["price"], "discounts": [], "available": None}
            line["requires_shipping"] = product is not VOUCHER
            line["image"] = product["image"]["url"] if product["image"] else None
            cart["lines"].append(line)
        _set(line, line["quantity"] + data["quantity"])
        return shop.cart(token), 201

    @app.route("/api/v1/carts/<token>/lines/<line_id>", methods=["PATCH", "DELETE"])
    def change(token: str, line_id: str) -> Json:
        cart = shop.cart(token)
        line = next((x for x in cart["lines"] if x["id"] == line_id), None)
        if line is None:
            raise Refusal(404, "not_found")
        _set(line, body("quantity")["quantity"] if request.method == "PATCH" else 0)
        cart["lines"] = [x for x in cart["lines"] if x["quantity"]]
        return shop.cart(token)

    @app.put("/api/v1/carts/<token>/addresses")
    def addresses(token: str) -> Json:
        cart, data = shop.cart(token), body("shipping", "billing")
        assert set(data["shipping"]) <= ADDRESS
        cart["shipping_address"] = data["shipping"]
        return shop.cart(token)


def _set(line: Json, quantity: int) -> None:
    line["quantity"] = quantity
    line["total"] = brl(line["unit_price"]["amount"] * quantity)


def _checkout(app: Flask, shop: Shop) -> None:
    @app.get("/api/v1/carts/<token>/shipping-options")
    def options(token: str) -> Json:
        shop.cart(token)
        common = {"expires_at": now(hours=1), "source": "table", "estimated": False}
        data = [{"id": i, "name": n, "price": brl(a), "days": d, **common} for i, n, a, d in OPTIONS]
        return {"data": [*data, *shop.carriers], "problems": shop.no_delivery}

    @app.put("/api/v1/carts/<token>/shipping-option")
    def choose(token: str) -> Json:
        cart, wanted = shop.cart(token), body("id")["id"]
        found = [option for option in options(token)["data"] if option["id"] == wanted]
        if not found:
            raise Refusal(422, "shipping_option_invalid")
        cart["shipping_option"] = found[0]
        shop.problems = [problem for problem in shop.problems if problem["code"] != "shipping_option_expired"]
        return shop.cart(token)

    @app.post("/api/v1/carts/<token>/payment-sessions")
    def pay(token: str) -> tuple[Json, int]:
        cart, data = shop.cart(token), body("method", "return_url")
        session = {"id": f"ps-{next(shop.ids)}", "method": data["method"], "status": "requires_action"}
        session |= {"amount": cart["totals"]["total"], "expires_at": now(minutes=30)}
        cart["payment_session"] = session | {"next_action": NEXT_ACTION[data["method"]]}
        return cart["payment_session"], 201

    @app.post("/api/v1/carts/<token>/complete")
    def complete(token: str) -> Any:
        key = request.headers.get("Idempotency-Key")
        if not key:
            raise Refusal(400, "idempotency_key_required")
        shop.keys.append(key)
        session = shop.carts[token]["payment_session"] if token in shop.carts else None
        if token not in shop.completed and session is None:
            raise Refusal(409 if token in shop.carts else 404, "no_payment_session")
        if shop.payment == "unknown":
            return jsonify(status="unknown"), 202, {"Retry-After": "3"}
        if shop.payment == "declined":
            raise Refusal(402, "payment_declined")
        order = shop.order(token, session or {})
        return {**order, "access_token": f"token-{order['number']}"}, 201
