"""Shoppers and their orders, as the stub API knows them."""

from __future__ import annotations

from flask import Flask, g, request

from tests.examples.stub_catalogue import Json
from tests.examples.stub_shop import Refusal, Shop, body


def people(app: Flask, shop: Shop) -> None:
    """Register, log in, refresh, log out."""

    def tokens(person: Json) -> Json:
        customer = {name: person[name] for name in ("id", "email", "name")}
        pair = {"access_token": shop.access, "token_type": "Bearer", "refresh_token": "refresh-1"}
        return {**pair, "expires_in": 900, "customer": customer}

    @app.post("/api/v1/auth/register")
    def register() -> tuple[Json, int]:
        data = body("email", "password", "name")
        if len(data["password"]) < 10:
            error = {"field": "password", "code": "password_too_short", "message": "too short"}
            raise Refusal(422, "invalid", [error])
        shop.people[data["email"]] = {**data, "id": "c-1"}
        return tokens(shop.people[data["email"]]), 201

    @app.post("/api/v1/auth/login")
    def login() -> Json:
        data = body("email", "password")
        person = shop.people.get(data["email"])
        if person is None or person["password"] != data["password"]:
            raise Refusal(401, "invalid_credentials")
        return tokens(person)

    @app.post("/api/v1/auth/refresh")
    def refresh() -> Json:
        body("refresh_token")
        return tokens(next(iter(shop.people.values())))

    @app.post("/api/v1/auth/logout")
    def logout() -> tuple[str, int]:
        body("refresh_token")
        return "", 204


def orders(app: Flask, shop: Shop) -> None:
    """Own orders, and one order for whoever holds its token."""

    @app.get("/api/v1/me/orders")
    def mine() -> Json:
        if not g.shopper:
            raise Refusal(401, "unauthenticated")
        return {"data": list(shop.orders.values()), "next": None}

    @app.get("/api/v1/orders/<number>")
    def order(number: str) -> Json:
        if number in shop.orders and (g.shopper or request.headers.get("X-Order-Token") == f"token-{number}"):
            return shop.orders[number]
        raise Refusal(404, "not_found")
