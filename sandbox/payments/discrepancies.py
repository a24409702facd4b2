"""Discrepancies planted in the books: the provider itself is wrong, and stays wrong consistently.

What is planted on a line goes into the payout that carries the line, so a payout still adds up to its lines unless a
discrepancy of payouts is planted. A line that is in a payout already is not touched any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sandbox.ids import new_id
from sandbox.payments import faults
from sandbox.payments.errors import refused
from sandbox.payments.money_records import Line
from sandbox.payments.records import insert, save
from sandbox.payments.store import Call

DELTA = 100  # minor units by which amounts and fees are off, unless the one who plants says otherwise


def _withhold(_call: Call, line: Line, _by: int) -> None:
    line.withheld = True


def _repeat(_call: Call, line: Line, _by: int) -> None:
    line.repeats += 1


def _double(call: Call, line: Line, _by: int) -> None:
    """The money moved twice at the provider: a second line about the same object, under an id of its own."""
    insert(call.books, replace(line, id=new_id("txn"), planted="doubled_line"))


def _over(_call: Call, line: Line, by: int) -> None:
    line.amount += by if line.amount > 0 else -by


def _under(_call: Call, line: Line, by: int) -> None:
    if by >= abs(line.amount):
        raise refused(f"{line.id} cannot be {by} less than {abs(line.amount)}")
    line.amount -= by if line.amount > 0 else -by


def _fee(_call: Call, line: Line, by: int) -> None:
    line.fee += by


ALTERATIONS: dict[str, Callable[[Call, Line, int], None]] = {
    "missing_line": _withhold,
    "repeated_line": _repeat,
    "doubled_line": _double,
    "amount_over": _over,
    "amount_under": _under,
    "fee_differs": _fee,
}


def befall(call: Call, line: Line) -> None:
    """Let a planted fault happen to a line that is being written."""
    names = ["settlement", f"settlement:{line.reporting_category}", "*"]
    fault = faults.consume(call.books, call.account, names, faults.LINE_KINDS, line.id)
    if fault is not None:
        alter(call, line, fault.kind, DELTA)


def alter(call: Call, line: Line, kind: str, by: int) -> None:
    """Make a discrepancy of a written line. by: minor units, for amounts and fees.

    Raises ApiError 400 when a payout carries the line already.
    """
    if line.payout is not None and kind != "repeated_line":
        raise refused(f"Balance transaction {line.id} is in a payout already")
    line.planted = kind
    ALTERATIONS[kind](call, line, by)
    save(call.books, line)
