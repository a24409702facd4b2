"""Money that staff saw come in: what it makes of the order, and what of it is raised."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from core.aftersales.use_cases.cancel_order import CancelOrder, ExpireOrder, cancel_order, expire_order
from core.aftersales.use_cases.record_payment import RecordPayment, preview_payment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.identity.roles import Role
from core.payments.errors import NothingReceived, NothingToCapture, ReceivedBefore
from core.payments.lifecycle import Outcome
from core.payments.use_cases.capture_payment import CapturePayment, capture_payment
from core.reconciliation.model import MONEY_FITS, ORDER_CANCELLED
from core.reconciliation.use_cases.resolve_exception import ResolveException, resolve_exception
from core.shared.errors import CoreError, Forbidden, Invalid, NotFound, WriteConflict
from core.shared.ids import ExceptionId, OrderId
from core.shared.money import Money
from ports.orders import OrderDetail
from tests.admin.order_desk import cancelled, fresh, place
from tests.shop import Shop

TOTAL = 15770


def came(shop: Shop, order: OrderDetail, minor: int, key: str, reference: str = "", seen: int | None = None) -> Any:
    wish = RecordPayment(order.id, order.payments[0].id, Money(minor, "BRL"), key, reference, seen)
    return shop.run(record_payment, wish, shop.as_(Role.SUPPORT))


def raised(shop: Shop) -> list[tuple[str, str, int]]:
    """Kind, state and minor units of every exception, oldest first."""
    rows = shop.sql("SELECT kind, state, amount_minor FROM reconciliation_exceptions ORDER BY opened_at, id")
    return [(row["kind"], row["state"], row["amount_minor"]) for row in rows]


def stock(shop: Shop) -> int:
    return int(shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"])


def explain(shop: Shop) -> None:
    id_ = ExceptionId(shop.sql("SELECT id FROM reconciliation_exceptions WHERE state = 'open'")[0]["id"])
    shop.run(resolve_exception, ResolveException(id_, "Seen and kept."), shop.as_(Role.FINANCE))


def test_a_part_then_more_then_the_rest(shop: Shop) -> None:
    order = place(shop)
    receipt = came(shop, order, 10000, "a")
    assert (receipt.missing.minor, receipt.excess.minor, receipt.late) == (5770, 0, False)
    after = fresh(shop, order)
    assert (after.payment_status, after.captured.minor) == ("partially_paid", 10000)
    came(shop, order, 3000, "b")
    assert raised(shop) == [("amount_under", "open", 2770)], "the figure follows the money"
    came(shop, order, 2770, "c")
    assert fresh(shop, order).payment_status == "paid"
    assert raised(shop) == [("amount_under", "resolved", 2770)]
    assert shop.sql("SELECT resolution FROM reconciliation_exceptions") == [{"resolution": MONEY_FITS}]
    captured = [row for row in fresh(shop, order).timeline if row.name == "payments.payment_captured.v1"]
    assert sorted(row.payload["amount"]["amount"] for row in captured) == [2770, 3000, 10000]


def test_the_same_recording_twice_is_one(shop: Shop) -> None:
    order = place(shop)
    first = came(shop, order, 10000, "a", "E1")
    again = came(shop, order, 10000, "a", "E1")
    assert (again.amount, again.received) == (first.amount, first.received)
    assert fresh(shop, order).captured.minor == 10000


def test_too_much_is_overpaid_and_goes_back_in_one(shop: Shop) -> None:
    order = place(shop)
    came(shop, order, TOTAL + 500, "a")
    assert fresh(shop, order).payment_status == "overpaid"
    assert raised(shop) == [("amount_over", "open", 500)]
    wish = RefundOrder(order.id, order.payments[0].id, "r", other=Money(TOTAL + 500, "BRL"))
    assert shop.run(refund_order, wish, shop.as_(Role.SUPPORT)) is Outcome.SUCCEEDED
    assert fresh(shop, order).payment_status == "refunded"


def test_a_shortfall_that_becomes_an_excess_is_one_open_figure(shop: Shop) -> None:
    order = place(shop)
    came(shop, order, 10000, "a")
    came(shop, order, 10000, "b")
    assert raised(shop) == [("amount_under", "resolved", 5770), ("amount_over", "open", 4230)]
    came(shop, order, TOTAL, "c")
    assert raised(shop)[1:] == [("amount_over", "resolved", 4230), ("duplicate_charge", "open", 20000)]


def test_what_was_explained_is_open_again_when_the_figure_changes(shop: Shop) -> None:
    order = place(shop)
    came(shop, order, TOTAL + 500, "a")
    explain(shop)
    assert raised(shop) == [("amount_over", "resolved", 500)]
    came(shop, order, 100, "b")
    assert raised(shop) == [("amount_over", "open", 600)]
    logged = shop.sql('SELECT id FROM activity WHERE changes @> \'[{"kind": "exception"}]\'')
    assert len(logged) == 3


def test_late_money_is_recorded_raised_and_never_an_order(shop: Shop) -> None:
    order = cancelled(shop)
    assert came(shop, order, TOTAL, "a", "E1").late
    explain(shop)
    came(shop, order, 100, "b", "E2")
    after = fresh(shop, order)
    assert (after.status, after.captured.minor, stock(shop)) == ("cancelled", TOTAL + 100, 0)
    assert raised(shop) == [("late_payment", "resolved", TOTAL), ("late_payment", "open", 100)]
    assert shop.sql("SELECT count(*) AS n FROM orders") == [{"n": 1}]


def test_money_after_the_deadline_is_late_too(shop: Shop) -> None:
    order = place(shop)
    shop.clock.advance(days=6)
    assert shop.run(expire_order, ExpireOrder(order.id)) is True
    came(shop, order, TOTAL, "a")
    after = fresh(shop, order)
    assert (after.status, after.payment_status, stock(shop)) == ("cancelled", "paid", 0)
    assert raised(shop) == [("late_payment", "open", TOTAL)]


def test_a_part_keeps_the_order_past_its_deadline(shop: Shop) -> None:
    order = place(shop)
    came(shop, order, 10000, "a")
    shop.clock.advance(days=6)
    assert shop.run(expire_order, ExpireOrder(order.id)) is False
    assert (fresh(shop, order).status, stock(shop)) == ("open", 2)


def test_what_lacks_of_a_cancelled_order_is_no_longer_asked_for(shop: Shop) -> None:
    order = place(shop)
    came(shop, order, 10000, "a")
    shop.run(cancel_order, CancelOrder(order.id, "gone", "c"), shop.as_(Role.SUPPORT))
    assert raised(shop) == [("amount_under", "resolved", 5770)]
    assert shop.sql("SELECT resolution FROM reconciliation_exceptions") == [{"resolution": ORDER_CANCELLED}]
    assert fresh(shop, order).payments[0].refundable.minor == 10000


def test_a_transfer_is_one_recording_by_its_reference(shop: Shop) -> None:
    order = place(shop)
    came(shop, order, 10000, "a", "E2E-1")
    for reference in ("E2E-1", " e2e-1 "):
        with pytest.raises(ReceivedBefore):
            came(shop, order, 10000, "b", reference)
        wish = RecordPayment(order.id, order.payments[0].id, Money(10000, "BRL"), "b", reference)
        with pytest.raises(ReceivedBefore):
            shop.read(preview_payment, wish, shop.as_(Role.SUPPORT))
    assert fresh(shop, order).captured.minor == 10000


@pytest.mark.parametrize("reference", ["E2E-1", ""])
def test_of_two_at_once_one_has_an_effect_and_the_other_is_told(shop: Shop, reference: str) -> None:
    order, together = place(shop), Barrier(2)
    staff = (shop.as_(Role.SUPPORT), shop.as_(Role.FINANCE))

    def send(number: int) -> Any:
        amount = Money(TOTAL, "BRL")
        wish = RecordPayment(order.id, order.payments[0].id, amount, f"k{number}", reference, order.whole_version)
        together.wait()
        try:
            return shop.run(record_payment, wish, staff[number])
        except CoreError as refusal:
            return type(refusal)

    with ThreadPoolExecutor(2) as threads:
        ends = list(threads.map(send, range(2)))
    refusals = [end for end in ends if isinstance(end, type)]
    assert refusals == [ReceivedBefore if reference else WriteConflict]
    assert (fresh(shop, order).captured.minor, raised(shop)) == (TOTAL, [])


def test_a_stale_version_is_refused(shop: Shop) -> None:
    order = place(shop)
    came(shop, order, 100, "a", seen=order.whole_version)
    with pytest.raises(WriteConflict):
        came(shop, order, 100, "b", seen=order.whole_version)
    came(shop, order, 100, "a", seen=order.whole_version)  # a repeat is no change of the order by another
    came(shop, order, 100, "b", seen=fresh(shop, order).whole_version)
    assert fresh(shop, order).captured.minor == 200


def test_what_can_not_be_recorded_is_refused(shop: Shop) -> None:
    order, other = place(shop), place(shop)
    for minor in (0, -1):
        with pytest.raises(NothingReceived):
            came(shop, order, minor, "a")
    with pytest.raises(Invalid):
        came(shop, order, 1, "a", "x" * 81)
    wrong = RecordPayment(OrderId(other.id), order.payments[0].id, Money(1, "BRL"), "a")
    with pytest.raises(NotFound):
        shop.run(record_payment, wrong, shop.as_(Role.SUPPORT))
    dollars = RecordPayment(order.id, order.payments[0].id, Money(1, "USD"), "a")
    with pytest.raises(NothingReceived):
        shop.run(record_payment, dollars, shop.as_(Role.SUPPORT))
    with pytest.raises(NothingToCapture):
        shop.run(capture_payment, CapturePayment(order.payments[0].id, "a"), shop.as_(Role.SUPPORT))
    with pytest.raises(Forbidden):
        shop.run(record_payment, dollars, shop.storefront)
    assert fresh(shop, order).captured.minor == 0
