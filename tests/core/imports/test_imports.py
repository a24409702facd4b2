"""Imports on the database: checked without a trace, applied once, and the same whatever comes in between."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, ProgrammingError

from adapters.postgres import documents
from adapters.postgres.ledger_seals import Seals
from adapters.postgres.unit_of_work import PostgresUnitOfWork
from adapters.provisioning import DatabaseAddresses
from core.imports.errors import NothingToApply, UnusableFile
from core.imports.model import ImportState
from core.imports.use_cases.apply_import import ApplyImport, apply_import
from core.imports.use_cases.cancel_import import CancelImport, cancel_import
from core.imports.use_cases.check_import import CheckImport, check_import
from core.imports.use_cases.confirm_import import ConfirmImport, confirm_import
from core.imports.use_cases.start_import import StartImport, start_import
from core.shared.calls import Run
from core.shared.errors import NotFound
from core.shared.state_machine import TransitionRefused
from tests.core.imports.csv_files import bytes_of, mug
from tests.core.imports.importing import (
    apply,
    catalogue_of,
    changes_of,
    check,
    fixture,
    import_file,
    import_of,
    import_rows,
    problems_of,
    refused_rows_of,
)
from tests.core.imports.test_grouping import shirt
from tests.shop import Shop, open_shop


def test_a_check_writes_nothing_to_the_catalogue(shop: Shop) -> None:
    checked = check(shop, fixture("products.csv"))
    assert checked.state is ImportState.CHECKED
    assert checked.checked.products_created >= 12
    assert catalogue_of(shop) == {"variants": [], "pictures": [], "documents": [], "tags": []}
    assert shop.sql("SELECT id FROM stock_movements") == []


def test_our_fixture_goes_in_as_it_stands(shop: Shop) -> None:
    done = import_file(shop, fixture("products.csv"))
    assert (done.checked.rows_refused, done.failed) == (0, 0)
    assert done.applied == done.checked
    found = catalogue_of(shop)
    by_sku = {row["sku"]: row for row in found["variants"]}
    assert {row["currency"] for row in found["variants"]} == {"BRL"}
    two_options = [row for row in found["variants"] if len(row["options"]) == 2]
    assert two_options
    assert any(row["weight_grams"] > 0 for row in by_sku.values())
    assert any(row["on_hand"] > 1 for row in by_sku.values())
    assert all(row["on_hand"] == row["moved"] for row in found["variants"])
    assert any("\n" in row["description_html"] for row in found["variants"])
    pictures = [row["slug"] for row in found["pictures"]]
    assert any(pictures.count(slug) > 2 for slug in pictures)
    published = {row["slug"] for row in found["variants"] if row["status"] == "published"}
    assert {row["slug"] for row in found["documents"]} == published
    assert any(row["status"] == "draft" for row in found["variants"])


def test_an_export_of_shopify_goes_in_with_its_quirks(shop: Shop) -> None:
    done = import_file(shop, fixture("apparel_like.csv"))
    assert done.checked.rows_refused == 0
    rows = catalogue_of(shop)["variants"]
    assert {row["tracked"] for row in rows} == {False}
    assert {row["sku"] for row in rows} == {None}
    with_option = [row for row in rows if row["options"]]
    assert [list(row["option_values"].values()) for row in with_option] == [["Small"], ["Medium"], ["Large"]]
    assert {row["variant"] for row in rows if not row["options"]} == {"Default"}


@pytest.mark.parametrize("name", ["products.csv", "apparel_like.csv"])
def test_the_same_file_twice_changes_nothing(shop: Shop, name: str) -> None:
    import_file(shop, fixture(name))
    before = catalogue_of(shop)
    again = check(shop, fixture(name))
    assert again.checked.rows_unchanged == again.checked.rows > 0
    assert (again.checked.writes, again.checked.fields_changed) == (0, 0)
    with pytest.raises(NothingToApply):
        shop.run(confirm_import, ConfirmImport(again.id))
    # Somebody changes one product, and the file puts that one back and touches no other.
    shop.execute("UPDATE products SET title = 'Outro' WHERE slug = :s", s=before["variants"][0]["slug"])
    import_file(shop, fixture(name))
    after = catalogue_of(shop)
    slug = before["variants"][0]["slug"]
    assert [r for r in after["variants"] if r["slug"] != slug] == [r for r in before["variants"] if r["slug"] != slug]
    assert {r["version"] for r in after["variants"] if r["slug"] == slug} == {1}


def test_what_the_file_changes_is_shown_before_and_done_after(shop: Shop) -> None:
    import_rows(shop, mug(Variant_SKU="CAN-1", Variant_Inventory_Tracker="shopify", Variant_Inventory_Qty="8"))
    row = mug(
        Variant_SKU="can-1", Variant_Price="74,90", Variant_Inventory_Tracker="shopify", Variant_Inventory_Qty="14",
        Title="Caneca de Barro",
    )  # fmt: skip
    checked = check(shop, bytes_of([row]))
    changes = {change.field: (change.before, change.after) for change in changes_of(shop, checked.id)}
    assert changes == {
        "title": ("Caneca Barro", "Caneca de Barro"),
        "sku": ("CAN-1", "can-1"),
        "price": ({"amount": 6990, "currency": "BRL"}, {"amount": 7490, "currency": "BRL"}),
        "on_hand": (8, 14),
    }
    assert (checked.checked.rows_changed, checked.checked.prices_up, checked.checked.stock_counted) == (1, 1, 1)
    apply(shop, checked.id)
    (variant,) = catalogue_of(shop)["variants"]
    assert (variant["title"], variant["price_minor"], variant["on_hand"], variant["moved"]) == (
        "Caneca de Barro", 7490, 14, 14,
    )  # fmt: skip
    kinds = shop.sql("SELECT kind, quantity, reference_kind FROM stock_movements ORDER BY occurred_at, id")
    assert [(k["kind"], k["quantity"], k["reference_kind"]) for k in kinds] == [
        ("initial", 8, "import"),
        ("import", 6, "import"),
    ]


def test_empty_cells_keep_what_is_there(shop: Shop) -> None:
    import_rows(shop, mug(Tags="barro", **{"Body (HTML)": "<p>À mão</p>"}, Variant_SKU="A", Variant_Grams="410"))
    checked = check(shop, bytes_of([{"Handle": "caneca", "Variant SKU": "A", "Variant Price": "69.90"}]))
    assert checked.checked.rows_unchanged == 1


def test_what_shoppers_are_served_is_what_the_catalogue_itself_would_serve(shop: Shop) -> None:
    """An import writes new products' documents from its plan; here they are written again from the rows."""
    import_file(shop, fixture("products.csv"))
    served = "SELECT product_id, slug, title_folded, vendor_folded, price_minor, published_at, summary, page"
    before = shop.sql(f"{served} FROM product_documents ORDER BY product_id")
    context = shop.job
    uow = PostgresUnitOfWork(
        shop.wired.engines.app,
        context,
        Run("test.rewrite"),
        clock=shop.clock,
        ids=shop.wired.ids,
        subscriptions={},
        seals=Seals([bytes(32)]),
    )
    with uow() as tx:
        documents.rewrite(tx.session, [row["product_id"] for row in before])
    assert len(before) == 13
    assert shop.sql(f"{served} FROM product_documents ORDER BY product_id") == before


def test_html_is_made_harmless(shop: Shop) -> None:
    import_rows(shop, mug(**{"Body (HTML)": '<p onclick="x()">Oi</p><script>alert(1)</script>'}))
    assert catalogue_of(shop)["variants"][0]["description_html"] == "<p>Oi</p>"


def test_good_rows_go_in_and_bad_ones_come_back(shop: Shop) -> None:
    rows = [
        mug(Handle="boa", Variant_SKU="B-1"),
        mug(Handle="ruim", Variant_Price="89,9O", Title="=HYPERLINK(1)"),
        shirt("P"), shirt("M", Variant_Price="-5"), shirt("G"),
    ]  # fmt: skip
    done = import_rows(shop, *rows)
    assert (done.applied.rows_created, done.applied.rows_refused, done.failed) == (3, 2, 0)
    assert [(p.line, p.column, p.code, p.repair) for p in problems_of(shop, done.id)] == [
        (3, "Variant Price", "not_a_number", "89,90"),
        (5, "Variant Price", "negative", "5"),
    ]
    handed_back = refused_rows_of(shop, done.id)
    assert "'=HYPERLINK(1)" in handed_back
    assert "'-5" in handed_back
    corrected = handed_back.replace("'-5", "5").replace('"89,9O"', "89.90")
    again = import_file(shop, corrected.encode())
    assert (again.applied.rows_created, again.applied.rows_refused) == (2, 0)
    found = catalogue_of(shop)["variants"]
    assert sorted(r["variant"] for r in found if r["slug"] == "camisa") == ["G / Azul", "M / Azul", "P / Azul"]
    assert "=HYPERLINK(1)" in {row["title"] for row in found}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([mug(Handle="nova", Variant_SKU="can-1")], (2, "Variant SKU", "sku_taken")),
        ([mug(Handle="nova", Title="")], (2, "Title", "missing_title")),
        ([{"Handle": "nova", "Title": "Nova"}], (2, "Variant Price", "missing_price")),
        ([mug(Option1_Name="Cor", Option1_Value="Azul")], (2, "Option1 Name", "other_options")),
        ([mug(**{"Body (HTML)": "<p>x</p>" * 20_000})], (2, "Body (HTML)", "too_long")),
    ],
)
def test_what_the_catalogue_does_not_take(
    shop: Shop, rows: list[dict[str, str]], expected: tuple[int, str, str]
) -> None:
    import_rows(shop, mug(Variant_SKU="CAN-1"))
    checked = check(shop, bytes_of(rows))
    assert [(p.line, p.column, p.code) for p in problems_of(shop, checked.id)] == [expected]
    assert (checked.checked.rows_refused, checked.checked.writes) == (1, 0)


def test_stock_is_never_counted_below_what_is_reserved(shop: Shop) -> None:
    tracked = {"Variant_Inventory_Tracker": "shopify", "Variant_SKU": "CAN-1"}
    import_rows(shop, mug(**tracked, Variant_Inventory_Qty="8"))
    checked = check(shop, bytes_of([mug(**tracked, Variant_Inventory_Qty="2"), mug(Handle="b")]))
    # Between the check and applying, somebody pays for five.
    shop.execute("UPDATE stock_items SET reserved = 5")
    done = apply(shop, checked.id)
    assert [(p.code, p.column, p.repair, p.while_writing) for p in problems_of(shop, done.id)] == [
        ("below_reserved", "Variant Inventory Qty", "5", True)
    ]
    assert (done.failed, done.applied.rows_created) == (1, 1)
    assert {row["slug"]: row["on_hand"] for row in catalogue_of(shop)["variants"]} == {"caneca": 8, "b": 0}


def test_a_product_that_the_database_refuses_does_not_keep_the_others_out(shop: Shop) -> None:
    """A SKU that somebody takes while the chunk is being written; here one that planning can't see."""
    names = {"Option1_Name": "Cor"}
    import_rows(shop, mug(**names, Option1_Value="Azul"), mug(Option1_Value="Verde"))
    shop.execute("UPDATE variants SET sku_folded = 'y' WHERE title = 'Verde'")
    rows = [mug(Handle="w"), mug(**names, Option1_Value="Azul", Variant_SKU="Y", Title="Outra"), mug(Handle="x")]
    checked = check(shop, bytes_of(rows))
    assert checked.checked.rows_refused == 0
    done = apply(shop, checked.id)
    assert (done.applied.products_created, done.failed, done.checkpoint) == (2, 1, 3)
    assert [(p.line, p.code, p.while_writing) for p in problems_of(shop, done.id)] == [(3, "sku_taken", True)]
    found = catalogue_of(shop)["variants"]
    assert {row["slug"] for row in found} == {"w", "caneca", "x"}
    assert {row["title"] for row in found if row["slug"] == "caneca"} == {"Caneca Barro"}


def test_a_file_without_its_columns_is_refused_as_a_whole(shop: Shop) -> None:
    failed = check(shop, b"Handle,Nome\na,A\n")
    assert failed.state is ImportState.FAILED
    assert [(p.line, p.column, p.code) for p in problems_of(shop, failed.id)] == [
        (1, "Title, Variant Price", "missing_column")
    ]
    with pytest.raises((TransitionRefused, NothingToApply)):
        shop.run(confirm_import, ConfirmImport(failed.id))


def test_an_empty_file_is_no_import(shop: Shop) -> None:
    with pytest.raises(UnusableFile):
        shop.run(start_import, StartImport("x.csv", [], "Júlia"))


def test_a_stopped_import_keeps_what_it_wrote_and_goes_on_later(shop: Shop) -> None:
    checked = check(shop, bytes_of([mug(Handle=f"p{n}") for n in range(1200)]))
    shop.run(confirm_import, ConfirmImport(checked.id, in_background=False))
    shop.run(cancel_import, CancelImport(checked.id))
    shop.run(apply_import, ApplyImport(checked.id))
    assert (import_of(shop, checked.id).state, catalogue_of(shop)["variants"]) == (ImportState.CANCELLED, [])
    done = apply(shop, checked.id)
    assert (done.state, done.applied, done.checkpoint) == (ImportState.DONE, done.checked, 1200)


def test_a_discarded_check_stays_discarded(shop: Shop) -> None:
    checked = check(shop, bytes_of([mug()]))
    shop.run(cancel_import, CancelImport(checked.id))
    with pytest.raises(NothingToApply):
        shop.run(confirm_import, ConfirmImport(checked.id))


def test_running_again_after_the_end_does_nothing(shop: Shop) -> None:
    done = import_rows(shop, mug())
    before = catalogue_of(shop)
    shop.run(apply_import, ApplyImport(done.id))
    shop.run(check_import, CheckImport(done.id))
    assert catalogue_of(shop) == before


def test_events_lead_to_the_jobs_that_check_and_apply(shop: Shop) -> None:
    import_id = shop.run(start_import, StartImport("a.csv", [bytes_of([mug()])], "Júlia"))
    shop.run(check_import, CheckImport(import_id))
    shop.run(confirm_import, ConfirmImport(import_id))
    shop.run(apply_import, ApplyImport(import_id))
    deliveries = shop.sql("SELECT subscriber FROM deliveries ORDER BY created_at, id")
    assert [row["subscriber"] for row in deliveries] == ["imports.check_import", "imports.apply_import"]
    names = {row["name"] for row in shop.sql("SELECT name FROM outbox")}
    assert {"imports.import_finished.v1", "imports.products_imported.v1"} <= names


def test_another_store_sees_nothing_of_it_and_stages_nothing_for_it(
    shop: Shop, database: DatabaseAddresses, tmp_path: Path
) -> None:
    checked = check(shop, bytes_of([mug(), mug(Handle="b", Variant_Price="x")]))
    stranger = open_shop(database, tmp_path)
    try:
        for look in (import_of, refused_rows_of):
            with pytest.raises(NotFound):
                look(stranger, checked.id)
        assert list(problems_of(stranger, checked.id)) == []
        for use_case, command in (
            (confirm_import, ConfirmImport(checked.id)),
            (cancel_import, CancelImport(checked.id)),
            (apply_import, ApplyImport(checked.id)),
        ):
            with pytest.raises(NotFound):
                stranger.run(use_case, command)
        row = {"import": checked.id, "id": shop.wired.ids.new()}
        staging = (
            "INSERT INTO staging.import_rows (import_id, kind, id, product_id, position)"
            f" VALUES ('{row['import']}', 'product', '{row['id']}', '{row['id']}', 0)"
        )
        with pytest.raises(IntegrityError, match="bound store"):
            stranger.execute(staging)
        shop.execute(staging)
        assert stranger.sql(f"SELECT * FROM staged_import_rows('{row['import']}')") == []
        stranger.execute(f"SELECT clear_import_rows('{row['import']}')")
        assert len(shop.sql(f"SELECT * FROM staged_import_rows('{row['import']}')")) == 1
        with pytest.raises(ProgrammingError, match="permission denied"):
            shop.sql("SELECT * FROM staging.import_rows")
    finally:
        stranger.wired.engines.dispose()
