"""Between the port's records and EasyPost's objects. Pure.

Objects: https://docs.easypost.com/docs/shipments. Weights on the wire are ounces, lengths inches, money decimal text.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_UP, Decimal, InvalidOperation
from typing import Any

from core.shared.address import Address
from core.shared.money import Money, exponent
from ports.carriers import ParcelSize, PostageAnswer, PostageOutcome, Rate, RateAnswer, RateRefusal, RateRequest

GRAMS_IN_OUNCE = Decimal("28.349523125")
MM_IN_INCH = Decimal("25.4")

# Refusals that a request may bring; anything else that is not a success leaves open what happened.
# https://docs.easypost.com/docs/errors
_OWN_FAULT = range(400, 500)
POSTAGE_EXISTS = "SHIPMENT.POSTAGE.EXISTS"


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
    """Decimal text as minor units. Raises ValueError when it is none, or has more digits than the currency."""
    try:
        minor = Decimal(amount).scaleb(exponent(currency))
    except InvalidOperation as error:
        raise ValueError(f"no amount: {amount!r}") from error
    if minor != minor.to_integral_value():
        raise ValueError(f"more digits than {currency} has: {amount!r}")
    return Money(int(minor), currency)


def rates(shipment: Mapping[str, Any], currency: str) -> RateAnswer:
    """Offers in the asked currency, and the reasons of those who offer nothing."""
    found = [_rate(rate, str(shipment["id"])) for rate in shipment["rates"] if rate["currency"] == currency]
    refusals = [
        RateRefusal(str(told.get("carrier") or ""), None, str(told.get("message") or told.get("type") or ""))
        for told in shipment.get("messages") or []
    ]
    return RateAnswer(rates=tuple(found), refusals=tuple(refusals))


def _rate(rate: Mapping[str, Any], shipment_reference: str) -> Rate:
    days = rate.get("delivery_days") or rate.get("est_delivery_days")
    return Rate(
        id=str(rate["id"]),
        shipment_reference=shipment_reference,
        carrier=str(rate["carrier"]),
        service=str(rate["service"]),
        price=money(str(rate["rate"]), str(rate["currency"])),
        days=(int(days), int(days)) if days else None,
    )


def postage(shipment: Mapping[str, Any]) -> PostageAnswer:
    """What became of a purchase, read from the shipment: nothing was bought while it has no selected rate."""
    reference = str(shipment["id"])
    selected = shipment.get("selected_rate")
    if not selected:
        return PostageAnswer(PostageOutcome.REFUSED, reference=reference, reason="not_bought")
    return PostageAnswer(
        PostageOutcome.PURCHASED,
        reference=reference,
        carrier=str(selected["carrier"]),
        service=str(selected["service"]),
        tracking_number=str(shipment["tracking_code"]),
        price=money(str(selected["rate"]), str(selected["currency"])),
        label_ready=bool(shipment.get("postage_label")),
    )


def voided(shipment: Mapping[str, Any]) -> PostageAnswer:
    """What became of a void, from `refund_status`."""
    told = str(shipment.get("refund_status") or "")
    outcome = {
        "submitted": PostageOutcome.VOID_REQUESTED,
        "refunded": PostageOutcome.VOIDED,
        "rejected": PostageOutcome.VOID_REFUSED,
        "not_applicable": PostageOutcome.VOID_REFUSED,
    }.get(told, PostageOutcome.UNKNOWN)
    return PostageAnswer(outcome, reference=str(shipment["id"]), reason=told or None)


def refusal(status: int, body: Mapping[str, Any] | None, reference: str) -> PostageAnswer:
    """A purchase that was not answered by a shipment: refused where EasyPost says so in its own envelope.

    That postage exists already is no refusal: an earlier request bought it, and asking for the shipment tells what.
    """
    error = body.get("error") if body else None
    if status in _OWN_FAULT and status not in (408, 429) and isinstance(error, Mapping):
        code = str(error.get("code") or "")
        if code != POSTAGE_EXISTS:
            return PostageAnswer(PostageOutcome.REFUSED, reference=reference, reason=str(error.get("message") or code))
    return PostageAnswer(PostageOutcome.UNKNOWN, reference=reference, reason=f"HTTP {status}")
