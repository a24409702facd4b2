"""Pick lists: what to fetch for many orders at once."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from adapters.papers.sheet import BOTTOM, LEFT, MARGIN, MM, RIGHT, TOP, Sheet, bars_width, can_be_bars, wrapped
from adapters.papers.words import Words
from ports.papers import PickList, PickRow

BOX, SKU, ITEM, QUANTITY, ORDERS = LEFT, LEFT + 9 * MM, LEFT + 66 * MM, RIGHT - 46 * MM, RIGHT - 41 * MM
_LINE = 12.0
_MOST_ORDERS = 4  # lines of order numbers beside one thing


def draw_lists(lists: Sequence[PickList], words: Words, zone: ZoneInfo) -> bytes:
    """All lists, each on pages of its own."""
    sheet = Sheet(", ".join(one.name for one in lists[:9]))
    for one in lists:
        _List(sheet, one, words, zone).draw()
    return sheet.done()


class _List:
    def __init__(self, sheet: Sheet, list_: PickList, words: Words, zone: ZoneInfo) -> None:
        self._sheet, self._list, self._words, self._zone = sheet, list_, words, zone
        self._page = 0

    def draw(self) -> None:
        pages = self._pages()
        for rows in pages:
            y = self._head(len(pages))
            for row in rows:
                y = self._row(row, y)

    def _pages(self) -> list[list[PickRow]]:
        pages: list[list[PickRow]] = [[]]
        whole = TOP - 36 * MM - BOTTOM
        room = whole
        for row in self._list.rows:
            needed = _height(row)
            if pages[-1] and needed > room:
                pages.append([])
                room = whole
            pages[-1].append(row)
            room -= needed
        return pages

    def _head(self, pages: int) -> float:
        sheet, list_, words = self._sheet, self._list, self._words
        sheet.page()
        self._page += 1
        sheet.text(LEFT, TOP - 5 * MM, f"{words('pick_list')}  {list_.name}", 16, bold=True)
        sheet.text(LEFT, TOP - 12 * MM, list_.location, 11)
        pieces = sum(row.line.quantity for row in list_.rows)
        at = list_.made_at.astimezone(self._zone)
        made = words("made", date=format_date(at.date(), "medium", locale=words.calendar),
                     time=format_time(at.time(), "HH:mm", locale=words.calendar))  # fmt: skip
        about = (words.count("orders", list_.orders), words.count("pieces", pieces), made)
        sheet.text(LEFT, TOP - 18 * MM, "  ·  ".join(about), 9, grey=True)
        sheet.square(RIGHT - 24 * MM, TOP - 22 * MM, list_.name, dots=6)
        if can_be_bars(list_.name):
            sheet.bars(RIGHT - 27 * MM - bars_width(list_.name), TOP - 14 * MM, list_.name, 12 * MM)
        sheet.right(RIGHT, MARGIN, words("page", page=self._page, pages=pages), 8, grey=True)
        return self._columns(TOP - 32 * MM)

    def _columns(self, y: float) -> float:
        sheet, words = self._sheet, self._words
        for x, word in ((SKU, "sku"), (ITEM, "item"), (ORDERS, "for_orders")):
            sheet.text(x, y, words(word), 8, grey=True)
        sheet.right(QUANTITY, y, words("quantity"), 8, grey=True)
        sheet.rule(y - 2 * MM, weight=0.8)
        return y - 2 * MM

    def _row(self, row: PickRow, y: float) -> float:
        sheet, base = self._sheet, y - 5 * MM
        sheet.box(BOX, base - 1 * MM, 5 * MM)
        sheet.right(QUANTITY, base, str(row.line.quantity), 12, bold=True)
        _sku(sheet, row.line.sku or "", y)
        for part in _item(row):
            sheet.text(ITEM, base, part, 9.5)
            base -= _LINE
        base = y - 4.5 * MM
        for part in _orders(row):
            sheet.text(ORDERS, base, part, 8)
            base -= 10
        bottom = y - _height(row)
        sheet.rule(bottom, weight=0.25)
        return bottom


def _sku(sheet: Sheet, sku: str, y: float) -> None:
    """As bars where they fit, so that what is fetched can be scanned against the list."""
    fits = can_be_bars(sku) and bars_width(sku) <= ITEM - SKU - 1 * MM
    if fits:
        sheet.bars(SKU, y - 9 * MM, sku, 7 * MM)
    at = y - 12.5 * MM if fits else y - 5 * MM
    sheet.text(SKU + (2 * MM if fits else 0), at, (wrapped(sku, 8.5, ITEM - SKU - 4 * MM, most=1) or [""])[0], 8.5)


def _item(row: PickRow) -> Sequence[str]:
    text = f"{row.line.title}, {row.line.about}" if row.line.about else row.line.title
    return wrapped(text, 9.5, QUANTITY - ITEM - 12 * MM)


def _orders(row: PickRow) -> Sequence[str]:
    told = ", ".join(number if count == 1 else f"{number} × {count}" for number, count in row.orders)
    return wrapped(told, 8, RIGHT - ORDERS, most=_MOST_ORDERS)


def _height(row: PickRow) -> float:
    return max(15 * MM, len(_item(row)) * _LINE + 4 * MM, len(_orders(row)) * 10 + 4 * MM)
