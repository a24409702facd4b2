"""Approvals: above a limit a decision takes two people, who ask and agree apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.reconciliation.errors import OwnApproval
from core.shared.ids import ApprovalId, ExceptionId, StaffId
from core.shared.money import Money
from core.shared.state_machine import Lifecycle


class ApprovalState(StrEnum):
    """`used`: what was agreed to was done; an approval serves once."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    USED = "used"


class Decision(StrEnum):
    """What somebody wants to do about an exception."""

    RESOLVE = "resolve"
    WRITE_OFF = "write_off"
    REFUND = "refund"


APPROVAL_LIFECYCLE = Lifecycle(
    "approval",
    ApprovalState,
    {ApprovalState.ASKED},
    {
        (ApprovalState.ASKED, "approve"): ApprovalState.APPROVED,
        (ApprovalState.ASKED, "refuse"): ApprovalState.REFUSED,
        (ApprovalState.APPROVED, "use"): ApprovalState.USED,
    },
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: a member of staff, or the platform itself, which has no id."""

    id: StaffId | None
    label: str


@dataclass(slots=True)
class Approval:
    """`decision` about `exception_id`, asked for by one person and decided by another.

    `details` are what the decision needs to be carried out (account, reason). `amount` is what was agreed to: when the
    exception comes to another one, the approval does not cover it.
    """

    id: ApprovalId
    exception_id: ExceptionId
    decision: Decision
    amount: Money
    asked_by: Person
    asked_at: datetime
    details: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    state: ApprovalState = ApprovalState.ASKED
    decided_by: Person | None = None
    decided_at: datetime | None = None
    answer: str = ""
    version: int = 0

    def decide(self, approves: bool, by: Person, at: datetime, answer: str = "") -> None:
        """Agree or refuse. Raises OwnApproval for who asked, TransitionRefused when it is decided already."""
        state = APPROVAL_LIFECYCLE.after(self.state, "approve" if approves else "refuse")
        if by.id is None or by.id == self.asked_by.id:
            raise OwnApproval()
        self.state, self.decided_by, self.decided_at, self.answer = state, by, at, answer.strip()

    def use(self) -> None:
        """What was agreed to is being done. Raises TransitionRefused unless it is approved and unused."""
        self.state = APPROVAL_LIFECYCLE.after(self.state, "use")

    def covers(self, decision: Decision, amount: Money) -> bool:
        """Whether it allows `decision` about `amount` now."""
        return self.state is ApprovalState.APPROVED and self.decision is decision and self.amount == amount
