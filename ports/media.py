"""Pictures of the bound store."""

from __future__ import annotations

from typing import Protocol


class MediaRepository(Protocol):
    """Pictures of the bound store."""
