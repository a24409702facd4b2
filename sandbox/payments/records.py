"""Rows of the books that operations change, and how they are read, locked and written."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, TypeVar

from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from sandbox.payments.errors import missing
from sandbox.payments.money_records import Dispute, Line, Payout, VoucherPayment
from sandbox.payments.store import Books, Call


@dataclass(slots=True, kw_only=True)
class PaymentMethod:
    """A way to pay. behaviour: what the issuer will do (see cards.py); no card number is kept."""

    TABLE: ClassVar[str] = "payment_methods"
    KIND: ClassVar[str] = "payment_method"

    id: str
    account: str
    created: int
    type: str
    card: dict[str, Any] | None = None
    billing_details: dict[str, Any]
    behaviour: str


@dataclass(slots=True, kw_only=True)
class Intent:
    """A payment intent; amounts in minor units, instants in seconds of business time.

    expires_at: when the Pix code, the boleto, or the uncaptured authorisation, lapses.
    """

    TABLE: ClassVar[str] = "payment_intents"
    KIND: ClassVar[str] = "payment_intent"

    id: str
    account: str
    created: int
    amount: int
    currency: str
    status: str
    capture_method: str
    confirmation_method: str
    payment_method_types: list[str]
    client_secret: str
    automatic_payment_methods: dict[str, Any] | None = None
    payment_method: str | None = None
    payment_method_options: dict[str, Any] = field(default_factory=dict)
    amount_received: int = 0
    amount_capturable: int = 0
    latest_charge: str | None = None
    next_action: dict[str, Any] | None = None
    last_payment_error: dict[str, Any] | None = None
    return_url: str | None = None
    expires_at: int | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None
    description: str | None = None
    receipt_email: str | None = None
    statement_descriptor: str | None = None
    statement_descriptor_suffix: str | None = None
    shipping: dict[str, Any] | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Charge:
    """One movement, or refusal, of money for an intent.

    amount_refunded counts, as the provider does, what was refunded and what of the authorisation was let go.
    """

    TABLE: ClassVar[str] = "charges"
    KIND: ClassVar[str] = "charge"

    id: str
    account: str
    created: int
    payment_intent: str
    amount: int
    amount_captured: int = 0
    amount_refunded: int = 0
    currency: str
    status: str
    captured: bool
    failure_code: str | None = None
    failure_message: str | None = None
    outcome: dict[str, Any] | None = None
    payment_method: str
    payment_method_details: dict[str, Any]
    billing_details: dict[str, Any]
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    balance_transaction: str | None = None
    disputed: bool = False


@dataclass(slots=True, kw_only=True)
class Refund:
    """Money on its way back, or authorised money let go; settles_at is set while pending."""

    TABLE: ClassVar[str] = "refunds"
    KIND: ClassVar[str] = "refund"

    id: str
    account: str
    created: int
    payment_intent: str
    charge: str
    amount: int
    currency: str
    status: str
    reason: str | None = None
    failure_reason: str | None = None
    settles_at: int | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    balance_transaction: str | None = None
    failure_balance_transaction: str | None = None


@dataclass(slots=True, kw_only=True)
class Endpoint:
    """An address that wants events; secret signs what is sent there."""

    TABLE: ClassVar[str] = "webhook_endpoints"
    KIND: ClassVar[str] = "webhook_endpoint"

    id: str
    account: str
    created: int
    url: str
    secret: str
    enabled_events: list[str]
    status: str = "enabled"
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Event:
    """What happened to an object, with the object as it was then."""

    TABLE: ClassVar[str] = "events"
    KIND: ClassVar[str] = "event"

    id: str
    account: str
    created: int
    type: str
    object: dict[str, Any]
    request_id: str | None = None
    idempotency_key: str | None = None


R = TypeVar("R", PaymentMethod, Intent, Charge, Refund, Endpoint, Event, Line, Payout, Dispute, VoucherPayment)


def columns(kind: type[R]) -> sql.Composable:
    """The column list of a record, for a SELECT."""
    return sql.SQL(", ").join(sql.Identifier(each.name) for each in fields(kind))


def table(kind: type[R]) -> sql.Composable:
    """The qualified table of a record."""
    return sql.Identifier("sandbox", kind.TABLE)


def _values(record: R) -> list[Any]:
    raw = [getattr(record, each.name) for each in fields(record)]
    return [Jsonb(value) if isinstance(value, dict) else value for value in raw]


def insert(books: Books, record: R) -> None:
    """Write a new row."""
    kind = type(record)
    marks = sql.SQL(", ").join(sql.Placeholder() * len(fields(kind)))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(table(kind), columns(kind), marks)
    books.execute(statement, _values(record))


def save(books: Books, record: R) -> None:
    """Write back a row that was read for change."""
    kind = type(record)
    marks = sql.SQL(", ").join(sql.Placeholder() * len(fields(kind)))
    statement = sql.SQL("UPDATE {} SET ({}) = ROW({}) WHERE id = %s").format(table(kind), columns(kind), marks)
    books.execute(statement, [*_values(record), record.id])


def select(books: Books, kind: type[R], where: sql.Composable, values: list[Any]) -> list[R]:
    """Rows of one kind; `where` is everything after WHERE, ordering and locks included."""
    statement = sql.SQL("SELECT {} FROM {} WHERE {}").format(columns(kind), table(kind), where)
    with books.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(statement, values).fetchall()


def find(call: Call, kind: type[R], identifier: str, *, lock: bool = False, param: str = "id") -> R:
    """The account's row with this identifier, locked until the transaction ends when `lock`.

    Raises ApiError 404 `resource_missing`.
    """
    where = sql.SQL("id = %s AND account = %s" + (" FOR UPDATE" if lock else ""))
    rows = select(call.books, kind, where, [identifier, call.account])
    if not rows:
        raise missing(kind.KIND, identifier, param)
    return rows[0]
