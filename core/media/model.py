"""Pictures: what the blob store keeps under a hash, seen by one store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.shared.ids import MediaId

MAX_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is served: `sha256` is its name in the blob store, sizes are in pixels and bytes."""

    id: MediaId
    sha256: str
    content_type: str
    width: int
    height: int
    size_bytes: int
    created_at: datetime
