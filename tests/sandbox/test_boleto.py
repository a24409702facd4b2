"""Boleto: the number, the days, and word of the money that comes a business day late."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import httpx
import pytest
import stripe

from sandbox.payments import boleto
from sandbox.payments.business_days import ZONE, at
from tests.sandbox.description import check
from tests.sandbox.money import Week, lines
from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_cards import raw

PAYER: dict[str, Any] = {
    "name": "Maria Souza",
    "email": "maria@example.com",
    "address": {"line1": "Rua XV, 1", "city": "Curitiba", "state": "PR", "postal_code": "80020310", "country": "BR"},
}


@pytest.fixture
def week(sandbox: SandboxProcess) -> Week:
    week = Week(sandbox)
    week.at(0)
    return week


def ask(api: stripe.StripeClient, days: int = 3, **payer: Any) -> stripe.PaymentIntent:
    """A boleto of R$ 129,90."""
    params: dict[str, Any] = {
        "amount": 12990,
        "currency": "brl",
        "payment_method_types": ["boleto"],
        "confirm": True,
        "payment_method_data": {
            "type": "boleto",
            "billing_details": {**PAYER, **payer},
            "boleto": {"tax_id": "529.982.247-25"},
        },
        "payment_method_options": {"boleto": {"expires_after_days": days}},
    }
    return api.v1.payment_intents.create(params)  # type: ignore[arg-type]  # a plain dict, as forms are


def shown(intent: stripe.PaymentIntent) -> dict[str, Any]:
    return dict(raw(intent)["next_action"]["boleto_display_details"])


def test_the_number_holds_the_amount_and_the_day_and_its_check_digits() -> None:
    number = boleto.number("pi_1", 12990, date(2026, 11, 27))
    assert (len(number), number[:4], number[-10:]) == (47, "9999", "0000012990")
    assert number[-14:-10] == str(1000 + (date(2026, 11, 27) - date(2025, 2, 22)).days)
    for start, end in ((0, 10), (10, 21), (21, 32)):  # module 10, with its digit, adds up to a multiple of ten
        digits = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number[start:end]))]
        assert sum(digit // 10 + digit % 10 for digit in digits) % 10 == 0
    # The example printed by the Banco do Brasil: 00190.50095 40144.816069 06809.350314 3 37370000000100
    assert boleto._module_10("001905009") == "5"
    assert boleto._module_10("4014481606") == "9"
    assert boleto._module_11("0019373700000001000500940144816060680935031") == "3"


@pytest.mark.parametrize(
    ("made", "days", "expires", "lapses"),
    [
        ((2026, 11, 23), 2, (2026, 11, 25), (2026, 11, 26)),  # Monday, Wednesday: word by the end of Thursday
        ((2026, 11, 25), 3, (2026, 11, 28), (2026, 12, 1)),  # due on a Saturday: paid on Monday, word on Tuesday
        ((2026, 11, 26), 1, (2026, 11, 27), (2026, 11, 30)),  # due on a Friday: word on Monday
    ],
)
def test_its_days(made: tuple[int, ...], days: int, expires: tuple[int, ...], lapses: tuple[int, ...]) -> None:
    end = boleto.expires_at(at(date(*made), 22, 30), days)
    assert datetime.fromtimestamp(end, ZONE) == datetime.combine(date(*expires), time(23, 59, 59), ZONE)
    assert datetime.fromtimestamp(boleto.lapses_at(end), ZONE).date() == date(*lapses)


def test_a_boleto_shows_its_number_and_its_day(api: stripe.StripeClient, week: Week, sandbox: SandboxProcess) -> None:
    intent = ask(api, 2)
    check("payment_intent", raw(intent))
    assert intent.status == "requires_action"
    last = datetime.fromtimestamp(shown(intent)["expires_at"], ZONE)
    assert (last.weekday(), last.hour, last.minute) == (2, 23, 59)
    page = sandbox.client.get(shown(intent)["hosted_voucher_url"])
    assert shown(intent)["number"] in page.text
    assert "Pagar este boleto no banco" in page.text


def test_word_of_the_money_comes_a_business_day_late(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str
) -> None:
    intent = ask(api)
    week.at(4)  # Friday, after it was due on Thursday: paid on Thursday evening below
    late = ask(api)
    sandbox.act(late.id, "pay_boleto")
    week.at(6)
    assert api.v1.payment_intents.retrieve(late.id).status == "requires_action"
    assert lines(sandbox, account) == []
    week.at(7, hour=9)
    assert api.v1.payment_intents.retrieve(late.id).amount_received == 12990
    assert lines(sandbox, account) == [("charge", 12990, 345)]
    assert sandbox.booked(account, intent.id)["captured"] == 0


def test_paid_on_its_last_day_it_is_paid(api: stripe.StripeClient, week: Week, sandbox: SandboxProcess) -> None:
    intent = ask(api, 2)
    week.at(2, hour=22)
    sandbox.act(intent.id, "pay_boleto")
    week.at(3, hour=7)
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_action"
    week.at(3, hour=9)
    assert api.v1.payment_intents.retrieve(intent.id).status == "succeeded"


def test_it_comes_to_nothing_the_business_day_after(api: stripe.StripeClient, week: Week) -> None:
    intent = ask(api, 2)
    week.at(3, hour=22)
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_action"
    week.at(4, hour=1)
    over = raw(api.v1.payment_intents.retrieve(intent.id))
    assert over["status"] == "requires_payment_method"
    assert over["last_payment_error"]["code"] == "payment_intent_payment_attempt_expired"


@pytest.mark.parametrize("amount", [12990, 10_000])
def test_money_may_come_after_the_end(
    api: stripe.StripeClient, week: Week, sandbox: SandboxProcess, account: str, amount: int
) -> None:
    intent = ask(api, 0)
    week.at(3)
    api.v1.payment_intents.cancel(intent.id)
    sandbox.act(intent.id, "pay_boleto", amount=amount)
    sandbox.act(intent.id, "settle_boleto")
    told = api.v1.payment_intents.retrieve(intent.id)
    assert (told.status, told.amount_received) == ("canceled", amount)
    assert sandbox.booked(account, intent.id)["captured"] == amount


def test_it_is_never_given_back(api: stripe.StripeClient, week: Week, sandbox: SandboxProcess) -> None:
    intent = ask(api)
    sandbox.act(intent.id, "pay_boleto")
    sandbox.act(intent.id, "settle_boleto")
    with pytest.raises(stripe.InvalidRequestError, match="does not support refunds"):
        api.v1.refunds.create({"payment_intent": intent.id})


def test_its_payer_has_to_be_named(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="address"):
        ask(api, address={"line1": "Rua XV, 1"})
    with pytest.raises(stripe.InvalidRequestError, match="name"):
        ask(api, name="")
    with pytest.raises(stripe.InvalidRequestError, match="manual capture"):
        api.v1.payment_intents.create(
            {
                "amount": 5000,
                "currency": "brl",
                "payment_method_types": ["boleto"],
                "capture_method": "manual",
                "confirm": True,
                "payment_method_data": {"type": "boleto", "boleto": {"tax_id": "52998224725"}},
            }
        )


def test_what_was_never_a_boleto_is_not_paid_as_one(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = api.v1.payment_intents.create({"amount": 5000, "currency": "brl", "payment_method_types": ["card"]})
    for deed in ("make_boleto", "pay_boleto"):
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            sandbox.act(intent.id, deed)


def test_on_the_page_a_boleto_is_made_and_paid_once(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = api.v1.payment_intents.create({"amount": 5000, "currency": "brl", "payment_method_types": ["boleto"]})
    form = {"client_secret": str(intent.client_secret), "return_url": "http://shop.example/back"}
    page = sandbox.client.get(f"/pay/{intent.id}", params=form).text
    assert "Gerar boleto" in page
    assert sandbox.client.post(f"/pay/{intent.id}/make_boleto", data=form).status_code == 303
    for _ in range(2):
        answer = sandbox.client.post(f"/pay/{intent.id}/pay_boleto", data=form)
        assert answer.headers["location"].startswith("http://shop.example/back")
    assert [payment["amount"] for payment in sandbox.books(account)["voucher_payments"]] == [5000]
