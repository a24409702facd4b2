"""Connect a store to a payment provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.payments.errors import MethodUnavailable
from core.shared.errors import Rejected
from core.shared.ids import PaymentAccountId
from core.shared.permission import permission
from ports.clock import Clock
from ports.ids import Ids
from ports.payments import PaymentAccount, PaymentGateways
from ports.unit_of_work import UnitOfWork


class AccountIncomplete(Rejected):
    """An account at a payment provider can't be made of these settings."""

    code = "payment_account_incomplete"


@dataclass(frozen=True, slots=True)
class AddAccount:
    """`config` holds the provider's credentials; they are sealed before they are stored."""

    provider: str
    name: str
    methods: tuple[str, ...]
    config: Mapping[str, str] = field(repr=False)
    position: int = 0
    account_id: PaymentAccountId | None = None


@permission("payments.account.create")
def add_account(
    cmd: AddAccount, /, *, uow: UnitOfWork, gateways: PaymentGateways, clock: Clock, ids: Ids
) -> PaymentAccountId:
    """Raises MethodUnavailable for a method that the provider does not have, AccountIncomplete for settings that lack
    a key or hold a wrong one, Unavailable for an unknown provider."""
    offered = gateways.capabilities(cmd.provider).methods
    if unknown := [method for method in cmd.methods if method not in offered]:
        raise MethodUnavailable(f"{cmd.provider} does not offer {', '.join(unknown)}.")
    if problems := gateways.problems(cmd.provider, cmd.config):
        raise AccountIncomplete("; ".join(problem.message for problem in problems), problems=tuple(problems))
    account_id = cmd.account_id or PaymentAccountId(ids.new())
    account = PaymentAccount(account_id, cmd.provider, cmd.name, gateways.seal(cmd.config), cmd.methods)
    with uow() as tx:
        tx.payments.add_account(account, clock.now(), cmd.position)
    return account_id
