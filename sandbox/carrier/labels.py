"""Labels as PDF: 100 x 150 mm, with the number and the postal code as Code 128 and a QR code.

Bar widths are whole dots of a 203 dpi printer (0.125 mm), so that a thermal printer draws them sharp.
"""

from __future__ import annotations

import io
from typing import Any

import segno
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 100 * mm, 150 * mm
DOT = 25.4 / 203 * mm  # one dot of a 203 dpi printer
REGULAR, BOLD = "Vera", "VeraBd"


def draw(shipment: dict[str, Any]) -> bytes:
    """The label of a bought shipment (its JSON). The same shipment gives the same bytes."""
    _fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1)
    canvas.setTitle(shipment["tracking_code"])
    _head(canvas, shipment)
    _number(canvas, shipment["tracking_code"])
    _party(canvas, "DESTINATÁRIO", shipment["to_address"], 76 * mm, 10)
    _postal_code(canvas, shipment["to_address"]["zip"])
    _party(canvas, "REMETENTE", shipment["from_address"], 26 * mm, 7)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _fonts() -> None:
    known = pdfmetrics.getRegisteredFontNames()
    for name in (REGULAR, BOLD):
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, f"{name}.ttf"))


def _head(canvas: Canvas, shipment: dict[str, Any]) -> None:
    rate = shipment["selected_rate"]
    canvas.setFont(BOLD, 16)
    canvas.drawString(5 * mm, 139 * mm, rate["carrier"])
    canvas.setFont(REGULAR, 11)
    canvas.drawString(5 * mm, 133 * mm, f"{rate['service']}  ·  {shipment['reference'] or ''}"[:38])
    code = segno.make_qr(shipment["tracking_code"], error="m", version=2)
    side = code.symbol_size(border=0)[0]
    left, bottom, dot = 72 * mm, 122 * mm, 7 * DOT
    for y, row in enumerate(code.matrix):
        for x, dark in enumerate(row):
            if dark:
                canvas.rect(left + x * dot, bottom + (side - 1 - y) * dot, dot, dot, stroke=0, fill=1)
    canvas.line(5 * mm, 119 * mm, 95 * mm, 119 * mm)


def _number(canvas: Canvas, number: str) -> None:
    bars = Code128(number, barWidth=3 * DOT, barHeight=18 * mm, quiet=False)
    bars.drawOn(canvas, (WIDTH - bars.width) / 2, 98 * mm)
    canvas.setFont(BOLD, 12)
    canvas.drawCentredString(WIDTH / 2, 92 * mm, number)
    canvas.line(5 * mm, 88 * mm, 95 * mm, 88 * mm)


def _party(canvas: Canvas, title: str, address: dict[str, Any], top: float, size: int) -> None:
    canvas.setFont(BOLD, size - 2)
    canvas.drawString(5 * mm, top + size * 0.5 * mm, title)
    lines = [
        address["name"] or address.get("company") or "",
        address["street1"],
        address.get("street2") or "",
        f"{address['zip'][:5]}-{address['zip'][5:]} {address['city']} {address['state']}",
    ]
    canvas.setFont(REGULAR, size)
    for place, line in enumerate(line for line in lines if line):
        canvas.drawString(5 * mm, top - place * size * 0.45 * mm, line[:46])


def _postal_code(canvas: Canvas, postal_code: str) -> None:
    bars = Code128(postal_code, barWidth=2 * DOT, barHeight=12 * mm, quiet=False)
    bars.drawOn(canvas, 8 * mm, 38 * mm)
    canvas.line(5 * mm, 33 * mm, 95 * mm, 33 * mm)
