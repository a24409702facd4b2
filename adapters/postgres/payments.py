"""Payments, sessions, accounts and webhooks on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert

from adapters.postgres.json import plain
from adapters.postgres.payment_rows import (
    operation_row,
    payment_values,
    session_values,
    to_account,
    to_payment,
    to_session,
    told,
)
from adapters.postgres.session import Session
from adapters.postgres.tables.cart import carts
from adapters.postgres.tables.payments import (
    payment_accounts,
    payment_operations,
    payment_sessions,
    payments,
    webhooks,
)
from core.cart.errors import CartNotFound
from core.payments.errors import OverRefund, PaymentInProgress
from core.payments.model import Payment
from core.payments.sessions import LIVE_STATES, PaymentSession, SessionState
from core.shared.errors import NotFound
from core.shared.ids import CartId, OrderId, PaymentAccountId, PaymentId
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
_LIVE_OR_COMPLETED = payment_sessions.c.state.in_([*(str(s) for s in sorted(LIVE_STATES)), str(SessionState.COMPLETED)])
_SESSION_OF_CART = (
    sa.select(payment_sessions)
    .where(payment_sessions.c.cart_id == sa.bindparam("cart_id"), _LIVE_OR_COMPLETED)
    .order_by(payment_sessions.c.created_at.desc())
    .limit(1)
)

_SESSION_OF_TOKEN = (
    sa.select(carts.c.id.label("of_cart"), payment_sessions)
    .select_from(
        carts.outerjoin(
            payment_sessions,
            sa.and_(
                payment_sessions.c.store_id == carts.c.store_id,
                payment_sessions.c.cart_id == carts.c.id,
                _LIVE_OR_COMPLETED,
            ),
        )
    )
    .where(carts.c.token_hash == sa.bindparam("token_hash"))
    .order_by(payment_sessions.c.created_at.desc())
    .limit(1)
)

_PUT_OPERATIONS = insert(payment_operations)
_REFUND_GUARD = "ck_payments_refunds_within_captured"


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
        return to_account(row)

    def account_for(self, method: str) -> PaymentAccount | None:
        row = self._session.row(_ACCOUNT_FOR, {"method": method})
        return None if row is None else to_account(row)

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
        self._loaded[payment.id] = told(payment)
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
            sa.insert(payments).values(
                id=payment.id, store_id=self._session.store_id, version=1, **payment_values(payment)
            )
        )
        self._after_save(payment)

    def save(self, payment: Payment) -> None:
        self._session.update_version(
            payments, payment.id, payment.version, payment_values(payment), errors={_REFUND_GUARD: OverRefund()}
        )
        payment.version += 1
        self._after_save(payment)

    def _after_save(self, payment: Payment) -> None:
        changed = [o for o in payment.operations if self._operations.get(o.id) != plain(o)]
        if changed:
            rows = [operation_row(self._session.store_id, payment, operation) for operation in changed]
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
        self._session.changed("payment", payment.id, self._loaded.get(payment.id), told(payment))
        self._remember(payment)

    # -- sessions ------------------------------------------------------------------------------------------

    def session(self, session_id: UUID, *, lock: bool = False) -> PaymentSession:
        row = self._session.row(_SESSION.with_for_update() if lock else _SESSION, {"session_id": session_id})
        if row is None:
            raise NotFound("There is no such payment session.")
        return to_session(row)

    def session_of_cart(self, cart_id: CartId) -> PaymentSession | None:
        row = self._session.row(_SESSION_OF_CART, {"cart_id": cart_id})
        return None if row is None else to_session(row)

    def session_of_token(self, token_hash: bytes) -> PaymentSession | None:
        row = self._session.row(_SESSION_OF_TOKEN, {"token_hash": token_hash})
        if row is None:
            raise CartNotFound()
        return None if row["id"] is None else to_session(row)

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
                **session_values(session),
            ),
            errors={"uq_payment_sessions_live_cart": PaymentInProgress()},
        )

    def save_session(self, session: PaymentSession) -> None:
        self._session.update_version(payment_sessions, session.id, session.version, session_values(session))
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
