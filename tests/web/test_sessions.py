"""Shoppers' sessions over REST: refresh tokens rotate, sessions end, passwords pause."""

from __future__ import annotations

from werkzeug.test import TestResponse

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


def test_five_wrong_passwords_pause_the_account(api: Api) -> None:
    api.register()
    for _ in range(5):
        wrong = api("POST", "/api/v1/auth/login", json={**LOGIN, "password": "wrong"})
        assert code(wrong) == (401, "sign_in_refused")
    paused = api("POST", "/api/v1/auth/login", json=LOGIN)
    assert code(paused) == (429, "sign_in_paused")
    assert 890 <= int(paused.headers["Retry-After"]) <= 901
    unknown = api("POST", "/api/v1/auth/login", json={**LOGIN, "email": "nobody@example.com"})
    assert code(unknown) == (401, "sign_in_refused")


def test_tokens_are_kept_as_digests_and_nobody_elses_rows_are_in_the_log(api: Api) -> None:
    tokens = api.register()
    kept = api.shop.sql("SELECT token_hash::text, * FROM refresh_tokens")
    assert tokens["refresh_token"] not in str(kept)
    log = api.shop.sql("SELECT action, changes FROM activity WHERE action LIKE 'identity.register%'")
    assert len(log) == 1
    assert SHOPPER["email"] not in str(log)
