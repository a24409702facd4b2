"""`ecommerce import products FILE` against a real database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from adapters.provisioning import DatabaseAddresses
from jobs.cli import main
from tests.core.imports.csv_files import bytes_of, mug
from tests.core.imports.importing import FIXTURES, catalogue_of
from tests.shop import Shop, environment_for

Call = Callable[..., Result]


@pytest.fixture
def slug(shop: Shop) -> str:
    return str(shop.sql("SELECT slug FROM stores")[0]["slug"])


@pytest.fixture
def call(database: DatabaseAddresses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    for name, value in environment_for(database, tmp_path).items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, ["import", "products", *arguments])

    return run


def test_a_good_file_goes_in(shop: Shop, slug: str, call: Call) -> None:
    done = call(str(FIXTURES / "products.csv"), "--store", slug)
    assert done.exit_code == 0, done.output
    assert "0 refused" in done.output
    assert "14 products created, 0 changed." in done.output
    assert len({row["slug"] for row in catalogue_of(shop)["variants"]}) == 14
    again = call(str(FIXTURES / "products.csv"), "--store", slug)
    assert again.exit_code == 0
    assert "Nothing to write." in again.output


def test_refused_rows_are_named_and_the_exit_code_says_so(shop: Shop, slug: str, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "catalogo.csv"
    file.write_bytes(bytes_of([mug(), mug(Handle="ruim", Variant_Price="89,9O")]))
    dry = call(str(file), "--store", slug, "--dry-run")
    assert dry.exit_code == 1
    assert catalogue_of(shop)["variants"] == []
    done = call(str(file), "--store", slug)
    assert done.exit_code == 1
    expected = "line 3, Variant Price: '89,9O' Is not a number. [not_a_number] Probably 89,90."
    assert expected in dry.output
    assert expected in done.output
    assert [row["slug"] for row in catalogue_of(shop)["variants"]] == ["caneca"]


def test_what_is_no_product_file_is_refused(shop: Shop, slug: str, call: Call, tmp_path: Path) -> None:
    file = tmp_path / "notas.csv"
    file.write_bytes(b"Nome,Valor\na,1\n")
    done = call(str(file), "--store", slug)
    assert done.exit_code == 1
    assert "no column Handle, Title, Variant Price" in done.output


def test_a_store_that_is_none_is_refused(shop: Shop, call: Call) -> None:
    done = call(str(FIXTURES / "products.csv"), "--store", "nowhere")
    assert done.exit_code == 1
    assert "There is no store nowhere." in done.output
