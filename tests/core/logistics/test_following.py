"""Parcels followed by webhook and by poll: once each, in any order, within what the account allows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from core.identity.roles import Role
from core.logistics.errors import AlreadyScanned
from core.logistics.tracking import ParcelStatus
from core.logistics.use_cases.add_carrier_account import SwitchCarrierAccount, switch_carrier_account
from core.logistics.use_cases.receive_webhook import (
    ForgedCarrierWebhook,
    ProcessCarrierWebhook,
    ReceiveCarrierWebhook,
    process_carrier_webhook,
    receive_carrier_webhook,
)
from core.logistics.use_cases.report_parcel import ReportParcel, report_parcel
from core.logistics.use_cases.sync_tracking import SyncTracking, sync_tracking
from core.messages.use_cases.tell_order import TellOrder, tell_order
from core.shared.errors import Invalid, NotFound
from core.shared.ids import CarrierAccountId, OrderId, ParcelId, WebhookId
from ports.carriers import TrackAnswer, TrackingSeen
from ports.orders import OrderDetail
from tests.carrier import ScriptedCarrier, add_carrier, at, s10
from tests.core.logistics.sending import (
    BOX,
    buy,
    fresh,
    number,
    order_of,
    parcel_of,
    plan,
    quoted,
    ship,
    status,
)
from tests.shop import Shop

LIFE: tuple[tuple[str, int], ...] = (
    ("label_created", 0), ("accepted", 5), ("in_transit", 9), ("out_for_delivery", 30), ("delivered", 34),
)  # fmt: skip


def seen(shop: Shop, upto: int = len(LIFE)) -> list[TrackingSeen]:
    start = shop.clock.now()
    return [at(told, (start + timedelta(hours=hours)).isoformat()) for told, hours in LIFE[:upto]]


def webhook(shop: Shop, account: CarrierAccountId, id_: str, **told: Any) -> bool:
    body = json.dumps({"id": id_, **told}).encode()
    new: bool = shop.run(receive_carrier_webhook, ReceiveCarrierWebhook(account, {"X-Signature": "right"}, body))
    return new


def told(*events: tuple[str, str]) -> list[Any]:
    return [[status, {"time": time}] for status, time in events]


def process(shop: Shop) -> int:
    """Work on every webhook that an event asks for, as the subscriber does; twice is once."""
    rows = shop.sql(
        "SELECT payload ->> 'webhook_id' AS id FROM outbox WHERE name = 'logistics.carrier_webhook_received.v1'"
    )
    for row in rows:
        shop.run(process_carrier_webhook, ProcessCarrierWebhook(WebhookId(row["id"])))
    return len(rows)


def moved(shop: Shop) -> list[str]:
    rows = shop.sql("SELECT payload ->> 'status' AS s FROM outbox WHERE name = 'logistics.parcel_moved.v1' ORDER BY id")
    return [row["s"] for row in rows]


def parcels(shop: Shop) -> list[dict[str, Any]]:
    return shop.sql("SELECT * FROM parcels ORDER BY id")


def on_its_way(shop: Shop, account: CarrierAccountId | None = None) -> tuple[OrderDetail, ParcelId, str]:
    """An order whose only parcel left under a number that somebody typed."""
    order = order_of(shop, 1)
    planned = plan(shop, order)
    parcel, code = parcel_of(shop, planned), s10(int(order.number) + 40_000_000)
    number(shop, parcel, code, account)
    ship(shop, planned)
    return order, parcel, code


def poll(shop: Shop, account: CarrierAccountId) -> Any:
    return shop.run(sync_tracking, SyncTracking(account))


# -- webhooks ----------------------------------------------------------------------------------------------


def test_an_order_follows_its_parcel_to_delivered(shop: Shop) -> None:
    _, account = add_carrier(shop)
    order, _, code = on_its_way(shop, account)
    steps = [("accepted", "in_transit"), ("out_for_delivery", "in_transit"), ("delivered", "delivered")]
    for day, (told_status, wanted) in enumerate(steps, start=1):
        assert webhook(
            shop, account, f"evt_{day}", number=code, events=told((told_status, f"2026-11-0{day}T10:00:00+00:00"))
        )
        process(shop)
        assert status(shop, order) == wanted
    assert moved(shop) == ["accepted", "out_for_delivery", "delivered"]
    parcel = fresh(shop, order).fulfilments[0].parcels[0]
    assert (parcel.status, [event.status for event in parcel.events]) == (
        ParcelStatus.DELIVERED, [ParcelStatus.DELIVERED, ParcelStatus.OUT_FOR_DELIVERY, ParcelStatus.ACCEPTED],
    )  # fmt: skip


def test_twice_and_in_the_wrong_order_is_once_and_right(shop: Shop) -> None:
    _, account = add_carrier(shop)
    order, _, code = on_its_way(shop, account)
    assert webhook(shop, account, "evt_2", number=code, events=told(("delivered", "2026-11-03T10:00:00+00:00")))
    assert webhook(shop, account, "evt_1", number=code, events=told(("in_transit", "2026-11-02T10:00:00+00:00")))
    assert not webhook(shop, account, "evt_2", number=code, events=told(("delivered", "2026-11-03T10:00:00+00:00")))
    process(shop)
    process(shop)
    assert status(shop, order) == "delivered"
    assert moved(shop) == ["delivered"]
    assert shop.sql("SELECT count(*) AS n FROM tracking_events")[0]["n"] == 2


def test_quicker_than_our_own_commit_it_waits_for_its_parcel(shop: Shop) -> None:
    carrier, account = add_carrier(shop)
    order = order_of(shop, 1)
    planned = plan(shop, order)
    event = told(("accepted", (shop.clock.now() + timedelta(hours=1)).isoformat()))
    webhook(shop, account, "evt_1", number=s10(1), events=event)
    process(shop)
    assert shop.sql("SELECT state FROM carrier_webhooks")[0]["state"] == "parked"
    buy(shop, quoted(shop, planned).quotes[0].id)
    assert carrier.books["shp_1"].number == s10(1)
    assert process(shop) == 2
    assert shop.sql("SELECT state FROM carrier_webhooks")[0]["state"] == "processed"
    assert parcels(shop)[0]["status"] == "accepted"
    assert status(shop, order) == "unfulfilled"  # goods leave when staff say so, not when they are scanned


def test_a_word_about_postage_has_it_asked_about_and_is_not_believed(shop: Shop) -> None:
    _, account = add_carrier(shop, ScriptedCarrier(fail_purchase="before"))
    bought = buy(shop, quoted(shop, plan(shop, order_of(shop, 1))).quotes[0].id)
    webhook(shop, account, "evt_1", reference="shp_1", kind="shipment.bought")
    process(shop)
    row = shop.sql("SELECT state, check_at FROM shipments WHERE id = :s", s=bought.shipment_id)[0]
    assert (row["state"], row["check_at"]) == ("unknown", shop.clock.now())


def test_a_forged_one_is_not_kept(shop: Shop) -> None:
    _, account = add_carrier(shop)
    with pytest.raises(ForgedCarrierWebhook):
        shop.run(receive_carrier_webhook, ReceiveCarrierWebhook(account, {"X-Signature": "wrong"}, b'{"id": "1"}'))
    assert shop.sql("SELECT count(*) AS n FROM carrier_webhooks")[0]["n"] == 0
    shop.run(switch_carrier_account, SwitchCarrierAccount(account, False), shop.as_(Role.MANAGER))
    with pytest.raises(NotFound):
        webhook(shop, account, "evt_1")


# -- polls -------------------------------------------------------------------------------------------------


def test_what_is_silent_is_asked_about_and_nothing_new_moves_only_the_time(shop: Shop) -> None:
    carrier, account = add_carrier(shop)
    order, parcel, code = on_its_way(shop, account)
    assert poll(shop, account).asked == 0  # not due yet
    carrier.lives[code] = seen(shop, 3)
    shop.clock.advance(hours=2)
    assert (poll(shop, account).news, status(shop, order)) == (1, "in_transit")
    before = parcels(shop)[0]
    logged = shop.sql("SELECT count(*) AS n FROM activity")[0]["n"]
    shop.clock.advance(hours=6)
    assert poll(shop, account).asked == 1
    after = parcels(shop)[0]
    assert shop.sql("SELECT count(*) AS n FROM activity")[0]["n"] == logged
    assert shop.sql("SELECT version FROM fulfilments")[0]["version"] == 4  # planned, numbered, sent, moved
    assert after["next_poll_at"] > shop.clock.now() >= before["next_poll_at"]
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"next_poll_at", "polls"}
    carrier.lives[code] = seen(shop)
    shop.clock.advance(hours=6)
    assert (poll(shop, account).news, status(shop, order)) == (1, "delivered")
    assert parcels(shop)[0]["id"] == parcel


def test_a_number_that_nobody_has_heard_of_is_asked_about_again(shop: Shop) -> None:
    _, account = add_carrier(shop)
    on_its_way(shop, account)
    gaps = []
    for _ in range(4):
        due = parcels(shop)[0]["next_poll_at"]
        gaps.append((due - shop.clock.now()) / timedelta(minutes=1))
        shop.clock.at = due
        assert poll(shop, account).asked == 1
    assert [round(gap / wanted) for gap, wanted in zip(gaps, (30, 60, 120, 240), strict=True)] == [1, 1, 1, 1]


def many(shop: Shop, account: CarrierAccountId, count: int) -> Sequence[str]:
    """`count` parcels of one fulfilment, all due."""
    planned = plan(shop, order_of(shop, 1), parcels=(BOX,) * count)
    codes = []
    for position, row in enumerate(shop.sql("SELECT id FROM parcels ORDER BY position")):
        codes.append(s10(50_000_000 + position))
        number(shop, ParcelId(row["id"]), codes[-1], account)
    ship(shop, planned)
    shop.clock.advance(hours=1)
    return codes


def test_in_batches_and_never_more_than_the_budget(shop: Shop) -> None:
    carrier, account = add_carrier(shop, burst=2, requests_per_second=1)
    many(shop, account, 45)
    assert poll(shop, account).asked == 40  # two requests of twenty, then the bucket is empty
    assert carrier.calls["track"] == 2
    assert poll(shop, account).asked == 0
    shop.execute("UPDATE carrier_budgets SET refilled_at = refilled_at - interval '2 seconds'")
    assert poll(shop, account).asked == 5
    assert shop.sql("SELECT used_today FROM carrier_budgets")[0]["used_today"] == 3


def test_too_much_is_heeded_and_silence_costs_a_lease(shop: Shop) -> None:
    carrier, account = add_carrier(shop)
    many(shop, account, 3)
    carrier.fail_track = TrackAnswer(failed="429", retry_after=600)
    assert poll(shop, account).failed == 1
    carrier.fail_track = None
    row = shop.sql("SELECT * FROM carrier_budgets")[0]
    assert row["paused_until"] - shop.clock.wall() > timedelta(minutes=9)
    assert row["rate_milli"] == 2_500
    assert {p["next_poll_at"] for p in parcels(shop)} == {shop.clock.now() + timedelta(minutes=10)}
    shop.clock.advance(hours=1)
    assert poll(shop, account).asked == 0  # whatever the business clock says
    shop.execute("UPDATE carrier_budgets SET paused_until = NULL, tokens_milli = 9000")
    carrier.fail_track = TrackAnswer(failed="no answer")
    assert poll(shop, account).failed == 1
    assert {p["next_poll_at"] for p in parcels(shop)} == {shop.clock.now() + timedelta(minutes=5)}


def test_what_one_has_claimed_another_is_not_given(shop: Shop) -> None:
    _, account = add_carrier(shop)
    many(shop, account, 5)
    claim = (
        "WITH due AS (SELECT id FROM parcels WHERE account_id = :a AND next_poll_at <= :now LIMIT 2"
        " FOR UPDATE SKIP LOCKED) SELECT id FROM due"
    )
    with shop.wired.engines.app.begin() as connection:
        connection.execute(sa.text("SELECT set_config('app.store_id', :s, true)"), {"s": str(shop.store_id)})
        held = connection.execute(sa.text(claim), {"a": account, "now": shop.clock.now()}).all()
        assert poll(shop, account).asked == 3
    assert len(held) == 2
    assert poll(shop, account).asked == 2


def test_an_account_that_is_off_is_asked_nothing(shop: Shop) -> None:
    carrier, account = add_carrier(shop)
    many(shop, account, 2)
    shop.run(switch_carrier_account, SwitchCarrierAccount(account, False), shop.as_(Role.OWNER))
    assert poll(shop, account).asked == 0
    assert carrier.calls["track"] == 0
    assert {p["next_poll_at"] for p in parcels(shop)} == {shop.clock.now() + timedelta(days=1)}


# -- by hand -----------------------------------------------------------------------------------------------


def test_what_nobody_tracks_is_said_by_staff(shop: Shop) -> None:
    order, parcel, _ = on_its_way(shop)
    assert parcels(shop)[0]["next_poll_at"] is None
    shop.run(report_parcel, ReportParcel(parcel, ParcelStatus.DELIVERED), shop.as_(Role.SUPPORT))
    assert status(shop, order) == "delivered"
    with pytest.raises(AlreadyScanned):
        number(shop, parcel, s10(7))
    for command in (
        ReportParcel(parcel, ParcelStatus.UNKNOWN),
        ReportParcel(parcel, ParcelStatus.LOST, at=shop.clock.now() + timedelta(hours=1)),
    ):
        with pytest.raises(Invalid):
            shop.run(report_parcel, command, shop.as_(Role.SUPPORT))


def test_a_number_is_corrected_and_what_was_told_of_the_other_is_no_longer_its_own(shop: Shop) -> None:
    carrier, account = add_carrier(shop)
    _, parcel, code = on_its_way(shop, account)
    carrier.lives[code] = seen(shop, 1)
    shop.clock.advance(hours=1)
    poll(shop, account)
    assert parcels(shop)[0]["status"] == "label_created"
    shop.clock.advance(minutes=1)
    number(shop, parcel, s10(9), account)
    assert parcels(shop)[0]["status"] == "unknown"
    event = told(("accepted", (shop.clock.now() + timedelta(hours=1)).isoformat()))
    webhook(shop, account, "evt_1", number=code, events=event)
    process(shop)
    assert parcels(shop)[0]["status"] == "unknown"


# -- the customer ------------------------------------------------------------------------------------------


def letters(shop: Shop) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject"]) for row in shop.sql("SELECT kind, subject FROM messages ORDER BY id")]


def test_the_customer_is_told_once_of_each(shop: Shop) -> None:
    order = order_of(shop, 2)
    first = plan(shop, order, 1)
    ship(shop, first)
    number(shop, parcel_of(shop, first), "AA473124829BR")
    for _ in range(2):
        shop.run(tell_order, TellOrder(order.id))
    second = plan(shop, order)
    ship(shop, second)
    shop.run(tell_order, TellOrder(order.id))
    shop.run(report_parcel, ReportParcel(parcel_of(shop, first), ParcelStatus.DELIVERED), shop.as_(Role.SUPPORT))
    shop.run(tell_order, TellOrder(order.id, "delivered"))  # one of two
    shop.run(report_parcel, ReportParcel(parcel_of(shop, second), ParcelStatus.DELIVERED), shop.as_(Role.SUPPORT))
    for _ in range(2):
        shop.run(tell_order, TellOrder(order.id, "delivered"))
    assert letters(shop) == [
        ("order_partly_shipped", "Parte do seu pedido CI-1001 está a caminho"),
        ("order_shipped", "Seu pedido CI-1001 está a caminho"),
        ("order_delivered", "Seu pedido CI-1001 foi entregue"),
    ]
    body = shop.sql("SELECT body_text, body_html FROM messages ORDER BY id LIMIT 1")[0]
    for text in body.values():
        assert "AA473124829BR" in text
        assert "Correios" in text


def test_a_lost_parcel_is_not_announced_as_delivered(shop: Shop) -> None:
    order = order_of(shop, 1)
    planned = plan(shop, order, parcels=(BOX, BOX))
    ship(shop, planned)
    ids = [ParcelId(row["id"]) for row in shop.sql("SELECT id FROM parcels ORDER BY position")]
    for parcel, end in zip(ids, (ParcelStatus.DELIVERED, ParcelStatus.LOST), strict=True):
        shop.run(report_parcel, ReportParcel(parcel, end), shop.as_(Role.SUPPORT))
    shop.run(tell_order, TellOrder(OrderId(order.id), "delivered"))
    assert letters(shop) == []
