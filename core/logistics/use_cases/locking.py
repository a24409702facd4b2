"""The order in which rows are locked: order, fulfilment, shipment, stock. Here as everywhere, so that nobody waits in
a circle."""

from __future__ import annotations

from core.logistics.model import Fulfilment
from core.logistics.shipment import Shipment
from core.orders.model import Order
from core.shared.ids import FulfilmentId, ParcelId, ShipmentId
from ports.unit_of_work import Transaction


def lock_fulfilment(tx: Transaction, fulfilment_id: FulfilmentId) -> tuple[Order, Fulfilment]:
    """A fulfilment, locked, after its order. Raises NotFound."""
    order = tx.orders.get(tx.fulfilments.get(fulfilment_id).order_id, lock=True)
    return order, tx.fulfilments.get(fulfilment_id, lock=True)


def lock_parcel(tx: Transaction, parcel_id: ParcelId) -> Fulfilment:
    """The fulfilment of a parcel, locked, after its order. Raises NotFound."""
    return lock_fulfilment(tx, tx.fulfilments.of_parcel(parcel_id).id)[1]


def lock_shipment(tx: Transaction, shipment_id: ShipmentId) -> tuple[Fulfilment, Shipment]:
    """A shipment, locked, after its order and its fulfilment. Raises NotFound."""
    _, fulfilment = lock_fulfilment(tx, tx.shipments.get(shipment_id).fulfilment_id)
    return fulfilment, tx.shipments.get(shipment_id, lock=True)
