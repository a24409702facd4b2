"""What an import says, in words: reasons of refusal, names of fields, values before and after."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from admin import filters
from admin.status import status
from core.imports.states import FieldChange
from core.shared.money import Money, round_half_even

# By the problem's code; %(detail)s is the first number or the handle in the English message.
REASONS: Mapping[str, LazyString] = {
    "unreadable": _l("Holds bytes that are no readable characters"),
    "zero_byte": _l("Holds a zero byte"),
    "cell_too_large": _l("A cell has at most 1,000,000 characters"),
    "unclosed_quote": _l("A quote is opened or closed where none belongs"),
    "too_few_cells": _l("The row has too few cells"),
    "too_many_cells": _l("The row has more cells than there are columns"),
    "missing_column": _l("The file has no such column"),
    "doubled_column": _l("The file has this column twice"),
    "missing_handle": _l("A row needs the handle of its product"),
    "bad_handle": _l("A handle has letters and digits"),
    "repeated_handle": _l("Its product already stands further up, after other products"),
    "product_refused": _l("The first row of its product is refused"),
    "missing_title": _l("A new product needs a name"),
    "missing_price": _l("A new variant needs a price"),
    "not_a_number": _l("Is not a number"),
    "ambiguous_number": _l("Could be thousands or decimals: write it without a separator"),
    "negative": _l("Is below zero"),
    "too_precise": _l("Has more decimals than the currency"),
    "out_of_range": _l("Is too large"),
    "not_whole": _l("Stock is counted in whole units"),
    "unknown_unit": _l("A weight is in g, kg, lb or oz"),
    "not_true_or_false": _l("Is neither true nor false"),
    "not_an_address": _l("Is no address that begins with http:// or https://"),
    "unknown_status": _l("A status is active, draft or archived"),
    "too_long": _l("At most %(detail)s characters"),
    "too_many": _l("At most %(detail)s of these"),
    "compare_at_below_price": _l("Below the price, %(detail)s"),
    "gift_card": _l("Gift cards are not sold here"),
    "bad_option_name": _l("Each option has a name of its own"),
    "option_without_name": _l("The value's option has no name"),
    "missing_option": _l("A variant needs a value for each option"),
    "repeated_options": _l("Another variant of the product has these options"),
    "other_options": _l("The product has other options"),
    "repeated_sku": _l("Same SKU as line %(detail)s"),
    "sku_taken": _l("Another product has this SKU"),
    "same_variant": _l("Another row means the same variant"),
    "below_reserved": _l("%(detail)s are reserved by orders and payments"),
    "handle_taken": _l("Another product has got this address meanwhile"),
    "not_written": _l("The database refused it; somebody else may have changed it meanwhile"),
}

FIELDS: Mapping[str, LazyString] = {
    "title": _l("Name"),
    "slug": _l("Address"),
    "description_html": _l("Description"),
    "vendor": _l("Maker"),
    "product_type": _l("Category"),
    "tags": _l("Tags"),
    "status": _l("Status"),
    "options": _l("Options"),
    "option_values": _l("Options"),
    "seo_title": _l("Title for search engines"),
    "seo_description": _l("Description for search engines"),
    "price": _l("Price"),
    "compare_at": _l("Price before"),
    "cost": _l("Cost"),
    "sku": _l("SKU"),
    "barcode": _l("EAN"),
    "grams": _l("Weight, g"),
    "tax_category": _l("Tax category"),
    "tracked": _l("Stock counted"),
    "requires_shipping": _l("Is shipped"),
    "on_hand": _l("Stock"),
}

SEPARATORS = {",": _l("comma"), ";": _l("semicolon"), "\t": _l("tab")}

_CODES = frozenset({"sku", "barcode", "slug"})
_DETAIL = re.compile(r"[0-9][0-9.,]*[0-9]|[0-9]")
_TAGS = re.compile(r"<[^>]+>")
_LONGEST_TEXT = 4_000
_LOUD_PERCENT = 1_000  # basis points


def reason(code: str, message: str) -> str:
    """Why a row is refused, in the reader's language; `message` is what the core said in English."""
    words = REASONS.get(code)
    if words is None:
        return message
    found = _DETAIL.search(message)
    return str(words) % {"detail": found[0] if found else "?"}


@dataclass(slots=True)
class ChangedProduct:
    """The kept changes of one product: short ones as old and new value, long text as pieces."""

    title: str
    lines: str
    changes: list[dict[str, Any]] = field(default_factory=list)
    texts: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)


def changed_products(changes: Sequence[FieldChange]) -> list[ChangedProduct]:
    """`changes`, which come by line, product by product."""
    result = []
    for _handle, group in groupby(changes, key=lambda change: change.handle):
        rows = list(group)
        first, last = rows[0].line, rows[-1].line
        lines = _("line %(line)s", line=first)
        if last != first:
            lines = _("lines %(first)s to %(last)s", first=first, last=last)
        product = ChangedProduct(rows[0].title, lines)
        for row in rows:
            if row.field == "description_html":
                product.texts.append((_label(row), _pieces(str(row.before), str(row.after))))
            else:
                product.changes.append(_change(row))
        result.append(product)
    return result


def _label(change: FieldChange) -> str:
    name = str(FIELDS.get(change.field, change.field))
    return f"{change.subject}, {name[:1].lower()}{name[1:]}" if change.subject else name


def _change(change: FieldChange) -> dict[str, Any]:
    said: dict[str, Any] = {
        "label": _label(change),
        "before": _told(change.field, change.before),
        "after": _told(change.field, change.after),
        "code": change.field in _CODES,
    }
    moved = _moved(change.before, change.after)
    if moved is not None:
        sign = "+" if moved > 0 else "\N{MINUS SIGN}"
        said |= {"change": sign + filters.percent(abs(moved)), "loud": abs(moved) > _LOUD_PERCENT}
    return said


def _moved(before: object, after: object) -> int | None:
    """By how many basis points an amount moved, None for what is no amount or was nothing."""
    if not isinstance(before, dict) or not isinstance(after, dict) or not before["amount"]:
        return None
    old, new = int(before["amount"]), int(after["amount"])
    return round_half_even(10_000 * (new - old), old)


def _told(name: str, value: object) -> str | None:
    """A value as people read it; a product's status has its word in the one table."""
    return str(status("product", value).word) if name == "status" and isinstance(value, str) else _shown(value)


def _shown(value: object) -> str | None:
    match value:
        case None | "" | []:
            return None
        case bool():
            return str(_("yes") if value else _("no"))
        case int():
            return filters.number(value)
        case {"amount": int(amount), "currency": str(currency)}:
            return filters.money(Money(amount, currency))
        case list():
            return "; ".join(_listed(item) for item in value)
    return str(value)


def _listed(item: object) -> str:
    """An option with its values, or one of several words."""
    if isinstance(item, list) and len(item) == 2:
        return f"{item[0]}: {', '.join(item[1])}"
    return str(item)


def _pieces(before: str, after: str) -> list[tuple[str, str]]:
    """Two texts as what stays, what goes and what comes, word by word, without their markup."""
    old, new = (re.findall(r"\S+\s*", _TAGS.sub(" ", text)[:_LONGEST_TEXT]) for text in (before, after))
    pieces: list[tuple[str, str]] = []
    for kind, old_from, old_to, new_from, new_to in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        gone, come = " ".join("".join(old[old_from:old_to]).split()), " ".join("".join(new[new_from:new_to]).split())
        if kind == "equal":
            pieces.append(("same", f" {gone} "))
            continue
        told = [(name, text) for name, text in (("del", gone), ("ins", come)) if text]
        pieces += [told[0], ("same", " "), told[1]] if len(told) == 2 else told
    return pieces
