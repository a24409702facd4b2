"""Connect a store to a carrier or to an aggregator of carriers, and switch the account on or off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.shared.errors import FieldProblem, Invalid
from core.shared.ids import CarrierAccountId
from core.shared.permission import permission
from ports.carriers import CarrierAccount, Carriers
from ports.clock import Clock
from ports.ids import Ids
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class AddCarrierAccount:
    """`config` holds the credentials; they are sealed before they are stored. The limits bound what tracking asks."""

    carrier: str
    name: str
    config: Mapping[str, str] = field(repr=False, default_factory=dict)
    position: int = 0
    requests_per_second: int = 5
    burst: int = 10
    requests_per_day: int = 10_000
    account_id: CarrierAccountId | None = None


@permission("logistics.account.manage")
def add_carrier_account(
    cmd: AddCarrierAccount, /, *, uow: UnitOfWork, carriers: Carriers, clock: Clock, ids: Ids
) -> CarrierAccountId:
    """Raises Unavailable for a carrier that is not installed, Invalid for settings that lack something, without a name
    or for limits of nothing."""
    problems = list(carriers.problems(cmd.carrier, cmd.config))
    limits = ("requests_per_second", "burst", "requests_per_day")
    problems += [FieldProblem(name, "out_of_range", "At least 1.") for name in limits if getattr(cmd, name) < 1]
    if not cmd.name.strip():
        problems.append(FieldProblem("name", "required", "Give the account a name."))
    if problems:
        raise Invalid("The account is not complete.", problems=tuple(problems))
    account = CarrierAccount(
        id=cmd.account_id or CarrierAccountId(ids.new()),
        carrier=cmd.carrier,
        name=cmd.name.strip(),
        config=carriers.seal(cmd.config),
        requests_per_second=cmd.requests_per_second,
        burst=cmd.burst,
        requests_per_day=cmd.requests_per_day,
    )
    with uow() as tx:
        tx.carrier_accounts.add(account, clock.now(), cmd.position)
    return account.id


@dataclass(frozen=True, slots=True)
class SwitchCarrierAccount:
    account_id: CarrierAccountId
    enabled: bool


@permission("logistics.account.manage")
def switch_carrier_account(cmd: SwitchCarrierAccount, /, *, uow: UnitOfWork) -> None:
    """An account that is off offers no rates, is asked nothing and its webhooks are not heard. Raises NotFound."""
    with uow() as tx:
        tx.carrier_accounts.set_enabled(cmd.account_id, cmd.enabled)
