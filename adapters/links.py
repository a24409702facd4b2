"""Derived secrets: HMAC-SHA256 (RFC 2104) of purpose and id under the settings' secret key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from uuid import UUID


class HmacLinks:
    def __init__(self, key: bytes, public_url: str) -> None:
        # A key of its own, so that a token signed elsewhere with the same setting can never be one of these.
        self._key = hmac.digest(key, b"ecommerce links", "sha256")
        self._public_url = public_url.rstrip("/")

    def secret(self, purpose: str, id_: UUID) -> str:
        digest = hmac.digest(self._key, f"{purpose}\0{id_}".encode(), hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def matches(self, purpose: str, id_: UUID, secret: str) -> bool:
        return hmac.compare_digest(self.secret(purpose, id_).encode(), secret.encode())

    def page(self, secret: str) -> str:
        return f"{self._public_url}/pay/{secret}"
