"""What the sandbox is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.environment import RefusedToStart, database_of, optional_origin, origin, port

__all__ = ["RefusedToStart", "Settings", "from_environment"]

API_VERSION = "2026-05-27.dahlia"
DEFAULT_PORT = 8420


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
    database_url = database_of(environment, "payment")
    at = port("SANDBOX_PORT", environment.get("SANDBOX_PORT") or str(DEFAULT_PORT))
    public_url = environment.get("SANDBOX_PUBLIC_URL") or f"http://127.0.0.1:{at}"
    return Settings(
        database_url=database_url,
        port=at,
        public_url=origin("SANDBOX_PUBLIC_URL", public_url),
        webhook_rebase=optional_origin(environment, "SANDBOX_WEBHOOK_REBASE"),
    )
