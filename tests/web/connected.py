"""A shop whose payment account counts as a real one: its API answers at an address, and it has no page of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from adapters.provisioning import DatabaseAddresses
from tests.paying import WEBHOOK_SECRET, PayingShop
from tests.sandbox.process import SandboxProcess
from tests.shop import open_shop, settings_for
from tests.web.conftest import Api, make_api
from tests.web.selling import Selling, path_of

PUBLIC_KEY = "pk_test_of_the_page"


@pytest.fixture
def real(database: DatabaseAddresses, sandbox: SandboxProcess, account: str, tmp_path: Path) -> Iterator[Selling]:
    """The API over such a shop."""
    folder = tmp_path / "real"
    shop = open_shop(database, folder, SANDBOX_PAYMENTS_URL=sandbox.url)
    config = {"api_base": sandbox.url, "publishable_key": PUBLIC_KEY, "timeout": "2", "retries": "0"}
    shop.add_stripe(f"sk_test_{account}", WEBHOOK_SECRET, **config)
    flask = make_api(shop, settings_for(database, folder))
    yield Selling(Api(flask, shop), PayingShop(shop, sandbox, account))
    shop.wired.engines.dispose()


def page_of(selling: Selling, session: dict[str, Any], query: str = "") -> TestResponse:
    """The payment page of a session."""
    return selling.api("GET", path_of(session["next_action"]["url"]) + query, key=None)
