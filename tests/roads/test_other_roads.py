"""The other roads to an order, and money that no order is waiting for: staff see it, and it is never lost."""

from __future__ import annotations

import threading

import pytest

from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.identity.roles import Role
from core.orders.queries import GetOrder, get_order
from core.reconciliation.queries import ListExceptions, list_exceptions
from core.shared.ids import OrderId
from tests.roads.live import Live

TOTAL = 6990 + 1790
EVENTS_OF_A_CARD = 3  # created, charge succeeded, intent succeeded


@pytest.fixture
def cart(live: Live) -> str:
    return live.cart(live.shop.product(price=6990, stock=5))


def only_order(live: Live) -> dict[str, object]:
    rows = live.shop.sql("SELECT id, number, status, payment_status FROM orders")
    assert len(rows) == 1
    return rows[0]


def lost_nothing(live: Live) -> None:
    """What the provider holds is what our payments say, to the centavo."""
    books = {line["id"]: line["captured"] for line in live.books()["intents"]}
    ours = live.shop.sql("SELECT provider_reference AS r, captured_minor AS n FROM payments")
    assert {row["r"]: row["n"] for row in ours} == books


# -- the browser never returns -------------------------------------------------------------------------------


def test_the_webhook_makes_the_order(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "card")
    live.press(live.page(session), "approve")  # and the browser is closed
    live.told(EVENTS_OF_A_CARD)
    order = only_order(live)
    assert (order["status"], order["payment_status"], live.stock()) == ("open", "paid", (5, 1))
    answer = live.complete(cart)  # years later
    assert (answer.status_code, answer.json()["number"]) == (201, str(order["number"]))
    assert answer.json()["access_token"]
    assert live.exceptions() == []


def test_the_janitor_makes_the_order_when_the_webhook_never_comes(live: Live, cart: str) -> None:
    live.sandbox.plant("webhook", "drop_webhook", account=live.account, count=100)
    session = live.pay_by(cart, "card")
    live.press(live.page(session), "approve")
    live.settled()
    assert (live.count("webhooks"), live.count("orders")) == (0, 0)
    live.shop.clock.advance(minutes=2)
    live.janitor()
    assert only_order(live)["payment_status"] == "paid"
    assert live.complete(cart).status_code == 201
    assert (live.exceptions(), live.stock()) == ([], (5, 1))


def test_the_janitor_learns_of_pix_too(live: Live, cart: str) -> None:
    live.sandbox.plant("webhook", "drop_webhook", account=live.account, count=100)
    session = live.pay_by(cart, "pix")
    live.complete(cart).raise_for_status()
    live.sandbox.pay_pix(live.intent(session["id"]))
    live.shop.clock.advance(minutes=5)
    live.janitor()
    assert only_order(live)["payment_status"] == "paid"


def test_pix_paid_before_anybody_completed(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "pix")
    live.sandbox.pay_pix(live.intent(session["id"]))
    live.settled()
    assert only_order(live)["payment_status"] == "paid"
    assert live.complete(cart).json()["payment_status"] == "paid"


def test_all_roads_at_once_make_one_order(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "card")
    live.sandbox.approve(live.intent(session["id"]))
    live.shop.clock.advance(minutes=2)
    statuses: list[int] = []
    roads = [threading.Thread(target=lambda: statuses.append(live.complete(cart).status_code)) for _ in range(4)]
    roads += [threading.Thread(target=live.settled), threading.Thread(target=live.janitor)]
    for road in roads:
        road.start()
    for road in roads:
        road.join()
    assert statuses == [201] * 4
    assert live.complete(cart).status_code == 201
    assert (only_order(live)["payment_status"], live.stock()) == ("paid", (5, 1))
    assert live.exceptions() == []
    lost_nothing(live)


@pytest.mark.parametrize("kind", ["drop_webhook", "double_webhook", "late_webhook", "reorder_webhook"])
def test_disturbed_webhooks_have_one_effect(live: Live, cart: str, kind: str) -> None:
    session = live.pay_by(cart, "card")
    live.told(1)
    delay = 1 if kind in ("late_webhook", "reorder_webhook") else None
    live.sandbox.plant("webhook", kind, account=live.account, count=2, delay_seconds=delay)
    live.sandbox.approve(live.intent(session["id"]))
    live.settled()
    live.shop.clock.advance(minutes=5)
    live.janitor()
    live.settled()
    assert only_order(live)["payment_status"] == "paid"
    assert live.count("webhooks") == (1 if kind == "drop_webhook" else EVENTS_OF_A_CARD)
    assert (live.exceptions(), live.booked(session["id"])["captures"]) == ([], 1)
    captured = live.shop.sql("SELECT count(*) AS n FROM outbox WHERE name = 'payments.payment_captured.v1'")
    assert captured == [{"n": 1}]
    lost_nothing(live)


# -- money that nobody waits for -------------------------------------------------------------------------------


def test_a_session_past_its_deadline_gives_the_stock_back(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "card")
    assert live.stock() == (5, 1)
    live.shop.clock.advance(minutes=16)
    live.janitor()
    assert live.stock() == (5, 0)
    assert live.booked(session["id"])["status"] == "canceled"
    assert live.complete(cart).json()["code"] == "no_payment_session"
    assert live.pay_by(cart, "card")["id"] != session["id"]


def test_pix_paid_after_its_session_died(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "pix")
    intent = live.intent(session["id"])
    live.shop.clock.advance(days=1)
    live.janitor()
    assert live.stock() == (5, 0)
    live.sandbox.pay_pix(intent)
    live.settled()
    assert (live.count("orders"), live.exceptions()) == (0, [("late_payment", TOTAL)])
    live.settled()
    live.shop.clock.advance(hours=1)
    live.janitor()
    assert live.exceptions() == [("late_payment", TOTAL)]  # told once, however often it is heard of
    assert live.stock() == (5, 0)
    lost_nothing(live)
    shown = live.shop.read(list_exceptions, ListExceptions(), live.shop.as_(Role.FINANCE)).rows
    assert [(row.kind.value, row.amount.minor) for row in shown] == [("late_payment", TOTAL)]


def test_a_card_charged_after_its_session_died(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "card")
    page = live.page(session)
    live.shop.clock.advance(minutes=16)
    live.janitor()
    live.sandbox.plant("page", "late_money", account=live.account)
    live.press(page, "approve")
    live.settled()
    assert (live.count("orders"), live.exceptions()) == (0, [("late_payment", TOTAL)])
    lost_nothing(live)


def test_money_after_the_order_was_cancelled(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "pix")
    number = int(live.complete(cart).json()["number"])
    support = live.shop.as_(Role.SUPPORT)
    order = live.shop.read(get_order, GetOrder(number), support)
    live.shop.run(cancel_order, CancelOrder(OrderId(order.id), "changed their mind", "c"), support)
    assert live.stock() == (5, 0)
    live.sandbox.pay_pix(live.intent(session["id"]))
    live.settled()
    assert (only_order(live)["status"], live.exceptions()) == ("cancelled", [("late_payment", TOTAL)])
    assert live.stock() == (5, 0)
    told = live.shop.read(get_order, GetOrder(number), support)
    assert [exception.kind for exception in told.exceptions] == ["late_payment"]
    lost_nothing(live)


def test_an_order_whose_pix_never_comes_is_cancelled_and_late_money_is_told(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "pix")
    live.complete(cart).raise_for_status()
    live.shop.clock.advance(days=1)
    live.janitor()
    order = only_order(live)
    assert (order["status"], order["payment_status"], live.stock()) == ("cancelled", "expired", (5, 0))
    live.sandbox.pay_pix(live.intent(session["id"]))
    live.settled()
    assert (only_order(live)["status"], live.exceptions()) == ("cancelled", [("late_payment", TOTAL)])
    lost_nothing(live)


def test_money_twice(live: Live, cart: str) -> None:
    session = live.pay_by(cart, "pix")
    live.complete(cart).raise_for_status()
    for _ in range(2):
        live.sandbox.pay_pix(live.intent(session["id"]))
        live.settled()
    assert (only_order(live)["payment_status"], live.exceptions()) == ("overpaid", [("duplicate_charge", TOTAL)])
    lost_nothing(live)


@pytest.mark.parametrize("completed", [True, False])
@pytest.mark.parametrize(
    ("difference", "status", "kind"), [(500, "overpaid", "amount_over"), (-500, "partially_paid", "amount_under")]
)
def test_more_or_less_than_was_asked(
    live: Live, cart: str, difference: int, status: str, kind: str, completed: bool
) -> None:
    session = live.pay_by(cart, "pix")
    if completed:
        live.complete(cart).raise_for_status()
    live.sandbox.pay_pix(live.intent(session["id"]), TOTAL + difference)
    live.settled()
    assert (only_order(live)["payment_status"], live.exceptions()) == (status, [(kind, abs(difference))])
    assert live.complete(cart).json()["payment_status"] == status
    lost_nothing(live)
