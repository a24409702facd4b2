"""Say whether carriers' prices are offered at the checkout, and what a parcel measures before it is packed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.logistics.packing import measures_of
from core.shared.permission import permission
from ports.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class OfferCarrierRates:
    """`offered`: carriers' prices stand beside the delivery table. `box`: length, width and height in mm of the parcel
    that carriers are asked about; None leaves it as it is."""

    offered: bool
    box: tuple[int, int, int] | None = None


@permission("logistics.account.manage")
def offer_carrier_rates(cmd: OfferCarrierRates, /, *, uow: UnitOfWork) -> None:
    """Raises Invalid for a box that can't be one."""
    if cmd.box is not None:
        measures_of(1, cmd.box)  # refuses what no parcel measures
    with uow() as tx:
        store = tx.stores.current()
        tx.stores.save(replace(store, carrier_rates=cmd.offered, box=cmd.box or store.box))
