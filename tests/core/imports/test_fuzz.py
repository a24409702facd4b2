"""Whatever the bytes are: nothing is raised, and every record is a row or a problem."""

from __future__ import annotations

import io

from hypothesis import example, given
from hypothesis import strategies as st

from core.imports.grouping import ProductFile
from core.imports.reading import CsvFile
from tests.core.imports.csv_files import COLUMNS

HEADER = ",".join(COLUMNS)
CELLS = st.one_of(
    st.text(alphabet='aé";,\n\r\t\x00 -=1.', max_size=12),
    st.sampled_from(
        ["caneca", "b", "P", "M", "10", "-1", "true", "shopify", "https://a.example/1.jpg", "Tamanho", '"', ""]
    ),
)
TABLES = st.lists(st.lists(CELLS, max_size=len(COLUMNS) + 1), max_size=12)


def check(content: bytes) -> None:
    accounted: set[int] = set()
    seen = CsvFile(io.BytesIO(content))
    lines = {record.line for record in seen.records()}
    for number, product in enumerate(ProductFile(CsvFile(io.BytesIO(content)), "BRL"), 1):
        assert product.number == number
        problems = product.strays + product.problems
        assert all(problem.code and problem.message for problem in problems)
        assert all("\x00" not in cell for problem in problems for cell in (*problem.cells, problem.value))
        bad = {problem.line for problem in problems}
        good = set(product.kept)
        assert not good & bad
        accounted |= good | bad
    assert accounted == lines


@given(st.binary(max_size=400))
@example(b'\xef\xbb\xbf"\n"')
@example(b"\xff\xfe\x00")
def test_any_bytes(content: bytes) -> None:
    check(content)


@given(st.binary(max_size=400), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_any_bytes_under_our_header(content: bytes, codec: str) -> None:
    check(f"{HEADER}\n".encode(codec) + content)


@given(TABLES)
def test_any_rows_under_our_header(table: list[list[str]]) -> None:
    """Cells go in unquoted, so quotes, separators and line breaks land where they like."""
    check("\n".join([HEADER, *(",".join(row) for row in table)]).encode("utf-8", "surrogatepass"))
