"""What is sent as a selection is taken as it is, or refused; it is never cut to something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import fresh, place
from tests.shop import Shop, settings_for


@pytest.fixture
def desk(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Browser:
    return signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.SUPPORT)


@pytest.mark.parametrize("number", [12_345_678_901, 2**63 - 1])
def test_a_long_number_is_that_order_and_no_other(desk: Browser, shop: Shop, number: int) -> None:
    short, long = place(shop), place(shop)
    shop.execute("UPDATE orders SET number = :n WHERE id = :id", n=int(str(number)[:9]), id=short.id)
    shop.execute("UPDATE orders SET number = :n WHERE id = :id", n=number, id=long.id)
    assert desk.get(f"/orders/{number}").status_code == 200
    desk.post("/orders/bulk", {"ids": [str(number)], "action": "archive"})
    status = {row["id"]: row["status"] for row in shop.sql("SELECT id, status FROM orders")}
    assert status == {short.id: "open", long.id: "archived"}


@pytest.mark.parametrize("text", [str(2**63), "9" * 5000, "1001x", "-1001", "١٠٠١", ""])
@pytest.mark.parametrize("path", ["/orders/bulk", "/orders/bulk/capture"])
def test_what_is_no_number_is_said_and_nothing_is_done(desk: Browser, shop: Shop, text: str, path: str) -> None:
    order = place(shop)
    desk.get("/orders/")
    answer = desk.post(path, {"ids": [str(order.number), text], "action": "archive"})
    assert answer.location == "/admin/orders/"
    page = desk.get("/orders/").text
    assert "is no order number. Nothing was changed." in page
    assert "9" * 41 not in page
    assert fresh(shop, order).status == "open"


def test_more_than_fit_on_two_pages_are_refused_as_a_whole(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    desk.get("/orders/")
    desk.post("/orders/bulk", {"ids": [str(order.number), *map(str, range(5000, 5100))], "action": "archive"})
    assert "At most 100 orders at once." in desk.get("/orders/").text
    assert fresh(shop, order).status == "open"
