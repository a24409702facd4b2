"""Reading a service's settings from its environment."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit


class RefusedToStart(Exception):
    """The environment is one in which this service must not or cannot run."""


def database_of(environment: Mapping[str, str], service: str) -> str:
    """The address of the books. Raises RefusedToStart in production or without one."""
    if environment.get("ECOMMERCE_ENV", "").strip().lower() in {"production", "prod"}:
        raise RefusedToStart(f"the {service} sandbox never runs in production (ECOMMERCE_ENV)")
    address = environment.get("DATABASE_SANDBOX_URL", "").strip()
    if not address:
        raise RefusedToStart("DATABASE_SANDBOX_URL is not set")
    return address


def port(name: str, text: str) -> int:
    """A TCP port. Raises RefusedToStart naming the variable."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise RefusedToStart(f"{name} is not a port: {text!r}")
    return int(text)


def origin(name: str, url: str) -> str:
    """Scheme and host of an http address. Raises RefusedToStart naming the variable."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise RefusedToStart(f"{name} is not an http address: {url!r}")
    return f"{parts.scheme}://{parts.netloc}"


def optional_origin(environment: Mapping[str, str], name: str) -> str | None:
    """The same for a variable that may be missing or empty."""
    text = environment.get(name, "").strip()
    return origin(name, text) if text else None
