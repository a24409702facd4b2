"""Environment -> one frozen record; refuses to start naming everything that is wrong at once."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit


class SettingsError(Exception):
    """One or more variables are missing or malformed; the message names each."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the storefront needs to know before it can answer.

    api: base address of the shop's API, without a trailing slash.
    publishable_key: names the store to the API; readable, not secret.
    port: TCP port on loopback.
    url: address at which shoppers reach this storefront; the payment page returns there.
    secret_key: signs the cookies.
    """

    api: str
    publishable_key: str
    port: int
    url: str
    secret_key: str

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel over TLS."""
        return self.url.startswith("https://")

    @property
    def api_origin(self) -> str:
        """Scheme, host and port of the API: where product pictures come from."""
        parts = urlsplit(self.api)
        return f"{parts.scheme}://{parts.netloc}"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from `environ`.

    Raises SettingsError naming every variable that is missing or malformed. `STOREFRONT_URL` defaults
    to loopback and `STOREFRONT_SECRET_KEY` to a random one: carts are then forgotten at a restart.
    """
    wrong: list[str] = []
    api = _address(environ, "ECOMMERCE_API", wrong)
    key = environ.get("ECOMMERCE_PUBLISHABLE_KEY", "").strip()
    if not key:
        wrong.append("ECOMMERCE_PUBLISHABLE_KEY is missing (pk_...)")
    port = _port(environ.get("STOREFRONT_PORT", ""), wrong)
    url = f"http://127.0.0.1:{port}"
    if environ.get("STOREFRONT_URL"):
        url = _address(environ, "STOREFRONT_URL", wrong)
    if wrong:
        raise SettingsError("; ".join(wrong))
    secret = environ.get("STOREFRONT_SECRET_KEY") or secrets.token_urlsafe(32)
    return Settings(api=api, publishable_key=key, port=port, url=url, secret_key=secret)


def _address(environ: Mapping[str, str], name: str, wrong: list[str]) -> str:
    value = environ.get(name, "").strip().rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        wrong.append(f"{name} must be an http(s) address")
    return value


def _port(value: str, wrong: list[str]) -> int:
    if value.isascii() and value.isdigit() and 0 < int(value) < 65536:
        return int(value)
    wrong.append("STOREFRONT_PORT must be a port from 1 to 65535")
    return 0
