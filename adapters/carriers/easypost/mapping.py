"""A parcel as EasyPost has it rated, and its offers as the port has them. Pure.

Objects: https://docs.easypost.com/docs/shipments. Weights on the wire are ounces, lengths inches, money decimal text.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal, InvalidOperation
from typing import Any

from core.shared.address import Address
from core.shared.money import Money, exponent
from ports.carriers import ParcelSize, Rate, RateAnswer, RateRefusal, RateRequest

GRAMS_IN_OUNCE = Decimal("28.349523125")
MM_IN_INCH = Decimal("25.4")
NO_PRICE = 10**9  # major units


def shipment_request(request: RateRequest) -> dict[str, Any]:
    """The body that has a parcel rated."""
    return {
        "shipment": {
            "to_address": address(request.destination),
            "from_address": address(request.origin),
            "parcel": parcel(request.parcel),
            "reference": request.reference,
            "options": {"label_format": "PDF", "currency": request.currency},
        }
    }


def address(given: Address) -> dict[str, Any]:
    """An address; number and street are one line there, complement and district the other."""
    told = {
        "name": given.name,
        "company": given.company,
        "street1": f"{given.street}, {given.number}",
        "street2": ", ".join(part for part in (given.complement, given.district) if part),
        "city": given.city,
        "state": given.region,
        "zip": given.postal_code,
        "country": given.country,
        "phone": given.phone,
        "federal_tax_id": given.tax_id,
    }
    return {name: value for name, value in told.items() if value}


def parcel(size: ParcelSize) -> dict[str, str]:
    """A parcel, rounded up to tenths: a parcel is never told lighter or smaller than it is."""
    return {
        "weight": _tenths(Decimal(size.weight_grams) / GRAMS_IN_OUNCE),
        "length": _tenths(Decimal(size.length_mm) / MM_IN_INCH),
        "width": _tenths(Decimal(size.width_mm) / MM_IN_INCH),
        "height": _tenths(Decimal(size.height_mm) / MM_IN_INCH),
    }


def _tenths(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.1"), rounding=ROUND_UP))


def money(amount: str, currency: str) -> Money:
    """Decimal text as minor units. Raises ValueError when it is none, no price of a parcel's, or has more digits than
    the currency."""
    try:
        value = Decimal(amount)
    except InvalidOperation as error:
        raise ValueError(f"no amount: {amount!r}") from error
    if not value.is_finite() or not 0 <= value < NO_PRICE:
        raise ValueError(f"no price: {amount!r}")
    minor = value.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise ValueError(f"more digits than {currency} has: {amount!r}")
    return Money(int(minor), currency)


def rates(shipment: Mapping[str, Any], currency: str) -> RateAnswer:
    """Offers in the asked currency, and the reasons of those who offer nothing. Raises KeyError, TypeError or
    ValueError on what is no rated shipment."""
    reference = identifier(shipment)
    offered = [rate for rate in shipment["rates"] if rate["currency"] == currency]
    foreign = [rate for rate in shipment["rates"] if rate["currency"] != currency]
    refusals = [
        RateRefusal(str(rate["carrier"]), str(rate["service"]), f"priced in {rate['currency']}, not in {currency}")
        for rate in foreign
    ] + [
        RateRefusal(str(told.get("carrier") or ""), None, str(told.get("message") or told.get("type") or ""))
        for told in shipment.get("messages") or []
    ]
    return RateAnswer(rates=tuple(_rate(rate, reference) for rate in offered), refusals=tuple(refusals))


def _rate(rate: Mapping[str, Any], shipment_reference: str) -> Rate:
    days = rate.get("delivery_days") or rate.get("est_delivery_days")
    return Rate(
        id=identifier(rate),
        shipment_reference=shipment_reference,
        carrier=str(rate["carrier"]),
        service=str(rate["service"]),
        price=money(str(rate["rate"]), str(rate["currency"])),
        days=(int(days), int(days)) if days else None,
    )


def identifier(thing: Mapping[str, Any]) -> str:
    """The id of an object. Raises KeyError, TypeError or ValueError when it has none."""
    if not isinstance(thing["id"], str) or not thing["id"]:
        raise ValueError("no id")
    return thing["id"]
