"""The store on the wire, as a storefront has to know it."""

from __future__ import annotations

import marshmallow as ma

from web.schemas.shape import Shape


class CountrySchema(Shape):
    code = ma.fields.String(required=True, metadata={"description": "ISO 3166-1."})
    name = ma.fields.String(required=True)


class PaymentMethodSchema(Shape):
    method = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class StoreSchema(Shape):
    name = ma.fields.String(required=True)
    currency = ma.fields.String(required=True, metadata={"description": "The default one, ISO 4217."})
    currencies = ma.fields.List(ma.fields.String(), required=True)
    locale = ma.fields.String(required=True, metadata={"description": "BCP 47."})
    locales = ma.fields.List(ma.fields.String(), required=True)
    time_zone = ma.fields.String(required=True)
    countries = ma.fields.List(ma.fields.Nested(CountrySchema), required=True)
    prices_include_tax = ma.fields.Boolean(required=True)
    order_prefix = ma.fields.String(required=True)
    payment_methods = ma.fields.List(ma.fields.Nested(PaymentMethodSchema), required=True)
