"""Boleto: its dates, what its payer has to tell, and how its order waits for the bank's word."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from core.aftersales.refunding import RefundOneWay
from core.aftersales.use_cases.cancel_order import ExpireOrder, expire_order
from core.aftersales.use_cases.refund_order import RefundOrder, preview_refund, refund_order
from core.checkout.boleto import boleto_deadline
from core.checkout.errors import CartIncomplete
from core.checkout.use_cases.complete_checkout import CompleteCheckout, complete_checkout
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.identity.roles import Role
from core.shared.business_days import business_days_after, is_business_day
from core.shared.ids import OrderId, PaymentId
from core.shared.money import Money
from tests.paying import PayingShop
from tests.shop import ORIGIN

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.fixture
def boletos(paying: PayingShop) -> PayingShop:
    """A shop whose account takes boletos."""
    paying.shop.execute(
        "UPDATE payment_accounts SET methods = array_append(methods, 'boleto') WHERE provider = 'stripe'"
    )
    return paying


def opened(paying: PayingShop) -> str:
    shop = paying.shop
    token = shop.cart({shop.product(price=2500, stock=5): 2})
    shop.run(open_payment_session, OpenPaymentSession(token, "boleto", f"{ORIGIN}/r", (ORIGIN,)), shop.storefront)
    return token


def placed(paying: PayingShop) -> None:
    paying.shop.run(complete_checkout, CompleteCheckout(opened(paying)), paying.shop.storefront)


def state(paying: PayingShop) -> tuple[str, str, int]:
    """The order, its payment axis, and the stock that is held."""
    order = paying.shop.sql("SELECT status, payment_status FROM orders")[0]
    held = paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"]
    return order["status"], order["payment_status"], int(held)


def settle(paying: PayingShop) -> None:
    shop = paying.shop
    payment = PaymentId(shop.sql("SELECT id FROM payments")[0]["id"])
    shop.run(settle_payment, SettlePayment(payment))


@pytest.mark.parametrize(
    ("day", "days", "then"),
    [
        ((2026, 11, 24), 1, (2026, 11, 25)),
        ((2026, 11, 27), 1, (2026, 11, 30)),
        ((2026, 11, 28), 1, (2026, 11, 30)),
        ((2026, 11, 26), 3, (2026, 12, 1)),
        ((2026, 11, 26), 0, (2026, 11, 26)),
    ],
)
def test_business_days(day: tuple[int, int, int], days: int, then: tuple[int, int, int]) -> None:
    assert business_days_after(date(*day), days) == date(*then)
    assert days == 0 or is_business_day(date(*then))


@pytest.mark.parametrize(
    ("made", "waits_until"),
    [
        (datetime(2026, 11, 23, 10, tzinfo=SAO_PAULO), (2026, 12, 1)),  # Monday, due on Thursday, Fri, Mon, Tue
        (datetime(2026, 11, 25, 10, tzinfo=SAO_PAULO), (2026, 12, 2)),  # due on a Saturday: Mon, Tue, Wed
        (datetime(2026, 11, 24, 1, tzinfo=UTC), (2026, 12, 1)),  # it is still Monday in the store
    ],
)
def test_it_is_waited_for_three_business_days_after_it_was_due(
    made: datetime, waits_until: tuple[int, int, int]
) -> None:
    until = boleto_deadline("America/Sao_Paulo", made)
    assert until == datetime(*waits_until, 23, 59, 59, tzinfo=SAO_PAULO)
    assert until.tzinfo is UTC


def test_its_order_awaits_the_money_and_holds_the_stock(boletos: PayingShop) -> None:
    placed(boletos)
    assert state(boletos) == ("open", "awaiting", 2)
    shop = boletos.shop
    row = shop.sql("SELECT p.expires_at, s.next_action FROM payments p JOIN payment_sessions s ON s.id = p.session_id")[
        0
    ]
    assert row["expires_at"] == boleto_deadline("America/Sao_Paulo", shop.clock.now())
    assert (row["next_action"]["type"], len(row["next_action"]["number"])) == ("boleto", 47)
    (intent,) = boletos.books()["intents"]
    assert (intent["status"], intent["payment_method_types"]) == ("requires_action", ["boleto"])


def test_word_of_the_money_pays_it(boletos: PayingShop) -> None:
    placed(boletos)
    (intent,) = boletos.books()["intents"]
    boletos.sandbox.act(intent["id"], "pay_boleto")
    settle(boletos)
    assert state(boletos)[1] == "awaiting"
    boletos.sandbox.act(intent["id"], "settle_boleto")
    settle(boletos)
    assert state(boletos) == ("open", "paid", 2)
    assert boletos.books()["settlement"]["fees"] == 345


def test_what_was_paid_by_boleto_is_not_given_back_by_the_provider(boletos: PayingShop) -> None:
    placed(boletos)
    (intent,) = boletos.books()["intents"]
    for deed in ("pay_boleto", "settle_boleto"):
        boletos.sandbox.act(intent["id"], deed)
    settle(boletos)
    shop = boletos.shop
    order = OrderId(shop.sql("SELECT id FROM orders")[0]["id"])
    payment = PaymentId(shop.sql("SELECT id FROM payments")[0]["id"])
    wish = RefundOrder(order, payment, "r-1", other=Money(100, "BRL"))
    for ask in (preview_refund, refund_order):
        with pytest.raises(RefundOneWay):
            shop.run(ask, wish, shop.as_(Role.MANAGER))
    assert boletos.books()["refunds"] == []
    assert boletos.count("payment_operations WHERE kind = 'refund'") == 0


def test_at_its_deadline_the_order_ends_and_the_boleto_with_it(boletos: PayingShop) -> None:
    placed(boletos)
    shop = boletos.shop
    order = OrderId(shop.sql("SELECT id FROM orders")[0]["id"])
    shop.clock.advance(days=5)
    assert shop.run(expire_order, ExpireOrder(order)) is False
    shop.clock.advance(days=5)
    assert shop.run(expire_order, ExpireOrder(order))
    assert state(boletos) == ("cancelled", "expired", 0)
    assert boletos.books()["intents"][0]["status"] == "canceled"


def test_money_after_the_end_is_shown_to_staff(boletos: PayingShop) -> None:
    placed(boletos)
    shop = boletos.shop
    shop.clock.advance(days=12)
    order = OrderId(shop.sql("SELECT id FROM orders")[0]["id"])
    shop.run(expire_order, ExpireOrder(order))
    intent = boletos.books()["intents"][0]["id"]
    for deed in ("pay_boleto", "settle_boleto"):
        boletos.sandbox.act(intent, deed)
    settle(boletos)
    assert boletos.exceptions() == [("late_payment", boletos.books()["intents"][0]["captured"])]


def test_its_payer_is_named_by_tax_id(boletos: PayingShop) -> None:
    shop = boletos.shop
    token = shop.cart({shop.product(price=2500, stock=5): 1})
    shop.execute("UPDATE carts SET contact = contact - 'tax_id'")
    with pytest.raises(CartIncomplete) as refused:
        shop.run(open_payment_session, OpenPaymentSession(token, "boleto", f"{ORIGIN}/r", (ORIGIN,)), shop.storefront)
    assert [problem.field for problem in refused.value.problems] == ["contact.tax_id"]
    assert boletos.books()["intents"] == []
