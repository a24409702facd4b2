"""An address of the payment page that leads to no payment: a calm page for people, a problem for programs."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.conftest import Api
from tests.web.test_errors import problem

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def ask(api: Api, secret: str = "nobody", accept: str = BROWSER, **headers: str) -> Any:
    return api("GET", f"/pay/{secret}", key=None, headers={"Accept": accept, **headers})


@pytest.mark.parametrize("secret", ["nobody", "x" * 101, "%F0%9F%8E%81"])
def test_people_are_told_what_to_do(api: Api, secret: str) -> None:
    page = ask(api, secret)
    assert page.status_code == 404
    assert page.content_type == "text/html; charset=utf-8"
    assert "This payment link doesn't work" in page.text
    assert "Nothing was charged here." in page.text
    assert f'href="{api.flask.extensions["kernel"].settings.storefront_url}"' in page.text
    assert page.headers["X-Request-Id"] in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert " style=" not in page.text


def test_in_the_language_of_the_browser(api: Api) -> None:
    page = ask(api, **{"Accept-Language": "pt-PT,pt;q=0.9,en;q=0.5"})
    assert '<html lang="pt-BR">' in page.text
    assert "Este link de pagamento não funciona" in page.text
    assert '<html lang="en">' in ask(api, **{"Accept-Language": "xx-!!"}).text


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/problem+json", ""])
def test_programs_get_a_problem(api: Api, accept: str) -> None:
    problem(ask(api, accept=accept), 404, "not_found")
