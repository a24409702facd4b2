"""Cancelling an order whose parcels are prepared: what is called off with it is said first, and agreed to."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from core.identity.roles import Role
from tests.admin.desks import Browser, make_admin, signed_in
from tests.admin.order_desk import fields, fresh, place, shown
from tests.carrier import add_carrier
from tests.core.logistics.sending import buy, plan, quoted, ship
from tests.shop import Shop, settings_for


@pytest.fixture
def desk(shop: Shop, database: DatabaseAddresses, tmp_path: Path) -> Browser:
    return signed_in(make_admin(shop, settings_for(database, tmp_path)), shop, Role.SUPPORT)


def test_what_is_called_off_is_said_and_done(desk: Browser, shop: Shop) -> None:
    add_carrier(shop)
    order = place(shop)
    buy(shop, quoted(shop, plan(shop, order)).quotes[0].id)
    page = desk.get(f"/orders/{order.number}/cancel").text
    for said in ("1 planned shipment is called off.", "1 label, R$ 17,60, is given back to its carrier."):
        assert said in shown(page), said
    answer = desk.post(f"/orders/{order.number}/cancel", {**fields(page, "cancel-form"), "reason": "Sold out"})
    assert answer.status_code == 303
    after = fresh(shop, order)
    assert (after.status, after.fulfilments[0].state) == ("cancelled", "cancelled")


def test_what_was_planned_meanwhile_is_not_called_off_unseen(desk: Browser, shop: Shop) -> None:
    order = place(shop)
    page = desk.get(f"/orders/{order.number}/cancel").text
    planned = plan(shop, order)
    answer = desk.post(f"/orders/{order.number}/cancel", {**fields(page, "cancel-form"), "reason": "Sold out"})
    assert answer.status_code == 409
    assert "A shipment was planned meanwhile." in shown(answer.text)
    assert fresh(shop, order).status == "open"
    ship(shop, planned)
    answer = desk.post(f"/orders/{order.number}/cancel", {**fields(answer.text, "cancel-form"), "reason": "Sold out"})
    assert answer.status_code == 409
    assert "Goods of this order have left." in shown(answer.text)
