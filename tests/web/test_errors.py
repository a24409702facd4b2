"""Every refusal is a problem document with the same members, a stable code and the request's id."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.shared import errors
from core.shared.errors import CoreError
from core.shared.repeats import KeyReused, Replayed, RequestInFlight
from tests.web.conftest import SHOPPER, Api
from web.errors import STATUS, field_problems, status_of

MEMBERS = {"type", "title", "status", "code", "detail", "errors", "request_id"}


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = answer.get_json()
    assert set(body) == MEMBERS
    assert (body["status"], body["code"]) == (status, code)
    assert body["request_id"] == answer.headers["X-Request-Id"]
    return body


def fields(body: dict[str, Any]) -> set[tuple[str, str]]:
    return {(error["field"], error["code"]) for error in body["errors"]}


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe{}", b'{"email": NaN}', b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b'{"email": "a\\u0000b"}'],
    ids=["cut", "encoding", "nan", "deep", "digits", "nul"],
)
def test_a_body_that_is_no_json_is_malformed(api: Api, body: bytes) -> None:
    problem(api("POST", "/api/v1/auth/login", data=body, content_type="application/json"), 400, "malformed")


def test_half_a_surrogate_pair_is_no_character(api: Api) -> None:
    answer = api("POST", "/api/v1/auth/login", data=b'{"email": "\\ud800"}', content_type="application/json")
    problem(answer, 400, "malformed")


def test_unknown_missing_and_wrongly_typed_fields_are_all_named(api: Api) -> None:
    answer = api("POST", "/api/v1/auth/register", json={"email": 7, "password": None, "admin": True})
    body = problem(answer, 422, "invalid")
    assert fields(body) == {
        ("email", "wrong_type"), ("password", "null"), ("name", "required"), ("admin", "unknown")
    }  # fmt: skip


def test_a_body_that_is_no_object(api: Api) -> None:
    body = problem(api("POST", "/api/v1/auth/login", json=[1]), 422, "invalid")
    assert fields(body) == {("", "wrong_type")}


def test_unknown_query_parameters_are_refused(api: Api) -> None:
    body = problem(api("GET", "/api/v1/products?colour=red&limit=0"), 422, "invalid")
    assert ("colour", "unknown") in fields(body)


def test_a_form_is_not_the_media_type(api: Api) -> None:
    problem(api("POST", "/api/v1/auth/login", data={"email": "a@b.c"}), 415, "unsupported_media_type")


def test_a_body_larger_than_a_mebibyte_is_refused(api: Api) -> None:
    body = json.dumps({**SHOPPER, "name": "x" * 1_100_000})
    problem(api("POST", "/api/v1/auth/login", data=body, content_type="application/json"), 413, "body_too_large")


def test_a_chunked_body_has_the_same_limit(api: Api) -> None:
    body = json.dumps({"email": "a@b.co", "password": "x"}).encode() + b" " * 1_100_000
    answer = api(
        "POST",
        "/api/v1/auth/login",
        input_stream=io.BytesIO(body),
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
        headers={"Transfer-Encoding": "chunked"},
    )
    problem(answer, 413, "body_too_large")


def test_a_nul_in_path_or_query_is_refused(api: Api) -> None:
    problem(api("GET", "/api/v1/products?q=%00"), 400, "malformed")
    problem(api("GET", "/api/v1/products/%00"), 404, "not_found")


def test_a_wrong_method_names_the_right_ones(api: Api) -> None:
    answer = api("PUT", "/api/v1/auth/login", json={})
    problem(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/nothing", "/api/v2/products", "/api/v1/auth/sessions/7"])
def test_what_does_not_exist(api: Api, path: str) -> None:
    problem(api("DELETE", path), 404, "not_found")


def test_an_unexpected_error_tells_the_request_id_only(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(type(api.shop.wired.lookups), "key", broken)
    answer = api("GET", "/api/v1/auth/me", headers={"X-Request-Id": "client-request-1"})
    body = problem(answer, 500, "internal")
    assert body["request_id"] == "client-request-1"
    assert "secret" not in answer.text


def test_a_request_id_that_could_forge_a_log_is_replaced(api: Api) -> None:
    answer = api("GET", "/healthz", headers={"X-Request-Id": 'x", "store": "other'})
    assert len(answer.headers["X-Request-Id"]) == 36


def test_the_table_answers_every_kind() -> None:
    kinds = {
        kind for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, CoreError) and kind is not CoreError
    }  # fmt: skip
    assert kinds == set(STATUS)
    assert status_of(KeyReused()) == 422
    assert status_of(RequestInFlight()) == 409
    assert status_of(Replayed({})) == 500  # rendered by `idempotent`, never answered as an error


def test_nested_messages_become_dotted_names() -> None:
    messages = {"json": {"lines": {0: {"quantity": ["Not a valid integer."]}}, "_schema": ["Invalid input type."]}}
    assert [(p.field, p.code) for p in field_problems(messages)] == [
        ("lines.0.quantity", "wrong_type"), ("", "wrong_type")
    ]  # fmt: skip
