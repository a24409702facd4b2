"""Stripe's words and ours, without any network. The fixtures are ours, in the shape of the public description."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from adapters.payments.stripe import mapping
from core.payments.lifecycle import Outcome
from core.shared.ids import PaymentId
from ports.payments import TenderStatus
from tests.contracts.payment_gateway import a_request, brl

PAYMENT = PaymentId(UUID("0190a1b2-0000-7000-8000-000000000001"))


def intent(status: str = "requires_payment_method", **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "pi_1",
        "status": status,
        "amount": 12990,
        "amount_capturable": 0,
        "amount_received": 0,
        "currency": "brl",
        "payment_method_types": ["card"],
        "metadata": {"payment_id": str(PAYMENT)},
        "last_payment_error": None,
        "next_action": None,
    }
    return {**values, **changes}


def charge(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": "ch_1",
        "amount": 12990,
        "amount_captured": 12990,
        "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "funding": "credit",
                                            "three_d_secure": None}},
    }  # fmt: skip
    return {**values, **changes}


def refund(amount: int, created: int = 1, **changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"id": f"re_{created}", "amount": amount, "currency": "brl", "status": "succeeded",
                              "created": created, "metadata": {}, "reason": None}  # fmt: skip
    return {**values, **changes}


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (intent(), TenderStatus.NEEDS_SHOPPER),
        (intent("requires_confirmation"), TenderStatus.NEEDS_SHOPPER),
        (intent("requires_action"), TenderStatus.NEEDS_SHOPPER),
        (intent("requires_action", payment_method_types=["pix"]), TenderStatus.AWAITING),
        (intent("processing"), TenderStatus.PENDING),
        (intent("requires_capture"), TenderStatus.AUTHORISED),
        (intent("succeeded"), TenderStatus.CAPTURED),
        (intent("canceled"), TenderStatus.CANCELLED),
        (intent(last_payment_error={"code": "card_declined"}), TenderStatus.DECLINED),
        (intent(last_payment_error={"code": "payment_intent_payment_attempt_expired"}), TenderStatus.EXPIRED),
        (intent("a_state_of_next_year"), TenderStatus.PENDING),
        (intent(""), TenderStatus.PENDING),
    ],
)
def test_states(told: dict[str, Any], status: TenderStatus) -> None:
    assert mapping.tender(told, None, []).status is status


def test_amounts_are_facts() -> None:
    held = mapping.tender(intent("requires_capture", amount_capturable=12990), charge(amount_captured=0), [])
    assert (held.amount, held.authorised, held.captured) == (brl(12990), brl(12990), brl(0))
    over = mapping.tender(intent("succeeded", amount_received=15000), charge(), [])
    assert (over.amount, over.authorised, over.captured) == (brl(12990), brl(0), brl(15000))
    assert over.payment_id == PAYMENT


@pytest.mark.parametrize("metadata", [None, {}, {"payment_id": "no id"}, {"order": "1"}])
def test_an_echo_that_is_no_id_is_none(metadata: Any) -> None:
    assert mapping.tender(intent(metadata=metadata), None, []).payment_id is None


def test_a_decline_is_named_by_the_issuer_if_it_can() -> None:
    both = {"code": "card_declined", "decline_code": "insufficient_funds"}
    assert mapping.tender(intent(last_payment_error=both), None, []).decline_code == "insufficient_funds"
    assert mapping.tender(intent(last_payment_error={"code": "expired_card"}), None, []).decline_code == "expired_card"
    assert mapping.tender(intent(), None, []).decline_code is None


def test_a_card_is_shown_by_its_last_digits_alone() -> None:
    secure = {"card": {"brand": "elo", "last4": "0001", "funding": "debit", "fingerprint": "secret",
                       "three_d_secure": {"result": "authenticated"}}}  # fmt: skip
    details = mapping.tender(intent("succeeded"), charge(payment_method_details=secure), []).details
    assert details == {"charge": "ch_1", "brand": "elo", "last4": "0001", "funding": "debit",
                       "three_d_secure": "authenticated"}  # fmt: skip
    assert mapping.tender(intent("succeeded"), charge(), []).details["three_d_secure"] is None


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("succeeded", Outcome.SUCCEEDED),
        ("failed", Outcome.DECLINED),
        ("canceled", Outcome.DECLINED),
        ("pending", Outcome.PENDING),
        ("requires_action", Outcome.PENDING),
        ("a_state_of_next_year", Outcome.PENDING),
    ],
)
def test_refunds(status: str, outcome: Outcome) -> None:
    seen = mapping.refund(refund(1000, status=status, metadata={"operation_id": "op"}, failure_reason="lost"))
    assert (seen.amount, seen.outcome, seen.key, seen.reason) == (brl(1000), outcome, "op", "lost")


def test_what_a_partial_capture_let_go_is_no_refund() -> None:
    listed = [refund(5000, 3, metadata={"operation_id": "a"}), refund(7990, 1), refund(7990, 2, reason="duplicate")]
    told = mapping.tender(intent("succeeded", amount_received=5000), charge(amount_captured=5000), listed)
    assert [(seen.reference, seen.amount.minor) for seen in told.refunds] == [("re_2", 7990), ("re_3", 5000)]


def test_without_a_partial_capture_every_refund_counts() -> None:
    told = mapping.tender(intent("succeeded", amount_received=12990), charge(), [refund(12990)])
    assert [seen.amount.minor for seen in told.refunds] == [12990]


def test_pix_tells_its_code_and_nothing_else() -> None:
    action = {"type": "pix_display_qr_code", "pix_display_qr_code": {"data": "000201", "image_url_png": "http://x/"}}
    told = mapping.tender(intent("requires_action", payment_method_types=["pix"], next_action=action), None, [])
    assert told.next_action == {"type": "pix", "copy_paste": "000201"}
    redirect = {"type": "redirect_to_url", "redirect_to_url": {"url": "http://x/"}}
    assert mapping.tender(intent("requires_action", next_action=redirect), None, []).next_action is None


def test_opening_a_card() -> None:
    at_once = mapping.open_parameters(a_request("card", payment_id=PAYMENT))
    assert at_once == {
        "amount": 12990,
        "currency": "brl",
        "capture_method": "automatic",
        "payment_method_types": ["card"],
        "description": "Casa Ipê",
        "metadata": {"payment_id": str(PAYMENT)},
    }
    assert mapping.open_parameters(a_request("card", capture_at_once=False))["capture_method"] == "manual"


def test_opening_pix_confirms_at_once_with_its_deadline() -> None:
    deadline = datetime(2026, 11, 24, 12, tzinfo=UTC)
    told = mapping.open_parameters(a_request("pix", expires_at=deadline))
    assert told["confirm"] is True
    assert told["payment_method_options"] == {"pix": {"expires_at": int(deadline.timestamp())}}
    assert told["payment_method_data"]["billing_details"]["tax_id"] == "52998224725"
    bare = mapping.open_parameters(a_request("pix", expires_at=None, tax_id=None))
    assert "payment_method_options" not in bare
    assert "tax_id" not in bare["payment_method_data"]["billing_details"]


def test_opening_a_boleto_names_its_payer_as_banks_want_it() -> None:
    told = mapping.open_parameters(a_request("boleto", due_days=5))
    assert (told["confirm"], told["payment_method_options"]) == (True, {"boleto": {"expires_after_days": 5}})
    data = told["payment_method_data"]
    assert (data["type"], data["boleto"]) == ("boleto", {"tax_id": "52998224725"})
    assert data["billing_details"]["address"] == {
        "line1": "Rua XV de Novembro, 100", "city": "Curitiba", "state": "PR", "postal_code": "80020310",
        "country": "BR"}  # fmt: skip
    assert "tax_id" not in data["billing_details"]
    bare = mapping.open_parameters(a_request("boleto", due_days=None, tax_id=None, address=None))
    assert "boleto" not in bare["payment_method_data"]
    assert "payment_method_options" not in bare


def test_a_boleto_tells_its_number_its_day_in_sao_paulo_and_where_it_is() -> None:
    shown = {"number": "9" * 47, "expires_at": 1_795_402_799, "hosted_voucher_url": "http://x/", "pdf": "http://y/"}
    action = {"type": "boleto_display_details", "boleto_display_details": shown}
    told = mapping.tender(intent("requires_action", payment_method_types=["boleto"], next_action=action), None, [])
    assert told.status is TenderStatus.AWAITING
    assert told.next_action == {"type": "boleto", "number": "9" * 47, "url": "http://x/", "due_on": "2026-11-22"}
    bare = {"type": "boleto_display_details", "boleto_display_details": {"number": None, "expires_at": None}}
    told = mapping.tender(intent("requires_action", payment_method_types=["boleto"], next_action=bare), None, [])
    assert told.next_action == {"type": "boleto"}
