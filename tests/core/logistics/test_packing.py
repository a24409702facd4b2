"""What is packed, in what, for which orders; and the papers that go with it, read back by a scanner."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from core.identity.roles import Role
from core.logistics.errors import UnprintableLabel
from core.logistics.packing import FIRST_BOX, UNKNOWN_GRAMS, measures_of, packed_grams
from core.logistics.queries import (
    GetPackingHints,
    ListWaiting,
    get_packing_hints,
    list_waiting,
)
from core.logistics.use_cases.print_papers import (
    PrintLabels,
    PrintPackingSlips,
    PrintPickList,
    print_labels,
    print_packing_slips,
    print_pick_list,
)
from core.orders.axes import FulfilmentStatus
from core.shared.errors import Invalid, NotFound
from core.shared.ids import FulfilmentId, LineId
from ports.carriers import Label
from ports.dispatch import Box
from ports.orders import OrderDetail
from ports.paging import PageRequest
from tests.adapters.test_papers import label, scanned, sizes, words
from tests.carrier import ScriptedCarrier, add_carrier
from tests.core.logistics.sending import BOX, buy, order_of, pay_for, plan, quoted, sent, ship
from tests.shop import Shop


def paid(shop: Shop, *quantities: int) -> OrderDetail:
    order = order_of(shop, *quantities)
    pay_for(shop, order)
    return order


def prefix(shop: Shop) -> str:
    return str(shop.sql("SELECT order_prefix FROM stores WHERE id = :s", s=shop.store_id)[0]["order_prefix"])


def waiting(shop: Shop, cursor: str | None = None, limit: int = 20) -> list[int]:
    return [row.number for row in shop.read(list_waiting, ListWaiting(PageRequest(limit, cursor))).rows]


# -- orders that wait --------------------------------------------------------------------------------------


def test_what_is_paid_and_has_not_left_waits_oldest_first(shop: Shop) -> None:
    first, second = paid(shop, 2), paid(shop, 1)
    order_of(shop, 1)  # its money is awaited
    assert waiting(shop) == [first.number, second.number]
    plan(shop, second)
    rows = shop.read(list_waiting, ListWaiting()).rows
    assert [(row.planned, row.quantity) for row in rows] == [(0, 2), (1, 1)]
    sent(shop, first, 1)
    assert [row.fulfilment_status for row in shop.read(list_waiting, ListWaiting()).rows] == [
        FulfilmentStatus.PARTIALLY_FULFILLED, FulfilmentStatus.UNFULFILLED,
    ]  # fmt: skip
    sent(shop, first, 1)
    assert waiting(shop) == [second.number]


def test_the_list_goes_on_where_it_stood_over_both_kinds(shop: Shop) -> None:
    orders = []
    for _ in range(4):
        orders.append(paid(shop, 2))
        shop.clock.advance(minutes=1)
    for at in (1, 2):
        sent(shop, orders[at], 1)
    seen, cursor = [], None
    while True:
        page = shop.read(list_waiting, ListWaiting(PageRequest(1, cursor)))
        seen += [row.number for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert seen == [order.number for order in orders]
    with pytest.raises(Invalid):
        shop.read(list_waiting, ListWaiting(PageRequest(1, "nonsense")))


# -- what a parcel is taken for ----------------------------------------------------------------------------


def test_a_parcel_weighs_what_its_pieces_weigh() -> None:
    one, other = LineId(uuid4()), LineId(uuid4())
    assert packed_grams({one: 2, other: 1}, {one: 350, other: 0}) == 700
    assert packed_grams({other: 3}, {other: 0}) == UNKNOWN_GRAMS
    assert packed_grams({one: 10}, {one: 900_000}) == 1_000_000
    assert measures_of(700, None).length_mm == FIRST_BOX[0]


def test_boxes_are_those_in_use_the_last_one_first(shop: Shop) -> None:
    order = paid(shop, 3)
    assert shop.read(get_packing_hints, GetPackingHints(order.id)).boxes == []
    flat = type(BOX)(100, 300, 200, 20)
    for measures in (BOX, flat, BOX):
        plan(shop, order, 1, parcels=(measures,))
    hints = shop.read(get_packing_hints, GetPackingHints(order.id))
    assert hints.boxes == [Box(220, 200, 140), Box(300, 200, 20)]
    assert set(hints.weights) == {line.id for line in order.lines}


# -- papers ------------------------------------------------------------------------------------------------


def test_slips_and_a_pick_list_of_two_orders(shop: Shop) -> None:
    one, other = paid(shop, 2, 1), paid(shop, 3)
    planned = (plan(shop, one, 1, 1), plan(shop, other))
    slips = shop.read(print_packing_slips, PrintPackingSlips(planned, "en"), shop.as_(Role.FINANCE))
    read = scanned(slips)
    for order, page in zip((one, other), read, strict=True):
        number = f"{prefix(shop)}{order.number}"
        assert {("QRCode", number), ("Code128", number)} <= page
    postal_code = (one.shipping_address or {})["postal_code"]
    assert ("Code128", postal_code) in read[0]
    told = words(slips)
    assert "1 piece of this order comes in another shipment." in told[0]
    assert "another shipment" not in told[1]
    picks = words(shop.read(print_pick_list, PrintPickList(planned, "pt-BR", "B-7")))
    assert len(picks) == 1
    assert "Lista de separação B-7" in " ".join(picks[0].split())
    assert "2 pedidos" in picks[0]
    assert "5 peças" in picks[0]


def test_the_same_thing_for_two_orders_is_fetched_once(shop: Shop) -> None:
    order = paid(shop, 3)
    planned = plan(shop, order, 1), plan(shop, order, 2)
    told = words(shop.read(print_pick_list, PrintPickList(planned, "en")))[0]
    assert f"{order.number} × 3" in told
    assert "1 order" in told


def test_of_what_is_not_there_nothing_is_printed(shop: Shop) -> None:
    unknown = FulfilmentId(shop.wired.ids.new())
    for use_case, command in (
        (print_packing_slips, PrintPackingSlips((unknown,), "en")),
        (print_packing_slips, PrintPackingSlips((), "en")),
        (print_pick_list, PrintPickList((unknown,), "en")),
        (print_labels, PrintLabels(())),
    ):
        with pytest.raises(NotFound):
            shop.read(use_case, command)


def test_labels_of_several_parcels_are_one_file(shop: Shop) -> None:
    add_carrier(shop, ScriptedCarrier(paper=Label(label("AA1"), "application/pdf")))
    bought = []
    for at in range(2):
        order = paid(shop, 1)
        quote = quoted(shop, plan(shop, order)).quotes[0]
        bought.append(buy(shop, quote.id, f"label {at}").shipment_id)
    file = shop.read(print_labels, PrintLabels(tuple(bought)), shop.as_(Role.FINANCE))
    assert sizes(file) == [(100, 150)] * 2


def test_a_label_that_is_none_is_named(shop: Shop) -> None:
    add_carrier(shop)  # what it gives begins like a PDF and is none
    order = paid(shop, 1)
    bought = buy(shop, quoted(shop, plan(shop, order)).quotes[0].id)
    with pytest.raises(UnprintableLabel, match=str(order.number)):
        shop.read(print_labels, PrintLabels((bought.shipment_id,)))


def test_what_left_is_in_no_list_of_what_waits_and_its_slip_still_prints(shop: Shop) -> None:
    order = paid(shop, 1)
    planned = plan(shop, order)
    ship(shop, planned)
    shop.clock.at += timedelta(days=1)
    assert waiting(shop) == []
    assert words(shop.read(print_packing_slips, PrintPackingSlips((planned,), "en")))
