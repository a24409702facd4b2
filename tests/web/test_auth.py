"""Keys, origins and shoppers: who is let in, and who is not."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.provisioning import DatabaseAddresses
from core.identity.model import KeyKind
from core.identity.use_cases.create_key import CreateKey, create_key
from core.identity.use_cases.revoke_key import RevokeKey, revoke_key
from tests.shop import ORIGIN, open_shop
from tests.web.conftest import SHOPPER, Api

ME = "/api/v1/auth/me"
ISSUER = "http://127.0.0.1:8000"


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def own_claims(api: Api, **changes: Any) -> dict[str, Any]:
    """The claims of a live session of the shop, changed."""
    token = api.register()["access_token"]
    return {**jwt.decode(token, options={"verify_signature": False}), **changes}


def sign(payload: dict[str, Any], seed: bytes = bytes(range(32)), **header: Any) -> str:
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return jwt.encode(payload, key, algorithm="EdDSA", headers={"kid": KID, **header})


def thumbprint(seed: bytes) -> str:
    """RFC 7638 over the members of RFC 8037."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    x = base64.urlsafe_b64encode(public).rstrip(b"=").decode()
    canonical = f'{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}'
    return base64.urlsafe_b64encode(hashlib.sha256(canonical.encode()).digest()).rstrip(b"=").decode()


KID = thumbprint(bytes(range(32)))


def test_without_a_key_nobody_is_known(api: Api) -> None:
    answer = api("GET", ME, key=None)
    assert code(answer) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("key", ["pk_unknown", "sk_unknown", "x" * 5000])
def test_an_unknown_key(api: Api, key: str) -> None:
    assert code(api("GET", ME, key=key)) == (401, "key_unknown")


def test_a_revoked_key_is_worthless_at_once(api: Api) -> None:
    assert code(api("GET", ME)) == (401, "unauthenticated")  # known store, nobody logged in
    api.shop.run(revoke_key, RevokeKey(api.shop.key[:11]))
    assert code(api("GET", ME)) == (401, "key_unknown")


def test_a_secret_key_is_no_store_key_and_the_other_way_round(api: Api) -> None:
    secret = api.shop.run(create_key, CreateKey(KeyKind.SECRET, "ERP", scopes=("orders.order.read",))).token
    assert code(api("GET", ME, key=secret)) == (401, "key_unknown")
    assert code(api("GET", ME, key=None, token=api.shop.key)) == (401, "unauthenticated")
    assert code(api("GET", ME, key=None, token=secret)) == (401, "unauthenticated")  # a key is no customer


def test_an_origin_has_to_be_one_of_the_keys(api: Api) -> None:
    allowed = api("GET", ME, headers={"Origin": ORIGIN})
    assert allowed.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "X-Request-Id" in allowed.headers["Access-Control-Expose-Headers"]
    foreign = api("GET", ME, headers={"Origin": "https://elsewhere.example"})
    assert code(foreign) == (403, "origin_not_allowed")
    assert "Access-Control-Allow-Origin" not in foreign.headers
    server = api("GET", ME)
    assert server.status_code == 401
    assert "Access-Control-Allow-Origin" not in server.headers
    assert all("Origin" in answer.headers["Vary"] for answer in (allowed, foreign, server))


def test_a_preflight_is_answered_from_all_origins(api: Api) -> None:
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "PATCH"}
    answer = api("OPTIONS", "/api/v1/carts/x", key=None, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
    refused = api("OPTIONS", "/api/v1/carts/x", key=None, headers={**asked, "Origin": "https://elsewhere.example"})
    assert "Access-Control-Allow-Origin" not in refused.headers


def test_a_shopper_is_known_by_the_access_token(api: Api) -> None:
    tokens = api.register()
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 900)
    answer = api("GET", ME, token=tokens["access_token"])
    assert answer.get_json() == tokens["customer"]
    assert tokens["customer"]["email"] == SHOPPER["email"]


def test_an_access_token_is_worth_nothing_in_another_store(
    api: Api, database: DatabaseAddresses, tmp_path: Path
) -> None:
    token = api.register()["access_token"]
    other = open_shop(database, tmp_path)
    try:
        assert code(api("GET", ME, key=other.key, token=token)) == (401, "token_invalid")
    finally:
        other.wired.engines.dispose()


def test_the_published_keys_check_the_tokens(api: Api) -> None:
    answer = api("GET", "/.well-known/jwks.json", key=None)
    (key,) = answer.get_json()["keys"]
    assert (key["kty"], key["crv"], key["kid"]) == ("OKP", "Ed25519", KID)
    token = api.register()["access_token"]
    payload = jwt.decode(token, jwt.PyJWK(key), algorithms=["EdDSA"], audience=f"{ISSUER}/api/v1", issuer=ISSUER)
    assert set(payload) == {"iss", "aud", "sub", "sid", "store", "iat", "exp"}
    assert payload["exp"] - payload["iat"] == 900
    assert jwt.get_unverified_header(token)["kid"] == KID


def test_own_signed_claims_are_what_the_refusals_below_differ_from(api: Api) -> None:
    assert api("GET", ME, token=sign(own_claims(api))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": datetime.now(UTC) - timedelta(seconds=1)},
        {"aud": "http://elsewhere.example/api/v1"},
        {"iss": "http://elsewhere.example"},
        {"sid": str(uuid4())},
        {"sub": str(uuid4())},
        {"store": str(uuid4())},
        {"store": "no uuid"},
        {"sid": None},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_claims_that_are_not_ours(api: Api, changes: dict[str, Any]) -> None:
    payload = {name: value for name, value in own_claims(api, **changes).items() if value is not None}
    assert code(api("GET", ME, token=sign(payload))) == (401, "token_invalid")


def test_a_forged_signature(api: Api) -> None:
    assert code(api("GET", ME, token=sign(own_claims(api), seed=b"\1" * 32))) == (401, "token_invalid")


def test_a_tampered_payload(api: Api) -> None:
    head, _, signature = sign(own_claims(api)).split(".")
    payload = base64.urlsafe_b64encode(json.dumps({"sub": str(uuid4())}).encode()).rstrip(b"=").decode()
    assert code(api("GET", ME, token=f"{head}.{payload}.{signature}")) == (401, "token_invalid")


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_the_token_does_not_choose_the_algorithm(api: Api, algorithm: str) -> None:
    payload = own_claims(api)
    key = "" if algorithm == "none" else "the public key, known to everybody, as a shared secret"
    token = jwt.encode(payload, key, algorithm=algorithm, headers={"kid": KID})
    assert code(api("GET", ME, token=token)) == (401, "token_invalid")


@pytest.mark.parametrize("kid", ["elsewhere", 7, None])
def test_an_unknown_key_id(api: Api, kid: Any) -> None:
    payload, key = own_claims(api), Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    head = base64.urlsafe_b64encode(json.dumps({"alg": "EdDSA", "kid": kid}).encode()).rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(payload, default=str).encode()).rstrip(b"=")
    signature = base64.urlsafe_b64encode(key.sign(head + b"." + body)).rstrip(b"=")
    token = b".".join((head, body, signature)).decode()
    assert code(api("GET", ME, token=token)) == (401, "token_invalid")


@pytest.mark.parametrize("header", ["Bearer", "Bearer a.b.c", "Basic YTpi", "Bearer " + "x" * 5000])
def test_a_malformed_authorization(api: Api, header: str) -> None:
    assert code(api("GET", ME, headers={"Authorization": header})) == (401, "token_invalid")
