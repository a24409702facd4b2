"""A session past its deadline: only money that came makes an order of it, whichever road notices first."""

from __future__ import annotations

import pytest

from core.checkout.errors import NoPaymentSession, OutcomeUnknown
from core.checkout.use_cases.close_payment_session import ExpirePaymentSession, expire_payment_session
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.shared.ids import PaymentId
from tests.paying import PayingShop
from tests.shop import ORIGIN, Shop


def opened(shop: Shop, method: str = "card") -> str:
    token = shop.cart({shop.product(price=2500, stock=5): 2})
    shop.run(open_payment_session, OpenPaymentSession(token, method, f"{ORIGIN}/r", (ORIGIN,)), shop.storefront)
    return token


def authorised(paying: PayingShop) -> str:
    """A cart whose card the issuer agreed to, and which is captured by hand later."""
    paying.shop.execute("UPDATE stores SET capture_policy = 'by_hand'")
    token = opened(paying.shop)
    paying.sandbox.approve(paying.intent(str(session_of(paying.shop))))
    return token


def session_of(shop: Shop) -> object:
    return shop.sql("SELECT id FROM payment_sessions ORDER BY created_at DESC LIMIT 1")[0]["id"]


def complete(shop: Shop, token: str) -> object:
    return shop.run(complete_checkout, CompleteCheckout(token), shop.storefront)


def ended(paying: PayingShop) -> tuple[str, str, int, int]:
    """The session, the tender at the provider, the stock that is held, and the orders."""
    shop = paying.shop
    state = shop.sql("SELECT state FROM payment_sessions")[0]["state"]
    held = shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"]
    return state, paying.books()["intents"][0]["status"], int(held), paying.count("orders")


def test_an_authorised_card_is_an_order_until_the_deadline(paying: PayingShop) -> None:
    token = authorised(paying)
    paying.shop.clock.advance(minutes=14)
    assert complete(paying.shop, token)
    assert ended(paying) == ("completed", "requires_capture", 2, 1)


def test_after_it_completing_lets_the_card_go(paying: PayingShop) -> None:
    token = authorised(paying)
    paying.shop.clock.advance(minutes=16)
    for _ in range(2):
        with pytest.raises(NoPaymentSession):
            complete(paying.shop, token)
    assert ended(paying) == ("expired", "canceled", 0, 0)
    assert paying.exceptions() == [], "no money moved"


def test_word_of_the_card_that_comes_after_it_makes_no_order_either(paying: PayingShop) -> None:
    authorised(paying)
    paying.shop.clock.advance(minutes=16)
    payment = PaymentId(paying.shop.sql("SELECT id FROM payments")[0]["id"])
    paying.shop.run(settle_payment, SettlePayment(payment))
    assert ended(paying) == ("open", "requires_capture", 2, 0)
    paying.shop.run(expire_payment_session, ExpirePaymentSession(session_of(paying.shop)))  # type: ignore[arg-type]  # a UUID
    assert ended(paying) == ("expired", "canceled", 0, 0)


def test_money_that_came_is_an_order_whenever_that_is_noticed(paying: PayingShop) -> None:
    token = opened(paying.shop)
    paying.sandbox.approve(paying.intent(str(session_of(paying.shop))))
    paying.shop.clock.advance(minutes=16)
    order = complete(paying.shop, token)
    assert order == complete(paying.shop, token)
    assert ended(paying) == ("completed", "succeeded", 2, 1)


def test_while_the_provider_does_not_say_the_stock_is_held(paying: PayingShop) -> None:
    token = authorised(paying)
    paying.shop.clock.advance(minutes=16)
    paying.sandbox.plant("payment_intents.cancel", "error_500_before_effect", account=paying.account)
    with pytest.raises(OutcomeUnknown):
        complete(paying.shop, token)
    assert ended(paying) == ("closing", "requires_capture", 2, 0)
    with pytest.raises(NoPaymentSession):
        complete(paying.shop, token)
    assert ended(paying) == ("expired", "canceled", 0, 0)


def test_a_promise_by_hand_ends_there_too(shop: Shop) -> None:
    token = opened(shop, "bank_transfer")
    shop.clock.advance(minutes=16)
    with pytest.raises(NoPaymentSession):
        complete(shop, token)
    assert shop.sql("SELECT count(*) AS n FROM orders") == [{"n": 0}]
    assert shop.sql("SELECT sum(reserved) AS n FROM stock_items") == [{"n": 0}]
