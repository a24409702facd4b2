"""What each column's cells are read as: one reader for each, which raises BadValue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.imports import values
from core.imports.problems import BadValue
from core.imports.shopify import OPTION_NAMES, OPTION_VALUES, Column
from core.shared.text import fold, slugify
from core.shared.words import remembered

# A cell as it stands in the file, never empty; None for one of blanks only.
Reader = Callable[[str], Any]

# The catalogue's own limits (`core.catalog.rules`), told here with the line; a test holds both equal.
MAX_TEXT = 255
MAX_SKU = 64
MAX_SEO_DESCRIPTION = 500

_STATUSES = {"active": "published", "published": "published", "draft": "draft", "archived": "archived"}
_POLICIES = {"deny": False, "continue": True}
_UNTRACKED = frozenset({"false", "no", "not tracked"})


def readers(currency: str) -> Mapping[Column, Reader]:
    """How the cells of every column are read, prices in `currency`."""
    price = _few(lambda text: values.price(text, currency))
    return {**_READERS, **dict.fromkeys((Column.PRICE, Column.COMPARE_AT, Column.COST), price)}


def _few(read: Callable[[str], Any]) -> Reader:
    """For columns whose values come again and again."""
    return remembered(lambda cell: read(text) if (text := cell.strip()) else None)


def _text(cell: str) -> str | None:
    return cell.strip() or None


def _at_most(limit: int) -> Reader:
    def read(cell: str) -> str | None:
        text = cell.strip()
        if len(text) > limit:
            raise BadValue("too_long", f"At most {limit} characters.")
        return text or None

    return read


def _tags(text: str) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for tag in text.split(","):
        if len(tag) > MAX_TEXT:
            raise BadValue("too_long", f"A tag has at most {MAX_TEXT} characters.")
        kept.setdefault(fold(tag), tag.strip())
    kept.pop("", None)
    return tuple(kept.values())


def _status(text: str) -> str:
    try:
        return _STATUSES[text.lower()]
    except KeyError:
        raise BadValue("unknown_status", "A status is active, draft or archived.") from None


def _sells_on(text: str) -> bool:
    word = text.lower()
    if word in _POLICIES:
        return _POLICIES[word]
    return values.yes_or_no(text)


def _tracked(text: str) -> bool:
    """Whether stock is counted: any tracker counts."""
    return text.lower() not in _UNTRACKED


_yes_or_no = _few(values.yes_or_no)
_quantity = _few(values.quantity)
_address = _few(values.web_address)
_name = _at_most(MAX_TEXT)
# A weight's cell is read once its unit is known; names and values of options are looked at together.
_READERS: Mapping[Column, Reader] = {
    **dict.fromkeys((*OPTION_NAMES, *OPTION_VALUES, Column.BODY, Column.WEIGHT, Column.WEIGHT_UNIT), _text),
    **dict.fromkeys((Column.TITLE, Column.VENDOR, Column.TYPE, Column.SEO_TITLE, Column.BARCODE), _name),
    **dict.fromkeys((Column.SEO_DESCRIPTION, Column.IMAGE_ALT), _at_most(MAX_SEO_DESCRIPTION)),
    **dict.fromkeys((Column.PUBLISHED, Column.REQUIRES_SHIPPING, Column.TAXABLE, Column.GIFT_CARD), _yes_or_no),
    **dict.fromkeys((Column.QUANTITY, Column.IMAGE_POSITION), _quantity),
    **dict.fromkeys((Column.IMAGE, Column.VARIANT_IMAGE), _address),
    Column.HANDLE: _few(slugify),
    Column.TAGS: _few(_tags),
    Column.STATUS: _few(_status),
    Column.SKU: _at_most(MAX_SKU),
    Column.GRAMS: _few(values.grams),
    Column.TRACKER: _few(_tracked),
    Column.POLICY: _few(_sells_on),
}
