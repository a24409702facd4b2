"""HTML of descriptions, sanitised by nh3 (Rust's ammonia)."""

from __future__ import annotations

import nh3

# What a description may hold. Headings start at 2: the page has its own first one. No pictures: product pictures
# have their own place, and addresses elsewhere are never hot-linked.
TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5",
    "h6", "hr", "i", "ins", "li", "ol", "p", "pre", "s", "small", "span", "strong", "sub", "sup", "table", "tbody",
    "td", "tfoot", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}}
SCHEMES = {"http", "https", "mailto", "tel"}

# Made once: to read those sets anew for each description costs more than to clean it.
_CLEANER = nh3.Cleaner(
    tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
)  # fmt: skip


class Nh3Sanitizer:
    def clean(self, html: str) -> str:
        return _CLEANER.clean(html).strip()
