from __future__ import annotations

import base64
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from adapters.settings import Settings, SettingsError
from adapters.settings.signing_keys import SigningKey, parse_signing_keys

SEED = bytes(range(32))
BOX_KEY = base64.b64encode(bytes(32)).decode()
COMPLETE = {
    "ECOMMERCE_ENV": "development",
    "PUBLIC_URL": "http://127.0.0.1:8000/",
    "STOREFRONT_URL": "http://127.0.0.1:8001",
    "DATABASE_URL": "postgresql://ecommerce_app:s3cret@/ecommerce?host=/run/pg",
    "DATABASE_PLATFORM_URL": "postgresql://ecommerce_platform:s3cret@db:5432/ecommerce",
    "SECRET_KEY": "k" * 32,
    "SECRET_BOX_KEYS": BOX_KEY,
    "JWT_SIGNING_KEYS": base64.b64encode(SEED).decode(),
}
PRODUCTION = COMPLETE | {"ECOMMERCE_ENV": "production", "PUBLIC_URL": "https://shop.example"}


def refused(env: dict[str, str]) -> dict[str, str]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(env)
    return {problem.variable: problem.message for problem in caught.value.problems}


def test_a_complete_environment_is_read_with_defaults() -> None:
    settings = Settings.from_environment(COMPLETE)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.secret_key == b"k" * 32
    assert settings.secret_box_keys == (bytes(32),)
    assert settings.jwt_signing_keys[0].seed == SEED
    assert settings.data_dir == Path(".data").absolute()
    assert settings.media_dir == settings.data_dir / "media"
    assert (settings.port, settings.web_workers, settings.web_threads) == (8000, 2, 4)
    assert (settings.broker_url, settings.database_owner_url) == (None, None)
    assert (settings.sandbox_payments_url, settings.sandbox_carrier_url) == (None, None)
    assert (settings.session_cookie_secure, settings.trusted_proxy_count) == (False, 0)


def test_an_empty_environment_names_everything_that_is_needed_at_once() -> None:
    assert refused({}) == dict.fromkeys(COMPLETE, "is missing")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ECOMMERCE_ENV", "staging"),
        ("PUBLIC_URL", "127.0.0.1:8000"),
        ("PUBLIC_URL", "http://?shop"),
        ("PUBLIC_URL", "http://shop.example:99999"),
        ("STOREFRONT_URL", "ftp://shop.example"),
        ("DATABASE_URL", "mysql://app@db/shop"),
        ("DATABASE_PLATFORM_URL", "nonsense"),
        ("DATABASE_OWNER_URL", "sqlite:///x"),
        ("SECRET_KEY", "short"),
        ("SECRET_BOX_KEYS", "not base64"),
        ("SECRET_BOX_KEYS", f"{BOX_KEY},{base64.b64encode(bytes(16)).decode()}"),
        ("JWT_SIGNING_KEYS", "AAAA"),
        ("BROKER_URL", "redis://queue"),
        ("SANDBOX_PAYMENTS_URL", "127.0.0.1:9000"),
        ("SANDBOX_CARRIER_URL", "ftp://carrier"),
        ("SESSION_COOKIE_SECURE", "perhaps"),
        ("LOG_LEVEL", "loud"),
        ("PORT", "70000"),
        ("PORT", "0x50"),
        ("WEB_WORKERS", "0"),
        ("WEB_THREADS", "-1"),
        ("TRUSTED_PROXY_COUNT", "many"),
    ],
)
def test_a_malformed_value_is_named_and_not_shown(variable: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(COMPLETE | {variable: value})
    assert [problem.variable for problem in caught.value.problems] == [variable]
    assert variable in str(caught.value)
    assert value not in str(caught.value)


def test_missing_and_malformed_values_are_named_together() -> None:
    env = {k: v for k, v in COMPLETE.items() if k != "SECRET_KEY"} | {"PORT": "x", "LOG_LEVEL": "loud"}
    assert set(refused(env)) == {"SECRET_KEY", "PORT", "LOG_LEVEL"}


def test_production_refuses_the_sandbox_and_plain_cookies() -> None:
    assert Settings.from_environment(PRODUCTION).session_cookie_secure
    rehearsal = {
        "SANDBOX_PAYMENTS_URL": "http://sandbox:9000",
        "SANDBOX_CARRIER_URL": "http://sandbox:9001",
        "SESSION_COOKIE_SECURE": "off",
    }
    assert set(refused(PRODUCTION | rehearsal)) == set(rehearsal)
    assert set(refused(PRODUCTION | {"PUBLIC_URL": "http://shop.example"})) == {
        "PUBLIC_URL",
        "SESSION_COOKIE_SECURE",
    }


def test_settings_are_frozen_and_their_secrets_stay_out_of_logs() -> None:
    settings = Settings.from_environment(COMPLETE)
    with pytest.raises(FrozenInstanceError):
        settings.port = 1  # type: ignore[misc]  # that it's refused is the point
    shown = repr(settings)
    for secret in ("s3cret", "k" * 32, repr(SEED), repr(bytes(32))):
        assert secret not in shown
    assert "port=8000" in shown
    assert {f.name for f in fields(Settings)} >= {"public_url", "database_url"}


def test_a_signing_key_is_the_same_from_pem_and_from_base64() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    other = Ed25519PrivateKey.from_private_bytes(bytes(32))
    text = base64.b64encode(SEED).decode() + ", " + base64.b64encode(bytes(32)).decode()
    assert parse_signing_keys(text) == tuple(map(SigningKey.from_private_key, (key, other)))
    assert parse_signing_keys(pem + pem) == (SigningKey.from_private_key(key),) * 2


def test_the_kid_is_the_published_thumbprint() -> None:
    # RFC 8037, appendix A.1 to A.3
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = SigningKey.from_private_key(Ed25519PrivateKey.from_private_bytes(seed))
    assert key.kid == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_a_key_of_another_kind_is_refused() -> None:
    pem = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    assert set(refused(COMPLETE | {"JWT_SIGNING_KEYS": pem.decode()})) == {"JWT_SIGNING_KEYS"}
