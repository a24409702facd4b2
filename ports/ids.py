"""New identifiers and secrets: the only source of randomness that use cases know."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Ids(Protocol):
    def new(self) -> UUID:
        """A UUIDv7 (RFC 9562): unique, and later than every one this process made before."""
        ...

    def secret(self) -> str:
        """An unguessable 256-bit secret in URL-safe characters."""
        ...
