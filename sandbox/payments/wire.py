"""Rows of the books as the provider's JSON objects (https://docs.stripe.com/api, 2026-05-27.dahlia)."""

from __future__ import annotations

from typing import Any

from sandbox.payments.records import Charge, Endpoint, Intent, PaymentMethod, Refund
from sandbox.payments.settings import API_VERSION


def intent_json(intent: Intent) -> dict[str, Any]:
    """A payment intent with its client secret, as a secret key reads it."""
    return {
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": intent.amount_capturable,
        "amount_details": {"tip": {}},
        "amount_received": intent.amount_received,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": intent.automatic_payment_methods,
        "canceled_at": intent.canceled_at,
        "cancellation_reason": intent.cancellation_reason,
        "capture_method": intent.capture_method,
        "client_secret": intent.client_secret,
        "confirmation_method": intent.confirmation_method,
        "created": intent.created,
        "currency": intent.currency,
        "customer": None,
        "customer_account": None,
        "description": intent.description,
        "excluded_payment_method_types": None,
        "last_payment_error": intent.last_payment_error,
        "latest_charge": intent.latest_charge,
        "livemode": False,
        "metadata": intent.metadata,
        "next_action": intent.next_action,
        "on_behalf_of": None,
        "payment_method": intent.payment_method,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            kind: intent.payment_method_options.get(kind, {}) for kind in intent.payment_method_types
        },
        "payment_method_types": intent.payment_method_types,
        "processing": {"type": "card"} if intent.status == "processing" else None,
        "receipt_email": intent.receipt_email,
        "review": None,
        "setup_future_usage": None,
        "shipping": intent.shipping,
        "statement_descriptor": intent.statement_descriptor,
        "statement_descriptor_suffix": intent.statement_descriptor_suffix,
        "status": intent.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def charge_json(charge: Charge) -> dict[str, Any]:
    """A charge; `refunded` means all of it went back or was let go."""
    return {
        "id": charge.id,
        "object": "charge",
        "amount": charge.amount,
        "amount_captured": charge.amount_captured,
        "amount_refunded": charge.amount_refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": charge.balance_transaction,
        "billing_details": charge.billing_details,
        "calculated_statement_descriptor": None,
        "captured": charge.captured,
        "created": charge.created,
        "currency": charge.currency,
        "customer": None,
        "description": charge.description,
        "disputed": charge.disputed,
        "failure_balance_transaction": None,
        "failure_code": charge.failure_code,
        "failure_message": charge.failure_message,
        "fraud_details": {},
        "livemode": False,
        "metadata": charge.metadata,
        "on_behalf_of": None,
        "outcome": charge.outcome,
        "paid": charge.status == "succeeded",
        "payment_intent": charge.payment_intent,
        "payment_method": charge.payment_method,
        "payment_method_details": charge.payment_method_details,
        "receipt_email": None,
        "receipt_number": None,
        "receipt_url": None,
        "refunded": charge.amount_refunded == charge.amount,
        "review": None,
        "shipping": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": charge.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def refund_json(refund: Refund, method_type: str) -> dict[str, Any]:
    """A refund; method_type says by which way the money goes back (`card`, `pix`)."""
    destination: dict[str, Any] = {"type": method_type, method_type: {}}
    if method_type == "card":
        destination["card"] = {
            "type": "refund",
            "reference_status": "pending",
            "reference_type": "acquirer_reference_number",
        }
    body: dict[str, Any] = {
        "id": refund.id,
        "object": "refund",
        "amount": refund.amount,
        "balance_transaction": refund.balance_transaction,
        "charge": refund.charge,
        "created": refund.created,
        "currency": refund.currency,
        "destination_details": destination,
        "metadata": refund.metadata,
        "payment_intent": refund.payment_intent,
        "reason": refund.reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": refund.status,
        "transfer_reversal": None,
    }
    if refund.failure_reason is not None:
        body["failure_reason"] = refund.failure_reason
    if refund.failure_balance_transaction is not None:
        body["failure_balance_transaction"] = refund.failure_balance_transaction
    if refund.status == "pending":
        body["pending_reason"] = "processing"
    return body


def method_json(method: PaymentMethod) -> dict[str, Any]:
    """A payment method."""
    return {
        "id": method.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": method.billing_details,
        "created": method.created,
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": method.type,
        method.type: _of_type(method),
    }


def _of_type(method: PaymentMethod) -> dict[str, Any]:
    if method.type == "boleto":
        return {"tax_id": method.billing_details.get("tax_id") or ""}
    return method.card or {}


def endpoint_json(endpoint: Endpoint, *, with_secret: bool = False) -> dict[str, Any]:
    """A webhook endpoint; its secret is told once, when it is made."""
    body: dict[str, Any] = {
        "id": endpoint.id,
        "object": "webhook_endpoint",
        "api_version": None,
        "application": None,
        "created": endpoint.created,
        "description": endpoint.description,
        "enabled_events": endpoint.enabled_events,
        "livemode": False,
        "metadata": endpoint.metadata,
        "status": endpoint.status,
        "url": endpoint.url,
    }
    return {**body, "secret": endpoint.secret} if with_secret else body


def event_json(
    identifier: str,
    type_: str,
    created: int,
    snapshot: dict[str, Any],
    request_id: str | None,
    idempotency_key: str | None,
    pending_webhooks: int,
) -> dict[str, Any]:
    """An event; snapshot is the object as it was when the event happened."""
    return {
        "id": identifier,
        "object": "event",
        "api_version": API_VERSION,
        "created": created,
        "data": {"object": snapshot},
        "livemode": False,
        "pending_webhooks": pending_webhooks,
        "request": {"id": request_id, "idempotency_key": idempotency_key},
        "type": type_,
    }
