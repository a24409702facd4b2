"""A cart recalculated: its quote, and the problems that stand in the way with their remedies. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.cart.model import Cart, CartLine, Offer, OptionSource, ShippingOption
from core.pricing.calculator import LineInput, Quote, calculate
from core.shared.errors import FieldProblem
from core.shared.ids import VariantId


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the cart cannot be paid as it is. `remedy` is the change that would repair it, None when there is none."""

    code: str
    line_id: str | None
    detail: str
    remedy: Mapping[str, Any] | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A cart as it stands now."""

    quote: Quote
    problems: tuple[Problem, ...]


def assess(cart: Cart, offers: Mapping[VariantId, Offer], *, prices_include_tax: bool, now: datetime) -> Assessment:
    """Recalculate `cart` with what `offers` say. Lines that are not for sale count with the price last seen."""
    inputs = [_input(line, offers.get(line.variant_id)) for line in cart.lines]
    option = cart.shipping_option
    quote = calculate(
        cart.currency,
        inputs,
        shipping=option.price if option else None,
        prices_include_tax=prices_include_tax,
    )
    problems = [p for line in cart.lines for p in _line_problems(line, offers.get(line.variant_id))]
    if option is not None and option.expires_at <= now:
        problems.append(_expired(option))
    return Assessment(quote, tuple(problems))


def _expired(option: ShippingOption) -> Problem:
    """The table's option is renewed by choosing it again; a carrier's price has to be asked for anew."""
    remedy = {"shipping_option": option.id} if option.source is OptionSource.TABLE else {"change": "shipping_option"}
    return Problem("shipping_option_expired", None, "The delivery price is too old; choose again.", remedy)


def _input(line: CartLine, offer: Offer | None) -> LineInput:
    price = offer.price if offer is not None and offer.price.currency == line.seen_price.currency else line.seen_price
    return LineInput(str(line.id), price, line.quantity, offer.tax_category if offer else "standard")


def _line_problems(line: CartLine, offer: Offer | None) -> list[Problem]:
    line_id = str(line.id)
    if offer is None or not offer.for_sale:
        return [Problem("variant_unavailable", line_id, "This is no longer for sale.", {"quantity": 0})]
    problems = []
    if offer.available is not None and offer.available < line.quantity:
        left = max(0, offer.available)
        detail = f"Only {left} left." if left else "Sold out."
        problems.append(Problem("insufficient_stock", line_id, detail, {"quantity": left}))
    if offer.price != line.seen_price:
        remedy = {"quantity": line.quantity}
        problems.append(Problem("price_changed", line_id, "The price changed since this was put in.", remedy))
    return problems


def weight_grams(cart: Cart, offers: Mapping[VariantId, Offer]) -> int:
    """What the lines that are shipped weigh together."""
    return sum(
        offer.weight_grams * line.quantity
        for line in cart.lines
        if (offer := offers.get(line.variant_id)) is not None and offer.requires_shipping
    )


def needs_delivery(cart: Cart, offers: Mapping[VariantId, Offer]) -> bool:
    """Whether anything in the cart has to be shipped."""
    return any(offer.requires_shipping for line in cart.lines if (offer := offers.get(line.variant_id)) is not None)


def missing(cart: Cart, offers: Mapping[VariantId, Offer]) -> list[FieldProblem]:
    """What a cart still needs before it can be paid, by field; empty when it is complete."""
    found = []
    if not cart.lines:
        found.append(FieldProblem("lines", "required", "The cart is empty."))
    for name in ("email", "name"):
        if not getattr(cart.contact, name):
            found.append(FieldProblem(f"contact.{name}", "required", "This is needed for the order."))
    if needs_delivery(cart, offers):
        if cart.shipping_address is None:
            found.append(FieldProblem("shipping_address", "required", "Where shall it go?"))
        if cart.shipping_option is None:
            found.append(FieldProblem("shipping_option", "required", "Choose how it is delivered."))
    return found
