"""What the sandbox is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

API_VERSION = "2026-05-27.dahlia"
DEFAULT_PORT = 8420


class RefusedToStart(Exception):
    """The environment is one in which this service must not or cannot run."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one process.

    database_url: PostgreSQL address of the role that sees schema `sandbox` alone.
    public_url: scheme and host under which browsers reach this service, without a final slash.
    webhook_rebase: scheme and host that stand in for those of every webhook address, or None.
    """

    database_url: str
    port: int
    public_url: str
    webhook_rebase: str | None = None


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    environment: usually `os.environ`.
    Raises RefusedToStart in production, without a database address, or on a malformed value.
    """
    if environment.get("ECOMMERCE_ENV", "").strip().lower() in {"production", "prod"}:
        raise RefusedToStart("the payment sandbox never runs in production (ECOMMERCE_ENV)")
    database_url = environment.get("DATABASE_SANDBOX_URL", "").strip()
    if not database_url:
        raise RefusedToStart("DATABASE_SANDBOX_URL is not set")
    port = _port(environment.get("SANDBOX_PORT") or str(DEFAULT_PORT))
    public_url = environment.get("SANDBOX_PUBLIC_URL") or f"http://127.0.0.1:{port}"
    rebase = environment.get("SANDBOX_WEBHOOK_REBASE", "").strip()
    return Settings(
        database_url=database_url,
        port=port,
        public_url=_origin("SANDBOX_PUBLIC_URL", public_url),
        webhook_rebase=_origin("SANDBOX_WEBHOOK_REBASE", rebase) if rebase else None,
    )


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise RefusedToStart(f"SANDBOX_PORT is not a port: {text!r}")
    return int(text)


def _origin(name: str, url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise RefusedToStart(f"{name} is not an http address: {url!r}")
    return f"{parts.scheme}://{parts.netloc}"
