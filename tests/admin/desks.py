"""Back office clients of a test's own store."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.test import Client, TestResponse

from adapters.settings import Settings
from admin.app import create_admin
from core.identity.roles import Role
from tests.addresses import new_address
from tests.shop import Shop

COOKIE = "ecommerce_staff"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def make_admin(shop: Shop, settings: Settings) -> Flask:
    return create_admin(shop.wired.app, settings, shop.wired.lookups, clock=shop.wired.clock)


@dataclass
class Browser:
    """A browser at the back office: keeps cookies, sends the token of the last page with every form."""

    flask: Flask
    address: str = field(default_factory=new_address)
    client: Client = field(init=False)
    last: str = ""

    def __post_init__(self) -> None:
        both = DispatcherMiddleware(_nothing, {"/admin": self.flask})
        self.client = Client(lambda environ, answer: both({**environ, "REMOTE_ADDR": self.address}, answer))

    def get(self, path: str, **options: object) -> TestResponse:
        answer = self.client.get(f"/admin{path}", **options)
        self.last = answer.text
        return answer

    @property
    def token(self) -> str:
        """The CSRF token of the last page."""
        found = _TOKEN.search(self.last)
        assert found, self.last[:400]
        return found.group(1)

    def post(
        self, path: str, data: Mapping[str, Sequence[str]] | None = None, *, token: str | None = None
    ) -> TestResponse:
        form = {**(data or {}), "csrf_token": self.token if token is None else token}
        answer = self.client.post(f"/admin{path}", data=form)
        if answer.text.strip():
            self.last = answer.text
        return answer

    def sign_in(self, email: str, password: str, **more: str) -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", {"email": email, "password": password, **more})

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie(COOKIE, path="/admin")
        return found.value if found else ""


def _nothing(environ: object, start_response: object) -> list[bytes]:
    raise LookupError("outside the back office")


def signed_in(flask: Flask, shop: Shop, role: Role = Role.OWNER) -> Browser:
    """A browser in which somebody with `role` is signed in."""
    browser = Browser(flask)
    answer = browser.sign_in(*shop.add_staff(role))
    assert answer.status_code == 303, answer.text
    browser.get("/")
    return browser


__all__ = ["COOKIE", "Browser", "make_admin", "signed_in"]
