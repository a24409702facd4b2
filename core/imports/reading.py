"""A CSV file of unknown make as a stream of records, in bounded memory.

Whatever the bytes are, each record comes out either as cells or with the problem that it has.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from core.imports.decoding import (
    UNREADABLE,
    UNREADABLE_UTF16,
    find_encoding,
    find_separator,
    open_text,
)
from core.imports.feeding import MAX_CELL, MAX_RECORD, Feeder, Unclosed
from core.imports.problems import BadValue
from core.imports.shopify import Header, read_header

# The module's limit is one for the process and below what a description may have; the feeder bounds what is fed.
csv.field_size_limit(max(csv.field_size_limit(), 1 << 30))

_ENCODING_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1252": "Windows-1252"}
_FORMULA_STARTS = "=+-@\t\r"


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first line and its cells, or `fault` with the column that it is in (-1: none)."""

    line: int
    cells: tuple[str, ...]
    fault: BadValue | None = None
    fault_column: int = -1


class CsvFile:
    """A product file opened for reading once: `header` first, then `records()`."""

    def __init__(self, stream: BinaryIO) -> None:
        """:param stream: the file, seekable; it is not closed here"""
        codec = find_encoding(stream)
        text = open_text(stream, codec)
        # The wrapper must not close the caller's stream when it is collected, so it is kept as long as we are.
        self._text = text
        self.encoding = _ENCODING_NAMES.get(codec, "UTF-16")
        self._unreadable = UNREADABLE_UTF16 if codec.startswith("utf-16") else UNREADABLE
        first = text.readline(MAX_RECORD)
        self.separator = find_separator(first)
        text.seek(0)
        self._feeder = Feeder(text, self.separator)
        self._reader = csv.reader(self._feeder, delimiter=self.separator, strict=True)
        head = self._next()
        self.header: Header = read_header(head.cells if head and head.fault is None else ())
        self._feeder.columns = self.header.width
        self.blank_rows = 0

    def close(self) -> None:
        """Let go of the stream without closing it."""
        self._text.detach()

    def records(self) -> Iterator[Record]:
        """All records after the header; empty ones are counted in `blank_rows` only."""
        while (record := self._next()) is not None:
            if record.fault is None and not any(cell.strip() for cell in record.cells):
                self.blank_rows += 1
                continue
            yield record

    def _next(self) -> Record | None:
        feeder = self._feeder
        feeder.begin()
        try:
            cells = next(self._reader)
        except StopIteration:
            return None
        except (csv.Error, Unclosed):
            return self._broken()
        if feeder.too_large:
            return Record(feeder.first, (), _cell_too_large())
        return self._checked(feeder.first, cells)

    def _broken(self) -> Record:
        feeder = self._feeder
        spoilt = feeder.take_back()
        fault = BadValue("unclosed_quote", "A quote is opened or closed where none belongs.")
        cells = tuple(spoilt.rstrip("\r\n").split(self.separator))
        return Record(feeder.first, cells, fault)

    def _checked(self, line: int, cells: list[str]) -> Record:
        everything = "".join(cells)
        if (
            len(everything) <= MAX_CELL
            and "'" not in everything
            and "\x00" not in everything
            and (everything.isascii() or not self._unreadable.search(everything))
        ):
            return Record(line, tuple(cells))
        return self._checked_by_cell(line, cells)

    def _checked_by_cell(self, line: int, cells: list[str]) -> Record:
        for index, cell in enumerate(cells):
            if not cell:
                continue
            if len(cell) > MAX_CELL:
                return Record(line, tuple(cells), _cell_too_large(), index)
            if "\x00" in cell:
                fault = BadValue("zero_byte", "Holds a zero byte.", cell.replace("\x00", "")[:MAX_CELL])
                return Record(line, tuple(cells), fault, index)
            if not cell.isascii() and self._unreadable.search(cell):
                fault = BadValue("unreadable", f"Holds bytes that are no {self.encoding}.")
                return Record(line, tuple(cells), fault, index)
            if cell[0] == "'" and len(cell) > 1 and cell[1] in _FORMULA_STARTS:
                cells[index] = cell[1:]  # as our own exports neutralise formulas
        return Record(line, tuple(cells))


def _cell_too_large() -> BadValue:
    return BadValue("cell_too_large", f"A cell has at most {MAX_CELL:,} characters.")
