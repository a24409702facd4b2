"""Physical lines for the CSV parser, with their numbers, a bound on memory and a way back.

A record may span lines. The lines of the record being read are kept until it is complete, so that after a quote
that never closes only the line with that quote is lost. When a record grows past MAX_RECORD its lines are no longer
kept and only the characters that the parser's state depends on are fed on, which costs no memory.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TextIO

# Characters of one record; a cell may have MAX_CELL of them.
MAX_CELL = 1_000_000
MAX_RECORD = 2_500_000

# Between quotes and line ends only the first and the last character matter (separators), doubled quotes not at all.
_TEXT = re.compile(r'([^"\r\n])[^"\r\n]+([^"\r\n])|""')


class Unclosed(Exception):
    """The record has swallowed lines that look like rows of their own: its quote was never closed."""


class Feeder:
    """An iterator over lines for `csv.reader`.

    `line` is the number of the last line given out, `first` that of the current record's first line,
    `too_large` whether the current record has outgrown its bound.
    """

    def __init__(self, stream: TextIO, separator: str) -> None:
        self._stream = stream
        self._separator = separator
        self._waiting: deque[str] = deque()
        self._given: list[str] = []
        self._size = 0
        self.columns = 0
        self.line = 0
        self.first = 1
        self.too_large = False

    def __iter__(self) -> Feeder:
        return self

    def __next__(self) -> str:
        line, cut = (self._waiting.popleft(), False) if self._waiting else self._read()
        if not line:
            raise StopIteration
        self.line += 1
        self.too_large = self.too_large or cut
        if self.too_large:
            return line if cut else _syntax(line)
        self._size += len(line)
        self._given.append(line)
        if self._size > MAX_RECORD:
            if self._looks_like_rows():
                raise Unclosed
            self.too_large = True
            self._given.clear()
            return _syntax(line)
        return line

    def begin(self) -> None:
        """The next line starts a record."""
        self._given.clear()
        self._size = 0
        self.too_large = False
        self.first = self.line + 1

    def take_back(self) -> str:
        """Give all lines of the current record but its first out again, as records of their own; returns the first.

        Returns "" when the record was too large for its lines to be kept.
        """
        if not self._given:
            return ""
        first, *rest = self._given
        self._waiting.extendleft(reversed(rest))
        self.line -= len(rest)
        self._given.clear()
        return first

    def _read(self) -> tuple[str, bool]:
        """The next line, and whether it was so long that only its syntax is left."""
        line = self._stream.readline(MAX_RECORD)
        if len(line) < MAX_RECORD or line[-1] in "\r\n":
            return line, False
        pieces = [_syntax(line)]
        while line and line[-1] not in "\r\n":
            line = self._stream.readline(MAX_RECORD)
            pieces.append(_syntax(line))
        return "".join(pieces), True

    def _looks_like_rows(self) -> bool:
        followers = self._given[1:]
        alike = sum(line.count(self._separator) >= self.columns - 1 for line in followers)
        return self.columns > 1 and alike * 2 > len(followers) > 0


def _syntax(line: str) -> str:
    """`line` shortened to what decides where fields and records end."""
    return _TEXT.sub(lambda found: f"{found[1]}x{found[2]}" if found[1] else "", line)
