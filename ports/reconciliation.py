"""Exceptions: the write side, and the workbench that staff work through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from core.ledger.chart import AccountCode
from core.reconciliation.actions import OpenAmount
from core.reconciliation.approvals import Approval, ApprovalState, Decision, Person
from core.reconciliation.candidates import CandidateFacts
from core.reconciliation.kinds import Origin, Severity
from core.reconciliation.model import ExceptionKind, ExceptionState, ReconciliationException
from core.shared.ids import ApprovalId, ExceptionId, OrderId, PaymentAccountId, PaymentId, StaffId
from core.shared.money import Money
from ports.paging import Page, PageRequest
from ports.payouts import PayoutLine


class ExceptionRepository(Protocol):
    """Exceptions of the bound store, with their history and the approvals that decisions need."""

    def raise_(self, exception: ReconciliationException) -> bool:
        """Keep an exception. False when there is one of the same kind and references: then nothing is written."""
        ...

    def of_fact(self, exception: ReconciliationException) -> ReconciliationException:
        """The one of the same kind and references that is kept, locked. Raises NotFound."""
        ...

    def open_of_payment(self, payment_id: PaymentId) -> Sequence[ReconciliationException]:
        """What the payment itself raised and is open, locked, oldest first."""
        ...

    def get(self, exception_id: ExceptionId, *, lock: bool = False) -> ReconciliationException:
        """Raises NotFound."""
        ...

    def save(self, exception: ReconciliationException) -> None:
        """Raises WriteConflict when the version is stale."""
        ...

    def note(self, exception_id: ExceptionId, kind: NoteKind, text: str = "") -> None:
        """Add a line to the exception's history, by whoever acts."""
        ...

    def acting(self) -> Person:
        """Who acts in this transaction; the platform has no id."""
        ...

    def approval_limit(self) -> int:
        """Above how many minor units a decision takes two people."""
        ...

    def open_on_clearing(self, exception: ReconciliationException) -> OpenAmount | None:
        """What is open on the ledger of that which the exception is about; None when nothing is."""
        ...

    def add_approval(self, approval: Approval) -> None:
        """Raises ApprovalPending while another one about the same exception waits."""
        ...

    def approval(self, approval_id: ApprovalId) -> Approval:
        """Locked. Raises NotFound."""
        ...

    def approval_for(self, exception_id: ExceptionId) -> Approval | None:
        """The one that is agreed to and not used yet, locked."""
        ...

    def save_approval(self, approval: Approval) -> None:
        """Raises WriteConflict when the version is stale."""
        ...


class NoteKind(StrEnum):
    """Lines of an exception's history. `opened`, `restated`, `reopened` and `closed` are the comparison's own."""

    OPENED = "opened"
    RESTATED = "restated"
    CLOSED = "closed"
    COMMENT = "comment"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    WRITTEN_OFF = "written_off"
    REFUNDED = "refunded"
    APPROVAL_ASKED = "approval_asked"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ExceptionRow:
    """An exception in a list or on its page. `amount` is the value at risk. `details` hold `expected` and `captured`
    (minor units) where two figures are compared. `approval` is that of a decision asked for and not carried out."""

    id: ExceptionId
    kind: ExceptionKind
    state: ExceptionState
    left_reference: str
    right_reference: str
    amount: Money
    payment_id: PaymentId | None
    order_id: OrderId | None
    order_number: int | None
    details: Mapping[str, Any]
    opened_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    version: int
    severity: Severity = Severity.NORMAL
    origin: Origin = Origin.PAYMENTS
    resolved_by: str | None = None
    owner_id: StaffId | None = None
    owner_name: str | None = None
    account_id: PaymentAccountId | None = None
    account_name: str | None = None
    approval: ApprovalState | None = None


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What happened to an exception: `by` is a person's name or the job's."""

    kind: NoteKind
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A decision that takes two people. `account` is where a write-off goes, `reason` what was given for it."""

    id: ApprovalId
    decision: Decision
    amount: Money
    state: ApprovalState
    asked_by: str
    asked_by_id: StaffId | None
    asked_at: datetime
    account: AccountCode | None
    reason: str
    note: str
    decided_by: str | None
    decided_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class ApprovalEntry:
    """An approval in the list of all, with the exception that it is about."""

    approval: ApprovalRow
    exception_id: ExceptionId
    kind: ExceptionKind
    order_number: int | None


@dataclass(frozen=True, slots=True)
class PaymentSide:
    """Our side of an exception: the payment as we know it. `expected_fee` is the contract's, None without one."""

    payment_id: PaymentId
    order_id: OrderId | None
    order_number: int | None
    order_status: str | None
    customer: str | None
    method: str
    state: str
    amount: Money
    captured: Money
    refunded: Money
    expected_fee: Money | None
    reference: str | None
    created_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundSide:
    """Our side of an exception about a refund."""

    operation_id: UUID
    amount: Money
    state: str
    reference: str | None
    requested_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeSide:
    """A dispute as the provider tells it."""

    reference: str
    amount: Money
    status: str
    reason: str
    opened_at: datetime
    evidence_due_at: datetime | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class PayoutSide:
    """The payout that an exception is about."""

    id: UUID
    reference: str
    amount: Money
    status: str
    arrival_on: date
    lines_net: Money


@dataclass(frozen=True, slots=True)
class ExceptionDetail:
    """One exception with both sides: what our books have, and the provider's lines; `open` is what is open of it on the
    ledger, debit positive. `needs_approval`: the value is above the store's limit, `limit`."""

    row: ExceptionRow
    payment: PaymentSide | None
    refund: RefundSide | None
    dispute: DisputeSide | None
    payout: PayoutSide | None
    lines: Sequence[PayoutLine]
    history: Sequence[HistoryLine]
    approvals: Sequence[ApprovalRow]
    open: OpenAmount | None
    limit: Money
    needs_approval: bool


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Open exceptions by age in whole days, from `days_from` up to, but not with, `days_to` (None: no end)."""

    days_from: int
    days_to: int | None
    exceptions: int
    amount: Money


@dataclass(frozen=True, slots=True)
class BenchSummary:
    """What the workbench says above the list: how many wait, by tab; value at risk by age; what was closed in the last
    seven days, and how much of it by nobody."""

    open: int
    mine: int
    to_approve: int
    at_risk: Sequence[AtRisk]
    closed: int
    closed_by_nobody: int


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    """`owner` None asks for all. `to_approve`: with a decision that waits for somebody to agree. Opened from `since` on
    and before `before`."""

    state: ExceptionState | None = ExceptionState.OPEN
    owner: StaffId | None = None
    to_approve: bool = False
    kinds: frozenset[ExceptionKind] = field(default_factory=frozenset)
    since: datetime | None = None
    before: datetime | None = None


class ExceptionQueries(Protocol):
    def list(self, filter_: ExceptionFilter, page: PageRequest) -> Page[ExceptionRow]:
        """By value at risk, highest first; resolved ones and all of them newest first. By keyset."""
        ...

    def get(self, exception_id: ExceptionId) -> ExceptionRow:
        """Raises NotFound."""
        ...

    def detail(self, exception_id: ExceptionId) -> ExceptionDetail:
        """Raises NotFound."""
        ...

    def approvals(self, waiting: bool, page: PageRequest) -> Page[ApprovalEntry]:
        """Decisions that take two people: those that wait for somebody, or those that were decided; newest first, by
        keyset."""
        ...

    def candidates(self, exception_id: ExceptionId, limit: int) -> Sequence[CandidateFacts]:
        """Payments of the account and about the amount or the time of what is missing internally. Unscored."""
        ...

    def summary(self, now: datetime, me: StaffId | None) -> BenchSummary: ...
