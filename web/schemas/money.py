"""Money on the wire: `{"amount": 12990, "currency": "BRL"}`, in minor units."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from core.shared.money import Money
from web.schemas.shape import Shape, Whole


class MoneySchema(Shape):
    """Loads to and dumps from `Money`."""

    amount = Whole(required=True, attribute="minor", metadata={"description": "Minor units: centavos."})
    currency = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"^[A-Z]{3}\Z", error="An ISO 4217 code has three capitals.")
    )

    @ma.post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Money:
        return Money(**data)


def money(value: Money) -> dict[str, Any]:
    """`value` in its wire form, for routes that build their bodies by hand."""
    return {"amount": value.minor, "currency": value.currency}
