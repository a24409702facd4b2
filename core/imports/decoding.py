"""Which characters and which separator a file is written in, found from the file alone.

A byte order mark decides; then UTF-16 shows by its zero bytes; then the whole file is tried as UTF-8. A file that
has sequences of UTF-8 keeps that, and bytes that don't fit spoil their own row only; a file with other bytes and no
such sequence is Windows-1252, which Excel writes in Western Europe and Brazil.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import BinaryIO

SEPARATORS = (",", ";", "\t")

_BLOCK = 1 << 16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What `surrogateescape` makes of bytes that don't fit; UTF-16 has no such bytes, there it is the replacement sign.
UNREADABLE = re.compile("[\ud800-\udfff]")
UNREADABLE_UTF16 = re.compile("[\ud800-\udfff\ufffd]")
_WIDE = re.compile("[^\x00-\x7f\ud800-\udfff]")


def find_encoding(stream: BinaryIO) -> str:
    """The Python codec for `stream`, which is read to its end and left at its beginning."""
    stream.seek(0)
    head = stream.read(_BLOCK)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None) or _by_zeros(head)
    if encoding is None:
        encoding = _utf8_or_windows(stream, head)
    stream.seek(0)
    return encoding


def _by_zeros(head: bytes) -> str | None:
    """UTF-16 without a mark: text of a Western language has a zero in nearly every second byte."""
    pairs = len(head) // 2
    if pairs < 2:
        return None
    even, odd = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if odd > 0.7 * pairs and even < 0.1 * pairs:
        return "utf-16-le"
    if even > 0.7 * pairs and odd < 0.1 * pairs:
        return "utf-16-be"
    return None


def _utf8_or_windows(stream: BinaryIO, head: bytes) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    unreadable = False
    block = head
    while block:
        text = decoder.decode(block)
        if not text.isascii():
            if _WIDE.search(text):
                return "utf-8"
            unreadable = unreadable or UNREADABLE.search(text) is not None
        block = stream.read(_BLOCK)
    cut_off = decoder.decode(b"", final=True)
    return "cp1252" if unreadable or cut_off else "utf-8"


def open_text(stream: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """`stream` as text with its line ends as they are; bytes that don't fit become lone surrogates."""
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")


def find_separator(first_line: str) -> str:
    """Comma, semicolon or tab: the one that splits the header into most cells; a comma when none does."""
    counts = {mark: _cells(first_line, mark) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: counts[mark])


def _cells(line: str, separator: str) -> int:
    return len(next(csv.reader([line[:100_000]], delimiter=separator), []))
