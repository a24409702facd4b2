"""Recompute the books and every seal: find what was changed behind the application's back."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.permission import permission
from ports.ledger import Audit
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Verify:
    pass


@permission("ledger.entry.read", activity=False)
def verify(cmd: Verify, /, *, uow: UnitOfWork) -> Audit:
    """What was recomputed, and everything that is not as it was written. Changes nothing."""
    with uow() as tx:
        return tx.ledger_audit.verify()
