"""Whatever JSON is sent, the answer is a refusal or a success, never a crash."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.conftest import SHOPPER, Api

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
ROUTES = ("register", "login", "refresh", "logout")
FIELDS = (*SHOPPER, "refresh_token")

_quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@_quick
@given(route=st.sampled_from(ROUTES), body=JSON)
def test_any_body(api: Api, route: str, body: Any) -> None:
    assert api("POST", f"/api/v1/auth/{route}", json=body).status_code < 500


@_quick
@given(route=st.sampled_from(ROUTES), body=st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=4))
def test_any_value_in_known_fields(api: Api, route: str, body: Any) -> None:
    assert api("POST", f"/api/v1/auth/{route}", json=body).status_code < 500


@_quick
@given(data=st.binary(max_size=60))
def test_any_bytes(api: Api, data: bytes) -> None:
    answer = api("POST", "/api/v1/auth/login", data=data, content_type="application/json")
    assert 400 <= answer.status_code < 500


HEADERS = ("X-Store-Key", "Authorization", "Origin", "Idempotency-Key", "X-Request-Id", "If-Match")
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40)


@_quick
@given(name=st.sampled_from(HEADERS), value=VALUES)
def test_any_header(api: Api, name: str, value: str) -> None:
    key = None if name == "X-Store-Key" else ""
    assert api("GET", "/api/v1/auth/me", key=key, headers={name: value}).status_code in (401, 403)
