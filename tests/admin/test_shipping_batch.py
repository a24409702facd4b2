"""Many orders are sent from one page: prices side by side, labels bought by a job, failures repaired, handed over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from core.logistics.queries import GetBatch, get_batch
from core.logistics.use_cases.work_on_batch import WorkOnBatch, work_on_batch
from ports.orders import OrderDetail
from tests.adapters.test_papers import scanned, sizes
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import shown
from tests.admin.shipping_desk import carrier, fresh, paid, prepare
from tests.shop import Shop, settings_for

BATCH = "/shipping/batches/1"


@pytest.fixture
def desk(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Browser:
    return signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.SUPPORT)


def look(desk: Browser, path: str = BATCH) -> str:
    page = desk.get(path)
    assert page.status_code == 200, page.text[:300]
    return shown(page.text)


def press(desk: Browser, step: str, **typed: str) -> str:
    answer = desk.post(f"{BATCH}/{step}", typed)
    assert (answer.status_code, answer.location) == (303, f"/admin{BATCH}")
    return look(desk)


def work(shop: Shop) -> None:
    """What the job does."""
    shop.run(work_on_batch, WorkOnBatch(shop.read(get_batch, GetBatch(1)).id))


def begin(desk: Browser, shop: Shop, count: int = 3) -> list[OrderDetail]:
    """Select orders, ship them together, have prices asked for."""
    orders = [paid(shop) for _ in range(count)]
    look(desk, "/shipping/")
    answer = desk.post("/shipping/batches", {"ids": [str(order.id) for order in orders]})
    assert answer.location == f"/admin{BATCH}"
    text = look(desk)
    assert "Asking for prices" in text
    assert f"0 of {count} asked" in text
    assert f'data-refresh="/admin{BATCH}"' in text
    work(shop)
    return orders


def addresses(text: str, name: str) -> str:
    found = re.search(rf'href="/admin(/shipping/{name}\.pdf\?[^"]+)"', text)
    assert found, name
    return found.group(1).replace("&amp;", "&")


def test_from_selected_orders_to_goods_that_left(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop)
    orders = begin(desk, shop)
    text = look(desk)
    assert "data-refresh" not in text
    assert "Buy 3 labels" in text
    assert "R$ 52,80" in text  # three times PAC, what the labels will cost
    text = press(desk, "buy")
    assert "0 of 3 bought, 0 failed, 3 to go" in text
    assert "Stop after this one" in text
    work(shop)
    text = look(desk)
    assert "3 of 3 bought" in text
    assert scripted.calls["purchase"] == 3
    labels = desk.client.get(f"/admin{addresses(text, 'labels')}")
    assert sizes(labels.data) == [(100, 150)] * 3
    picks = desk.client.get(f"/admin{addresses(text, 'pick-list')}")
    assert {("Code128", "B-1"), ("QRCode", "B-1")} <= scanned(picks.data)[0]
    assert len(scanned(desk.client.get(f"/admin{addresses(text, 'packing-slips')}").data)) == 3
    text = press(desk, "hand-over")
    assert "3 shipments have left." in text
    assert "Handed over" in text
    assert {fresh(shop, order).fulfilment_status for order in orders} == {"fulfilled"}
    assert "Nothing waits to be sent" in look(desk, "/shipping/")
    assert "Batch 1" in look(desk, "/shipping/")


def test_failed_labels_are_repaired_by_another_offer_or_taken_out(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop, fail_purchase="refuse")
    begin(desk, shop, 2)
    look(desk)
    press(desk, "buy")
    work(shop)
    text = look(desk)
    assert "2 parcels have no label" in text
    assert "The wallet is empty." in text
    assert "Use Correios SEDEX, R$ 33,45" in text
    scripted.fail_purchase = None
    take = re.search(r'name="take" value="([^"]+)">\s*<button[^>]*>(?:<[^>]+>)*Use', text)
    assert take
    press(desk, "repair", take=take.group(1))
    work(shop)
    text = look(desk)
    assert "1 parcel has no label" in text
    row = re.search(r'name="row" value="([^"]+)"', text)
    assert row
    text = press(desk, "remove", row=row.group(1))
    assert "has no label" not in text
    assert "Ship 1 parcel" in text


def test_another_offer_is_chosen_in_the_table_or_for_all(desk: Browser, shop: Shop) -> None:
    carrier(shop)
    begin(desk, shop, 2)
    text = look(desk)
    cells = re.findall(r'name="take" value="([^"]+)" title="Take this offer"', text)
    assert len(cells) == 2  # SEDEX of either
    text = press(desk, "take", take=cells[0])
    assert "R$ 51,05" in text  # PAC and SEDEX
    text = press(desk, "choose", choice="fastest")
    assert "R$ 66,90" in text
    text = press(desk, "choose", choice="nonsense")
    assert "R$ 66,90" in text


def test_no_answer_is_shown_as_it_is_and_stays_behind(desk: Browser, shop: Shop) -> None:
    carrier(shop, fail_purchase="after")
    orders = begin(desk, shop, 1)
    look(desk)
    press(desk, "buy")
    work(shop)
    text = look(desk)
    assert "No answer yet" in text
    assert "Buy label" not in text
    text = press(desk, "hand-over")
    assert "1 shipment without a number stays planned." in text
    assert fresh(shop, orders[0]).fulfilment_status == "unfulfilled"


def test_stop_leaves_what_was_not_begun(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop)
    begin(desk, shop, 2)
    look(desk)
    press(desk, "buy")
    text = press(desk, "stop")
    assert "Buy 2 labels" in text
    work(shop)
    assert scripted.calls["purchase"] == 0


def test_parcels_are_taken_to_measure_what_the_last_one_did(desk: Browser, shop: Shop) -> None:
    carrier(shop)
    prepare(desk, paid(shop), length="34", width="26", height="18")
    begin(desk, shop, 1)
    assert "34 × 26 × 18 cm" in look(desk)
    assert len({row["length_mm"] for row in shop.sql("SELECT length_mm FROM parcels")}) == 1


def test_nothing_selected_and_nonsense_is_said(desk: Browser, shop: Shop) -> None:
    look(desk, "/shipping/")
    assert desk.post("/shipping/batches").location == "/admin/shipping/"
    assert "Select between 1 and 100 orders." in look(desk, "/shipping/")
    assert desk.post("/shipping/batches", {"ids": ["1001"]}).status_code == 404
    look(desk, "/shipping/")
    assert desk.post("/shipping/batches", {"ids": [str(shop.store_id)]}).location == "/admin/shipping/"
    assert "None of these orders has goods left" in look(desk, "/shipping/")
    assert desk.get("/shipping/batches/7").status_code == 404


def test_finance_sees_the_batch_and_changes_nothing(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> None:
    carrier(shop)
    flask = make_admin(shop, settings_for(database, tmp_path))
    begin(signed_in(flask, shop, Role.SUPPORT), shop, 1)
    finance = signed_in(flask, shop, Role.FINANCE)
    text = look(finance)
    for word in ("Buy label", "Close", "Apply", "Take this offer"):
        assert word not in text.split("<main")[1].split("</main>")[0]
    for step in ("buy", "choose", "take", "repair", "quote", "stop", "remove", "hand-over"):
        assert finance.post(f"{BATCH}/{step}").status_code == 403
        finance.get("/")
