"""A shop whose postage comes from the carrier's sandbox, over its own wire format."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from adapters.provisioning import DatabaseAddresses
from core.logistics.use_cases.add_carrier_account import AddCarrierAccount, add_carrier_account
from core.shared.ids import CarrierAccountId
from tests.carrier import ORIGIN
from tests.sandbox.carrier_process import CarrierProcess
from tests.shop import Shop, open_shop

CARRIER_SECRET = "a secret of the carrier's webhook"


@dataclass
class ShippingShop:
    """shop: connected to `account` at the carrier, whose books are the oracle."""

    shop: Shop
    carrier: CarrierProcess
    account: str
    account_id: CarrierAccountId

    @property
    def key(self) -> str:
        return f"EZTK_{self.account}"

    def api(self, method: str, path: str, body: Any = None) -> Any:
        """What the carrier answers to a request of the merchant's own."""
        answer = self.carrier.client.request(method, f"/v2/{path}", json=body, auth=(self.key, ""))
        answer.raise_for_status()
        return answer.json()

    def totals(self) -> dict[str, int]:
        """What really happened: labels, refunds, money in minor units."""
        return dict(self.carrier.books(self.account)["totals"])

    def asked_to_buy(self) -> list[int]:
        """How often each purchase was asked for."""
        return sorted(self.carrier.requests(self.account, "shipments.buy").values())

    def parcel(self, parcel_id: UUID) -> dict[str, Any]:
        return self.shop.sql("SELECT * FROM parcels WHERE id = :p", p=parcel_id)[0]


@pytest.fixture
def shipping(database: DatabaseAddresses, carrier: CarrierProcess, tmp_path: Path) -> Iterator[ShippingShop]:
    """A shop of the test's own that buys postage."""
    shop = open_shop(database, tmp_path, SANDBOX_CARRIER_URL=carrier.url)
    account = f"loja{secrets.token_hex(6)}"
    config = {
        "api_key": f"EZTK_{account}",
        "webhook_secret": CARRIER_SECRET,
        "api_base": "sandbox",
        "timeout": "1.0",
    }
    account_id = shop.run(add_carrier_account, AddCarrierAccount("easypost", "EasyPost", config))
    shop.execute("UPDATE stores SET origin = CAST(:o AS jsonb) WHERE id = :s", o=json.dumps(ORIGIN), s=shop.store_id)
    yield ShippingShop(shop, carrier, account, account_id)
    shop.wired.engines.dispose()
