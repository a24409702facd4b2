"""The QR code of a Pix payment, as an image that a page can hold by itself."""

from __future__ import annotations

import base64
from functools import lru_cache
from io import BytesIO

import segno


@lru_cache(maxsize=256)
def qr(copy_paste: str) -> str:
    """`copy_paste` as the SVG of a QR code in a data URI.

    Level M and a border of four modules, as the QR code of Pix is shown (ISO/IEC 18004; Manual de Padrões para
    Iniciação do Pix, Banco Central do Brasil). It has a view box and no size, so it fits where it is put.
    """
    image = BytesIO()
    segno.make_qr(copy_paste, error="m").save(image, kind="svg", xmldecl=False, omitsize=True, light="#fff", border=4)
    return "data:image/svg+xml;base64," + base64.b64encode(image.getvalue()).decode()
