"""An order is sent from the screens: pieces and parcel, prices, the label, by hand, that it leaves, and back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from ports.orders import OrderDetail
from tests.adapters.test_papers import scanned, sizes
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import place, shown
from tests.admin.shipping_desk import carrier, fresh, paid, prepare
from tests.carrier import s10
from tests.shop import Shop, settings_for


@pytest.fixture
def desk(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Browser:
    return signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.SUPPORT)


def open_(desk: Browser, address: str) -> str:
    page = desk.get(address)
    assert page.status_code == 200, page.text[:300]
    return shown(page.text)


def step(desk: Browser, address: str, name: str, **typed: str) -> str:
    """Press the button of a step and look at the page that follows."""
    key = re.search(r'name="key" value="(\w+)"', desk.last)
    answer = desk.post(f"{address}/{name}", {"key": key.group(1) if key else "", **typed})
    assert answer.status_code == 303, answer.text[:300]
    return open_(desk, address)


def quotes(text: str) -> list[str]:
    return re.findall(r'name="quote" value="([^"]+)"', text)


def parcel(shop: Shop, order: OrderDetail) -> dict[str, object]:
    return shop.sql("SELECT * FROM parcels WHERE order_id = :o", o=order.id)[0]


# -- the list ----------------------------------------------------------------------------------------------


def test_orders_to_ship_are_listed_and_counted(desk: Browser, shop: Shop) -> None:
    assert "Nothing waits to be sent" in open_(desk, "/shipping/")
    order = paid(shop)
    place(shop)
    text = open_(desk, "/shipping/")
    assert text.count("<tr data-row>") == 1
    assert f"/admin/orders/{order.number}" in text
    assert re.search(r'href="/admin/shipping/"[^>]*>.*?<span class="count">1</span>', text, re.DOTALL)


# -- all of it ---------------------------------------------------------------------------------------------


def test_from_the_order_to_goods_that_left(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop)
    order = paid(shop)
    text = open_(desk, f"/orders/{order.number}")
    assert "Ship 2 items" in text
    address = prepare(desk, order)
    text = open_(desk, address)
    assert "No offer from Loggi: does not serve this address." in text
    assert "R$ 17,60" in text
    assert "Prepared" in text
    text = step(desk, address, "buy", quote=quotes(text)[0])
    assert "The label is bought and can be printed." in text
    assert scripted.calls["purchase"] == 1
    label = re.search(r'/admin(/shipping/labels.pdf\?id=[\w-]+)"', text)
    assert label
    printed = desk.client.get(f"/admin{label.group(1)}")
    assert printed.mimetype == "application/pdf"
    assert sizes(printed.data) == [(100, 150)]
    text = step(desk, address, "leave")
    assert "have left: stock fell" in text
    assert fresh(shop, order).fulfilment_status == "fulfilled"
    assert "2 of 2 items" in open_(desk, f"/orders/{order.number}")
    text = step(desk, address, "undo")
    assert "Taken back" in text
    assert fresh(shop, order).fulfilment_status == "unfulfilled"


def test_a_double_click_buys_one_label(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop)
    address = prepare(desk, paid(shop))
    text = open_(desk, address)
    key = re.search(r'name="key" value="(\w+)"', text)
    assert key
    token, wish = desk.token, {"key": key.group(1), "quote": quotes(text)[0]}
    for _ in range(2):
        assert desk.post(f"{address}/buy", wish, token=token).status_code == 303
    assert scripted.calls["purchase"] == 1
    # Another window, another key: the parcel has its label.
    offer = quotes(text)[0]
    open_(desk, address)
    text = step(desk, address, "buy", quote=offer, key="another")
    assert "This parcel has a label already, or one is being bought." in text
    assert scripted.calls["purchase"] == 1


def test_no_answer_is_said_as_it_is_and_the_goods_stay(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop, fail_purchase="after")
    address = prepare(desk, paid(shop))
    text = step(desk, address, "buy", quote=quotes(open_(desk, address))[0])
    assert "has not answered yet. It is asked again by itself; do not buy another." in text
    assert "Asked, no answer yet." in text
    assert not quotes(text)
    text = step(desk, address, "leave")
    assert "the goods stay until it is known" in text
    assert scripted.calls["purchase"] == 1


def test_what_the_carrier_refuses_is_said_in_its_words(desk: Browser, shop: Shop) -> None:
    carrier(shop, fail_purchase="refuse")
    address = prepare(desk, paid(shop))
    text = step(desk, address, "buy", quote=quotes(open_(desk, address))[0])
    assert "The carrier does not sell this label: The wallet is empty. Nothing was charged." in text
    assert quotes(text), "another offer can be taken"


def test_a_label_is_given_back(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop)
    address = prepare(desk, paid(shop))
    text = step(desk, address, "buy", quote=quotes(open_(desk, address))[0])
    shipment = re.search(r'name="shipment" value="([^"]+)"', text)
    assert shipment
    text = step(desk, address, "void", shipment=shipment.group(1))
    assert "The carrier took the label back." in text
    assert [sold.voided for sold in scripted.books.values()] == [True]
    assert quotes(text)
    assert desk.post(f"{address}/void", {"shipment": str(shop.store_id)}).status_code == 404


# -- by hand and in parts ----------------------------------------------------------------------------------


def test_a_part_by_hand_without_any_carrier(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    line = order.lines[0].id
    address = prepare(desk, order, **{f"pieces-{line}": "1"})
    text = open_(desk, address)
    assert "No price is known" in text
    wrong = desk.post(
        f"{address}/number", {"parcel": "1", "p1-carrier": "Correios", "p1-tracking_number": "AA123456789BR"}
    )
    assert wrong.status_code == 422
    assert "a digit is wrong or missing" in wrong.text
    typed = s10(4711)
    text = step(desk, address, "number", parcel="1", **{"p1-carrier": "Correios", "p1-tracking_number": f" {typed} "})
    assert "The number is kept." in text
    assert typed in text
    step(desk, address, "leave")
    text = open_(desk, f"/orders/{order.number}")
    assert "1 item to ship" in text
    assert "Part shipped" in text
    text = step(desk, address, "report", parcel="1", **{"p1-status": "delivered", "p1-text": "She called"})
    assert "The parcel was delivered" in text
    assert parcel(shop, order)["status"] == "delivered"
    assert "She called" in text


def test_more_than_is_left_and_sizes_that_are_none_are_said_beside_the_field(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    desk.get(f"/orders/{order.number}/fulfil")
    typed = {f"pieces-{order.lines[0].id}": "3", "weight_grams": "0", "box": "", "length": "abc", "width": "13,55",
             "height": "9", "parcels": "1"}  # fmt: skip
    answer = desk.post(f"/orders/{order.number}/fulfil", typed)
    assert answer.status_code == 422
    assert "Between 0 and 2." in answer.text
    assert answer.text.count("Centimetres, for example 13.5.") == 2
    typed = {**typed, f"pieces-{order.lines[0].id}": "0", "weight_grams": "10"}
    answer = desk.post(f"/orders/{order.number}/fulfil", typed)
    assert "Choose at least one piece." in answer.text
    assert fresh(shop, order).fulfilments == []


def test_another_weight_asks_for_prices_again(desk: Browser, shop: Shop) -> None:
    scripted = carrier(shop)
    order = paid(shop)
    address = prepare(desk, order, length="34", width="26,5", height="18")
    assert "34 × 26,5 × 18 cm" in open_(desk, address)
    typed = {"p1-weight_grams": "1420", "p1-box": "340x265x180"}
    text = step(desk, address, "measure", parcel="1", **typed)
    assert "1,42 kg" in text
    assert parcel(shop, order)["weight_grams"] == 1420
    assert scripted.calls["rates"] == 2


def test_called_off_its_pieces_are_free_again(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    address = prepare(desk, order)
    open_(desk, address)
    text = step(desk, address, "call-off")
    assert "Called off" in text
    assert "Ship 2 items" in open_(desk, f"/orders/{order.number}")


def test_an_order_without_its_money_is_not_sent(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    assert desk.get(f"/orders/{order.number}/fulfil").status_code == 303
    assert "It leaves once its money is there." in open_(desk, f"/orders/{order.number}")


# -- papers and people -------------------------------------------------------------------------------------


def test_papers_are_real_and_scan(desk: Browser, shop: Shop) -> None:
    order = paid(shop)
    prepare(desk, order)
    id_ = fresh(shop, order).fulfilments[0].id
    prefix = shop.sql("SELECT order_prefix FROM stores WHERE id = :s", s=shop.store_id)[0]["order_prefix"]
    for name in ("packing-slips", "pick-list"):
        paper = desk.client.get(f"/admin/shipping/{name}.pdf?id={id_}")
        assert (paper.status_code, paper.mimetype, paper.cache_control.no_store) == (200, "application/pdf", True)
        assert ("QRCode", f"{prefix}{order.number}") in scanned(paper.data)[0]
    for bad in (
        "labels.pdf",
        "packing-slips.pdf?id=x",
        f"labels.pdf?id={id_}",
        "pick-list.pdf?id=" + "&id=".join(["x"] * 3),
    ):
        assert desk.get(f"/shipping/{bad}").status_code == 404


def test_finance_looks_and_sends_nothing(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> None:
    flask = make_admin(shop, settings_for(database, tmp_path))
    order = paid(shop)
    address = prepare(signed_in(flask, shop, Role.SUPPORT), order)
    finance = signed_in(flask, shop, Role.FINANCE)
    text = open_(finance, address)
    for button in ("Goods leave now", "Call off", "Ask for prices", "Type a number by hand"):
        assert button not in text
    for name in ("leave", "buy", "rates", "number", "measure", "report", "void", "call-off", "undo"):
        assert finance.post(f"{address}/{name}").status_code == 403
        finance.get("/")
    assert finance.get(f"/orders/{order.number}/fulfil").status_code == 403


def test_the_stock_page_says_which_shipment_holds_what(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> None:
    owner = signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.OWNER)
    order = paid(shop)
    prepare(owner, order, **{f"pieces-{order.lines[0].id}": "1"})
    text = open_(owner, f"/inventory/{order.lines[0].variant_id}")
    assert f"/admin/orders/{order.number}/shipments/1" in text
    assert "1 in shipment" in text
    step_at = f"/orders/{order.number}/shipments/1"
    open_(owner, step_at)
    step(owner, step_at, "leave")
    text = open_(owner, f"/inventory/{order.lines[0].variant_id}")
    assert "in shipment" not in text
    assert "Shipped" in text
