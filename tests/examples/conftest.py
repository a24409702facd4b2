"""A storefront over the stub API: in process for pages, on loopback for the browser."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from examples.storefront.app import create_app
from examples.storefront.settings import Settings
from tests.examples.stub_api import KEY, create_stub
from tests.examples.stub_shop import Shop

PERSON = {
    "name": "Luciana Sampaio Rocha",
    "email": "luciana@uol.example",
    "phone": "(47) 98820-4471",
    "tax_id": "529.982.247-25",
    "postal_code": "89010-003",
    "street": "Rua XV de Novembro",
    "number": "120",
    "complement": "Apto 402",
    "district": "Centro",
    "city": "Blumenau",
    "region": "SC",
    "country": "BR",
}


def settings_for(api: str, url: str = "http://shop.example") -> Settings:
    """Settings of a storefront in a test."""
    return Settings(api=api, publishable_key=KEY, port=1, url=url, secret_key="for-tests-only")


@dataclass
class Browser:
    """A visitor without scripts: keeps cookies, sends forms with their token."""

    client: FlaskClient
    shop: Shop

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **more)

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form; the token is taken from a page as a browser would."""
        with self.client.session_transaction() as session:
            session.setdefault("csrf", "token")
            token = session["csrf"]
        return self.client.post(path, data={"csrf_token": token, **fields})

    def fill_bag(self, variant: str = "v-cafe", quantity: str = "1") -> None:
        """Put something into the bag."""
        assert self.post("/cart/lines", variant=variant, slug="cafe", quantity=quantity).status_code == 303

    def ready_to_pay(self) -> None:
        """Go as far as a chosen delivery."""
        self.fill_bag()
        assert self.post("/checkout", action="delivery", **PERSON).status_code == 303
        self.get("/checkout")

    def pay(self, method: str, **changed: str) -> TestResponse:
        """Press the button that names the amount."""
        total = re.search(r'name="shown_total" value="(\d+)"', self.get("/checkout").text)
        assert total
        fields = {**PERSON, "method": method, "shipping_option": "pac", "shown_total": total[1], **changed}
        return self.post("/checkout", action="pay", **fields)


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def storefront(shop: Shop) -> Iterator[Flask]:
    transport = httpx.WSGITransport(create_stub(shop))
    app = create_app(settings_for("http://api.example"), transport)
    yield app
    app.extensions["storefront_client"].close()


@pytest.fixture
def visitor(storefront: Flask, shop: Shop) -> Browser:
    return Browser(storefront.test_client(), shop)


@dataclass(frozen=True)
class Served:
    """Both programs on loopback."""

    url: str
    shop: Shop


@pytest.fixture
def served(shop: Shop) -> Iterator[Served]:
    api = make_server("127.0.0.1", 0, create_stub(shop), threaded=True)
    app = create_app(settings_for(f"http://127.0.0.1:{api.server_port}"))
    front = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{front.server_port}"
    app.config["STOREFRONT_URL"] = url
    threads = [threading.Thread(target=server.serve_forever) for server in (api, front)]
    for thread in threads:
        thread.start()
    yield Served(url, shop)
    for server, thread in zip((front, api), reversed(threads), strict=True):
        server.shutdown()
        thread.join()
        server.server_close()
    app.extensions["storefront_client"].close()
