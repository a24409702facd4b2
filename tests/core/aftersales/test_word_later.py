"""What is learned later than it was asked: refunds that fail, codes that lapse, refunds made elsewhere."""

from __future__ import annotations

import pytest

from adapters.payments.stripe.gateway import StripeGateway
from core.aftersales.use_cases.cancel_order import (
    CancelOrder,
    ExpireOrder,
    MoneyCameMeanwhile,
    ProviderSilent,
    cancel_order,
    expire_order,
)
from core.aftersales.use_cases.refund_order import RefundOrder, preview_refund, refund_order
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.identity.roles import Role
from core.orders.queries import GetOrder, get_order
from core.payments.lifecycle import Outcome
from core.reconciliation.use_cases.resolve_exception import ResolveException, resolve_exception
from core.shared.ids import ExceptionId
from ports.orders import OrderDetail
from ports.payments import Answer
from tests.paying import PayingShop
from tests.shop import ORIGIN


def ordered(paying: PayingShop, method: str, *, paid: bool = True) -> OrderDetail:
    shop = paying.shop
    token = shop.cart({shop.product(price=1000, stock=5): 2})
    opened = shop.run(
        open_payment_session, OpenPaymentSession(token, method, f"{ORIGIN}/r", (ORIGIN,)), shop.storefront
    )
    intent = paying.intent(str(opened.session.id))
    if method == "card":
        paying.sandbox.approve(intent)
    shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)
    if method == "pix" and paid:
        paying.sandbox.pay_pix(intent)
        settle(paying)
    return detail(paying)


def detail(paying: PayingShop) -> OrderDetail:
    number = paying.shop.sql("SELECT max(number) AS n FROM orders")[0]["n"]
    found: OrderDetail = paying.shop.read(get_order, GetOrder(number), paying.shop.as_(Role.SUPPORT))
    return found


def settle(paying: PayingShop) -> None:
    payment = paying.shop.sql("SELECT id FROM payments ORDER BY created_at DESC LIMIT 1")[0]["id"]
    paying.shop.run(settle_payment, SettlePayment(payment))


def test_a_refund_that_fails_in_the_end_gives_its_pieces_back(paying: PayingShop) -> None:
    order = ordered(paying, "card")
    wish = RefundOrder(order.id, order.payments[0].id, "r1", {order.lines[0].id: 2})
    support = paying.shop.as_(Role.SUPPORT)
    assert paying.shop.run(refund_order, wish, support) is Outcome.SUCCEEDED
    paying.sandbox.fail_refund(paying.books()["refunds"][0]["id"])
    settle(paying)
    after = detail(paying)
    assert (after.payment_status, after.refunded.minor, after.lines[0].refunded_quantity) == ("paid", 0, 0)
    again = RefundOrder(order.id, order.payments[0].id, "r2", {order.lines[0].id: 2})
    assert paying.shop.run(preview_refund, again, support).amount.minor == 2000


def test_a_refund_made_at_the_provider_is_counted_and_leaves_less(paying: PayingShop) -> None:
    order = ordered(paying, "card")
    intent = paying.books()["intents"][0]["id"]
    made = paying.sandbox.client.post(
        "/v1/refunds",
        data={"payment_intent": intent, "amount": "500"},
        headers={"Authorization": f"Bearer sk_test_{paying.account}"},
    )
    assert made.status_code == 200, made.text
    settle(paying)
    settle(paying)
    after = detail(paying)
    assert (after.payment_status, after.refunded.minor) == ("partially_refunded", 500)
    assert after.payments[0].refundable.minor == order.total.minor - 500


def test_a_code_that_lapsed_ends_its_order_however_that_is_learned(paying: PayingShop) -> None:
    order = ordered(paying, "pix", paid=False)
    assert order.payment_status == "awaiting"
    paying.shop.clock.advance(minutes=31)
    paying.sandbox.set_clock(31 * 60)
    settle(paying)  # as after a webhook: nobody looked at the deadline
    after = detail(paying)
    assert (after.status, after.payment_status, after.cancel_reason) == ("cancelled", "expired", "payment_deadline")
    stock = paying.shop.sql("SELECT on_hand, reserved FROM stock_items")[0]
    assert stock == {"on_hand": 5, "reserved": 0}
    # A lapsed code leaves the provider waiting for another try; the stock is free, so that has to end as well.
    assert paying.books()["intents"][0]["status"] == "canceled"


def test_a_lapsed_code_keeps_its_stock_until_the_provider_confirms_that_no_money_will_come(paying: PayingShop) -> None:
    ordered(paying, "pix", paid=False)
    paying.shop.clock.advance(minutes=31)
    paying.sandbox.set_clock(31 * 60)
    paying.sandbox.plant("payment_intents.cancel", "error_500_before_effect", account=paying.account)
    settle(paying)
    assert let_go(paying) == ("open", "requires_payment_method", 2)
    settle(paying)
    assert let_go(paying) == ("cancelled", "canceled", 0)


def failed(paying: PayingShop) -> OrderDetail:
    """An order by Pix whose provider says the try failed; the payer may still try again there."""
    order = ordered(paying, "pix", paid=False)
    paying.shop.execute("UPDATE payments SET state = 'declined'")
    return order


def let_go(paying: PayingShop) -> tuple[str, str, int]:
    """How order, tender at the provider and stock ended."""
    reserved = paying.shop.sql("SELECT reserved FROM stock_items")[0]["reserved"]
    return detail(paying).status, paying.books()["intents"][0]["status"], reserved


def test_an_order_whose_payment_failed_ends_at_its_deadline(paying: PayingShop) -> None:
    order = failed(paying)
    assert paying.shop.run(expire_order, ExpireOrder(order.id)) is False
    paying.shop.clock.advance(minutes=31)
    assert paying.shop.run(expire_order, ExpireOrder(order.id)) is True
    assert let_go(paying) == ("cancelled", "canceled", 0)


def test_cancelling_an_order_whose_payment_failed_ends_the_tender_too(paying: PayingShop) -> None:
    order = failed(paying)
    paying.shop.run(cancel_order, CancelOrder(order.id, "changed their mind", "c1"), paying.shop.as_(Role.SUPPORT))
    assert let_go(paying) == ("cancelled", "canceled", 0)


def test_what_is_told_twice_about_the_same_money_is_raised_and_logged_once(paying: PayingShop) -> None:
    ordered(paying, "card")
    paying.shop.execute("UPDATE payments SET amount_minor = amount_minor - 1")
    settle(paying)
    settle(paying)
    assert [kind for kind, _ in paying.exceptions()] == ["amount_over"]
    logged = paying.shop.sql('SELECT id FROM activity WHERE changes @> \'[{"kind": "exception"}]\'')
    assert len(logged) == 1


def test_a_figure_that_was_explained_is_raised_again_only_when_it_changes(paying: PayingShop) -> None:
    ordered(paying, "card")
    paying.shop.execute("UPDATE payments SET amount_minor = amount_minor - 1")
    settle(paying)
    (raised,) = paying.shop.sql("SELECT id, amount_minor FROM reconciliation_exceptions")
    explain = ResolveException(ExceptionId(raised["id"]), "Rounded there.")
    paying.shop.run(resolve_exception, explain, paying.shop.as_(Role.FINANCE))
    settle(paying)
    state = "SELECT state, resolution, amount_minor FROM reconciliation_exceptions"
    told = {"state": "resolved", "resolution": "Rounded there.", "amount_minor": raised["amount_minor"]}
    assert paying.shop.sql(state) == [told]
    paying.shop.execute("UPDATE reconciliation_exceptions SET amount_minor = amount_minor - 1")
    settle(paying)
    assert paying.shop.sql(state) == [told | {"state": "open", "resolution": None}]


def test_too_much_money_that_comes_before_the_order_can_be_cancelled_is_told(paying: PayingShop) -> None:
    order = ordered(paying, "pix", paid=False)
    paying.sandbox.pay_pix(paying.books()["intents"][0]["id"], order.total.minor + 500)
    paying.shop.clock.advance(minutes=31)
    with pytest.raises(MoneyCameMeanwhile):
        paying.shop.run(expire_order, ExpireOrder(order.id))
    assert (detail(paying).status, detail(paying).payment_status) == ("open", "overpaid")
    settle(paying)  # the webhook comes after it and finds nothing new
    assert paying.exceptions() == [("amount_over", 500)]


def test_each_attempt_to_let_an_order_go_has_a_key_of_its_own_and_a_repeat_has_the_same(
    paying: PayingShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under a key that was refused once the provider would repeat its refusal for ever."""
    order = ordered(paying, "pix", paid=False)
    paying.shop.clock.advance(minutes=31)
    ends, keys = [Outcome.UNKNOWN, Outcome.DECLINED, Outcome.SUCCEEDED], list[str]()
    cancelled = StripeGateway.cancel

    def cancel(self: StripeGateway, reference: str, key: str) -> Answer:
        keys.append(key)
        outcome = ends[len(keys) - 1]
        return cancelled(self, reference, key) if outcome is Outcome.SUCCEEDED else Answer(outcome, code="busy")

    monkeypatch.setattr(StripeGateway, "cancel", cancel)
    for refusal in (ProviderSilent, MoneyCameMeanwhile):
        with pytest.raises(refusal):
            paying.shop.run(expire_order, ExpireOrder(order.id))
    assert paying.shop.run(expire_order, ExpireOrder(order.id)) is True
    assert keys[0] == keys[1] != keys[2]
    assert let_go(paying) == ("cancelled", "canceled", 0)
