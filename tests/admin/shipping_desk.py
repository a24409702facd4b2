"""Orders on their way out, for the tests of the shipping screens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.shared.money import Money
from ports.carriers import Label, PostageAnswer, PostageOutcome, Rate, RateAnswer, RateRefusal, RateRequest
from ports.orders import OrderDetail
from tests.adapters.test_papers import label
from tests.admin.desks import Browser
from tests.admin.order_desk import fields, fresh, paid
from tests.carrier import ScriptedCarrier, add_carrier
from tests.shop import Shop

_PRICES = (
    ("Correios", "PAC", 1760, (5, 8)),
    ("Correios", "SEDEX", 3345, (1, 3)),
    ("Jadlog", ".Package", 2190, (2, 4)),
)


@dataclass
class Fleet(ScriptedCarrier):
    """Several carriers behind one account; the next `refuse` purchases are refused."""

    refuse: int = 0
    asked: int = 0

    def rates(self, request: RateRequest, timeout_seconds: float) -> RateAnswer:
        self.asked += 1
        reference, extra = f"shp_{self.asked}", 137 * (self.asked % 7)
        rates = []
        for carrier_, service, price, days in _PRICES[: 3 - (self.asked % 3 == 0)]:
            id_ = f"{reference}-{service}"
            self.offers[id_] = Money(price + extra, request.currency)
            rates.append(Rate(id_, reference, carrier_, service, self.offers[id_], days))
        return RateAnswer(rates, [RateRefusal("Loggi", None, "does not serve this CEP")])

    def purchase(self, shipment_reference: str, rate_id: str, key: str) -> PostageAnswer:
        if self.refuse:
            self.refuse -= 1
            return PostageAnswer(PostageOutcome.REFUSED, reason="Phone is missing a digit: (47) 9884-102")
        return super().purchase(shipment_reference, rate_id, key)


def carrier(shop: Shop, kind: type[ScriptedCarrier] = ScriptedCarrier, **how: object) -> ScriptedCarrier:
    """A carrier that gives papers that can be printed."""
    paper = Label(label("QB482917305BR"), "application/pdf")
    scripted = kind(**{"paper": paper, **how})  # type: ignore[arg-type]  # as the test says
    return add_carrier(shop, scripted)[0]


def prepare(desk: Browser, order: OrderDetail, **typed: str) -> str:
    """Plan all that is left, in a parcel of 900 g; returns the address of the shipment."""
    page = desk.get(f"/orders/{order.number}/fulfil")
    assert page.status_code == 200, page.text[:200]
    told = {**_filled(page.text), "weight_grams": "900", **typed}
    answer = desk.post(f"/orders/{order.number}/fulfil", told)
    assert answer.status_code == 303, re.sub(r"<[^>]+>", " ", answer.text[answer.text.find("<main") :])[:900]
    return str(answer.location).removeprefix("/admin")


def _filled(text: str) -> dict[str, str]:
    found = fields(text, "fulfil")
    found.pop("csrf_token", None)
    return {**found, "box": ""}


__all__ = ["Fleet", "carrier", "fresh", "paid", "prepare"]
