"""The payment page, walked by a plain HTTP client as a browser would."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import stripe

from tests.sandbox.process import SandboxProcess
from tests.sandbox.test_pix import ask

BACK = "https://loja.example/pagamento/volta?cart=abc&payment_session=s-1"


def intent_of(api: stripe.StripeClient, **more: Any) -> stripe.PaymentIntent:
    params: Any = {"amount": 12990, "currency": "brl", "payment_method_types": ["card"], "description": "Cesta", **more}
    return api.v1.payment_intents.create(params)


def show(sandbox: SandboxProcess, intent: stripe.PaymentIntent, back: str | None = BACK) -> httpx.Response:
    query = {"client_secret": str(intent.client_secret), **({"return_url": back} if back else {})}
    return sandbox.client.get(f"/pay/{intent.id}", params=query)


def press(sandbox: SandboxProcess, page: httpx.Response, deed: str) -> httpx.Response:
    """Send the form whose action ends with this deed, as the page has it."""
    for form in re.findall(r"<form.*?</form>", page.text, re.DOTALL):
        action = re.search(r'action="([^"]+)"', form)
        if action and action[1].endswith(f"/{deed}"):
            fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
            return sandbox.client.post(action[1], data={name: html.unescape(value) for name, value in fields.items()})
    raise AssertionError(f"the page has no button for {deed}")


def result(answer: httpx.Response) -> dict[str, list[str]]:
    assert answer.status_code == 303
    parts = urlsplit(answer.headers["Location"])
    assert (parts.netloc, parts.path) == ("loja.example", "/pagamento/volta")
    return parse_qs(parts.query)


def test_the_page_names_merchant_and_amount_and_runs_no_script(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    sandbox.name_account(account, "Casa <Ipê>")
    page = show(sandbox, intent_of(api))
    assert page.status_code == 200
    assert "Casa &lt;Ipê&gt;" in page.text
    assert "R$\N{NO-BREAK SPACE}129,90" in page.text
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'self';")
    assert "form-action 'self' https://loja.example" in policy
    assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=", page.text)
    assert sandbox.client.get("/static/pay.css").status_code == 200


@pytest.mark.parametrize(
    ("deed", "word", "status", "captured"),
    [
        ("approve", "succeeded", "succeeded", 12990),
        ("decline", "failed", "requires_payment_method", 0),
        ("pend", "pending", "processing", 0),
    ],
)
def test_a_button_does_it_and_leads_back(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str, deed: str, word: str, status: str, captured: int
) -> None:
    intent = intent_of(api)
    query = result(press(sandbox, show(sandbox, intent), deed))
    assert query["redirect_status"] == [word]
    assert query["payment_intent"] == [intent.id]
    assert query["payment_session"] == ["s-1"]
    assert api.v1.payment_intents.retrieve(intent.id).status == status
    assert sandbox.booked(account, intent.id)["captured"] == captured


def test_a_manual_intent_is_authorised(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = intent_of(api, capture_method="manual")
    assert result(press(sandbox, show(sandbox, intent), "approve"))["redirect_status"] == ["succeeded"]
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    assert "Pagamento autorizado" in show(sandbox, intent).text


@pytest.mark.parametrize(
    ("deed", "word", "status"),
    [
        ("confirm", "succeeded", "succeeded"),
        ("fail", "failed", "requires_payment_method"),
    ],
)
def test_a_challenge_is_a_page_of_its_own(
    api: stripe.StripeClient, sandbox: SandboxProcess, deed: str, word: str, status: str
) -> None:
    intent = intent_of(api)
    sent_on = press(sandbox, show(sandbox, intent), "challenge")
    assert sent_on.status_code == 303
    step = sandbox.client.get(sent_on.headers["Location"])
    assert "Confirme que é você" in step.text
    assert api.v1.payment_intents.retrieve(intent.id).status == "requires_action"
    assert result(press(sandbox, step, deed))["redirect_status"] == [word]
    assert api.v1.payment_intents.retrieve(intent.id).status == status


def test_pressing_twice_charges_once(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = intent_of(api)
    page = show(sandbox, intent)
    for _ in range(2):
        assert result(press(sandbox, page, "approve"))["redirect_status"] == ["succeeded"]
    assert sandbox.booked(account, intent.id)["charges"] == 1


def test_a_declined_payer_may_try_again(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = intent_of(api)
    press(sandbox, show(sandbox, intent), "decline")
    page = show(sandbox, intent)
    assert "O banco recusou este cartão" in page.text
    press(sandbox, page, "approve")
    line = sandbox.booked(account, intent.id)
    assert (line["declines"], line["captures"]) == (1, 1)


def test_a_cancelled_intent_is_not_paid_unless_late_money_is_planted(
    api: stripe.StripeClient, sandbox: SandboxProcess, account: str
) -> None:
    intent = intent_of(api)
    before = show(sandbox, intent)
    api.v1.payment_intents.cancel(intent.id)
    refused = press(sandbox, before, "approve")
    assert refused.status_code == 409
    assert "Pagamento cancelado" in refused.text
    assert sandbox.booked(account, intent.id)["captured"] == 0
    sandbox.plant("page", "late_money", account=account)
    assert press(sandbox, before, "approve").status_code == 303
    assert sandbox.booked(account, intent.id)["captured"] == 12990


def test_a_pix_is_paid_by_one_button_once(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = ask(api)
    page = show(sandbox, intent)
    assert "Falta só o Pix" in page.text
    assert intent.next_action is not None
    assert intent.next_action.pix_display_qr_code is not None
    assert str(intent.next_action.pix_display_qr_code.data) in html.unescape(page.text)
    for _ in range(2):
        assert result(press(sandbox, page, "pay_pix"))["redirect_status"] == ["succeeded"]
    assert sandbox.booked(account, intent.id)["captures"] == 1


def test_a_pix_can_be_made_and_expires_on_the_page(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = intent_of(api, payment_method_types=["card", "pix"])
    again = press(sandbox, show(sandbox, intent), "make_pix")
    page = sandbox.client.get(again.headers["Location"])
    assert "Falta só o Pix" in page.text
    sandbox.set_clock(5 * 3600)
    late = press(sandbox, page, "pay_pix")
    assert late.status_code == 409
    assert "O código Pix venceu" in show(sandbox, intent).text


def test_without_an_address_the_page_itself_says_how_it_went(api: stripe.StripeClient, sandbox: SandboxProcess) -> None:
    intent = intent_of(api)
    answer = press(sandbox, show(sandbox, intent, None), "approve")
    assert "Pagamento aprovado" in sandbox.client.get(answer.headers["Location"]).text


def test_only_the_secret_opens_the_page(api: stripe.StripeClient, sandbox: SandboxProcess, account: str) -> None:
    intent = intent_of(api)
    for query in ({}, {"client_secret": f"{intent.id}_secret_x"}, {"client_secret": "é"}):
        assert sandbox.client.get(f"/pay/{intent.id}", params=query).status_code == 404
    assert sandbox.client.post(f"/pay/{intent.id}/approve", data={"client_secret": "x"}).status_code == 404
    assert show(sandbox, intent, "javascript:alert(1)").status_code == 404
    assert sandbox.client.get("/pay/pi_unknown").status_code == 404
    assert sandbox.booked(account, intent.id)["charges"] == 0
