"""Say above which amount a decision about an exception takes two people."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.errors import FieldProblem, Invalid
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SetApprovalLimit:
    """`minor`: minor units of whichever currency the exception is in."""

    minor: int


@permission("reconciliation.contract.edit")
def set_approval_limit(cmd: SetApprovalLimit, /, *, uow: UnitOfWork) -> None:
    """Raises Invalid for less than zero."""
    if cmd.minor < 0:
        raise Invalid("A limit is not negative.", problems=(FieldProblem("minor", "negative", "Zero or more."),))
    with uow() as tx:
        tx.settlements.set_approval_limit(cmd.minor)
