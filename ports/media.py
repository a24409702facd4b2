"""Pictures of the bound store, and the preparation of files that people send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.media.model import Picture


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """A picture fit to be served: checked, without metadata, not larger than shops need. Sizes in pixels."""

    content: bytes
    content_type: str
    width: int
    height: int


class PictureProcessor(Protocol):
    def prepare(self, content: bytes) -> PreparedPicture:
        """Check and clean a file. Raises UnusablePicture for what is no picture, too large, or broken."""
        ...


class MediaRepository(Protocol):
    """Pictures of the bound store."""

    def add(self, sha256: str, prepared: PreparedPicture) -> Picture:
        """Keep a picture whose blob is stored; the same content twice is the same picture."""
        ...


class MediaQueries(Protocol):
    """Pictures of the bound store, for staff."""

    def by_hash(self, sha256: str) -> Picture:
        """Raises NotFound when the store has no such picture."""
        ...
