"""Two or more who move the same money at the same moment: one effect, books that agree, no deadlock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from core.aftersales.refunding import RefundImpossible
from core.aftersales.use_cases.cancel_order import CancelOrder, cancel_order
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.cart.changes import ChangeContact
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.close_payment_session import ExpirePaymentSession, expire_payment_session
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.identity.roles import Role
from core.payments.lifecycle import Outcome
from core.payments.use_cases.capture_payment import CapturePayment, capture_payment
from core.shared.errors import CoreError, Unavailable
from core.shared.ids import LineId, OrderId, PaymentId
from tests.database import TestServer
from tests.kill.scenarios import Scenario, Situation, complete
from tests.kill.stage import Stage
from tests.kill.verdict import booked, judge
from tests.shop import ORIGIN, Shop

pytestmark = pytest.mark.race

ROUNDS = 6
CARD = Scenario("card", complete, ready="session")
PAID = Scenario("paid", complete, ready="paid")
PLACED = Scenario("placed", complete, ready="placed")
PAID_BY_HAND = Scenario("paid_by_hand", complete, by_hand=True, ready="paid")
PLACED_BY_HAND = Scenario("placed_by_hand", complete, by_hand=True, ready="placed")
IN_CART = Scenario("in_cart", complete)

Deed = Callable[[], Any]


@pytest.fixture(autouse=True)
def no_deadlock(database_server: TestServer) -> Any:
    before = database_server.log_file.stat().st_size
    yield
    with database_server.log_file.open(errors="replace") as log:
        log.seek(before)
        assert not [line for line in log if "deadlock" in line.lower()]


def at_once(*deeds: Deed) -> list[Any]:
    """Do all at the same moment; what each returned, or the refusal it met."""
    together = Barrier(len(deeds))

    def do(deed: Deed) -> Any:
        together.wait()
        try:
            return deed()
        except CoreError as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(do, deeds))


def capturing(shop: Shop, at: Situation, key: str) -> Deed:
    manager = shop.as_(Role.MANAGER)
    return lambda: shop.run(capture_payment, CapturePayment(PaymentId(UUID(at.payment_id)), key), manager)


def cancelling(shop: Shop, at: Situation) -> Deed:
    manager = shop.as_(Role.MANAGER)
    return lambda: shop.run(cancel_order, CancelOrder(OrderId(UUID(at.order_id)), "race", "race"), manager)


def refunding(shop: Shop, at: Situation, key: str) -> Deed:
    wish = RefundOrder(OrderId(UUID(at.order_id)), PaymentId(UUID(at.payment_id)), key, {LineId(UUID(at.line_id)): 2})
    manager = shop.as_(Role.MANAGER)
    return lambda: shop.run(refund_order, wish, manager)


def completing(shop: Shop, at: Situation) -> Deed:
    return lambda: shop.run(complete_checkout, CompleteCheckout(at.token), shop.storefront)


def settling(shop: Shop, at: Situation) -> Deed:
    return lambda: shop.run(settle_payment, SettlePayment(PaymentId(UUID(at.payment_id))))


def expiring(shop: Shop, at: Situation) -> Deed:
    return lambda: shop.run(expire_payment_session, ExpirePaymentSession(UUID(at.session_id)))


def changing(shop: Shop, at: Situation) -> Deed:
    change = ChangeCart(at.token, ChangeContact({"name": "Maria S."}))
    return lambda: shop.run(change_cart, change, shop.storefront)


def opening(shop: Shop, at: Situation) -> Deed:
    command = OpenPaymentSession(at.token, "card", f"{ORIGIN}/return", (ORIGIN,))
    return lambda: shop.run(open_payment_session, command, shop.storefront)


def finish(stage: Stage, scenario: Scenario, at: Situation) -> Situation:
    """Let the schedule bring everything to rest, and hold our records against the books."""
    at = stage.known(stage.shop(scenario), at)
    stage.sweep(scenario)
    judge(stage, scenario, at)
    return stage.known(stage.shop(scenario), at)


def unexpected(ends: Sequence[Any]) -> list[Any]:
    """Refusals that say nothing but \"ask again\" are fine; anything else has to be named by the test."""
    return [end for end in ends if isinstance(end, CoreError) and not isinstance(end, Unavailable)]


@pytest.mark.parametrize("keys", [("same", "same"), ("one", "other")], ids=["same_key", "two_keys"])
def test_two_captures_take_the_money_once(stage: Stage, keys: tuple[str, str]) -> None:
    shop = stage.shop(PLACED_BY_HAND)
    for _ in range(ROUNDS):
        at = stage.prepare(PLACED_BY_HAND)
        ends = at_once(*(capturing(shop, at, key) for key in keys))
        assert Outcome.SUCCEEDED in ends
        assert {end.code for end in unexpected(ends)} <= {"operation_in_flight", "nothing_to_capture"}
        if keys[0] != keys[1]:
            assert len(unexpected(ends)) == 1
        finish(stage, PLACED_BY_HAND, at)
        assert [line["captures"] for line in booked(stage, PLACED_BY_HAND, at)] == [1]


def test_of_two_refunds_of_the_same_pieces_one_is_refused(stage: Stage) -> None:
    shop = stage.shop(PLACED)
    for _ in range(ROUNDS):
        at = stage.prepare(PLACED)
        ends = at_once(refunding(shop, at, "one"), refunding(shop, at, "other"))
        assert sum(end is Outcome.SUCCEEDED for end in ends) == 1
        assert sum(isinstance(end, RefundImpossible) for end in ends) == 1
        finish(stage, PLACED, at)
        assert [(line["refunds"], line["refunded"]) for line in booked(stage, PLACED, at)] == [(1, 5000)]


def test_cancelling_against_capturing_ends_in_one_of_both(stage: Stage) -> None:
    shop = stage.shop(PLACED_BY_HAND)
    for _ in range(ROUNDS):
        at = stage.prepare(PLACED_BY_HAND)
        at_once(cancelling(shop, at), capturing(shop, at, "race"), settling(shop, at))
        at = finish(stage, PLACED_BY_HAND, at)
        order = shop.sql("SELECT status, payment_status FROM orders WHERE id = :o", o=at.order_id)[0]
        # Money that was taken first stays with a cancelled order too: it can be refunded.
        assert (order["status"], order["payment_status"]) in {
            ("cancelled", "voided"), ("open", "paid"), ("cancelled", "paid"),
        }  # fmt: skip


def test_refunding_against_settling_counts_once(stage: Stage) -> None:
    shop = stage.shop(PLACED)
    for _ in range(ROUNDS):
        at = stage.prepare(PLACED)
        ends = at_once(refunding(shop, at, "one"), settling(shop, at), settling(shop, at), refunding(shop, at, "one"))
        assert unexpected(ends) == []
        finish(stage, PLACED, at)
        assert [(line["refunds"], line["refunded"]) for line in booked(stage, PLACED, at)] == [(1, 5000)]


@pytest.mark.parametrize("scenario", [PAID, PAID_BY_HAND], ids=lambda s: str(s.name))
def test_three_roads_to_an_order_make_one(stage: Stage, scenario: Scenario) -> None:
    shop = stage.shop(scenario)
    for _ in range(ROUNDS):
        at = stage.prepare(scenario)
        roads = (completing(shop, at), completing(shop, at), settling(shop, at), settling(shop, at))
        assert unexpected(at_once(*roads)) == []
        assert finish(stage, scenario, at).order_id


@pytest.mark.parametrize("scenario", [PAID, PAID_BY_HAND], ids=lambda s: str(s.name))
def test_completing_at_the_deadline_keeps_the_money_or_lets_it_go(stage: Stage, scenario: Scenario) -> None:
    shop = stage.shop(scenario)
    for _ in range(ROUNDS):
        at = stage.prepare(scenario)
        stage.wait(16 * 60)
        at_once(completing(shop, at), expiring(shop, at), settling(shop, at), expiring(shop, at))
        at = finish(stage, scenario, at)
        state = shop.sql("SELECT state FROM payments WHERE id = :p", p=at.payment_id)[0]["state"]
        assert bool(at.order_id) == (state in ("authorised", "captured")), state


@pytest.mark.parametrize("scenario", [CARD, PAID, PAID_BY_HAND], ids=lambda s: str(s.name))
def test_changing_a_cart_that_is_being_paid(stage: Stage, scenario: Scenario) -> None:
    shop = stage.shop(scenario)
    for _ in range(ROUNDS):
        at = stage.prepare(scenario)
        ends = at_once(changing(shop, at), completing(shop, at), settling(shop, at))
        assert {end.code for end in unexpected(ends)} <= {
            "payment_in_progress", "no_payment_session", "payment_not_confirmed", "cart_completed",
        }  # fmt: skip
        at = finish(stage, scenario, at)
        contact = shop.sql("SELECT contact->>'name' AS name FROM carts WHERE id = :c", c=at.cart_id)[0]["name"]
        assert not (at.order_id and contact == "Maria S."), "the order is not of the cart as it was paid"


def test_opening_twice_at_once_opens_one_tender(stage: Stage) -> None:
    shop = stage.shop(IN_CART)
    for _ in range(ROUNDS):
        at = stage.prepare(IN_CART)
        ends = at_once(*[opening(shop, at)] * 3)
        assert unexpected(ends) == []
        assert len({end.session.id for end in ends if not isinstance(end, CoreError)}) == 1
        finish(stage, IN_CART, at)
        assert len(booked(stage, IN_CART, at)) == 1


def test_opening_against_changing_never_holds_another_cart(stage: Stage) -> None:
    shop = stage.shop(IN_CART)
    for _ in range(ROUNDS):
        at = stage.prepare(IN_CART)
        ends = at_once(opening(shop, at), changing(shop, at), opening(shop, at))
        assert {end.code for end in unexpected(ends)} <= {"payment_in_progress"}
        finish(stage, IN_CART, at)
        held = shop.sql(
            "SELECT s.cart_version, c.version FROM payment_sessions s JOIN carts c ON c.id = s.cart_id"
            " WHERE c.id = :c AND s.state = 'open'",
            c=at.cart_id,
        )
        assert all(row["cart_version"] == row["version"] for row in held)
