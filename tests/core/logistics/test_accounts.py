"""Accounts at carriers: who may connect them, what is refused, what is seen of them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from core.identity.roles import Role
from core.logistics.lifecycle import FulfilmentState
from core.logistics.queries import (
    GetLabels,
    GetWork,
    ListCarrierAccounts,
    ListWork,
    get_labels,
    get_work,
    list_carrier_accounts,
    list_work,
)
from core.logistics.use_cases.add_carrier_account import (
    AddCarrierAccount,
    SwitchCarrierAccount,
    add_carrier_account,
    switch_carrier_account,
)
from core.logistics.use_cases.sync_tracking import SyncTracking, sync_tracking
from core.shared.errors import Forbidden, Invalid, NotFound, Unavailable
from core.shared.ids import CarrierAccountId, ShipmentId
from ports.paging import PageRequest
from tests.carrier import add_carrier, s10
from tests.core.logistics.sending import number, order_of, parcel_of, plan, ship
from tests.shop import Shop


def test_only_owner_and_manager_connect_an_account(shop: Shop) -> None:
    add_carrier(shop)
    command = AddCarrierAccount("scripted", "Second", {"key": "secret"}, position=1)
    for role in (Role.SUPPORT, Role.FINANCE):
        with pytest.raises(Forbidden):
            shop.run(add_carrier_account, command, shop.as_(role))
    for role in (Role.OWNER, Role.MANAGER):
        shop.run(add_carrier_account, command, shop.as_(role))
    kept = shop.sql("SELECT config FROM carrier_accounts WHERE name = 'Second'")
    assert all(b"secret" not in bytes(row["config"]) for row in kept)


def test_what_is_no_account_is_refused(shop: Shop) -> None:
    add_carrier(shop)
    with pytest.raises(Unavailable):
        shop.run(add_carrier_account, AddCarrierAccount("pigeons", "Pigeons"))
    with pytest.raises(Invalid) as told:
        shop.run(add_carrier_account, AddCarrierAccount("scripted", " ", requests_per_second=0, burst=0))
    assert {problem.field for problem in told.value.problems} == {"name", "requests_per_second", "burst"}
    with pytest.raises(NotFound):
        shop.run(switch_carrier_account, SwitchCarrierAccount(CarrierAccountId(uuid4()), False))


def test_what_tracking_used_and_what_is_overdue_is_seen(shop: Shop) -> None:
    _, account = add_carrier(shop)
    planned = plan(shop, order_of(shop, 1))
    number(shop, parcel_of(shop, planned), s10(1), account)
    ship(shop, planned)
    shop.clock.advance(hours=1)
    (before,) = shop.read(list_carrier_accounts, ListCarrierAccounts(), shop.as_(Role.SUPPORT))
    assert (before.used_today, before.overdue) == (0, 1)
    assert before.oldest_due_at <= shop.clock.now()
    shop.run(sync_tracking, SyncTracking(account))
    (after,) = shop.read(list_carrier_accounts, ListCarrierAccounts(), shop.as_(Role.SUPPORT))
    assert (after.overdue, after.oldest_due_at, after.paused_until) == (0, None, None)


def test_the_list_of_work_goes_on_where_it_stood(shop: Shop) -> None:
    planned = []
    for _ in range(3):
        planned.append(plan(shop, order_of(shop, 1)))
        shop.clock.advance(minutes=1)
    first = shop.read(list_work, ListWork(page=PageRequest(2)))
    rest = shop.read(list_work, ListWork(page=PageRequest(2, first.next)))
    assert [row.fulfilment.id for row in (*first.rows, *rest.rows)] == planned[::-1]
    assert rest.next is None
    ship(shop, planned[0])
    assert [row.fulfilment.id for row in shop.read(list_work, ListWork()).rows] == planned[:0:-1]
    (sent,) = shop.read(list_work, ListWork((FulfilmentState.SHIPPED,))).rows
    assert sent.fulfilment.shipped_at == shop.clock.now() - timedelta(0)
    asked = shop.read(get_work, GetWork((planned[2], planned[0])))
    assert [row.fulfilment.id for row in asked] == [planned[0], planned[2]]
    with pytest.raises(Invalid):
        shop.read(list_work, ListWork(page=PageRequest(2, "nonsense")))
    with pytest.raises(NotFound):
        shop.read(get_labels, GetLabels((ShipmentId(uuid4()),)))
