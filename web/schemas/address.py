"""Addresses on the wire: the twelve fields of `core.shared.address.Address`."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import marshmallow as ma

from core.shared.address import Address
from web.schemas.shape import Shape, Text


def _optional(most: int) -> Text:
    return Text(most=most, load_default=None, allow_none=True)


class AddressSchema(Shape):
    """Loads to and dumps from `Address`; whether CEP and CPF are right is the core's to say."""

    name = Text(required=True, least=1)
    company = _optional(255)
    tax_id = _optional(20)
    phone = _optional(40)
    postal_code = Text(required=True, least=1, most=20)
    street = Text(required=True, least=1)
    number = Text(required=True, least=1, most=40)
    complement = _optional(255)
    district = _optional(120)
    city = Text(required=True, least=1, most=120)
    region = Text(required=True, least=1, most=80)
    country = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"^[A-Z]{2}\Z", error="An ISO 3166-1 code has two capitals.")
    )

    @ma.post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Address:
        return Address(**data)


def address(value: Address | None) -> dict[str, Any] | None:
    """`value` in its wire form, for routes that build their bodies by hand."""
    return None if value is None else asdict(value)
