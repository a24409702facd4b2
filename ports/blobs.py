"""Blobs: bytes under the hash of their content, never changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Protocol


class BlobStore(Protocol):
    def put(self, chunks: Iterable[bytes]) -> str:
        """Store content and return its SHA-256 in hex; the same content twice is stored once.

        Nothing is visible before all of it is written and flushed.
        """
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The content from its beginning; the caller closes it. Raises NotFound."""
        ...

    def delete(self, sha256: str) -> None:
        """Remove content; nothing happens when there is none."""
        ...
