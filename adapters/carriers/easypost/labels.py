"""Whether what came as a label can be printed. Pure."""

from __future__ import annotations

from ports.carriers import Label

# How a paper begins: PDF (ISO 32000-2, 7.5.2), PNG (ISO/IEC 15948, 5.2); and how it ends, so that half a paper is none.
_PAPERS = {
    "application/pdf": (b"%PDF-", b"%%EOF"),
    "image/png": (b"\x89PNG\r\n\x1a\n", b"IEND"),
}
_END = 1024  # bytes at the end in which readers look for its mark


def label_of(content: bytes) -> Label | None:
    """The label, by its first and last bytes, whatever its media type claims; None when it is none."""
    for media_type, (start, end) in _PAPERS.items():
        if content.startswith(start) and end in content[-_END:]:
            return Label(content, media_type)
    return None
