"""Write down what a provider takes by contract, so that fees can be compared with it."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import PaymentAccountId
from core.shared.permission import permission
from ports.settlement_books import FeeContract
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SetFeeContract:
    """The same method, currency and day again corrects it."""

    account_id: PaymentAccountId
    contract: FeeContract


@permission("reconciliation.contract.edit")
def set_fee_contract(cmd: SetFeeContract, /, *, uow: UnitOfWork) -> None:
    """Raises NotFound, Invalid for a negative fee."""
    if cmd.contract.basis_points < 0 or cmd.contract.fixed_minor < 0:
        raise Invalid("A fee is not negative.", problems=(FieldProblem("contract", "negative", "Zero or more."),))
    with uow() as tx:
        account = tx.payments.account(cmd.account_id)
        tx.settlements.put_contract(account.id, cmd.contract)
