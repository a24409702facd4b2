"""Imports of the bound store, and the staging of their rows."""

from __future__ import annotations

from typing import Protocol


class ImportRepository(Protocol):
    """Imports of the bound store, and the staging of their rows."""
