"""HTML that people typed or imported, made harmless."""

from __future__ import annotations

from typing import Protocol


class HtmlSanitizer(Protocol):
    def clean(self, html: str) -> str:
        """`html` with only what a product description may hold: text markup, lists, tables, links."""
        ...
