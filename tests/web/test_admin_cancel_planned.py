"""A merchant's program cancels an order whose parcels are prepared only when it says that it means those too."""

from __future__ import annotations

from core.orders.queries import GetOrder, get_order
from tests.core.logistics.sending import plan, ship
from tests.web.selling import selling
from tests.web.test_admin_orders import Integration, acted, erp, held
from tests.web.test_errors import problem

__all__ = ["erp", "selling"]


def test_planned_shipments_are_called_off_when_it_says_so(erp: Integration) -> None:
    shop = erp.selling.paying.shop
    order = held(erp)
    plan(shop, shop.read(get_order, GetOrder(int(order["number"]))))
    problem(erp.post(order["number"], "cancel", {"reason": "x"}), 409, "fulfilments_planned")
    problem(erp.post(order["number"], "cancel", {"reason": "x", "fulfilments_too": "yes"}), 422, "invalid")
    body = acted(erp.post(order["number"], "cancel", {"reason": "x", "fulfilments_too": True}))
    assert body["order"]["status"] == "cancelled"


def test_what_left_is_not_cancelled(erp: Integration) -> None:
    shop = erp.selling.paying.shop
    order = held(erp)
    ship(shop, plan(shop, shop.read(get_order, GetOrder(int(order["number"])))))
    problem(erp.post(order["number"], "cancel", {"reason": "x", "fulfilments_too": True}), 409, "goods_have_left")
