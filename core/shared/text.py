"""Text that people type: kept as typed beside a folded form used for equality and order."""

from __future__ import annotations

import re
import unicodedata


def fold(text: str) -> str:
    """`text` without accents, case and repeated spaces: the key for equality, prefix search and name order."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def slugify(text: str) -> str:
    """`text` as a path segment of lower-case ASCII letters, digits and hyphens; empty when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
