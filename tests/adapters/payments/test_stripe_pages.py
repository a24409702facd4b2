"""What an account's settings must hold, and how each state of a payment intent is paid."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.payments.stripe import PLUGIN
from adapters.payments.stripe.config import StripeConfig
from adapters.payments.stripe.pages import page
from ports.payment_page import EmbeddedForm, Redirect

REAL = StripeConfig("sk_live_a", "whsec_a", "pk_live_a")
BACK = "http://shop.example/back"
KEYS = {"secret_key": "sk_live_a", "webhook_secret": "whsec_a", "publishable_key": "pk_live_b"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"secret_key": "rk_live_restricted"}, []),
        ({"publishable_key": ""}, [("config.publishable_key", "required")]),
        ({"secret_key": "", "webhook_secret": ""},
         [("config.secret_key", "required"), ("config.webhook_secret", "required")]),
        ({"publishable_key": "", "api_base": "sandbox"}, []),
        ({"publishable_key": "sk_live_secret"}, [("config.publishable_key", "malformed")]),
        ({"secret_key": "pk_live_b"}, [("config.secret_key", "malformed")]),
        ({"publishable_key": "pk_test_b"}, [("config.publishable_key", "mismatch")]),
    ],
)  # fmt: skip
def test_an_account_needs_its_keys(changes: dict[str, str], found: list[tuple[str, str]]) -> None:
    problems = PLUGIN.problems({**KEYS, **changes})
    assert [(problem.field, problem.code) for problem in problems] == found
    assert not any(value in problem.message for problem in problems for value in changes.values() if value)


def intent(status: str, **more: Any) -> dict[str, Any]:
    return {"id": "pi_1", "status": status, "client_secret": "pi_1_secret_x", **more}


@pytest.mark.parametrize("status", ["requires_payment_method", "requires_confirmation", "requires_action"])
def test_a_card_is_asked_for_in_the_form(status: str) -> None:
    found = page(intent(status), BACK, REAL)
    assert isinstance(found, EmbeddedForm)
    assert (found.mount, found.public_key, found.client_secret) == ("stripe", "pk_live_a", "pi_1_secret_x")
    assert "pi_1_secret_x" not in repr(found)


@pytest.mark.parametrize("status", ["processing", "requires_capture", "succeeded", "canceled", "what_comes_next"])
def test_nobody_is_asked_once_the_shopper_has_acted(status: str) -> None:
    assert page(intent(status), BACK, REAL) is None


def test_a_pix_is_paid_by_the_provider_s_instructions() -> None:
    shown = {"pix_display_qr_code": {"data": "000201", "hosted_instructions_url": "https://payments.stripe.com/pix/1"}}
    waiting = intent("requires_action", next_action=shown)
    assert page(waiting, BACK, REAL) == Redirect("https://payments.stripe.com/pix/1")


def test_the_sandbox_has_a_page_for_every_state() -> None:
    rehearsal = StripeConfig("sk_test_a", "whsec_a", pages="http://sandbox.example")
    for status in ("requires_payment_method", "succeeded"):
        found = page(intent(status), f"{BACK}?a=1", rehearsal)
        assert isinstance(found, Redirect)
        assert found.url.startswith("http://sandbox.example/pay/pi_1?client_secret=pi_1_secret_x&return_url=http%3A")
