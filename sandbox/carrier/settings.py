"""What the carrier's sandbox is told by its environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.environment import RefusedToStart, database_of, optional_origin, origin, port

__all__ = ["RefusedToStart", "Settings", "from_environment"]

DEFAULT_PORT = 8421


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of one process.

    database_url: PostgreSQL address of the role that sees schema `sandbox` alone.
    public_url: scheme and host under which labels are fetched, without a final slash.
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
    database_url = database_of(environment, "carrier")
    at = port("SANDBOX_CARRIER_PORT", environment.get("SANDBOX_CARRIER_PORT") or str(DEFAULT_PORT))
    return Settings(
        database_url=database_url,
        port=at,
        public_url=origin(
            "SANDBOX_CARRIER_PUBLIC_URL", environment.get("SANDBOX_CARRIER_PUBLIC_URL") or f"http://127.0.0.1:{at}"
        ),
        webhook_rebase=optional_origin(environment, "SANDBOX_WEBHOOK_REBASE"),
    )
