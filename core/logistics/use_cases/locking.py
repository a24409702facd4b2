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
    order_id, fulfilment_id = tx.fulfilments.place_of(parcel_id)
    tx.orders.lock(order_id)
    return tx.fulfilments.get(fulfilment_id, lock=True)


def lock_shipment(tx: Transaction, shipment_id: ShipmentId) -> tuple[Fulfilment, Shipment]:
    """A shipment, locked, after its order and its fulfilment. Raises NotFound."""
    shipment = tx.shipments.get(shipment_id)
    tx.orders.lock(shipment.order_id)
    return tx.fulfilments.get(shipment.fulfilment_id, lock=True), tx.shipments.get(shipment_id, lock=True)
