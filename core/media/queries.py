"""What is asked about pictures, by staff."""

from __future__ import annotations

from dataclasses import dataclass

from core.media.model import Picture
from core.shared.permission import permission
from ports.media import MediaQueries


@dataclass(frozen=True, slots=True)
class FindPicture:
    sha256: str


@permission("catalog.product.read")
def find_picture(query: FindPicture, /, *, media_queries: MediaQueries) -> Picture:
    """Raises NotFound."""
    return media_queries.by_hash(query.sha256)
