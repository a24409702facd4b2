"""A shop that sells over the API, with the payment sandbox behind it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from adapters.provisioning import DatabaseAddresses
from tests.paying import PayingShop
from tests.shop import ORIGIN, settings_for
from tests.web.conftest import Api, make_api

RETURN_URL = f"{ORIGIN}/checkout/return"


@dataclass
class Selling:
    """api: as a storefront calls it. paying: the shop and its books at the provider."""

    api: Api
    paying: PayingShop

    def cart(self, *, price: int = 6990, quantity: int = 1, stock: int = 10, **options: Any) -> str:
        """The path of a cart that is ready to be paid."""
        shop = self.paying.shop
        return f"/api/v1/carts/{shop.cart({shop.product(price=price, stock=stock, **options): quantity})}"

    def pay(self, cart: str, method: str = "card", **options: Any) -> TestResponse:
        body = {"method": method, "return_url": RETURN_URL}
        return self.api("POST", f"{cart}/payment-sessions", json=options.pop("json", body), **options)

    def session(self, cart: str, method: str = "card", **options: Any) -> dict[str, Any]:
        """Open a payment session."""
        answer = self.pay(cart, method, **options)
        assert answer.status_code == 201, answer.text
        return dict(answer.get_json())

    def complete(self, cart: str, key: str | None = None, **options: Any) -> TestResponse:
        headers = {"Idempotency-Key": key or secrets.token_hex(8)}
        return self.api("POST", f"{cart}/complete", json=options.pop("json", {}), headers=headers, **options)

    def approve(self, session: dict[str, Any]) -> None:
        """The issuer agrees."""
        self.paying.sandbox.approve(self.paying.intent(session["id"]))

    def order(self, cart: str | None = None, method: str = "card", *, token: str | None = None) -> dict[str, Any]:
        """An order, by card paid already; of the shopper whose token it is."""
        cart = cart or self.cart()
        session = self.session(cart, method, token=token)
        if method == "card":
            self.approve(session)
        answer = self.complete(cart, token=token)
        assert answer.status_code == 201, answer.text
        return dict(answer.get_json())


def path_of(url: str) -> str:
    """Path and query of an address, for a client that is at its host already."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


@pytest.fixture
def selling(paying: PayingShop, database: DatabaseAddresses, tmp_path: Path) -> Selling:
    """The API over a shop that takes cards and Pix."""
    flask = make_api(paying.shop, settings_for(database, tmp_path))
    return Selling(Api(flask, paying.shop), paying)
