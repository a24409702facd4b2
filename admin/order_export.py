"""A list of orders as CSV: exactly what is filtered, streamed page by page, safe to open in a spreadsheet.

A cell that begins with = + - @, a tab or a carriage return is read as a formula by spreadsheets, so it gets a leading
apostrophe (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import pgettext

from admin.context import read
from admin.desk import zone
from admin.order_words import method, order_number
from admin.status import status
from core.orders.queries import ListOrders, list_orders
from core.shared.money import Money, exponent
from ports.orders import OrderFilter, OrderRow
from ports.paging import MAX_LIMIT, Page, PageRequest

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel takes UTF-8 for the computer's old code page


class Figure(str):
    """A number that we wrote: also a negative one stays a number."""

    __slots__ = ()


def cell(text: str) -> str:
    """`text` so that no spreadsheet calculates it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def lines(filter_: OrderFilter) -> Iterator[str]:
    """The file, line by line. The first page is read at once, so that a refusal is an answer of its own."""
    page = _page(filter_, None)
    return _lines(filter_, page)


def _page(filter_: OrderFilter, cursor: str | None) -> Page[OrderRow]:
    return read(list_orders, ListOrders(filter_, PageRequest(MAX_LIMIT, cursor)))


def _lines(filter_: OrderFilter, page: Page[OrderRow]) -> Iterator[str]:
    yield BYTE_ORDER_MARK + line(_heads())
    while True:
        for row in page.rows:
            yield line(_cells(row))
        if page.next is None:
            return
        page = _page(filter_, page.next)


def line(cells: Sequence[str]) -> str:
    """One line of the file, each cell safe to open."""
    buffer = io.StringIO()
    csv.writer(buffer).writerow([text if isinstance(text, Figure) else cell(text) for text in cells])
    return buffer.getvalue()


def _heads() -> Sequence[str]:
    return (
        _("Number"), _("Placed"), _("Customer"), _("E-mail"), _("City"), pgettext("address", "State"), _("Order"),
        _("Payment"), _("Paid with"), _("Fulfilment"), _("Return"), _("Items"), _("Total"), _("Currency"),
    )  # fmt: skip


def _cells(row: OrderRow) -> Sequence[str]:
    return (
        order_number(row.number),
        row.placed_at.astimezone(zone()).strftime("%Y-%m-%d %H:%M"),
        row.customer_name,
        row.email,
        row.city or "",
        row.region or "",
        str(status("order", row.status).word),
        str(status("payment", row.payment_status).word),
        method(row.method) if row.method else "",
        str(status("fulfilment", row.fulfilment_status).word),
        str(status("return", row.return_status).word),
        str(row.quantity),
        plain(row.total),
        row.total.currency,
    )


def plain(amount: Money) -> Figure:
    """An amount for machines: a point before the cents, no groups, no sign of the currency."""
    return Figure(Decimal(amount.minor).scaleb(-exponent(amount.currency)))
