"""Packing slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date

from adapters.papers.addresses import lines_of
from adapters.papers.sheet import (
    BOTTOM,
    LEFT,
    MARGIN,
    MM,
    RIGHT,
    TOP,
    WIDTH,
    Sheet,
    bars_width,
    can_be_bars,
    wrapped,
)
from adapters.papers.words import Words
from core.shared.address import Address
from ports.papers import PackingSlip, PaperLine

SKU, ITEM, QUANTITY, BOX = LEFT, LEFT + 42 * MM, RIGHT - 24 * MM, RIGHT - 5 * MM
_LINE = 12.0


def draw_slips(slips: Sequence[PackingSlip], words: Words, zone: ZoneInfo) -> bytes:
    """All slips, each on pages of its own."""
    sheet = Sheet(", ".join(slip.number for slip in slips[:9]))
    for slip in slips:
        _Slip(sheet, slip, words, zone).draw()
    return sheet.done()


class _Slip:
    def __init__(self, sheet: Sheet, slip: PackingSlip, words: Words, zone: ZoneInfo) -> None:
        self._sheet, self._slip, self._words, self._zone = sheet, slip, words, zone
        self._page = 0

    def draw(self) -> None:
        pages = self._pages()
        for lines in pages:
            y = self._head(len(pages))
            for line in lines:
                y = self._row(line, y)
            if lines is pages[-1]:
                self._foot(y)

    def _pages(self) -> list[list[PaperLine]]:
        """The lines by page: the first page has less room, the addresses stand there."""
        pages: list[list[PaperLine]] = [[]]
        room = _room(first=True)
        for line in self._slip.lines:
            needed = _height(line)
            if pages[-1] and needed > room:
                pages.append([])
                room = _room(first=False)
            pages[-1].append(line)
            room -= needed
        return pages

    def _head(self, pages: int) -> float:
        sheet, slip, words = self._sheet, self._slip, self._words
        sheet.page()
        self._page += 1
        sheet.text(LEFT, TOP - 5 * MM, slip.shop, 16, bold=True)
        sheet.text(LEFT, TOP - 12 * MM, f"{words('packing_slip')}  {slip.number}", 12)
        day = _day(slip.placed_at, words, self._zone)
        about = (words("placed", date=day), words("part", part=slip.part), words.count("parcels", slip.parcels))
        sheet.text(LEFT, TOP - 18 * MM, "  ·  ".join(about), 9, grey=True)
        if pages > 1:
            sheet.right(RIGHT, MARGIN, words("page", page=self._page, pages=pages), 8, grey=True)
        if self._page > 1:
            return self._columns(TOP - 26 * MM)
        self._codes()
        self._parties()
        return self._columns(TOP - 80 * MM)

    def _codes(self) -> None:
        sheet, number = self._sheet, self._slip.number
        side = sheet.square(RIGHT - 25 * MM, TOP - 22 * MM, number, dots=6)
        if can_be_bars(number):
            left = RIGHT - 25 * MM - bars_width(number) - 2 * MM
            sheet.bars(left, TOP - 14 * MM, number, 13 * MM)
            sheet.text(left + 2 * MM, TOP - 18 * MM, number, 8)
        sheet.rule(TOP - 24 * MM if side < 25 * MM else TOP - 27 * MM)

    def _parties(self) -> None:
        top = TOP - 32 * MM
        self._party(self._words("to"), self._slip.recipient, LEFT, top, 11)
        self._party(self._words("from"), self._slip.sender, WIDTH / 2 + 5 * MM, top, 8.5)
        if self._slip.recipient is not None:
            self._sheet.bars(WIDTH / 2 + 5 * MM, TOP - 72 * MM, self._slip.recipient.postal_code, 10 * MM)

    def _party(self, title: str, address: Address | None, x: float, top: float, size: float) -> None:
        self._sheet.text(x, top, title, 8, grey=True)
        y = top - size - 5
        for at, line in enumerate(lines_of(address) if address else ()):
            for part in wrapped(line, size, WIDTH / 2 - MARGIN - 8 * MM, bold=at == 0, most=2):
                self._sheet.text(x, y, part, size, bold=at == 0)
                y -= size + 3

    def _columns(self, y: float) -> float:
        sheet, words = self._sheet, self._words
        for x, word in ((SKU, "sku"), (ITEM, "item")):
            sheet.text(x, y, words(word), 8, grey=True)
        sheet.right(QUANTITY, y, words("quantity"), 8, grey=True)
        sheet.right(RIGHT, y, words("packed"), 8, grey=True)
        sheet.rule(y - 2 * MM, weight=0.8)
        return y - 2 * MM

    def _row(self, line: PaperLine, y: float) -> float:
        sheet = self._sheet
        base = y - 5 * MM
        sheet.text(SKU, base, *_sku(line))
        sheet.right(QUANTITY, base, str(line.quantity), 11, bold=True)
        sheet.box(BOX, base - 1 * MM, 5 * MM)
        for part in _item(line):
            sheet.text(ITEM, base, part, 9.5)
            base -= _LINE
        bottom = y - _height(line)
        sheet.rule(bottom, weight=0.25)
        return bottom

    def _foot(self, y: float) -> None:
        sheet, slip, words = self._sheet, self._slip, self._words
        pieces = sum(line.quantity for line in slip.lines)
        sheet.right(QUANTITY, y - 6 * MM, words.count("pieces", pieces), 9, bold=True)
        if slip.rest:
            sheet.text(LEFT, y - 6 * MM, words.count("rest", slip.rest), 9)
        sheet.text(LEFT, MARGIN, words("questions", email=slip.email), 8, grey=True)


def _item(line: PaperLine) -> Sequence[str]:
    text = f"{line.title}, {line.about}" if line.about else line.title
    return wrapped(text, 9.5, QUANTITY - ITEM - 12 * MM)


def _sku(line: PaperLine) -> tuple[str, float]:
    return (wrapped(line.sku or "", 8.5, ITEM - SKU - 3 * MM, most=1) or [""])[0], 8.5


def _height(line: PaperLine) -> float:
    return max(9 * MM, len(_item(line)) * _LINE + 4 * MM)


def _room(*, first: bool) -> float:
    """Between the heads of the columns and the foot."""
    return (TOP - (82 if first else 28) * MM) - BOTTOM - 10 * MM


def _day(at: datetime, words: Words, zone: ZoneInfo) -> str:
    return format_date(at.astimezone(zone).date(), "medium", locale=words.calendar)
