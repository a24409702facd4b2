"""The customer's order follows its parcels."""

from __future__ import annotations

from typing import Any

from core.logistics.tracking import ParcelStatus
from core.logistics.use_cases.report_parcel import ReportParcel, report_parcel
from core.orders.queries import GetOrder, get_order
from tests.core.logistics.sending import number, parcel_of, plan, ship
from tests.web.selling import Selling, selling
from tests.web.test_orders import show

__all__ = ["selling"]  # a fixture


def test_an_order_is_followed_to_delivered(selling: Selling) -> None:
    shop = selling.paying.shop
    placed = selling.order(selling.cart(quantity=3))
    assert placed["fulfilments"] == []
    order = shop.read(get_order, GetOrder(int(placed["number"])))
    planned = plan(shop, order, 2)

    def seen() -> dict[str, Any]:
        return dict(show(selling, placed["number"], placed["access_token"]).get_json())

    assert seen()["fulfilments"] == []  # what is planned is nobody's business yet
    number(shop, parcel_of(shop, planned), "aa 47312482-9 br")
    ship(shop, planned)
    body = seen()
    assert body["fulfilment_status"] == "partially_fulfilled"
    (fulfilment,) = body["fulfilments"]
    assert fulfilment["lines"] == [{"line_id": placed["lines"][0]["id"], "quantity": 2}]
    (parcel,) = fulfilment["parcels"]
    assert (parcel["tracking_number"], parcel["carrier"]) == ("aa 47312482-9 br", "Correios")
    assert (parcel["status"], parcel["events"]) == ("unknown", [])
    rest = plan(shop, order)
    ship(shop, rest)
    for one in (planned, rest):
        shop.run(report_parcel, ReportParcel(parcel_of(shop, one), ParcelStatus.DELIVERED, "Left at the door"))
    body = seen()
    assert body["fulfilment_status"] == "delivered"
    event = body["fulfilments"][0]["parcels"][0]["events"][0]
    assert (event["status"], event["text"], event["place"]) == ("delivered", "Left at the door", None)
    assert event["at"].endswith("Z") or "+00:00" in event["at"]
