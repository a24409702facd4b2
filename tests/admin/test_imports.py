"""Imports in the back office: handed in, looked at, applied, told about; with scripts off."""

from __future__ import annotations

import io
import re
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from adapters.provisioning import DatabaseAddresses
from admin import import_words
from core.identity.roles import Role
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.imports.use_cases.check_import import CheckImport, check_import
from core.shared.ids import ImportId
from tests.admin.desks import Browser, make_admin, signed_in
from tests.core.imports.csv_files import bytes_of, mug
from tests.core.imports.importing import catalogue_of, fixture, import_rows
from tests.shop import Shop, settings_for


@pytest.fixture
def admin(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Flask:
    return make_admin(shop, settings_for(database, tmp_path))


@pytest.fixture
def browser(admin: Flask, shop: Shop) -> Browser:
    return signed_in(admin, shop, Role.MANAGER)


def hand_in(browser: Browser, content: bytes, name: str = "catalogo.csv") -> TestResponse:
    browser.get("/products/imports/")
    form = {"csrf_token": browser.token, "file": (io.BytesIO(content), name)}
    answer = browser.client.post("/admin/products/imports/", data=form, content_type="multipart/form-data")
    browser.last = answer.text
    return answer


def handed_in(browser: Browser, content: bytes) -> tuple[str, str]:
    """The path of the new import's page under the back office, and the page."""
    answer = hand_in(browser, content)
    assert answer.status_code == 303, answer.text
    path = answer.location.removeprefix("/admin")
    return path, browser.get(path).text


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def import_id(path: str) -> ImportId:
    return ImportId(UUID(path.rpartition("/")[2]))


def test_from_the_file_to_the_catalogue(browser: Browser, shop: Shop) -> None:
    path, page = handed_in(browser, fixture("products.csv"))
    said = words(page)
    assert "Nothing is written yet." in said
    assert "To create 29 14 products, 28 variants" in said
    assert "13 products go on sale at once" in said
    assert "1 new product arrives as a draft" in said
    assert "Separator comma" in said
    assert catalogue_of(shop)["variants"] == []
    assert browser.post(f"{path}/apply").status_code == 303
    running = browser.get(path).text
    assert 'data-refresh="/admin' + path in running
    assert "Stop after this part" in running
    shop.run(apply_import, ApplyImport(import_id(path)))
    done = browser.get(path).text
    assert "data-refresh" not in done
    assert "Created 29 of 29 14 products, 28 variants" in words(done)
    assert len({row["slug"] for row in catalogue_of(shop)["variants"]}) == 14
    assert "catalogo.csv" in browser.get("/products/imports/").text


def test_refused_rows_are_named_and_can_be_fetched(browser: Browser) -> None:
    path, page = handed_in(browser, bytes_of([mug(), mug(Handle="b", Title="=1+1", Variant_Price="89,9O")]))
    said = words(page)
    assert "1 row is refused" in said
    assert "3 =1+1 Variant Price 89,9O Is not a number probably 89,90" in said
    assert "Apply 1 row, skip 1" in said
    answer = browser.get(f"{path}/refused.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "catalogo-refused.csv" in answer.headers["Content-Disposition"]
    assert "b,'=1+1" in answer.text


def test_changes_are_shown_with_what_was_and_what_comes(browser: Browser, shop: Shop) -> None:
    import_rows(shop, mug(**{"Body (HTML)": "<p>Barro vermelho, esmalte fosco.</p>"}, Variant_SKU="A"))
    _, page = handed_in(
        browser,
        bytes_of(
            [
                mug(
                    **{"Body (HTML)": "<p>Barro vermelho, esmalte acetinado.</p>"},
                    Variant_Price="79.90",
                    Variant_SKU="A",
                )
            ]
        ),
    )
    assert "<del>fosco.</del> <ins>acetinado.</ins>" in page
    said = words(page)
    assert "R$\xa069,90" in page
    assert "R$\xa079,90" in page
    assert "+14,3\xa0%" in page
    assert "1 price rises, at once" in said


def test_a_large_file_is_checked_by_a_job(browser: Browser, shop: Shop) -> None:
    rows = [mug(Handle=f"p{n}", **{"Body (HTML)": "x" * 200}) for n in range(1_200)]
    path, page = handed_in(browser, bytes_of(rows))
    assert "data-refresh" in page
    assert "Nothing is written." in page
    shop.run(check_import, CheckImport(import_id(path)))
    assert "Apply 1,200 rows" in words(browser.get(path).text).replace("1.200", "1,200").replace("1200", "1,200")


def test_a_check_can_be_discarded_and_a_run_stopped_and_gone_on_with(browser: Browser, shop: Shop) -> None:
    path, _ = handed_in(browser, bytes_of([mug()]))
    assert browser.post(f"{path}/stop").location == "/admin/products/imports/"
    assert "The file was discarded. Nothing was written." in browser.get("/products/imports/").text
    path, _ = handed_in(browser, bytes_of([mug()]))
    browser.post(f"{path}/apply")
    browser.get(path)
    assert browser.post(f"{path}/stop").location == f"/admin{path}"
    assert "Go on with 1 row" in words(browser.get(path).text)
    browser.post(f"{path}/apply")
    shop.run(apply_import, ApplyImport(import_id(path)))
    assert len(catalogue_of(shop)["variants"]) == 1


def test_what_is_no_product_file_says_what_it_lacks(browser: Browser) -> None:
    _, page = handed_in(browser, b"Nome;Valor\na;1\n")
    assert "The file has no such column: Handle, Title, Variant Price" in words(page)
    assert "<code>Nome</code>" in page


@pytest.mark.parametrize(("content", "said"), [(None, "Choose a file."), (b"", "The file is empty.")])
def test_no_file_is_said_beside_the_field(browser: Browser, content: bytes | None, said: str) -> None:
    if content is None:
        browser.get("/products/imports/")
        answer = browser.post("/products/imports/")
    else:
        answer = hand_in(browser, content)
    assert answer.status_code == 422
    assert said in browser.last


def test_only_those_who_may_see_and_run_imports(admin: Flask, shop: Shop) -> None:
    support = signed_in(admin, shop, Role.SUPPORT)
    assert support.get("/products/imports/").status_code == 403
    assert support.post("/products/imports/", token="x").status_code in (400, 403)


def test_every_reason_has_words() -> None:
    """Every code that the core refuses with stands in the table, and the table has no other."""
    sources = [*Path("core/imports").glob("*.py"), Path("core/imports/use_cases/check_import.py")]
    text = "".join(path.read_text() for path in [*sources, Path("adapters/postgres/import_writing.py")])
    used = {code for code in import_words.REASONS if f'"{code}"' in text}
    assert used == set(import_words.REASONS)
    named = set(re.findall(r'BadValue\(\s*"([a-z_0-9]+)"', text)) | set(
        re.findall(r'Column\.\w+, "([a-z_0-9]+)"', text)
    )
    assert named - set(import_words.REASONS) == set()


def test_the_list_of_products_is_exported_as_it_is_filtered(browser: Browser, shop: Shop) -> None:
    import_rows(shop, mug(Tags="barro"), mug(Handle="b", Title="=Outra"))
    assert 'href="/admin/products/export?tag=barro"' in browser.get("/products/?tag=barro").text
    answer = browser.get("/products/export?tag=barro")
    assert answer.content_type == "text/csv; charset=utf-8"
    assert [line.split(",")[0] for line in answer.text.splitlines()] == ["\ufeffHandle", "caneca"]
    assert "'=Outra" in browser.get("/products/export").text
