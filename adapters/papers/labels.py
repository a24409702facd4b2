"""Carriers' labels joined into one file."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from core.logistics.errors import UnprintableLabel
from ports.papers import Paper

LABEL = (100 * mm, 150 * mm)


def join(papers: Sequence[Paper]) -> bytes:
    """One PDF of all pages. Raises UnprintableLabel."""
    writer = PdfWriter()
    for paper in papers:
        content = _drawn(paper) if paper.media_type == "image/png" else paper.content
        try:
            pages = list(PdfReader(io.BytesIO(content), strict=False).pages)
        # What is broken in a file fails in as many ways as there are; what it can't be is printed.
        except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as wrong:
            raise UnprintableLabel(paper.name) from wrong
        if not pages:
            raise UnprintableLabel(paper.name)
        for page in pages:
            writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _drawn(paper: Paper) -> bytes:
    """A picture as large as the label allows, without distortion."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=LABEL, invariant=1)
    try:
        picture = ImageReader(io.BytesIO(paper.content))
    except OSError as wrong:
        raise UnprintableLabel(paper.name) from wrong
    canvas.drawImage(picture, 0, 0, *LABEL, preserveAspectRatio=True, anchor="c")
    canvas.showPage()
    canvas.save()
    return out.getvalue()
