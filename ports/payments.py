"""Payments: what is kept, and what a provider can be asked.

Everything about providers is one small required interface plus capabilities; no provider is named anywhere in core.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from core.payments.lifecycle import Outcome
from core.payments.model import Payment
from core.payments.sessions import PaymentSession
from core.shared.address import Address
from core.shared.errors import FieldProblem
from core.shared.ids import CartId, OrderId, PaymentAccountId, PaymentId
from core.shared.money import Money
from ports.payment_page import EmbeddedForm, Redirect
from ports.settlements import SettlementSource


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can do; asking for more is refused with NotSupported, never guessed.

    `methods` maps a method (`card`, `pix`, `boleto`, `bank_transfer`, `cash_on_delivery`) to whether its money is
    awaited: an order may be placed before the money came. `manual_capture` are the methods that can be authorised
    first, `confirmed_by_hand` those whose money staff see come in and record as captured, `not_refundable` those whose
    money the provider can't give back. `settlements`: it tells of the money it holds and pays out.
    """

    methods: Mapping[str, bool]
    manual_capture: frozenset[str] = frozenset()
    confirmed_by_hand: frozenset[str] = frozenset()
    partial_capture: bool = False
    refunds: bool = False
    webhooks: bool = False
    page: bool = False
    settlements: bool = False
    not_refundable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PaymentAccount:
    """A merchant's account at a provider. `config` is encrypted; only the provider's adapter reads it."""

    id: PaymentAccountId
    provider: str
    name: str
    config: bytes = field(repr=False)
    methods: tuple[str, ...] = ()
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """What a provider is told when a payment session opens. `key` makes repeats one effect.

    `expires_at` is when the shop stops waiting (business time, UTC), None for never. `due_days` is for how many
    calendar days from today on a boleto can be paid, `address` the payer's, which banks register with it. `repeated`:
    it was asked for before, and providers forget keys in the end, so what that made is looked for first.
    """

    key: str
    payment_id: PaymentId
    amount: Money
    method: str
    capture_at_once: bool
    description: str
    email: str
    name: str
    tax_id: str | None
    return_url: str
    expires_at: datetime | None
    locale: str
    repeated: bool = False
    due_days: int | None = None
    address: Address | None = None


class TenderStatus(StrEnum):
    """The provider's view of a tender. `needs_shopper`: the shopper has not acted, or may try again."""

    NEEDS_SHOPPER = "needs_shopper"
    PENDING = "pending"
    AWAITING = "awaiting"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class RefundSeen:
    """A refund as the provider tells it. `key` is ours where the provider kept it."""

    reference: str
    amount: Money
    outcome: Outcome
    key: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """The state of one payment at its provider: facts, never wishes.

    `captured` and `authorised` are totals so far, refunds not taken off. `payment_id` is ours as the provider echoes
    it. `details` are for people (brand, last4, three_d_secure). `next_action` is what the shopper has to do.
    """

    reference: str
    status: TenderStatus
    amount: Money
    authorised: Money
    captured: Money
    refunds: tuple[RefundSeen, ...] = ()
    payment_id: PaymentId | None = None
    decline_code: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    next_action: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How a request to a provider ended. UNKNOWN is a time-out or a server error: it may have happened.

    `tender` is the provider's state afterwards where it told it, `code` the provider's word for a refusal. `absent`:
    by the provider's own documented word there is no such tender; no other refusal proves that.
    """

    outcome: Outcome
    reference: str | None = None
    tender: Tender | None = None
    code: str | None = None
    retry_after: int | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class WebhookNotice:
    """A verified webhook: which event, and which tender it is about. What it claims is not believed; the tender
    is read again. `settlement`: it tells that money is paid out or disputed, so settlements are read again too."""

    external_id: str
    kind: str
    reference: str | None
    payment_id: PaymentId | None = None
    settlement: bool = False


class NotSupported(Exception):
    """The provider's capabilities do not include this: a bug of the caller."""


class WebhookRejected(Exception):
    """The webhook's signature or form is wrong."""


class PaymentGateway(Protocol):
    """One merchant's account at one provider. No method may be called inside a transaction.

    None of them raises for what the provider answers: declines and time-outs are values.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    def open(self, request: OpenRequest) -> Answer:
        """Open a tender. The same key again gives the same tender, and so does a repeat after the provider forgot
        the key. SUCCEEDED carries the tender, whose `next_action` says what the shopper does; DECLINED means that
        the provider refuses to open one, `absent` that there is none of an earlier request either."""
        ...

    def look_up(self, reference: str) -> Answer:
        """The tender as it is now: SUCCEEDED with the tender, DECLINED and `absent` when there is none, or UNKNOWN."""
        ...

    def capture(self, reference: str, amount: Money, key: str) -> Answer:
        """Take `amount` of what is authorised; the rest is let go."""
        ...

    def cancel(self, reference: str, key: str) -> Answer:
        """Cancel a tender that has no captured money. DECLINED with the tender when it is too late."""
        ...

    def refund(self, reference: str, amount: Money, key: str) -> Answer:
        """Give `amount` back. `reference` in the answer is the refund's; PENDING when the provider still works
        on it. DECLINED when it refuses (more than is left)."""
        ...

    def page(self, reference: str, return_url: str) -> Redirect | EmbeddedForm | None:
        """How the shopper pays the tender, to come back to `return_url`; None when it waits for no shopper any more.
        Raises NotSupported where nothing is paid online, and Unavailable when the provider does not answer."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice:
        """Verify and read a webhook; `now` is wall time. Raises WebhookRejected."""
        ...


class PaymentGateways(Protocol):
    """The gateways of all accounts."""

    def of(self, account: PaymentAccount) -> PaymentGateway:
        """The gateway of `account`. Raises Unavailable when no such provider is installed."""
        ...

    def settlements(self, account: PaymentAccount) -> SettlementSource | None:
        """What `account` tells of the money held and paid out; None when its provider's capabilities have no
        settlements. Raises Unavailable when no such provider is installed."""
        ...

    def capabilities(self, provider: str) -> Capabilities:
        """What `provider` can do, without an account."""
        ...

    def problems(self, provider: str, config: Mapping[str, str]) -> Sequence[FieldProblem]:
        """What is missing or wrong in the settings of an account of `provider`, as far as can be told without
        asking it; fields are named `config.<setting>`. Raises Unavailable for an unknown provider."""
        ...

    def seal(self, config: Mapping[str, str]) -> bytes:
        """`config` encrypted, as an account keeps it."""
        ...


class PaymentRepository(Protocol):
    """Accounts, sessions, payments and webhooks of the bound store."""

    def add_account(self, account: PaymentAccount, created_at: datetime, position: int) -> None: ...

    def account(self, account_id: PaymentAccountId) -> PaymentAccount:
        """Raises NotFound."""
        ...

    def account_for(self, method: str) -> PaymentAccount | None:
        """The first enabled account that takes `method`."""
        ...

    def get(self, payment_id: PaymentId, *, lock: bool = False) -> Payment:
        """A payment with its operations. Raises NotFound."""
        ...

    def of_order(self, order_id: OrderId, *, lock: bool = False) -> Sequence[Payment]:
        """The order's payments, oldest first."""
        ...

    def find(self, payment_id: PaymentId) -> PaymentId | None:
        """The id itself when the store has such a payment: a provider's echo is not believed."""
        ...

    def by_reference(self, account_id: PaymentAccountId, reference: str) -> PaymentId | None: ...

    def add(self, payment: Payment) -> None: ...

    def save(self, payment: Payment) -> None:
        """Save state, amounts and operations. Raises WriteConflict, and OverRefund when live refund requests would
        exceed what was captured."""
        ...

    def session(self, session_id: UUID, *, lock: bool = False) -> PaymentSession:
        """Raises NotFound."""
        ...

    def session_of_cart(self, cart_id: CartId) -> PaymentSession | None:
        """The cart's live or completed session, if it has one; the latest."""
        ...

    def session_of_token(self, token_hash: bytes) -> PaymentSession | None:
        """The same, of the cart with that token. Raises CartNotFound."""
        ...

    def add_session(self, session: PaymentSession) -> None:
        """Raises PaymentInProgress when the cart has a live session already."""
        ...

    def save_session(self, session: PaymentSession) -> None: ...

    def receive_webhook(
        self, webhook_id: UUID, account: PaymentAccount, notice: WebhookNotice, body: bytes, at: datetime
    ) -> bool:
        """Store a verified webhook. False when it was received before."""
        ...

    def webhook_processed(self, webhook_id: UUID, at: datetime) -> None: ...
