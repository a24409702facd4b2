"""What of shipping is due in any store is found and dealt with there, through the schedule that production runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.provisioning import DatabaseAddresses
from adapters.wiring import background
from core.identity.roles import Role
from core.logistics.lifecycle import LabelState
from core.logistics.use_cases.cancel_fulfilment import CancelFulfilment, cancel_fulfilment
from jobs.background import tasks
from jobs.schedule import Result
from tests.carrier import ScriptedCarrier, add_carrier, at, s10
from tests.core.logistics.sending import buy, number, order_of, parcel_of, plan, quoted, ship, status
from tests.shop import Shop, open_shop


@pytest.fixture
def shops(fresh_database: DatabaseAddresses, tmp_path: Path) -> Iterator[tuple[Shop, Shop]]:
    """Two stores of one deployment, on one clock."""
    first = open_shop(fresh_database, tmp_path)
    second = open_shop(fresh_database, tmp_path, first.clock)
    yield first, second
    for opened in (first, second):
        opened.wired.engines.dispose()


def run(shop: Shop, name: str) -> Result:
    (task,) = [task for task in tasks(shop.wired, background(shop.wired)) if task.name == name]
    return task.run(threading.Event())


def labels(shop: Shop) -> list[str]:
    return [row["state"] for row in shop.sql("SELECT state FROM shipments ORDER BY requested_at, id")]


def test_unknown_purchases_are_settled_and_labels_fetched_in_every_store(shops: tuple[Shop, Shop]) -> None:
    first, second = shops
    carrier = ScriptedCarrier(fail_purchase="after")
    for shop in shops:
        add_carrier(shop, carrier)
        assert buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id).state is LabelState.UNKNOWN
    assert run(first, "logistics.settle_labels") == Result({"done": 0, "failed": 0}, None)  # still on their way
    first.clock.advance(minutes=2)
    assert run(first, "logistics.settle_labels").counts["done"] >= 1
    assert labels(first) == ["purchased"]
    assert labels(second) == ["purchased"]
    assert [row["label_sha256"] is not None for row in first.sql("SELECT label_sha256 FROM shipments")] == [True]
    assert run(first, "logistics.settle_labels").counts == {"done": 0, "failed": 0}
    assert carrier.calls["purchase"] == 2


def test_what_nobody_wants_any_more_is_given_back(shops: tuple[Shop, Shop]) -> None:
    shop, _ = shops
    carrier, _ = add_carrier(shop)
    planned = plan(shop, order_of(shop, 1))
    buy(shop, quoted(shop, planned).quotes[0].id)
    assert run(shop, "logistics.settle_voids").counts["done"] == 0
    shop.run(cancel_fulfilment, CancelFulfilment(planned), shop.as_(Role.SUPPORT))
    assert run(shop, "logistics.settle_voids").counts["done"] == 1
    assert labels(shop) == ["voided"]
    assert carrier.books["shp_1"].voided


def test_parcels_are_asked_about_when_they_are_due_in_every_store(shops: tuple[Shop, Shop]) -> None:
    first, second = shops
    carrier = ScriptedCarrier()
    orders = []
    for item, shop in enumerate(shops, start=1):
        _, account = add_carrier(shop, carrier)
        order = order_of(shop, 1)
        planned = plan(shop, order)
        number(shop, parcel_of(shop, planned), s10(item), account)
        ship(shop, planned)
        orders.append(order)
        when = (shop.clock.now() + timedelta(hours=1)).isoformat()
        carrier.lives[s10(item)] = [at("accepted", when)]
    assert run(first, "logistics.sync_tracking").counts["done"] == 0
    first.clock.advance(hours=2)
    assert run(first, "logistics.sync_tracking").counts == {"done": 2, "failed": 0}
    assert [status(shop, order) for shop, order in zip(shops, orders, strict=True)] == ["in_transit", "in_transit"]
    assert run(second, "logistics.sync_tracking").counts["done"] == 0
    assert carrier.calls["track"] == 2
