"""What surrounds the resources: document, page, health, metrics, pictures, versions, pages, headers."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from adapters.postgres.lookups import PostgresLookups
from adapters.provisioning import DatabaseAddresses
from core.shared.errors import WriteConflict
from core.shared.money import Money
from tests.shop import settings_for
from tests.web.conftest import Api, make_api
from tests.web.test_errors import problem
from web.errors import BadRequest
from web.schemas.address import AddressSchema
from web.schemas.money import MoneySchema
from web.schemas.shape import BIGINT
from web.versions import check_version, expected_version


def test_the_document_is_openapi_3_1_and_names_problems(api: Api) -> None:
    document = api("GET", "/api/v1/openapi.json", key=None).get_json()
    assert document["openapi"] == "3.1.0"
    assert {"store_key", "bearer"} == set(document["components"]["securitySchemes"])
    operations = [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    assert len(operations) >= 7
    for path, method, operation in operations:
        problem_schema = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
        assert (path, method, problem_schema) == (path, method, {"$ref": "#/components/schemas/Problem"})
        assert operation["summary"], (path, method)


def test_every_operation_has_its_own_name_in_the_page_without_scripts(api: Api) -> None:
    page = api("GET", "/api/v1/docs", key=None)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert not re.search(r' style="|<style|https?://(?!127\.0\.0\.1)', page.text)
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    for path in api("GET", "/api/v1/openapi.json", key=None).get_json()["paths"]:
        assert f"<code>{path}</code>" in page.text
    assert api("GET", "/api/v1/docs/docs.css", key=None).mimetype == "text/css"


def test_health_and_readiness(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert api("GET", "/healthz", key=None).get_json() == {"status": "ok"}
    assert api("GET", "/readyz", key=None).get_json() == {"status": "ready"}
    monkeypatch.setattr(api.shop.wired.lookups, "_wanted", frozenset({"9999"}))
    answer = api("GET", "/readyz", key=None)
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"]


def test_without_a_database_the_process_lives_and_is_not_ready(
    api: Api, database: DatabaseAddresses, tmp_path: Path
) -> None:
    from adapters.postgres.engine import make_engine

    engine = make_engine("postgresql://nobody@127.0.0.1:1/nothing", size=1)
    lookups = PostgresLookups(engine)
    assert lookups.schema_is_current() is False


def test_metrics_count_requests_by_route(api: Api) -> None:
    def figure(text: str) -> float:
        found = re.search(r'ecommerce_http_requests_total\{method="GET",route="/healthz",status="200"\} (\S+)', text)
        return float(found[1]) if found else 0

    before = figure(api("GET", "/metrics", key=None).text)
    api("GET", "/healthz", key=None)
    assert figure(api("GET", "/metrics", key=None).text) == before + 1


def test_only_pictures_of_published_products_are_shown(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"not really a picture"
    sha256 = api.shop.wired.plain["blobs"].put([content])
    assert sha256 == hashlib.sha256(content).hexdigest()
    problem(api("GET", f"/media/{sha256}", key=None), 404, "not_found")
    monkeypatch.setattr(
        PostgresLookups, "published_picture", lambda _self, asked: "image/webp" if asked == sha256 else None
    )
    answer = api("GET", f"/media/{sha256}", key=None)
    assert (answer.data, answer.mimetype) == (content, "image/webp")
    assert "immutable" in answer.headers["Cache-Control"]
    again = api("GET", f"/media/{sha256}", key=None, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    for name in ("..", "a" * 63, "A" * 64, "%2e%2e%2fetc"):
        problem(api("GET", f"/media/{name}", key=None), 404, "not_found")


def test_the_root_leads_to_the_shop(api: Api) -> None:
    answer = api("GET", "/", key=None)
    assert (answer.status_code, answer.location) == (302, "http://shop.example")


def test_every_answer_is_protected(api: Api) -> None:
    for path in ("/healthz", "/api/v1/auth/me", "/nothing"):
        headers = api("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, None), ('"7"', 7), ("*", None), ('"7", "7"', 7)],
)
def test_if_match_names_a_version(header: str | None, expected: int | None) -> None:
    with Flask(__name__).test_request_context(headers={"If-Match": header} if header else {}):
        assert expected_version() == expected


@pytest.mark.parametrize("header", ['W/"7"', '"seven"', '"7", "8"', '"' + "9" * 30 + '"', "seven"])
def test_what_was_never_a_version_is_stale(header: str) -> None:
    with Flask(__name__).test_request_context(headers={"If-Match": header}), pytest.raises(WriteConflict):
        expected_version()


def test_a_version_may_be_required_and_compared() -> None:
    with Flask(__name__).test_request_context(), pytest.raises(BadRequest) as refused:
        expected_version(required=True)
    assert refused.value.status == 428
    with Flask(__name__).test_request_context(headers={"If-Match": '"6"'}), pytest.raises(WriteConflict):
        check_version(7)


@pytest.mark.parametrize(
    "value",
    [{"amount": 1.5, "currency": "BRL"}, {"amount": "1", "currency": "BRL"}, {"amount": True, "currency": "BRL"},
     {"amount": 1, "currency": "brl"}, {"amount": 1, "currency": "BRL\n"}, {"amount": BIGINT + 1, "currency": "BRL"},
     {"amount": 1}, {"amount": 1, "currency": "BRL", "x": 1}],
)  # fmt: skip
def test_money_is_whole_minor_units_and_a_code(value: dict[str, Any]) -> None:
    assert MoneySchema().validate(value)


def test_money_goes_both_ways() -> None:
    wire = {"amount": 12990, "currency": "BRL"}
    assert MoneySchema().load(wire) == Money(12990, "BRL")
    assert MoneySchema().dump(Money(12990, "BRL")) == wire


def test_addresses_have_twelve_fields() -> None:
    needed = {"name": " Maria ", "postal_code": "05422-012", "street": "Rua", "number": "1", "city": "São Paulo",
              "region": "SP", "country": "BR"}  # fmt: skip
    loaded = AddressSchema().load(needed)
    assert (loaded.name, loaded.company) == ("Maria", None)
    assert set(AddressSchema().dump(loaded)) == {*needed, "company", "tax_id", "phone", "complement", "district"}
    assert set(AddressSchema().validate({**needed, "street": "  ", "country": "Brasil", "zip": "1"})) == {
        "street", "country", "zip"
    }  # fmt: skip


def test_applications_of_one_process_do_not_share_state(api: Api, database: DatabaseAddresses, tmp_path: Path) -> None:
    second = make_api(api.shop, settings_for(database, tmp_path, PUBLIC_URL="https://other.example"))
    document = second.test_client().get("/api/v1/openapi.json").get_json()
    assert document["servers"] == [{"url": "https://other.example"}]
