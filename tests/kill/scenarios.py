"""What is being done when the process dies: one deed each, and how far the shop got before it.

A new one is a line in SCENARIOS: its points are found by running it once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from core.aftersales.use_cases.cancel_order import CancelOrder, ExpireOrder, cancel_order, expire_order
from core.aftersales.use_cases.record_payment import RecordPayment, record_payment
from core.aftersales.use_cases.refund_order import RefundOrder, refund_order
from core.cart.changes import ChangeContact
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.close_payment_session import ExpirePaymentSession, expire_payment_session
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.payments.use_cases.capture_payment import CapturePayment, capture_payment
from core.shared.context import CallContext, Repeatable, Staff
from core.shared.ids import LineId, OrderId, PaymentId, StaffId
from core.shared.money import Money
from tests.shop import ORIGIN, Shop

KEY = "the-same-wish"


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the shop stands when the deed is done; ids as text, so that it can be sent to a process."""

    store_id: str
    key_id: str
    staff_id: str
    token: str
    method: str
    cart_id: str
    variant_id: str
    session_id: str = ""
    payment_id: str = ""
    reference: str = ""
    order_id: str = ""
    line_id: str = ""


Deed = Callable[[Shop, Situation], None]


def _shopper(shop: Shop, at: Situation, route: str) -> CallContext:
    return replace(shop.storefront, repeatable=Repeatable(f"cart:{at.cart_id}", route, KEY, b"body"))


def _staff(shop: Shop, at: Situation, route: str) -> CallContext:
    repeatable = Repeatable(f"order:{at.order_id}", route, KEY, b"body")
    return CallContext(shop.store_id, Staff(StaffId(UUID(at.staff_id))), "kill", repeatable=repeatable)


def open_session(shop: Shop, at: Situation) -> None:
    command = OpenPaymentSession(at.token, at.method, f"{ORIGIN}/return", (ORIGIN,))
    shop.run(open_payment_session, command, _shopper(shop, at, "open"))


def complete(shop: Shop, at: Situation) -> None:
    shop.run(complete_checkout, CompleteCheckout(at.token), _shopper(shop, at, "complete"))


def change(shop: Shop, at: Situation) -> None:
    command = ChangeCart(at.token, ChangeContact({"name": "Maria S. Souza"}))
    shop.run(change_cart, command, shop.storefront)


def capture(shop: Shop, at: Situation) -> None:
    command = CapturePayment(PaymentId(UUID(at.payment_id)), KEY)
    shop.run(capture_payment, command, _staff(shop, at, "capture"))


def record(shop: Shop, at: Situation) -> None:
    amount = Money(
        shop.sql("SELECT amount_minor FROM payments WHERE id = :p", p=at.payment_id)[0]["amount_minor"], "BRL"
    )
    command = RecordPayment(OrderId(UUID(at.order_id)), PaymentId(UUID(at.payment_id)), amount, KEY, "E2E-1")
    shop.run(record_payment, command, _staff(shop, at, "record"))


def cancel(shop: Shop, at: Situation) -> None:
    command = CancelOrder(OrderId(UUID(at.order_id)), "changed their mind", KEY)
    shop.run(cancel_order, command, _staff(shop, at, "cancel"))


def refund(shop: Shop, at: Situation) -> None:
    command = RefundOrder(
        OrderId(UUID(at.order_id)), PaymentId(UUID(at.payment_id)), f"{KEY}-back", {LineId(UUID(at.line_id)): 1}
    )
    shop.run(refund_order, command, _staff(shop, at, "refund"))


def expire_session(shop: Shop, at: Situation) -> None:
    shop.run(expire_payment_session, ExpirePaymentSession(UUID(at.session_id)))


def expire_placed(shop: Shop, at: Situation) -> None:
    shop.run(expire_order, ExpireOrder(OrderId(UUID(at.order_id))))


def settle(shop: Shop, at: Situation) -> None:
    shop.run(settle_payment, SettlePayment(PaymentId(UUID(at.payment_id))))


@dataclass(frozen=True, slots=True)
class Scenario:
    """`ready` is how far the shop gets first: cart, session, paid (the shopper did what there is to do), placed,
    captured. `wait` seconds pass between that and the deed. `begun`: a deed that nobody repeats may stay half done,
    with nothing lost (a cart whose payment was ended for a change that never came). `rounds` are the seconds between
    the schedule's looks afterwards."""

    name: str
    deed: Deed
    method: str = "card"
    by_hand: bool = False
    ready: str = "cart"
    wait: int = 0
    begun: bool = False
    rounds: tuple[int, ...] = (120, 120)


SCENARIOS = (
    Scenario("session_card", open_session),
    Scenario("session_card_by_hand", open_session, by_hand=True),
    Scenario("session_pix", open_session, "pix"),
    Scenario("complete_card", complete, ready="paid"),
    Scenario("complete_card_by_hand", complete, by_hand=True, ready="paid"),
    Scenario("complete_pix", complete, "pix", ready="session", begun=True),
    Scenario("complete_transfer", complete, "bank_transfer", ready="session", begun=True),
    Scenario("settle_card", settle, ready="paid"),
    Scenario("settle_pix", settle, "pix", ready="placed_paid", rounds=(120, 120, 1200)),
    Scenario("change_cart", change, ready="session", begun=True),
    Scenario("capture_card", capture, by_hand=True, ready="placed"),
    Scenario("record_transfer", record, "bank_transfer", ready="placed"),
    Scenario("cancel_card", cancel, by_hand=True, ready="placed"),
    Scenario("cancel_pix", cancel, "pix", ready="placed"),
    Scenario("refund_card", refund, ready="placed"),
    Scenario("refund_captured_by_hand", refund, by_hand=True, ready="captured"),
    Scenario(
        "refund_pix", refund, "pix", ready="placed_paid", rounds=(120, 120, 1200, 1200)
    ),  # it takes its time there
    Scenario("expire_session_card", expire_session, ready="session", wait=16 * 60),
    Scenario("expire_session_paid", expire_session, ready="paid", wait=16 * 60),
    Scenario("expire_session_pix", expire_session, "pix", ready="session", wait=31 * 60),
    Scenario("expire_order_pix", expire_placed, "pix", ready="placed", wait=31 * 60),
    Scenario("expire_order_transfer", expire_placed, "bank_transfer", ready="placed", wait=6 * 24 * 3600),
)
BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}
