"""Carts on the wire."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import marshmallow as ma

from core.cart.assessment import needs_delivery
from core.cart.model import MAX_QUANTITY, CartLine, Offer, OptionSource, ShippingOption
from core.cart.queries import CartView
from core.payments.lifecycle import PaymentState
from core.payments.sessions import SessionState
from core.pricing.calculator import Quote
from core.shared.money import Money
from ports.cart import SessionGlance
from web.schemas.address import AddressSchema, address
from web.schemas.checkout import PaymentSessionSchema, session_body
from web.schemas.instants import instant
from web.schemas.money import MoneySchema, money
from web.schemas.shape import Shape, Text, Whole


class CreateCartSchema(Shape):
    """Nothing: the store says the currency, the key's language is the cart's."""


class ContactSchema(Shape):
    """A merge patch: what is left out stays, null empties."""

    email = Text(allow_none=True, most=254)
    name = Text(allow_none=True, most=255)
    phone = Text(allow_none=True, most=40)
    tax_id = Text(allow_none=True, most=20, metadata={"description": "CPF or CNPJ, with or without punctuation."})


class ChangeCartSchema(Shape):
    contact = ma.fields.Nested(ContactSchema, load_default=dict)


class AddLineSchema(Shape):
    variant_id = ma.fields.UUID(required=True)
    quantity = Whole(required=True, least=1, most=MAX_QUANTITY)


class ChangeLineSchema(Shape):
    quantity = Whole(required=True, least=0, most=MAX_QUANTITY, metadata={"description": "0 takes the line out."})


class AddressesSchema(Shape):
    shipping = ma.fields.Nested(AddressSchema, required=True)
    billing = ma.fields.Nested(AddressSchema, load_default=None, allow_none=True)


class ChooseOptionSchema(Shape):
    id = Text(required=True, least=1, most=100)


class ShippingOptionSchema(Shape):
    id = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    price = ma.fields.Nested(MoneySchema, required=True)
    days = ma.fields.List(
        ma.fields.Integer(),
        required=True,
        metadata={"description": "From and to, working days; empty where the carrier does not say."},
    )
    expires_at = ma.fields.AwareDateTime(
        required=True, format="iso", metadata={"description": "The price holds so long."}
    )
    source = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf([source.value for source in OptionSource]),
        metadata={"description": "The store's own `table`, or a `carrier` that was asked."},
    )
    estimated = ma.fields.Boolean(
        required=True,
        metadata={"description": "The carrier does not answer now: this is its last price, which holds all the same."},
    )


class CartProblemSchema(Shape):
    code = ma.fields.String(required=True)
    line_id = ma.fields.UUID(required=True, allow_none=True)
    detail = ma.fields.String(required=True)
    remedy = ma.fields.Dict(
        required=True,
        allow_none=True,
        metadata={
            "description": "What settles it: the `quantity` of the line, the `shipping_option` to choose again, what "
            "to `change` (`shipping_option`: list the options anew and choose one; `shipping_address`), or to ask "
            "again after `retry_after` seconds."
        },
    )


class ShippingOptionsSchema(Shape):
    data = ma.fields.List(ma.fields.Nested(ShippingOptionSchema), required=True)
    problems = ma.fields.List(
        ma.fields.Nested(CartProblemSchema),
        required=True,
        metadata={"description": "`no_shipping_option`: something has to be delivered, and there is no way to."},
    )


class DiscountSchema(Shape):
    source = ma.fields.String(required=True)
    amount = ma.fields.Nested(MoneySchema, required=True)


class CartLineSchema(Shape):
    id = ma.fields.UUID(required=True)
    variant_id = ma.fields.UUID(required=True)
    sku = ma.fields.String(required=True, allow_none=True)
    title = ma.fields.String(required=True)
    options = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    quantity = ma.fields.Integer(required=True)
    unit_price = ma.fields.Nested(MoneySchema, required=True)
    discounts = ma.fields.List(ma.fields.Nested(DiscountSchema), required=True)
    tax = ma.fields.Nested(MoneySchema, required=True)
    total = ma.fields.Nested(MoneySchema, required=True)
    image = ma.fields.String(required=True, allow_none=True)
    requires_shipping = ma.fields.Boolean(required=True, metadata={"description": "Whether it is sent in a parcel."})
    available = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "Pieces on sale; null when stock is not tracked."}
    )


class TotalsSchema(Shape):
    items = ma.fields.Nested(MoneySchema, required=True)
    discount = ma.fields.Nested(MoneySchema, required=True)
    shipping = ma.fields.Nested(MoneySchema, required=True)
    tax = ma.fields.Nested(MoneySchema, required=True)
    total = ma.fields.Nested(MoneySchema, required=True)


class CartSchema(Shape):
    token = ma.fields.String(required=True, metadata={"description": "A secret: whoever holds it holds the cart."})
    version = ma.fields.Integer(required=True)
    currency = ma.fields.String(required=True)
    contact = ma.fields.Nested(ContactSchema, required=True)
    lines = ma.fields.List(ma.fields.Nested(CartLineSchema), required=True)
    requires_shipping = ma.fields.Boolean(
        required=True,
        metadata={
            "description": "Whether any line has to be delivered. When none has, the cart is paid without shipping "
            "address and shipping option."
        },
    )
    shipping_address = ma.fields.Nested(AddressSchema, required=True, allow_none=True)
    billing_address = ma.fields.Nested(AddressSchema, required=True, allow_none=True)
    shipping_option = ma.fields.Nested(ShippingOptionSchema, required=True, allow_none=True)
    totals = ma.fields.Nested(TotalsSchema, required=True)
    problems = ma.fields.List(ma.fields.Nested(CartProblemSchema), required=True)
    payment_session = ma.fields.Nested(PaymentSessionSchema, required=True, allow_none=True)


def option_body(option: ShippingOption) -> dict[str, Any]:
    return {
        "id": option.id,
        "name": option.name,
        "price": money(option.price),
        "days": list(option.days or ()),
        "expires_at": instant(option.expires_at),
        "source": option.source.value,
        "estimated": option.estimated,
    }


def cart_body(view: CartView, page: Callable[[UUID], str]) -> dict[str, Any]:
    """A cart with its figures; `page` gives the address of a session's payment page."""
    cart, assessment = view.basket.cart, view.assessment
    quote = assessment.quote
    return {
        "token": view.token,
        "version": cart.version,
        "currency": cart.currency,
        "contact": asdict(cart.contact),
        "lines": [_line(line, view.basket.offers.get(line.variant_id), quote) for line in cart.lines],
        "requires_shipping": needs_delivery(cart, view.basket.offers),
        "shipping_address": address(cart.shipping_address),
        "billing_address": address(cart.billing_address),
        "shipping_option": option_body(cart.shipping_option) if cart.shipping_option else None,
        "totals": totals_body(quote.items, quote.discount, quote.shipping, quote.tax, quote.total),
        "problems": [asdict(problem) for problem in assessment.problems],
        "payment_session": _session(view.basket.session, page) if view.basket.session else None,
    }


def totals_body(items: Money, discount: Money, shipping: Money, tax: Money, total: Money) -> dict[str, Any]:
    return {
        "items": money(items),
        "discount": money(discount),
        "shipping": money(shipping),
        "tax": money(tax),
        "total": money(total),
    }


def _line(line: CartLine, offer: Offer | None, quote: Quote) -> dict[str, Any]:
    priced = quote.line(str(line.id))
    return {
        "id": str(line.id),
        "variant_id": str(line.variant_id),
        "sku": offer.sku if offer else None,
        "title": offer.title if offer else "",
        "options": dict(offer.options) if offer else {},
        "quantity": line.quantity,
        "unit_price": money(priced.unit),
        "discounts": [{"source": d.source, "amount": money(d.amount)} for d in priced.discounts],
        "tax": money(priced.tax),
        "total": money(priced.total),
        "image": offer.image if offer else None,
        "requires_shipping": offer is not None and offer.requires_shipping,
        "available": None if offer is None or offer.available is None else max(0, offer.available),
    }


def _session(glance: SessionGlance, page: Callable[[UUID], str]) -> dict[str, Any]:
    return session_body(
        id=UUID(glance.id),
        method=glance.method,
        state=SessionState(glance.state),
        payment_state=PaymentState(glance.payment_state),
        amount=Money(glance.amount_minor, glance.currency),
        expires_at=glance.expires_at,
        next_action=glance.next_action,
        page=page,
    )
