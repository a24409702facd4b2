"""What postage costs here: four Brazilian services by weight, size and distance. Pure; prices are in minor units.

The prices are invented, their shape is the trade's: a base, so much a kilogram, more with every postal region
between sender and receiver, and the volume counted as weight (length x width x height / 6000, in cm and kg).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sandbox.carrier.store import iso
from sandbox.ids import new_id

DAY = 86_400
INCH_IN_CM = Decimal("2.54")
OUNCE_IN_KG = Decimal("0.028349523125")
HEX = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Service:
    """days: of a neighbour and of the far end of the country. serves: the first digits of postal codes."""

    carrier: str
    name: str
    base: int
    per_kg: int
    per_region: int
    days: tuple[int, int]
    max_kg: int
    serves: str = "0123456789"


SERVICES = (
    Service("Correios", "PAC", 1490, 380, 210, (4, 11), 30),
    Service("Correios", "SEDEX", 1990, 690, 480, (1, 5), 30),
    Service("Jadlog", ".Package", 1390, 420, 230, (3, 9), 30, serves="01234578"),
    Service("Loggi", "Express", 1275, 350, 150, (1, 3), 15, serves="01238"),
)


@dataclass(frozen=True, slots=True)
class Offered:
    """The rates and the refusals for one shipment."""

    rates: list[dict[str, Any]]
    messages: list[dict[str, Any]]


def kilograms(parcel: dict[str, Any]) -> Decimal:
    """What is paid for: the greater of weight (ounces on the wire) and volume (inches)."""
    real = Decimal(str(parcel["weight"])) * OUNCE_IN_KG
    sides = [Decimal(str(parcel[side])) * INCH_IN_CM for side in ("length", "width", "height")]
    return max(real, sides[0] * sides[1] * sides[2] / 6000)


def offer(
    shipment_id: str, sender: dict[str, Any], receiver: dict[str, Any], parcel: dict[str, Any], now: int
) -> Offered:
    """All rates of all services for a parcel, with the reasons of those that offer none."""
    weight = kilograms(parcel)
    regions = abs(int(sender["zip"][0]) - int(receiver["zip"][0]))
    offered = Offered([], [])
    for service in SERVICES:
        refusal = _refusal(service, receiver, weight)
        if refusal:
            offered.messages.append(
                {
                    "carrier": service.carrier,
                    "carrier_account_id": _account(service),
                    "type": "rate_error",
                    "message": refusal,
                }
            )
        else:
            offered.rates.append(_rate(shipment_id, service, weight, regions, now))
    return offered


def _refusal(service: Service, receiver: dict[str, Any], weight: Decimal) -> str | None:
    if receiver["country"] != "BR":
        return f"{service.carrier} {service.name} does not serve {receiver['country']}"
    if receiver["zip"][0] not in service.serves:
        return f"{service.carrier} {service.name} does not serve CEP {receiver['zip'][:5]}-{receiver['zip'][5:]}"
    if weight > service.max_kg:
        return f"{service.carrier} {service.name} takes at most {service.max_kg} kg"
    return None


def _rate(shipment_id: str, service: Service, weight: Decimal, regions: int, now: int) -> dict[str, Any]:
    cents = service.base + int(service.per_kg * weight) + service.per_region * regions
    price = f"{cents // 100}.{cents % 100:02d}"
    nearest, farthest = service.days
    days = nearest + (farthest - nearest) * regions // 9
    return {
        "id": new_id("rate", 32, HEX),
        "object": "Rate",
        "created_at": iso(now),
        "updated_at": iso(now),
        "mode": "test",
        "service": service.name,
        "carrier": service.carrier,
        "rate": price,
        "currency": "BRL",
        "retail_rate": None,
        "retail_currency": None,
        "list_rate": price,
        "list_currency": "BRL",
        "billing_type": "easypost",
        "delivery_days": days,
        "delivery_date": None,
        "delivery_date_guaranteed": False,
        "est_delivery_days": days,
        "shipment_id": shipment_id,
        "carrier_account_id": _account(service),
    }


def _account(service: Service) -> str:
    return "ca_" + service.carrier.lower().encode().hex().ljust(32, "0")[:32]
