"""A shop whose checkout asks a carrier for prices, with the carrier's sandbox behind it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from adapters.provisioning import DatabaseAddresses
from core.logistics.use_cases.add_carrier_account import AddCarrierAccount, add_carrier_account
from core.shared.ids import CarrierAccountId
from tests.carrier import ORIGIN as SENDER
from tests.sandbox.carrier_process import CarrierProcess
from tests.shop import ORIGIN, SAO_PAULO, Shop, open_shop, settings_for
from tests.web.conftest import Api, make_api
from web.schemas.address import address

CONTACT = {"email": "maria@example.com", "name": "Maria Souza", "tax_id": "529.982.247-25"}


@dataclass
class Carrying:
    """api: as a storefront calls it. account: the shop's at the carrier."""

    api: Api
    shop: Shop
    carrier: CarrierProcess
    account: str
    account_id: CarrierAccountId

    def cart(self, *, quantity: int = 1, **product: Any) -> str:
        """The path of a cart that says who buys and where it goes."""
        path = f"/api/v1/carts/{self.shop.cart({self.shop.product(**product): quantity}, ready=False)}"
        for method, part, body in (
            ("PATCH", "", {"contact": CONTACT}),
            ("PUT", "/addresses", {"shipping": address(SAO_PAULO)}),
        ):
            answer = self.api(method, path + part, json=body)
            assert answer.status_code == 200, answer.text
        return path

    def offer(self, cart: str) -> dict[str, Any]:
        answer = self.api("GET", f"{cart}/shipping-options")
        assert answer.status_code == 200, answer.text
        return dict(answer.get_json())

    def options(self, cart: str, source: str = "carrier") -> list[dict[str, Any]]:
        """What is offered from that source."""
        return [option for option in self.offer(cart)["data"] if option["source"] == source]

    def choose(self, cart: str, option: dict[str, Any]) -> TestResponse:
        return self.api("PUT", f"{cart}/shipping-option", json={"id": option["id"]})

    def pay(self, cart: str) -> TestResponse:
        body = {"method": "bank_transfer", "return_url": f"{ORIGIN}/back"}
        return self.api("POST", f"{cart}/payment-sessions", json=body)

    def order(self, cart: str) -> dict[str, Any]:
        """Pay by bank transfer and complete; the order's row."""
        assert (opened := self.pay(cart)).status_code == 201, opened.text
        headers = {"Idempotency-Key": secrets.token_hex(8)}
        answer = self.api("POST", f"{cart}/complete", json={}, headers=headers)
        assert answer.status_code == 201, answer.text
        return self.shop.sql("SELECT * FROM orders WHERE number = :n", n=int(answer.get_json()["number"]))[0]

    def asked(self) -> int:
        """How often the carrier has made a price, by its own books."""
        return int(self.carrier.books(self.account)["totals"]["shipments"])

    def no_table(self) -> None:
        self.shop.execute("DELETE FROM delivery_rates")


@pytest.fixture
def carrying(database: DatabaseAddresses, carrier: CarrierProcess, account: str, tmp_path: Path) -> Iterator[Carrying]:
    """A shop in Curitiba that has an account at the carrier, beside its delivery table."""
    shop = open_shop(database, tmp_path, SANDBOX_CARRIER_URL=carrier.url)
    shop.execute("UPDATE stores SET origin = CAST(:o AS jsonb)", o=json.dumps(SENDER))
    config = {"api_key": f"EZTK_{account}", "webhook_secret": "whsec_test", "api_base": "sandbox"}
    account_id = shop.run(add_carrier_account, AddCarrierAccount("easypost", "EasyPost", config))
    api = Api(make_api(shop, settings_for(database, tmp_path)), shop)
    yield Carrying(api, shop, carrier, account, account_id)
    shop.wired.engines.dispose()
