"""Payments, sessions, accounts and webhooks on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from adapters.postgres.json import plain
from adapters.postgres.session import Session
from adapters.postgres.tables.payments import (
    payment_accounts,
    payment_operations,
    payment_sessions,
    payments,
    webhooks,
)
from core.payments.errors import OverRefund, PaymentInProgress
from core.payments.lifecycle import Operation, OperationState, PaymentState
from core.payments.model import Payment, PaymentOperation, PaymentSession
from core.payments.sessions import LIVE_STATES, SessionState
from core.shared.errors import NotFound
from core.shared.ids import CartId, OperationId, OrderId, PaymentAccountId, PaymentId
from core.shared.money import Money
from ports.payments import PaymentAccount, WebhookNotice

_ACCOUNT = sa.select(payment_accounts).where(payment_accounts.c.id == sa.bindparam("account_id"))
_ACCOUNT_FOR = (
    sa.select(payment_accounts)
    .where(payment_accounts.c.enabled, sa.bindparam("method") == sa.any_(payment_accounts.c.methods))
    .order_by(payment_accounts.c.position)
    .limit(1)
)


def _operation_document() -> sa.ColumnElement[Any]:
    """An operation as one JSON document: its columns by name."""
    parts: list[Any] = []
    for column in payment_operations.c:
        parts += [sa.literal_column(f"'{column.name}'"), column]
    return sa.func.jsonb_build_object(*parts)


_operations = (
    sa.select(
        sa.func.jsonb_agg(
            aggregate_order_by(_operation_document(), payment_operations.c.requested_at, payment_operations.c.id)
        )
    )
    .where(
        payment_operations.c.store_id == payments.c.store_id,
        payment_operations.c.payment_id == payments.c.id,
    )
    .scalar_subquery()
)

_PAYMENT = sa.select(payments, _operations.label("operations"))
_GET = _PAYMENT.where(payments.c.id == sa.bindparam("payment_id"))
# Locks are statements of their own: one that waited would see the row as it is now, its operations as they were.
_LOCK = sa.select(payments.c.id).where(payments.c.id == sa.bindparam("payment_id")).with_for_update()
_OF_ORDER = _PAYMENT.where(payments.c.order_id == sa.bindparam("order_id")).order_by(
    payments.c.created_at, payments.c.id
)
_LOCK_OF_ORDER = (
    sa.select(payments.c.id)
    .where(payments.c.order_id == sa.bindparam("order_id"))
    .order_by(payments.c.created_at, payments.c.id)
    .with_for_update()
)
_BY_REFERENCE = sa.select(payments.c.id).where(
    payments.c.account_id == sa.bindparam("account_id"),
    payments.c.provider_reference == sa.bindparam("reference"),
)
_FIND = sa.select(payments.c.id).where(payments.c.id == sa.bindparam("payment_id"))
_SESSION = sa.select(payment_sessions).where(payment_sessions.c.id == sa.bindparam("session_id"))
_SESSION_OF_CART = (
    sa.select(payment_sessions)
    .where(
        payment_sessions.c.cart_id == sa.bindparam("cart_id"),
        payment_sessions.c.state.in_([*(str(s) for s in sorted(LIVE_STATES)), str(SessionState.COMPLETED)]),
    )
    .order_by(payment_sessions.c.created_at.desc())
    .limit(1)
)

_PUT_OPERATIONS = insert(payment_operations)
_REFUND_GUARD = "ck_payments_refunds_within_captured"


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
        operations=[_to_operation(document) for document in row["operations"] or []],
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


def _values(payment: Payment) -> dict[str, Any]:
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


def _told(payment: Payment) -> dict[str, Any]:
    """What the activity log is told of a payment: facts about money, not the janitor's notes."""
    values = _values(payment)
    return {name: values[name] for name in _TOLD}


class PostgresPayments:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._loaded: dict[UUID, dict[str, Any]] = {}
        self._operations: dict[UUID, dict[str, Any]] = {}

    # -- accounts ------------------------------------------------------------------------------------------

    def add_account(self, account: PaymentAccount, created_at: datetime, position: int) -> None:
        self._session.write(
            sa.insert(payment_accounts).values(
                id=account.id,
                store_id=self._session.store_id,
                provider=account.provider,
                name=account.name,
                config=account.config,
                methods=list(account.methods),
                enabled=account.enabled,
                position=position,
                created_at=created_at,
            )
        )
        self._session.changed("payment_account", account.id, None, {"name": account.name})

    def account(self, account_id: PaymentAccountId) -> PaymentAccount:
        row = self._session.row(_ACCOUNT, {"account_id": account_id})
        if row is None:
            raise NotFound("There is no such payment account.")
        return _to_account(row)

    def account_for(self, method: str) -> PaymentAccount | None:
        row = self._session.row(_ACCOUNT_FOR, {"method": method})
        return None if row is None else _to_account(row)

    # -- payments ------------------------------------------------------------------------------------------

    def get(self, payment_id: PaymentId, *, lock: bool = False) -> Payment:
        if lock:
            self._session.row(_LOCK, {"payment_id": payment_id})
        row = self._session.row(_GET, {"payment_id": payment_id})
        if row is None:
            raise NotFound("There is no such payment.")
        return self._remember(to_payment(row))

    def of_order(self, order_id: OrderId, *, lock: bool = False) -> Sequence[Payment]:
        if lock:
            self._session.rows(_LOCK_OF_ORDER, {"order_id": order_id})
        return [self._remember(to_payment(row)) for row in self._session.rows(_OF_ORDER, {"order_id": order_id})]

    def _remember(self, payment: Payment) -> Payment:
        self._loaded[payment.id] = _told(payment)
        for operation in payment.operations:
            self._operations[operation.id] = plain(operation)
        return payment

    def find(self, payment_id: PaymentId) -> PaymentId | None:
        row = self._session.row(_FIND, {"payment_id": payment_id})
        return None if row is None else PaymentId(row["id"])

    def by_reference(self, account_id: PaymentAccountId, reference: str) -> PaymentId | None:
        row = self._session.row(_BY_REFERENCE, {"account_id": account_id, "reference": reference})
        return None if row is None else PaymentId(row["id"])

    def add(self, payment: Payment) -> None:
        payment.version = 1
        self._session.write(
            sa.insert(payments).values(id=payment.id, store_id=self._session.store_id, version=1, **_values(payment))
        )
        self._after_save(payment)

    def save(self, payment: Payment) -> None:
        self._session.update_version(
            payments, payment.id, payment.version, _values(payment), errors={_REFUND_GUARD: OverRefund()}
        )
        payment.version += 1
        self._after_save(payment)

    def _after_save(self, payment: Payment) -> None:
        changed = [o for o in payment.operations if self._operations.get(o.id) != plain(o)]
        if changed:
            rows = [self._operation_row(payment, operation) for operation in changed]
            self._session.write(
                _PUT_OPERATIONS.values(rows).on_conflict_do_update(
                    index_elements=[payment_operations.c.id],
                    set_={
                        name: _PUT_OPERATIONS.excluded[name]
                        for name in (
                            "state",
                            "amount_minor",
                            "provider_reference",
                            "error_code",
                            "finished_at",
                        )
                    },
                )
            )
        self._session.emit(payment.events, payment.id, payment.version)
        payment.events.clear()
        self._session.changed("payment", payment.id, self._loaded.get(payment.id), _told(payment))
        self._remember(payment)

    def _operation_row(self, payment: Payment, operation: PaymentOperation) -> dict[str, Any]:
        return {
            "id": operation.id,
            "store_id": self._session.store_id,
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

    # -- sessions ------------------------------------------------------------------------------------------

    def session(self, session_id: UUID, *, lock: bool = False) -> PaymentSession:
        row = self._session.row(_SESSION.with_for_update() if lock else _SESSION, {"session_id": session_id})
        if row is None:
            raise NotFound("There is no such payment session.")
        return _to_session(row)

    def session_of_cart(self, cart_id: CartId) -> PaymentSession | None:
        row = self._session.row(_SESSION_OF_CART, {"cart_id": cart_id})
        return None if row is None else _to_session(row)

    def add_session(self, session: PaymentSession) -> None:
        session.version = 1
        self._session.write(
            sa.insert(payment_sessions).values(
                id=session.id,
                store_id=self._session.store_id,
                cart_id=session.cart_id,
                cart_version=session.cart_version,
                payment_id=session.payment_id,
                method=session.method,
                currency=session.amount.currency,
                amount_minor=session.amount.minor,
                secret_hash=session.secret_hash,
                quote=plain(dict(session.quote)),
                return_url=session.return_url,
                created_at=session.created_at,
                version=1,
                **_session_values(session),
            ),
            errors={"uq_payment_sessions_live_cart": PaymentInProgress()},
        )

    def save_session(self, session: PaymentSession) -> None:
        self._session.update_version(payment_sessions, session.id, session.version, _session_values(session))
        session.version += 1

    # -- webhooks ------------------------------------------------------------------------------------------

    def receive_webhook(
        self, webhook_id: UUID, account: PaymentAccount, notice: WebhookNotice, body: bytes, at: datetime
    ) -> bool:
        stored = self._session.row(
            insert(webhooks)
            .values(
                id=webhook_id,
                store_id=self._session.store_id,
                provider=account.provider,
                account_id=account.id,
                external_id=notice.external_id,
                kind=notice.kind,
                subject=notice.reference,
                body=body,
                received_at=at,
            )
            .on_conflict_do_nothing(
                index_elements=[
                    webhooks.c.store_id,
                    webhooks.c.provider,
                    webhooks.c.account_id,
                    webhooks.c.external_id,
                ]
            )
            .returning(webhooks.c.id)
        )
        if stored is not None:
            self._session.wrote = True
        return stored is not None

    def webhook_processed(self, webhook_id: UUID, at: datetime) -> None:
        self._session.write(sa.update(webhooks).where(webhooks.c.id == webhook_id).values(processed_at=at))


def _to_account(row: sa.RowMapping) -> PaymentAccount:
    return PaymentAccount(
        PaymentAccountId(row["id"]),
        row["provider"],
        row["name"],
        bytes(row["config"]),
        tuple(row["methods"]),
        row["enabled"],
    )


def _to_session(row: sa.RowMapping) -> PaymentSession:
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


def _session_values(session: PaymentSession) -> dict[str, Any]:
    return {
        "state": session.state,
        "next_action": plain(dict(session.next_action)) if session.next_action else None,
        "expires_at": session.expires_at,
    }
