"""Deeds of those who pack, and of the carrier."""

from __future__ import annotations

from uuid import UUID

from core.aftersales.use_cases.ship_fulfilment import ShipFulfilment, ship_fulfilment
from core.identity.roles import Role
from core.logistics.model import Measures
from core.logistics.use_cases.plan_fulfilment import PlanFulfilment, plan_fulfilment
from core.logistics.use_cases.purchase_label import PurchaseLabel, purchase_label
from core.logistics.use_cases.quote_rates import QuoteRates, quote_rates
from core.logistics.use_cases.reverse_fulfilment import ReverseFulfilment, reverse_fulfilment
from core.logistics.use_cases.void_label import SettleVoid, VoidLabel, settle_void, void_label
from core.shared.ids import FulfilmentId, LineId, OrderId, ShipmentId
from tests.money.model import Sale
from tests.money.story import Story

BOX = Measures(900, 220, 200, 140)


def _left(sale: Sale) -> dict[str, int]:
    return {line.id: line.quantity - line.away - line.called_off for line in sale.lines.values()
            if line.quantity > line.away + line.called_off}  # fmt: skip


def _plan(story: Story) -> tuple[Sale, FulfilmentId, dict[str, int]] | None:
    """Some or all of what is left of an order."""
    sale = story.some(lambda sale: not sale.cancelled and not sale.planned and _left(sale))
    if sale is None:
        return None
    pieces = _left(sale)
    if story.chance.random() < 0.6:
        pieces = {line: story.chance.randint(1, count) for line, count in pieces.items()}
        pieces = dict(story.chance.sample(sorted(pieces.items()), story.chance.randint(1, len(pieces))))
    shop = story.stage.shop
    command = PlanFulfilment(OrderId(UUID(sale.order)), {LineId(UUID(k)): n for k, n in pieces.items()}, (BOX,))
    planned = shop.run(plan_fulfilment, command, shop.as_(Role.SUPPORT))
    sale.planned = True
    return sale, planned, pieces


def _buy(story: Story, fulfilment: FulfilmentId) -> str:
    """Postage for its parcel; the shipment's id."""
    shop = story.stage.shop
    offers = shop.run(quote_rates, QuoteRates(fulfilment), shop.as_(Role.SUPPORT)).quotes
    offer = story.chance.choice(sorted(offers, key=lambda quote: (quote.price.minor, quote.service)))
    bought = shop.run(purchase_label, PurchaseLabel(offer.id, story.key()), shop.as_(Role.SUPPORT))
    assert bought.state == "purchased", bought
    story.world.postage[str(bought.shipment_id)] = offer.price.minor
    return str(bought.shipment_id)


def _back(story: Story, shipment: str) -> None:
    """The carrier gives postage back that was asked for."""
    stage = story.stage
    reference = stage.one("SELECT shipment_reference AS r FROM shipments WHERE id = :s", s=shipment)["r"]
    stage.shop.run(settle_void, SettleVoid(ShipmentId(UUID(shipment))))
    stage.carrier.settle_refund(reference)
    assert stage.shop.run(settle_void, SettleVoid(ShipmentId(UUID(shipment)))) == "voided"
    del story.world.postage[shipment]


def fulfil(story: Story) -> str | None:
    """Goods leave, every other parcel under bought postage."""
    planned = _plan(story)
    if planned is None:
        return None
    sale, fulfilment, pieces = planned
    label = _buy(story, fulfilment) if story.chance.random() < 0.5 else None
    shop = story.stage.shop
    shop.run(ship_fulfilment, ShipFulfilment(fulfilment), shop.as_(Role.SUPPORT))
    sale.leave(str(fulfilment), pieces, label)
    return f"{pieces} of {sale.order}"


def label(story: Story) -> str | None:
    """Postage is bought and given back before anything left; the goods then leave without it."""
    planned = _plan(story)
    if planned is None:
        return None
    sale, fulfilment, pieces = planned
    shipment, shop = _buy(story, fulfilment), story.stage.shop
    shop.run(void_label, VoidLabel(ShipmentId(UUID(shipment))), shop.as_(Role.SUPPORT))
    _back(story, shipment)
    shop.run(ship_fulfilment, ShipFulfilment(fulfilment), shop.as_(Role.SUPPORT))
    sale.leave(str(fulfilment), pieces, None)
    return f"bought and given back for {sale.order}"


def reverse(story: Story) -> str | None:
    """Goods had not left after all; their postage is given back."""
    sale = story.some(lambda sale: sale.parcels)
    if sale is None:
        return None
    fulfilment = story.chance.choice(sorted(sale.parcels))
    shop = story.stage.shop
    shop.run(reverse_fulfilment, ReverseFulfilment(FulfilmentId(UUID(fulfilment))), shop.as_(Role.SUPPORT))
    shipment = sale.come_back(fulfilment)
    if shipment is not None:
        _back(story, shipment)
    return f"{fulfilment} of {sale.order}"
