"""The API over a store of the test's own, driven through its WSGI interface."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from adapters.provisioning import DatabaseAddresses
from tests.shop import Shop, settings_for
from web.app import create_api

SHOPPER = {"email": "maria@example.com", "password": "uma senha comprida", "name": "Maria Souza"}


@dataclass
class Api:
    """A client of the API that sends the store's key unless told otherwise."""

    flask: Flask
    shop: Shop

    def __call__(self, method: str, path: str, *, key: str | None = "", **options: Any) -> TestResponse:
        headers = dict(options.pop("headers", {}))
        if key is not None:
            headers["X-Store-Key"] = key or self.shop.key
        if token := options.pop("token", None):
            headers["Authorization"] = f"Bearer {token}"
        return self.flask.test_client().open(path, method=method, headers=headers, **options)

    def register(self, **changes: str) -> dict[str, Any]:
        """Open an account; returns the tokens."""
        answer = self("POST", "/api/v1/auth/register", json={**SHOPPER, **changes})
        assert answer.status_code == 201, answer.text
        return dict(answer.get_json())


def make_api(shop: Shop, settings: Any) -> Flask:
    wired = shop.wired
    return create_api(
        wired.app,
        settings,
        wired.lookups,
        tokens=wired.plain["tokens"],
        clock=wired.clock,
        blobs=wired.plain["blobs"],
    )


@pytest.fixture
def api(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Api:
    return Api(make_api(shop, settings_for(database, tmp_path)), shop)
