"""The state of the stub API: carts that become orders, people, and what is planted to go wrong."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request

from tests.examples.stub_catalogue import Json, brl


class Refusal(Exception):
    """An answer as problem+json; 5xx and 202 are planted the same way."""

    def __init__(
        self, status: int, code: str, errors: list[Json] | None = None, retry_after: int | None = None
    ) -> None:
        super().__init__(code)
        self.status, self.code, self.errors = status, code, errors or []
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}


class Shop:
    """carts, orders: by token and by number. payment: what `complete` finds out about a card.

    refuse: (method, end of path) -> Refusal given instead of an answer. seen: every call, in order.
    """

    def __init__(self) -> None:
        self.carts: dict[str, Json] = {}
        self.orders: dict[str, Json] = {}
        self.completed: dict[str, str] = {}
        self.people: dict[str, Json] = {}
        self.refuse: dict[tuple[str, str], Refusal] = {}
        self.payment = "captured"
        self.seen: list[tuple[str, str]] = []
        self.keys: list[str] = []
        self.problems: list[Json] = []
        self.carriers: list[Json] = []  # delivery options of carriers, beside the table's
        self.no_delivery: list[Json] = []  # why there is none
        self.access = "access-1"
        self.numbers = itertools.count(1042)
        self.ids = itertools.count(1)

    def cart(self, token: str) -> Json:
        """The cart with its totals; unknown or completed: 404."""
        if token not in self.carts:
            raise Refusal(404, "not_found")
        cart = self.carts[token]
        items = sum(line["total"]["amount"] for line in cart["lines"])
        freight = cart["shipping_option"]["price"]["amount"] if cart["shipping_option"] else 0
        amounts = {"items": items, "discount": 0, "shipping": freight, "tax": 0, "total": items + freight}
        cart["totals"] = {name: brl(amount) for name, amount in amounts.items()}
        cart["requires_shipping"] = any(line["requires_shipping"] for line in cart["lines"])
        known = {line["id"] for line in cart["lines"]} | {None}
        cart["problems"] = [p for p in self.problems if p.get("line_id") in known]
        return cart

    def order(self, token: str, session: Json) -> Json:
        """The order that the cart becomes; the same one when asked again."""
        if token in self.completed:
            return self.orders[self.completed[token]]
        cart, number = self.cart(token), str(next(self.numbers))
        paid = session["method"] == "card"
        payment = {**session, "status": "captured" if paid else "awaiting", "refunded": brl(0)}
        payment["captured"] = session["amount"] if paid else brl(0)
        if paid:
            payment["next_action"] = None
        names = ("contact", "shipping_address", "shipping_option", "currency", "lines", "totals")
        self.orders[number] = {
            **{name: cart[name] for name in names},
            "number": number,
            "placed_at": now(),
            "status": "open",
            "payment_status": "paid" if paid else "awaiting",
            "fulfilment_status": "unfulfilled",
            "return_status": "none",
            "billing_address": None,
            "payments": [payment],
            "fulfilments": [],
        }
        self.completed[token] = number
        del self.carts[token]
        return self.orders[number]


def now(**later: int) -> str:
    """An instant of the wire."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat().replace("+00:00", "Z")


def body(*allowed: str) -> Json:
    """The request's object; an unknown field is refused."""
    data: Any = request.get_json()
    unknown = [name for name in data if name not in allowed]
    if unknown:
        raise Refusal(422, "invalid", [{"field": n, "code": "unknown", "message": "unknown"} for n in unknown])
    return dict(data)


def carriers_option(number: str, amount: int, *, estimated: bool = False) -> Json:
    """A delivery option of a carrier that says no days; `amount` is in centavos."""
    return {"id": number, "name": "Loggi Express", "price": brl(amount), "days": [], "expires_at": now(minutes=30),
            "source": "carrier", "estimated": estimated}  # fmt: skip
