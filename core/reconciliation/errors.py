"""What reconciliation refuses."""

from __future__ import annotations

from core.shared.errors import Conflict, Rejected, Unavailable


class ApprovalNeeded(Rejected):
    """Somebody else has to agree first: the amount is above the store's limit."""

    code = "approval_needed"


class OwnApproval(Rejected):
    """Nobody approves what they asked for themselves."""

    code = "own_approval"


class ApprovalPending(Conflict):
    """Somebody has asked for approval already."""

    code = "approval_pending"


class NothingOpen(Rejected):
    """Nothing is open on the account that this exception is about, so nothing can be written off."""

    code = "nothing_open"


class NotDecidedSo(Rejected):
    """An exception of this kind is not decided in this way."""

    code = "not_decided_so"


class ChangedSince(Conflict):
    """It was changed since the person who decides looked at it."""

    code = "changed_since"


class NoSettlements(Rejected):
    """The account's provider tells nothing of settlements."""

    code = "no_settlements"


class SourceFailed(Unavailable):
    """The provider did not answer; nothing was compared."""

    code = "settlement_source_failed"
