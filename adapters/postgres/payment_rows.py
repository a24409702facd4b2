"""Payments, sessions and accounts as rows, and back."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from adapters.postgres.json import plain
from core.payments.lifecycle import Operation, OperationState, PaymentState
from core.payments.model import Payment
from core.payments.operations import Operations, PaymentOperation
from core.payments.sessions import PaymentSession, SessionState
from core.shared.ids import CartId, OperationId, OrderId, PaymentAccountId, PaymentId, StoreId
from core.shared.money import Money
from ports.payments import PaymentAccount


def to_payment(row: sa.RowMapping) -> Payment:
    currency = row["currency"]
    return Payment(
        id=PaymentId(row["id"]),
        account_id=PaymentAccountId(row["account_id"]),
        provider=row["provider"],
        method=row["method"],
        cart_id=CartId(row["cart_id"]),
        session_id=row["session_id"],
        amount=Money(row["amount_minor"], currency),
        manual_capture=row["manual_capture"],
        confirmed_by_hand=row["confirmed_by_hand"],
        created_at=row["created_at"],
        state=PaymentState(row["state"]),
        order_id=OrderId(row["order_id"]) if row["order_id"] else None,
        authorised=Money(row["authorised_minor"], currency),
        captured=Money(row["captured_minor"], currency),
        refunded=Money(row["refunded_minor"], currency),
        provider_reference=row["provider_reference"],
        details=row["details"],
        decline_code=row["decline_code"],
        expires_at=row["expires_at"],
        check_at=row["check_at"],
        checks=row["checks"],
        version=row["version"],
        operations=Operations(_to_operation(document) for document in row["operations"] or []),
    )


def _to_operation(document: dict[str, Any]) -> PaymentOperation:
    finished = document["finished_at"]
    return PaymentOperation(
        id=OperationId(UUID(document["id"])),
        kind=Operation(document["kind"]),
        state=OperationState(document["state"]),
        amount=Money(document["amount_minor"], document["currency"]),
        key=document["key"],
        requested_at=datetime.fromisoformat(document["requested_at"]),
        provider_reference=document["provider_reference"],
        error_code=document["error_code"],
        finished_at=datetime.fromisoformat(finished) if finished else None,
        details=document["details"],
    )


def payment_values(payment: Payment) -> dict[str, Any]:
    return {
        "account_id": payment.account_id,
        "provider": payment.provider,
        "method": payment.method,
        "cart_id": payment.cart_id,
        "session_id": payment.session_id,
        "order_id": payment.order_id,
        "state": payment.state,
        "currency": payment.amount.currency,
        "amount_minor": payment.amount.minor,
        "authorised_minor": payment.authorised.minor,
        "captured_minor": payment.captured.minor,
        "refunded_minor": payment.refunded.minor,
        "refunding_minor": _refunding(payment).minor,
        "manual_capture": payment.manual_capture,
        "confirmed_by_hand": payment.confirmed_by_hand,
        "provider_reference": payment.provider_reference,
        "details": plain(payment.details),
        "decline_code": payment.decline_code,
        "created_at": payment.created_at,
        "expires_at": payment.expires_at,
        "check_at": payment.check_at,
        "checks": payment.checks,
    }


def _refunding(payment: Payment) -> Money:
    """What the table's check guards: our own requests. A refund made elsewhere is a fact, also one too many."""
    if any(o.kind is Operation.REFUND and o.observed for o in payment.operations):
        return min(payment.refunding, payment.captured)
    return payment.refunding


_TOLD = (
    "state",
    "order_id",
    "authorised_minor",
    "captured_minor",
    "refunded_minor",
    "decline_code",
    "expires_at",
)


def told(payment: Payment) -> dict[str, Any]:
    """What the activity log is told of a payment: facts about money, not the janitor's notes."""
    values = payment_values(payment)
    return {name: values[name] for name in _TOLD}


def operation_row(store_id: StoreId, payment: Payment, operation: PaymentOperation) -> dict[str, Any]:
    return {
        "id": operation.id,
        "store_id": store_id,
        "payment_id": payment.id,
        "kind": operation.kind,
        "state": operation.state,
        "amount_minor": operation.amount.minor,
        "currency": operation.amount.currency,
        "key": operation.key,
        "provider_reference": operation.provider_reference,
        "error_code": operation.error_code,
        "details": plain(operation.details),
        "requested_at": operation.requested_at,
        "finished_at": operation.finished_at,
    }


def to_account(row: sa.RowMapping) -> PaymentAccount:
    return PaymentAccount(
        PaymentAccountId(row["id"]),
        row["provider"],
        row["name"],
        bytes(row["config"]),
        tuple(row["methods"]),
        row["enabled"],
    )


def to_session(row: sa.RowMapping) -> PaymentSession:
    return PaymentSession(
        id=row["id"],
        cart_id=CartId(row["cart_id"]),
        cart_version=row["cart_version"],
        payment_id=PaymentId(row["payment_id"]),
        method=row["method"],
        amount=Money(row["amount_minor"], row["currency"]),
        secret_hash=bytes(row["secret_hash"]),
        quote=row["quote"],
        return_url=row["return_url"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        state=SessionState(row["state"]),
        next_action=row["next_action"],
        version=row["version"],
    )


def session_values(session: PaymentSession) -> dict[str, Any]:
    return {
        "state": session.state,
        "next_action": plain(dict(session.next_action)) if session.next_action else None,
        "expires_at": session.expires_at,
    }
