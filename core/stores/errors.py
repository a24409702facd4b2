"""What stores refuse."""

from __future__ import annotations

from core.shared.errors import Rejected


class SlugTaken(Rejected):
    """Another store has this short name."""

    code = "slug_taken"
