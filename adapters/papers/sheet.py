"""A sheet of paper to draw on: fonts, text that fits, bars and squares that a scanner reads.

Bars are whole dots of a 203 dpi printer (0.125 mm) wide, so that a thermal printer draws them sharp; quiet zones are
those of ISO/IEC 15417 (Code 128, ten bars) and ISO/IEC 18004 (QR, four modules).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import segno
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm as _mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

MM = float(_mm)  # points
DOT = 25.4 / 203 * MM  # one dot of a 203 dpi printer
REGULAR, BOLD = "Vera", "VeraBd"
WIDTH, HEIGHT = float(A4[0]), float(A4[1])
MARGIN = 15 * MM
LEFT, RIGHT, TOP, BOTTOM = MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN, MARGIN + 6 * MM
GREY = 0.35
_QUIET = 10  # bars


class Sheet:
    """A PDF of A4 pages, drawn from the top; all lengths are points. The same drawing gives the same bytes."""

    def __init__(self, title: str) -> None:
        _fonts()
        self._out = io.BytesIO()
        self.canvas: Any = Canvas(self._out, pagesize=A4, invariant=1)
        self.canvas.setTitle(title)
        self._empty = True

    def page(self) -> None:
        """Begin a page."""
        if not self._empty:
            self.canvas.showPage()
        self._empty = False

    def done(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self._out.getvalue()

    def text(self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, grey: bool = False) -> None:
        self.canvas.setFillGray(GREY if grey else 0)
        self.canvas.setFont(BOLD if bold else REGULAR, size)
        self.canvas.drawString(x, y, text)
        self.canvas.setFillGray(0)

    def right(self, x: float, y: float, text: str, size: float = 9, *, bold: bool = False, grey: bool = False) -> None:
        self.text(x - width_of(text, size, bold=bold), y, text, size, bold=bold, grey=grey)

    def rule(self, y: float, left: float = LEFT, right: float = RIGHT, weight: float = 0.5) -> None:
        self.canvas.setLineWidth(weight)
        self.canvas.line(left, y, right, y)

    def box(self, x: float, y: float, side: float) -> None:
        """A square to tick, its lower left corner at x, y."""
        self.canvas.setLineWidth(0.8)
        self.canvas.rect(x, y, side, side)

    def bars(self, x: float, y: float, text: str, height: float, dots: int = 2) -> float:
        """`text` as Code 128 from x on, its quiet zone included; returns the width, 0 for what Code 128 can't say."""
        if not can_be_bars(text):
            return 0.0
        bars = Code128(text, barWidth=dots * DOT, barHeight=height, quiet=False)
        quiet = _QUIET * dots * DOT
        bars.drawOn(self.canvas, x + quiet, y)
        return float(bars.width) + 2 * quiet

    def square(self, x: float, y: float, text: str, dots: int = 5) -> float:
        """`text` as QR code, its lower left corner at x, y, quiet zone included; returns the side."""
        code = segno.make_qr(text, error="m")
        modules, border = code.symbol_size(border=0)[0], 4
        dot = dots * DOT
        for row, line in enumerate(code.matrix):
            for column, dark in enumerate(line):
                if dark:
                    at = (x + (border + column) * dot, y + (border + modules - 1 - row) * dot)
                    self.canvas.rect(*at, dot, dot, stroke=0, fill=1)
        return float((modules + 2 * border) * dot)


def can_be_bars(text: str) -> bool:
    """Whether Code 128 can say it: printable ASCII."""
    return bool(text) and text.isascii() and text.isprintable()


def bars_width(text: str, dots: int = 2) -> float:
    """How wide `text` is as Code 128, quiet zones included."""
    return float(Code128(text, barWidth=dots * DOT, quiet=False).width) + 2 * _QUIET * dots * DOT


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    _fonts()
    return float(pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, size))


def wrapped(text: str, size: float, width: float, *, bold: bool = False, most: int = 3) -> Sequence[str]:
    """`text` in lines that fit into `width`, at most `most`; what is cut ends in an ellipsis. A word that is longer
    than a line is cut, too."""
    _fonts()
    lines = [_cut(line, size, width, bold=bold) for line in simpleSplit(text, BOLD if bold else REGULAR, size, width)]
    if len(lines) > most:
        return [*lines[: most - 1], _cut(f"{lines[most - 1]} …", size, width, bold=bold)]
    return lines


def _cut(text: str, size: float, width: float, *, bold: bool) -> str:
    if width_of(text, size, bold=bold) <= width:
        return text
    while text and width_of(f"{text}…", size, bold=bold) > width:
        text = text[:-1]
    return f"{text}…"


def _fonts() -> None:
    """Bitstream Vera comes with ReportLab, so that a paper looks the same everywhere."""
    known = pdfmetrics.getRegisteredFontNames()
    for name in (REGULAR, BOLD):
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))
