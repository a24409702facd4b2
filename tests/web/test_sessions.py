"""Shoppers' sessions over REST: refresh tokens rotate, sessions end, passwords pause."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.addresses import new_address
from tests.web.conftest import SHOPPER, Api
from tests.web.test_auth import ME, code

LOGIN = {name: SHOPPER[name] for name in ("email", "password")}


def refresh(api: Api, token: str) -> TestResponse:
    return api("POST", "/api/v1/auth/refresh", json={"refresh_token": token})


def test_an_address_has_one_account_in_any_spelling(api: Api) -> None:
    api.register()
    again = api("POST", "/api/v1/auth/register", json={**SHOPPER, "email": " MARIA@Example.com "})
    assert code(again) == (409, "email_taken")


def test_bad_addresses_and_passwords_are_named(api: Api) -> None:
    for changes, field in (
        ({"email": "maria"}, "email"), ({"email": "a b@example.com"}, "email"), ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"), ({"name": "   "}, "name"),
    ):  # fmt: skip
        answer = api("POST", "/api/v1/auth/register", json={**SHOPPER, **changes})
        assert answer.status_code == 422
        assert [error["field"] for error in answer.get_json()["errors"]] == [field]


def test_log_in_in_any_spelling(api: Api) -> None:
    api.register()
    answer = api("POST", "/api/v1/auth/login", json={**LOGIN, "email": "Maria@EXAMPLE.com"})
    assert answer.status_code == 200
    assert api("GET", ME, token=answer.get_json()["access_token"]).status_code == 200


def test_a_refresh_token_is_good_once_and_its_second_use_ends_the_session(api: Api) -> None:
    first = api.register()
    second = refresh(api, first["refresh_token"]).get_json()
    assert second["refresh_token"] != first["refresh_token"]
    assert api("GET", ME, token=second["access_token"]).status_code == 200
    assert code(refresh(api, first["refresh_token"])) == (401, "refresh_refused")
    assert code(refresh(api, second["refresh_token"])) == (401, "refresh_refused")
    assert code(api("GET", ME, token=second["access_token"])) == (401, "token_invalid")


def test_log_out_ends_the_session_at_once(api: Api) -> None:
    tokens = api.register()
    answer = api("POST", "/api/v1/auth/logout", json={"refresh_token": tokens["refresh_token"]})
    assert (answer.status_code, answer.data) == (204, b"")
    assert code(api("GET", ME, token=tokens["access_token"])) == (401, "token_invalid")
    assert code(refresh(api, tokens["refresh_token"])) == (401, "refresh_refused")
    assert api("POST", "/api/v1/auth/logout", json={"refresh_token": "unknown"}).status_code == 204


def test_sessions_are_listed_and_ended_by_their_owner(api: Api) -> None:
    first = api.register()
    second = api("POST", "/api/v1/auth/login", json=LOGIN).get_json()
    rows = api("GET", "/api/v1/auth/sessions", token=second["access_token"]).get_json()["data"]
    assert [row["current"] for row in rows] == [True, False]
    other = next(row["id"] for row in rows if not row["current"])
    stranger = api.register(email="joana@example.com")
    path = f"/api/v1/auth/sessions/{other}"
    assert code(api("DELETE", path, token=stranger["access_token"])) == (404, "not_found")
    assert api("DELETE", path, token=second["access_token"]).status_code == 204
    assert code(api("GET", ME, token=first["access_token"])) == (401, "token_invalid")
    assert code(api("DELETE", path, token=second["access_token"])) == (404, "not_found")


def log_in(api: Api, address: str, **changes: str) -> TestResponse:
    """A try from a client address."""
    client = {"REMOTE_ADDR": address}
    return api("POST", "/api/v1/auth/login", json={**LOGIN, **changes}, environ_overrides=client)


def test_five_wrong_passwords_pause_the_address_and_nobody_else(api: Api) -> None:
    api.register()
    thief, home = new_address(), new_address()
    wrong = [log_in(api, thief, password="wrong") for _ in range(5)]
    assert {code(answer) for answer in wrong} == {(401, "sign_in_refused")}
    paused = log_in(api, thief)
    assert code(paused) == (429, "sign_in_paused")
    assert 890 <= int(paused.headers["Retry-After"]) <= 901
    assert log_in(api, home).status_code == 200


def test_what_an_address_calls_itself_changes_nothing(api: Api) -> None:
    """Headers of proxies are believed only as far as the settings say: here, not at all."""
    api.register()
    for n in range(5):
        told = {"X-Forwarded-For": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}"}
        wrong = api("POST", "/api/v1/auth/login", json={**LOGIN, "password": "wrong"}, headers=told)
        assert code(wrong) == (401, "sign_in_refused")
    told = {"X-Forwarded-For": "203.0.113.200"}
    assert code(api("POST", "/api/v1/auth/login", json=LOGIN, headers=told)) == (429, "sign_in_paused")


def test_no_answer_tells_whether_there_is_such_an_account(api: Api) -> None:
    api.register()
    told: list[tuple[int, dict[str, Any], list[str]]] = []
    for email in (SHOPPER["email"], "nobody@example.com"):
        address = new_address()
        for _ in range(6):
            answer = log_in(api, address, email=email, password="wrong")
            body = {name: value for name, value in answer.get_json().items() if name != "request_id"}
            told.append((answer.status_code, body, sorted(name for name, _value in answer.headers)))
    assert told[:6] == told[6:]
    assert [status for status, _body, _headers in told[:6]] == [401] * 5 + [429]


def test_tokens_are_kept_as_digests_and_nobody_elses_rows_are_in_the_log(api: Api) -> None:
    tokens = api.register()
    kept = api.shop.sql("SELECT token_hash::text, * FROM refresh_tokens")
    assert tokens["refresh_token"] not in str(kept)
    log = api.shop.sql("SELECT action, changes FROM activity WHERE action LIKE 'identity.register%'")
    assert len(log) == 1
    assert SHOPPER["email"] not in str(log)
