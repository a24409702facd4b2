"""Text that people type: kept as typed beside a folded form used for equality and order."""

from __future__ import annotations

import re
import unicodedata

# Combining characters, as `str.translate` takes them away; Unicode has none from U+20000 on.
_MARKS = dict.fromkeys(code for code in range(0x20000) if unicodedata.combining(chr(code)))


def fold(text: str) -> str:
    """`text` without accents, case and repeated spaces: the key for equality, prefix search and name order."""
    if text.isascii():
        return " ".join(text.lower().split())
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(decomposed.translate(_MARKS).split())


def slugify(text: str) -> str:
    """`text` as a path segment of lower-case ASCII letters, digits and hyphens; empty when nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
