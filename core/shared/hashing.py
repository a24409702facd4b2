"""How secrets are kept: never themselves, only a digest that finds them."""

from __future__ import annotations

import hashlib


def digest(secret: str) -> bytes:
    """SHA-256 of a secret that is unguessable by itself (256 random bits); passwords need more than this."""
    return hashlib.sha256(secret.encode()).digest()
