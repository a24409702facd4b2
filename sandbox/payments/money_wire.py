"""The money side as the provider's JSON objects (https://docs.stripe.com/api, 2026-05-27.dahlia)."""

from __future__ import annotations

from typing import Any

from sandbox.payments.money_records import Dispute, Line, Payout


def line_json(line: Line, now: int) -> dict[str, Any]:
    """A balance transaction as it stands at business time `now`."""
    kept = {
        "amount": line.fee,
        "application": None,
        "currency": line.currency,
        "description": "Dispute fee" if line.reporting_category == "dispute" else "Stripe processing fees",
        "type": "stripe_fee",
    }
    return {
        "id": line.id,
        "object": "balance_transaction",
        "amount": line.amount,
        "available_on": line.available_on,
        "balance_type": "payments",
        "created": line.created,
        "currency": line.currency,
        "description": line.description,
        "exchange_rate": None,
        "fee": line.fee,
        "fee_details": [kept] if line.fee else [],
        "net": line.net,
        "reporting_category": line.reporting_category,
        "source": line.source,
        "status": "available" if line.available_on <= now else "pending",
        "type": line.type,
    }


def payout_json(payout: Payout) -> dict[str, Any]:
    """A payout; the bank's reference comes once the money has arrived."""
    trace = {"status": "supported" if payout.trace else "pending", "value": payout.trace}
    return {
        "id": payout.id,
        "object": "payout",
        "amount": payout.amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": payout.arrival_date,
        "automatic": True,
        "balance_transaction": payout.balance_transaction,
        "created": payout.created,
        "currency": payout.currency,
        "description": "STRIPE PAYOUT",
        "destination": None,
        "failure_balance_transaction": payout.failure_balance_transaction,
        "failure_code": payout.failure_code,
        "failure_message": payout.failure_message,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "reconciliation_status": payout.reconciliation_status,
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": payout.status,
        "trace_id": trace,
        "type": "bank_account",
    }


_EVIDENCE = (
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation", "duplicate_charge_explanation",
    "duplicate_charge_id", "product_description", "receipt", "refund_policy", "refund_policy_disclosure",
    "refund_refusal_explanation", "service_date", "service_documentation", "shipping_address", "shipping_carrier",
    "shipping_date", "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
)  # fmt: skip


def dispute_json(dispute: Dispute, lines: list[dict[str, Any]], now: int) -> dict[str, Any]:
    """A dispute with the balance transactions that it made, oldest first."""
    answered = dispute.status not in {"needs_response", "warning_needs_response"}
    return {
        "id": dispute.id,
        "object": "dispute",
        "amount": dispute.amount,
        "balance_transactions": lines,
        "charge": dispute.charge,
        "created": dispute.created,
        "currency": dispute.currency,
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(_EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": dispute.evidence_due_by,
            "enhanced_eligibility": {},
            "has_evidence": answered,
            "past_due": not answered and dispute.evidence_due_by < now,
            "submission_count": int(answered),
        },
        "is_charge_refundable": dispute.status.startswith("warning"),
        "livemode": False,
        "metadata": {},
        "payment_intent": dispute.payment_intent,
        "reason": dispute.reason,
        "status": dispute.status,
    }
