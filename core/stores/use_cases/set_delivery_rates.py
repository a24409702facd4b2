"""Set a store's delivery table."""

from __future__ import annotations

from dataclasses import dataclass

from core.shared.permission import permission
from core.stores.model import DeliveryRate
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SetDeliveryRates:
    """The whole table, in the order in which options are offered."""

    rates: tuple[DeliveryRate, ...]


@permission("stores.store.create")
def set_delivery_rates(cmd: SetDeliveryRates, /, *, uow: UnitOfWork) -> None:
    """Put the table in place of the old one."""
    with uow() as tx:
        tx.stores.replace_delivery_rates(cmd.rates)
