"""What is asked of a provider is asked under keys that let it answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
import stripe

from adapters.payments.stripe.gateway import _failure
from core.checkout.use_cases.asking import Case, repeat_unsettled
from core.payments.lifecycle import Outcome, PaymentState
from core.shared.ids import OperationId
from tests.core.payments.test_properties import NOW, Numbers, brl, make_payment


def test_closing_again_after_a_refusal_is_a_request_of_its_own() -> None:
    payment, ids = make_payment(manual=False), Numbers()
    first = payment.request_close(OperationId(ids.new()), NOW, expired=False)
    assert payment.request_close(OperationId(ids.new()), NOW, expired=False) is first
    payment.conclude(first, Outcome.DECLINED, NOW)
    second = payment.request_close(OperationId(ids.new()), NOW, expired=True)
    assert second is not first
    payment.conclude(second, Outcome.SUCCEEDED, NOW)
    assert payment.state is PaymentState.EXPIRED


def test_a_void_for_an_order_keeps_why() -> None:
    payment, ids = make_payment(manual=True), Numbers()
    payment.observe_authorised(brl(1000))
    asked = payment.request_void(OperationId(ids.new()), "k", NOW, cancel_order="broken")
    assert (payment.letting_go, payment.operations.cancel_reason) == (True, None)
    payment.conclude(asked, Outcome.SUCCEEDED, NOW)
    after = (payment.letting_go, payment.operations.cancel_reason, payment.state)
    assert after == (False, "broken", PaymentState.VOIDED)


def test_a_key_that_is_being_worked_on_is_unknown_and_one_for_something_else_a_bug() -> None:
    busy = stripe.IdempotencyError("busy", http_status=409, code="idempotency_key_in_use")
    assert _failure(busy).outcome is Outcome.UNKNOWN
    with pytest.raises(stripe.IdempotencyError):
        _failure(stripe.IdempotencyError("other parameters", http_status=400))


def test_a_refund_is_not_asked_for_again_while_the_provider_does_not_say_what_was_given_back() -> None:
    """Stripe forgets keys after a day: what it was asked for before that, it would do a second time."""
    payment, ids = make_payment(manual=False), Numbers()
    payment.provider_reference = "pi_1"
    payment.observe_captured(brl(1000), OperationId(ids.new()), NOW)
    asked = payment.request_refund(OperationId(ids.new()), brl(1000), "r1", NOW)
    payment.conclude(asked, Outcome.PENDING, NOW)
    case = Case(cast(Any, None), payment, cast(Any, None), cast(Any, None))
    nobody = cast(Any, None)  # a provider that is asked all the same has no answer
    assert repeat_unsettled(case, nobody, NOW + timedelta(days=2), None) == []


def test_only_the_documented_not_found_says_that_there_is_none() -> None:
    """https://docs.stripe.com/error-codes: any other refusal may be about the account, the key or the request."""

    def refused(status: int, code: str | None) -> tuple[Outcome, bool]:
        error = stripe.InvalidRequestError("no", "id", code=code, http_status=status)  # type: ignore[no-untyped-call]  # the library has no types for it
        answer = _failure(error)
        return answer.outcome, answer.absent

    assert refused(404, "resource_missing") == (Outcome.DECLINED, True)
    assert refused(404, None) == (Outcome.DECLINED, False)
    assert refused(400, "resource_missing") == (Outcome.DECLINED, False)
    assert refused(400, "account_invalid") == (Outcome.DECLINED, False)
