"""CSV that we write: spreadsheets open it, so nothing in it may be taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# https://owasp.org/www-community/attacks/CSV_Injection
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: str) -> str:
    """`cell` with an apostrophe before what a spreadsheet would execute; our own import takes it off again."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV file with commas and CRLF (RFC 4180), formulas neutralised."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(neutral, header))
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()
