"""What a payment session freezes: the cart as it was quoted, as one document. An order is made from it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from core.cart.assessment import Assessment
from core.cart.model import Cart, CartLine, Offer
from core.orders.model import Order, OrderLine
from core.pricing.calculator import Quote, explanation
from core.shared.ids import CartId, LineId, OrderId, ProductId, ShopperId, VariantId
from core.shared.money import Money


def freeze(cart: Cart, offers: Mapping[VariantId, Offer], assessment: Assessment) -> dict[str, Any]:
    """The cart and its quote as JSON values; money in minor units of `currency`."""
    quote = assessment.quote
    return {
        "currency": quote.currency,
        "items": quote.items.minor,
        "discount": quote.discount.minor,
        "shipping": quote.shipping.minor,
        "tax": quote.tax.minor,
        "tax_included": quote.tax_included,
        "total": quote.total.minor,
        "contact": asdict(cart.contact),
        "shipping_address": asdict(cart.shipping_address) if cart.shipping_address else None,
        "billing_address": asdict(cart.billing_address) if cart.billing_address else None,
        "shipping_option": _option(cart),
        "shopper_id": str(cart.shopper_id) if cart.shopper_id else None,
        "locale": cart.locale,
        "lines": [_line(line, offers[line.variant_id], quote) for line in cart.lines],
    }


def _option(cart: Cart) -> dict[str, Any] | None:
    option = cart.shipping_option
    if option is None:
        return None
    chosen: dict[str, Any] = {
        "id": option.id,
        "name": option.name,
        "price": option.price.minor,
        "days": list(option.days or ()),
        "source": option.source.value,
        "estimated": option.estimated,
    }
    if (offer := option.offer) is not None:  # what was charged is compared with what the postage costs in the end
        chosen |= {
            "account_id": str(offer.account_id),
            "carrier": offer.carrier,
            "service": offer.service,
            "rate_id": offer.rate_id,
            "shipment_reference": offer.shipment_reference,
        }
    return chosen


def _line(line: CartLine, offer: Offer, quote: Quote) -> dict[str, Any]:
    priced = quote.line(str(line.id))
    return {
        "id": str(line.id),
        "product_id": str(offer.product_id),
        "variant_id": str(offer.variant_id),
        "sku": offer.sku,
        "title": offer.title,
        "options": dict(offer.options),
        "image": offer.image,
        "quantity": line.quantity,
        "unit": priced.unit.minor,
        "discount": priced.discount.minor,
        "tax": priced.tax.minor,
        "total": priced.total.minor,
        "weight_grams": offer.weight_grams,
        "requires_shipping": offer.requires_shipping,
        "explanation": explanation(priced),
    }


def thaw(order_id: OrderId, cart_id: CartId, frozen: Mapping[str, Any], placed_at: datetime) -> Order:
    """The order that a frozen cart becomes."""
    currency = frozen["currency"]

    def money(value: int) -> Money:
        return Money(value, currency)

    shopper_id = frozen["shopper_id"]
    return Order(
        id=order_id,
        cart_id=cart_id,
        currency=currency,
        items=money(frozen["items"]),
        discount=money(frozen["discount"]),
        shipping=money(frozen["shipping"]),
        tax=money(frozen["tax"]),
        total=money(frozen["total"]),
        contact=frozen["contact"],
        shipping_address=frozen["shipping_address"],
        billing_address=frozen["billing_address"],
        shipping_option=frozen["shipping_option"],
        quote={"tax_included": frozen["tax_included"]},
        lines=[
            OrderLine(
                id=LineId(UUID(line["id"])),
                position=position,
                product_id=ProductId(UUID(line["product_id"])),
                variant_id=VariantId(UUID(line["variant_id"])),
                sku=line["sku"],
                title=line["title"],
                options=line["options"],
                image=line["image"],
                quantity=line["quantity"],
                unit=money(line["unit"]),
                discount=money(line["discount"]),
                tax=money(line["tax"]),
                total=money(line["total"]),
                weight_grams=line["weight_grams"],
                requires_shipping=line["requires_shipping"],
                explanation=line["explanation"],
            )
            for position, line in enumerate(frozen["lines"], start=1)
        ],
        locale=frozen["locale"],
        placed_at=placed_at,
        shopper_id=ShopperId(UUID(shopper_id)) if shopper_id else None,
    )
