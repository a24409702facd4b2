"""An opening that was never answered: found a day later, and believed to be nothing only when that is proved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import psycopg
import pytest

from adapters.payments.stripe.gateway import StripeGateway
from adapters.provisioning import DatabaseAddresses
from core.cart.changes import ChangeContact
from core.checkout.errors import OutcomeUnknown
from core.checkout.use_cases.change_cart import ChangeCart, change_cart
from core.checkout.use_cases.open_payment_session import OpenPaymentSession, open_payment_session
from core.checkout.use_cases.settle_payment import SettlePayment, settle_payment
from core.payments.errors import PaymentInProgress
from core.payments.lifecycle import Outcome
from core.shared.ids import PaymentId
from ports.payments import Answer, OpenRequest
from tests.paying import PayingShop
from tests.shop import ORIGIN


def unanswered(paying: PayingShop, kind: str, price: int = 2500) -> str:
    """A cart whose session the provider did not answer; it may have been opened there."""
    shop = paying.shop
    shop.execute("UPDATE delivery_rates SET price_minor = 0")
    token = shop.cart({shop.product(price=price, stock=5): 1})
    for operation, fault in (("create", kind), ("list", "error_500_before_effect")):
        paying.sandbox.plant(f"payment_intents.{operation}", fault, account=paying.account)
    with pytest.raises(OutcomeUnknown):
        open_(paying, token)
    paying.sandbox.clear_faults()
    return token


def open_(paying: PayingShop, token: str) -> Any:
    command = OpenPaymentSession(token, "card", f"{ORIGIN}/r", (ORIGIN,))
    return paying.shop.run(open_payment_session, command, paying.shop.storefront)


def change(paying: PayingShop, token: str) -> None:
    paying.shop.run(change_cart, ChangeCart(token, ChangeContact({"name": "Maria S."})), paying.shop.storefront)


def forget_keys(database: DatabaseAddresses) -> None:
    """A day goes by at the provider."""
    with psycopg.connect(database.sandbox_url) as connection:
        connection.execute("DELETE FROM sandbox.idempotency_keys")


def stands(paying: PayingShop) -> tuple[str, int]:
    """The session, and the stock that is held."""
    state = paying.shop.sql("SELECT state FROM payment_sessions")[0]["state"]
    return state, int(paying.shop.sql("SELECT sum(reserved) AS n FROM stock_items")[0]["n"])


def test_what_was_opened_under_a_forgotten_key_is_found(paying: PayingShop, database: DatabaseAddresses) -> None:
    token = unanswered(paying, "error_500_after_effect")
    forget_keys(database)
    open_(paying, token)
    (intent,) = paying.books()["intents"]
    assert paying.shop.sql("SELECT provider_reference AS r FROM payments") == [{"r": intent["id"]}]


def test_the_janitor_finds_it_too(paying: PayingShop, database: DatabaseAddresses) -> None:
    unanswered(paying, "error_500_after_effect")
    forget_keys(database)
    payment = PaymentId(paying.shop.sql("SELECT id FROM payments")[0]["id"])
    paying.shop.run(settle_payment, SettlePayment(payment))
    assert (len(paying.books()["intents"]), stands(paying)) == (1, ("open", 1))


def test_a_changed_cart_cancels_what_it_finds(paying: PayingShop, database: DatabaseAddresses) -> None:
    token = unanswered(paying, "error_500_after_effect")
    forget_keys(database)
    change(paying, token)
    assert [intent["status"] for intent in paying.books()["intents"]] == ["canceled"]
    assert stands(paying) == ("cancelled", 0)


def test_what_is_not_there_and_is_refused_never_was(paying: PayingShop) -> None:
    token = unanswered(paying, "error_500_before_effect", price=40)  # less than the provider takes
    change(paying, token)
    assert (paying.books()["intents"], stands(paying)) == ([], ("cancelled", 0))


@pytest.mark.parametrize("operation", ["search", "list"])
def test_without_having_looked_nothing_is_proved(paying: PayingShop, operation: str) -> None:
    token = unanswered(paying, "error_500_before_effect", price=40)
    paying.sandbox.plant(f"payment_intents.{operation}", "error_500_before_effect", account=paying.account)
    with pytest.raises(PaymentInProgress):
        change(paying, token)
    assert stands(paying) == ("closing", 1)
    change(paying, token)
    assert stands(paying) == ("cancelled", 0)


def test_a_refusal_that_proves_nothing_keeps_the_stock(paying: PayingShop, monkeypatch: pytest.MonkeyPatch) -> None:
    token = unanswered(paying, "error_500_before_effect")
    refusal = Answer(Outcome.DECLINED, code="account_invalid")
    asked: list[OpenRequest] = []

    def refuse(self: StripeGateway, request: OpenRequest) -> Answer:
        asked.append(request)
        return refusal

    with monkeypatch.context() as patched:
        patched.setattr(StripeGateway, "open", refuse)
        with pytest.raises(PaymentInProgress):
            change(paying, token)
        refusal = replace(refusal, absent=True)
        assert stands(paying) == ("closing", 1)
        change(paying, token)
    assert [request.repeated for request in asked] == [True, True]
    assert stands(paying) == ("cancelled", 0)
