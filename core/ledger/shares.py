"""What goods that leave are worth: each fulfilment its share of the order. Pure.

Pieces of a line are worth their share by largest remainder, so equal pieces differ by one minor unit at most and the
first ones are dearer. A fulfilment takes what all pieces that are gone are worth together, less what was taken for
the others: whatever was reversed in between, all pieces add up to the order exactly. Shipping goes with the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.ledger.facts import FulfilmentFact, LineFact, OrderFact
from core.shared.ids import LineId


@dataclass(frozen=True, slots=True)
class Worth:
    """Minor units: `sales` before discounts and without tax; sales - discounts + tax + shipping is paid for it."""

    sales: int = 0
    discounts: int = 0
    tax: int = 0
    shipping: int = 0

    @property
    def total(self) -> int:
        return self.sales - self.discounts + self.tax + self.shipping


def pieces_away(fulfilments: Iterable[FulfilmentFact]) -> Mapping[LineId, int]:
    """How many pieces of each line are gone."""
    away: Counter[LineId] = Counter()
    for fulfilment in fulfilments:
        away.update(dict(fulfilment.pieces))
    return away


def worth_of(order: OrderFact, away: Mapping[LineId, int]) -> Worth:
    """What the pieces `away` are worth together: the whole order when all are gone, nothing when none is."""
    if not any(away.values()):
        return Worth()
    sales = discounts = tax = 0
    for line in order.lines:
        gone = min(away.get(line.id, 0), line.quantity) if line.travels else line.quantity
        line_discount, line_tax = _part(line.discount.minor, gone, line), _part(line.tax.minor, gone, line)
        sales += _part(line.total.minor, gone, line) + line_discount - line_tax
        discounts, tax = discounts + line_discount, tax + line_tax
    return Worth(sales, discounts, tax, order.shipping.minor)


def _part(minor: int, gone: int, line: LineFact) -> int:
    """What `gone` pieces of the line have of `minor`, by largest remainder over its pieces."""
    each, left_over = divmod(minor, line.quantity)
    return gone * each + min(gone, left_over)
