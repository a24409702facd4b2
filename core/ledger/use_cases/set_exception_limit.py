"""Say from which amount on an open exception keeps a day from being closed."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.errors import FieldProblem, Invalid
from core.shared.money import Money
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SetExceptionLimit:
    """Exceptions of at most `limit`, in the store's currency, may stay open when a day is closed."""

    limit: Money


@permission("ledger.day.close")
def set_exception_limit(cmd: SetExceptionLimit, /, *, uow: UnitOfWork) -> None:
    """Raises Invalid for a negative amount or another currency."""
    with uow() as tx:
        if cmd.limit.minor < 0 or cmd.limit.currency != tx.stores.current().currency:
            problem = FieldProblem("limit", "invalid", "An amount in the store's currency, not negative.")
            raise Invalid("This is no limit.", problems=(problem,))
        tx.ledger_days.set_limit(cmd.limit.minor)
