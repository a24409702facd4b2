"""Orders on their way out, for the tests of the shipping screens."""

from __future__ import annotations

import re

from ports.carriers import Label
from ports.orders import OrderDetail
from tests.adapters.test_papers import label
from tests.admin.desks import Browser
from tests.admin.order_desk import fields, fresh, paid
from tests.carrier import ScriptedCarrier, add_carrier
from tests.shop import Shop


def carrier(shop: Shop, **how: object) -> ScriptedCarrier:
    """A carrier that gives papers that can be printed."""
    paper = Label(label("QB482917305BR"), "application/pdf")
    scripted = ScriptedCarrier(**{"paper": paper, **how})  # type: ignore[arg-type]  # as the test says
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


__all__ = ["carrier", "fresh", "paid", "prepare"]
