"""What is wrong with a file, row by row, and what would be right."""

from __future__ import annotations

from dataclasses import dataclass

# What a problem shows of a value; the whole row is kept beside it, up to MAX_ROW characters.
MAX_VALUE = 120
MAX_ROW = 200_000

FILE_LINE = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One cell, row or file that is refused.

    `line` counts from 1, the header; a row that spans lines is named by its first. `code` is stable, `message`
    English for people, `value` what the file has, `repair` what would be right where that is obvious. `cells` is
    the row as it should be handed back, empty when another problem of the same row or the file carries it.
    """

    line: int
    column: str
    code: str
    message: str
    value: str = ""
    repair: str | None = None
    handle: str = ""
    title: str = ""
    cells: tuple[str, ...] = ()


class BadValue(Exception):
    """A cell that can't be read; `repair` is what was probably meant."""

    def __init__(self, code: str, message: str, repair: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.repair = repair


def shown(value: str) -> str:
    """`value` as far as a list shows it: on one line, without characters that a database can't hold."""
    head = value[: MAX_VALUE + 1].replace("\x00", "\N{SYMBOL FOR NULL}")
    head = head.encode("utf-8", "replace").decode("utf-8")
    return head if len(head) <= MAX_VALUE else head[: MAX_VALUE - 1] + "…"


def kept(cells: tuple[str, ...]) -> tuple[str, ...]:
    """`cells` fit to be stored with a problem: huge ones cut, without what a database can't hold."""
    room = MAX_ROW
    result = []
    for cell in cells:
        clean = cell[:room].replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
        room -= len(clean)
        result.append(clean)
    return tuple(result)
