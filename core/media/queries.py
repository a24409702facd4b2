"""What is asked about pictures, by staff."""

from __future__ import annotations

from dataclasses import dataclass

from core.media.model import Picture
from core.shared.permission import permission
from ports.blobs import BlobStore
from ports.media import MediaQueries


@dataclass(frozen=True, slots=True)
class OpenPicture:
    sha256: str


@permission("catalog.product.read")
def open_picture(query: OpenPicture, /, *, media_queries: MediaQueries, blobs: BlobStore) -> tuple[Picture, bytes]:
    """A picture of the store with its content, published or not. Raises NotFound."""
    picture = media_queries.by_hash(query.sha256)
    with blobs.open(picture.sha256) as file:
        return picture, file.read()
