"""Goods of many orders together: priced, chosen, labelled by a job that is stopped, killed and doubled; handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from adapters import guard
from core.aftersales.use_cases.ship_fulfilment import ShipMany, ship_many
from core.identity.roles import Role
from core.logistics.batch import BATCH_LIFECYCLE, Batch, BatchState, BatchStep, RowState
from core.logistics.choosing import Choice, Offer, choose, in_time, promised_on
from core.logistics.errors import NothingToBatch, NothingToBuy, QuoteStale
from core.logistics.queries import GetBatch, GetQuotes, ListBatches, get_batch, get_quotes, list_batches
from core.logistics.use_cases.decide_batch import (
    BuyBatch,
    ChooseOffers,
    CloseBatch,
    QuoteBatch,
    RemoveFromBatch,
    StopBatch,
    TakeOffer,
    buy_batch,
    choose_offers,
    close_batch,
    quote_batch,
    remove_from_batch,
    stop_batch,
    take_offer,
)
from core.logistics.use_cases.settle_label import SettleLabel, settle_label
from core.logistics.use_cases.start_batch import StartBatch, Started, start_batch
from core.logistics.use_cases.work_on_batch import WorkOnBatch, work_on_batch
from core.shared.errors import NotFound
from core.shared.ids import OrderId, ShipmentId
from core.shared.money import Money
from core.shared.state_machine import TransitionRefused
from ports.carriers import PostageAnswer
from ports.orders import OrderDetail
from tests.carrier import ScriptedCarrier, add_carrier
from tests.core.logistics.sending import order_of, pay_for, plan, status
from tests.shop import Shop


def paid(shop: Shop, count: int = 3) -> list[OrderDetail]:
    orders = [order_of(shop, 1) for _ in range(count)]
    for order in orders:
        pay_for(shop, order)
    return orders


def start(shop: Shop, orders: Sequence[OrderDetail], **how: Any) -> Started:
    wish = StartBatch(tuple(order.id for order in orders), "Júlia", **how)
    started: Started = shop.run(start_batch, wish, shop.as_(Role.SUPPORT))
    return started


def work(shop: Shop, number: int) -> BatchState:
    """Do what the event asks for, as the job does."""
    state: BatchState = shop.run(work_on_batch, WorkOnBatch(batch(shop, number).id))
    return state


def batch(shop: Shop, number: int) -> Batch:
    found: Batch = shop.read(get_batch, GetBatch(number), shop.as_(Role.FINANCE))
    return found


def decide(shop: Shop, use_case: Any, command: Any) -> Any:
    return shop.run(use_case, command, shop.as_(Role.SUPPORT))


def ready(shop: Shop, count: int = 3) -> int:
    """A batch with prices."""
    number = start(shop, paid(shop, count)).number
    assert work(shop, number) is BatchState.OPEN
    return number


def states(shop: Shop, number: int) -> list[str]:
    return [str(row.state) for row in batch(shop, number).rows]


def labels(shop: Shop) -> list[str]:
    return [row["state"] for row in shop.sql("SELECT state FROM shipments ORDER BY requested_at, id")]


# -- choosing ----------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 24)
OFFERS = (
    ("PAC", Offer(Money(1760, "BRL"), (5, 8))),
    ("SEDEX", Offer(Money(3345, "BRL"), (1, 3))),
    ("JADLOG", Offer(Money(2100, "BRL"), (2, 4))),
    ("WHO KNOWS", Offer(Money(900, "BRL"), None)),
)


@pytest.mark.parametrize(
    ("choice", "promise", "taken"),
    [
        (Choice.CHEAPEST_IN_TIME, date(2026, 12, 2), "PAC"),
        (Choice.CHEAPEST_IN_TIME, date(2026, 12, 1), "JADLOG"),
        (Choice.CHEAPEST_IN_TIME, date(2026, 11, 27), "SEDEX"),
        (Choice.CHEAPEST_IN_TIME, date(2026, 11, 23), "SEDEX"),  # nobody keeps it: the fastest misses it least
        (Choice.CHEAPEST_IN_TIME, None, "WHO KNOWS"),
        (Choice.CHEAPEST, date(2026, 11, 23), "WHO KNOWS"),
        (Choice.FASTEST, None, "SEDEX"),
    ],
)
def test_an_offer_is_chosen_by_price_and_promise(choice: Choice, promise: date | None, taken: str) -> None:
    assert choose(OFFERS, choice, TODAY, promise) == taken
    assert choose(reversed(OFFERS), choice, TODAY, promise) == taken
    assert choose((), choice, TODAY, promise) is None


def test_a_promise_is_counted_from_the_day_of_the_order() -> None:
    assert promised_on(TODAY, (3, 5)) == date(2026, 11, 29)
    assert promised_on(TODAY, None) is None
    assert in_time(TODAY, (1, 5), date(2026, 11, 29))
    assert not in_time(TODAY, None, date(2026, 11, 29))
    assert in_time(TODAY, None, None)


@pytest.mark.parametrize("state", BatchState)
def test_the_machine_has_no_other_ways(state: BatchState) -> None:
    allowed = {
        BatchState.QUOTING: {BatchStep.REST},
        BatchState.BUYING: {BatchStep.REST},
        BatchState.OPEN: {BatchStep.QUOTE, BatchStep.BUY, BatchStep.CLOSE},
        BatchState.CLOSED: set(),
    }[state]
    assert {step for step in BatchStep if BATCH_LIFECYCLE.allows(state, step)} == allowed


# -- from orders to labels ---------------------------------------------------------------------------------


def test_orders_become_parcels_with_offers_and_labels(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    orders = paid(shop)
    started = start(shop, orders, box=(340, 260, 180))
    assert (started.number, started.refused) == (1, {})
    events = shop.sql("SELECT name FROM outbox WHERE name = 'logistics.batch_work_requested.v1'")
    assert len(events) == 1
    assert work(shop, 1) is BatchState.OPEN
    found = batch(shop, 1)
    assert [row.order_id for row in found.rows] == [order.id for order in orders]
    assert {(p["length_mm"], p["weight_grams"]) for p in shop.sql("SELECT * FROM parcels")} == {(340, 410)}
    quotes = {q.id: q for q in shop.read(get_quotes, GetQuotes(tuple(row.parcel_id for row in found.rows)))}
    assert {quotes[row.quote_id].service for row in found.rows if row.quote_id} == {"PAC"}
    decide(shop, buy_batch, BuyBatch(1))
    assert work(shop, 1) is BatchState.OPEN
    assert labels(shop) == ["purchased"] * 3
    assert carrier.calls["purchase"] == 3
    assert states(shop, 1) == ["done"] * 3
    glance = shop.read(list_batches, ListBatches())[0]
    assert (glance.number, glance.parcels, glance.labels, glance.created_by) == (1, 3, 3, "Júlia")


def test_what_can_not_be_sent_stops_no_other(shop: Shop) -> None:
    add_carrier(shop)
    orders = paid(shop, 2)
    gone = OrderId(shop.wired.ids.new())
    shop.execute("UPDATE orders SET status = 'cancelled' WHERE id = :o", o=orders[0].id)
    wish = StartBatch((gone, orders[0].id, orders[1].id), "Júlia")
    started = decide(shop, start_batch, wish)
    assert {id_: refusal.code for id_, refusal in started.refused.items()} == {
        gone: "not_found", orders[0].id: "order_not_open",
    }  # fmt: skip
    assert len(batch(shop, started.number).rows) == 1
    with pytest.raises(NothingToBatch):
        decide(shop, start_batch, StartBatch((orders[1].id,), "Júlia"))  # its parcel is in an open batch
    work(shop, started.number)
    decide(shop, close_batch, CloseBatch(started.number))
    assert decide(shop, start_batch, StartBatch((orders[1].id,), "Júlia")).number == 2


def test_what_is_planned_already_comes_along(shop: Shop) -> None:
    add_carrier(shop)
    order = paid(shop, 1)[0]
    planned = plan(shop, order)
    number = start(shop, [order]).number
    assert [row.fulfilment_id for row in batch(shop, number).rows] == [planned]


def test_where_nobody_offers_anything_the_row_says_why(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    carrier.fail_rates = True
    number = ready(shop, 1)
    row = batch(shop, number).rows[0]
    assert (row.state, row.quote_id, row.problem) == (RowState.QUOTED, None, "Scripted: nobody answers")
    with pytest.raises(NothingToBuy):
        decide(shop, buy_batch, BuyBatch(number))
    carrier.fail_rates = False
    decide(shop, quote_batch, QuoteBatch(number))
    work(shop, number)
    row = batch(shop, number).rows[0]
    assert row.quote_id is not None
    assert row.problem is None


def test_a_refused_label_says_why_and_can_be_tried_again(shop: Shop) -> None:
    carrier, _ = add_carrier(shop, ScriptedCarrier(fail_purchase="refuse"))
    number = ready(shop, 2)
    decide(shop, buy_batch, BuyBatch(number))
    work(shop, number)
    rows = batch(shop, number).rows
    assert [(str(row.state), row.problem) for row in rows] == [("quoted", "The wallet is empty.")] * 2
    carrier.fail_purchase = None
    decide(shop, buy_batch, BuyBatch(number, (rows[1].id,)))
    work(shop, number)
    assert states(shop, number) == ["quoted", "done"]
    assert batch(shop, number).rows[0].problem == "The wallet is empty."
    assert labels(shop) == ["refused", "refused", "purchased"]


def test_no_answer_is_no_failure_and_is_never_bought_again(shop: Shop) -> None:
    carrier, _ = add_carrier(shop, ScriptedCarrier(fail_purchase="after"))
    number = ready(shop, 1)
    decide(shop, buy_batch, BuyBatch(number))
    work(shop, number)
    assert states(shop, number) == ["done"]
    assert labels(shop) == ["unknown"]
    with pytest.raises(NothingToBuy):
        decide(shop, buy_batch, BuyBatch(number))
    assert carrier.calls["purchase"] == 1


def test_another_offer_is_taken_by_hand_or_for_all(shop: Shop) -> None:
    add_carrier(shop)
    number = ready(shop, 2)
    first = batch(shop, number).rows[0]
    offers = shop.read(get_quotes, GetQuotes((first.parcel_id,)))
    other = next(offer for offer in offers if offer.id != first.quote_id)
    decide(shop, take_offer, TakeOffer(number, first.id, other.id))
    assert batch(shop, number).rows[0].quote_id == other.id
    with pytest.raises(QuoteStale):
        decide(shop, take_offer, TakeOffer(number, batch(shop, number).rows[1].id, other.id))
    decide(shop, choose_offers, ChooseOffers(number, Choice.CHEAPEST))
    assert batch(shop, number).rows[0].quote_id == first.quote_id
    decide(shop, choose_offers, ChooseOffers(number, Choice.FASTEST))
    assert batch(shop, number).rows[0].quote_id == other.id
    assert batch(shop, number).choice is Choice.FASTEST


def test_an_offer_that_is_over_is_said_and_not_bought(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    number = ready(shop, 1)
    shop.clock.advance(hours=2)
    decide(shop, buy_batch, BuyBatch(number))
    work(shop, number)
    assert batch(shop, number).rows[0].problem == "quote_stale"
    assert carrier.calls["purchase"] == 0


# -- stopped, killed, doubled ------------------------------------------------------------------------------


def test_stopped_it_ends_after_the_parcel_that_is_being_bought(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    number = ready(shop)
    decide(shop, buy_batch, BuyBatch(number))
    buy = carrier.purchase

    def stop_meanwhile(shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        decide(shop, stop_batch, StopBatch(number))
        return buy(shipment_reference, rate_id, key)

    carrier.purchase = stop_meanwhile  # type: ignore[method-assign]  # scripted
    assert work(shop, number) is BatchState.OPEN
    assert states(shop, number) == ["done", "quoted", "quoted"]
    carrier.purchase = buy  # type: ignore[method-assign]  # as before
    decide(shop, buy_batch, BuyBatch(number))
    work(shop, number)
    assert labels(shop) == ["purchased"] * 3
    assert carrier.calls["purchase"] == 3


@pytest.mark.parametrize(
    ("point", "nth", "bought"),
    [
        ("carrier.purchase.after", 2, 3),  # bought, and nobody wrote it down: the janitor finds it
        ("logistics.work_on_batch.committed", 2, 2),  # the intent alone: the janitor finds that nothing was bought
        ("logistics.work_on_batch.committed", 4, 3),  # all of it but the batch's own row
    ],
)
def test_killed_in_the_middle_nothing_is_bought_twice(
    shop: Shop, point: str, nth: int, bought: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier, _ = add_carrier(shop)
    number = ready(shop)
    decide(shop, buy_batch, BuyBatch(number))
    with monkeypatch.context() as patched:
        patched.setattr(guard, "reached", killer(point, nth))
        with pytest.raises(Killed):
            work(shop, number)
    assert work(shop, number) is BatchState.OPEN
    assert states(shop, number) == ["done"] * 3
    assert carrier.calls["purchase"] == bought
    shop.clock.advance(minutes=5)
    for row in shop.sql("SELECT id FROM shipments"):
        shop.run(settle_label, SettleLabel(ShipmentId(row["id"])))
    assert sorted(labels(shop)) == ["purchased"] * bought + ["refused"] * (3 - bought)
    if bought == 3:
        return
    # What came to nothing can be bought again, and only that.
    decide(shop, quote_batch, QuoteBatch(number))
    work(shop, number)
    decide(shop, buy_batch, BuyBatch(number))
    work(shop, number)
    assert sorted(labels(shop)) == ["purchased"] * 3 + ["refused"]


class Killed(BaseException):
    """The process is gone."""


def killer(point: str, nth: int) -> Callable[[str], None]:
    """Dies at `point`, the nth time."""
    passed = 0

    def reached(name: str) -> None:
        nonlocal passed
        passed += name == point
        if name == point and passed == nth:
            raise Killed

    return reached


def test_two_at_work_buy_each_label_once(shop: Shop) -> None:
    carrier, _ = add_carrier(shop)
    number = ready(shop, 4)
    decide(shop, buy_batch, BuyBatch(number))
    id_ = batch(shop, number).id
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: shop.run(work_on_batch, WorkOnBatch(id_)), range(2)))
    assert carrier.calls["purchase"] == 4
    assert labels(shop) == ["purchased"] * 4
    assert batch(shop, number).state is BatchState.OPEN


# -- the end -----------------------------------------------------------------------------------------------


def test_handed_over_the_goods_leave_and_the_batch_is_closed(shop: Shop) -> None:
    add_carrier(shop)
    orders = paid(shop, 2)
    number = start(shop, orders).number
    with pytest.raises(TransitionRefused):
        decide(shop, close_batch, CloseBatch(number))  # it is still asking for prices
    work(shop, number)
    decide(shop, buy_batch, BuyBatch(number))
    work(shop, number)
    ended = decide(shop, ship_many, ShipMany(tuple(row.fulfilment_id for row in batch(shop, number).rows)))
    assert set(ended.values()) == {None}
    decide(shop, close_batch, CloseBatch(number))
    assert [status(shop, order) for order in orders] == ["fulfilled", "fulfilled"]
    assert batch(shop, number).state is BatchState.CLOSED
    for use_case, command in ((buy_batch, BuyBatch(number)), (quote_batch, QuoteBatch(number))):
        with pytest.raises(TransitionRefused):
            decide(shop, use_case, command)
    assert work(shop, number) is BatchState.CLOSED


def test_a_parcel_is_taken_out_and_stays_planned(shop: Shop) -> None:
    add_carrier(shop)
    number = ready(shop, 2)
    row = batch(shop, number).rows[0]
    decide(shop, remove_from_batch, RemoveFromBatch(number, row.id))
    assert [one.position for one in batch(shop, number).rows] == [2]
    with pytest.raises(NotFound):
        decide(shop, remove_from_batch, RemoveFromBatch(number, row.id))
    assert shop.sql("SELECT state FROM fulfilments WHERE id = :f", f=row.fulfilment_id)[0]["state"] == "planned"


def test_of_a_batch_that_is_none_nothing_is_said(shop: Shop) -> None:
    for use_case, command in ((buy_batch, BuyBatch(9)), (stop_batch, StopBatch(9)), (close_batch, CloseBatch(9))):
        with pytest.raises(NotFound):
            decide(shop, use_case, command)
    with pytest.raises(NotFound):
        batch(shop, 9)
