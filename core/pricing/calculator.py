"""The one calculator: lines and rules in, a quote with its explanation out. Pure; nobody else adds up money.

Cart, order, provider request and refund all show what this returned, so no two screens can disagree. Rounding is
half-even per line; an allocation's leftovers go by largest remainder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.shared.money import Money


@dataclass(frozen=True, slots=True)
class TaxRule:
    """A rate in basis points (1800 = 18 %) for one tax category."""

    name: str
    rate: int


@dataclass(frozen=True, slots=True)
class LineInput:
    """What a line is priced from: unit price as the merchant typed it, quantity, tax category."""

    id: str
    unit: Money
    quantity: int
    tax_category: str = "standard"


@dataclass(frozen=True, slots=True)
class Discount:
    """Something taken off a line, with where it comes from."""

    source: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Tax:
    """Tax of one line by one rule; `included` says it is part of the price."""

    rule: str
    rate: int
    amount: Money
    included: bool


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One line explained: subtotal = unit x quantity; total = subtotal - discounts (+ tax when not included)."""

    id: str
    unit: Money
    quantity: int
    subtotal: Money
    discounts: tuple[Discount, ...]
    taxable: Money
    taxes: tuple[Tax, ...]
    total: Money

    @property
    def discount(self) -> Money:
        return Money.total((d.amount for d in self.discounts), self.unit.currency)

    @property
    def tax(self) -> Money:
        return Money.total((t.amount for t in self.taxes), self.unit.currency)


@dataclass(frozen=True, slots=True)
class Quote:
    """A cart priced: items - discount + shipping (+ tax when not included) = total."""

    currency: str
    lines: tuple[QuoteLine, ...]
    items: Money
    discount: Money
    shipping: Money
    tax: Money
    tax_included: bool
    total: Money

    def line(self, line_id: str) -> QuoteLine:
        return next(line for line in self.lines if line.id == line_id)


def calculate(
    currency: str,
    lines: Sequence[LineInput],
    *,
    shipping: Money | None = None,
    prices_include_tax: bool = True,
    tax_rules: Mapping[str, Sequence[TaxRule]] | None = None,
) -> Quote:
    """Price `lines` and `shipping` in `currency`.

    :param shipping: the chosen delivery option's price; None means none is chosen and counts as zero
    :param tax_rules: the rules of each tax category; a category without any is not taxed
    :raises CurrencyMismatch: when a price is in another currency
    """
    zero = Money.zero(currency)
    rules = tax_rules or {}
    priced = tuple(
        _price_line(line, zero, rules.get(line.tax_category, ()), included=prices_include_tax) for line in lines
    )
    items = Money.total((line.subtotal for line in priced), currency)
    discount = Money.total((line.discount for line in priced), currency)
    tax = Money.total((line.tax for line in priced), currency)
    delivery = shipping or zero
    total = items - discount + delivery
    if not prices_include_tax:
        total = total + tax
    return Quote(currency, priced, items, discount, delivery, tax, prices_include_tax, total)


def _price_line(line: LineInput, zero: Money, rules: Sequence[TaxRule], *, included: bool) -> QuoteLine:
    subtotal = zero + line.unit * line.quantity
    taxable = subtotal
    # Brazil's ICMS is charged on the price that contains it (Lei Complementar 87/1996, art. 13), so a rate means
    # rate x price whether the tax is inside the price or comes on top.
    taxes = tuple(Tax(rule.name, rule.rate, taxable.percentage(rule.rate), included) for rule in rules)
    added = zero if included else Money.total((t.amount for t in taxes), zero.currency)
    return QuoteLine(line.id, line.unit, line.quantity, subtotal, (), taxable, taxes, taxable + added)


def explanation(line: QuoteLine) -> list[dict[str, Any]]:
    """The steps from list price to what the customer pays, as stored with the order."""
    steps: list[dict[str, Any]] = [{"step": "price", "amount": line.subtotal.minor}]
    steps += [{"step": "discount", "source": d.source, "amount": -d.amount.minor} for d in line.discounts]
    steps += [
        {"step": "tax", "source": t.rule, "rate": t.rate, "amount": t.amount.minor, "included": t.included}
        for t in line.taxes
    ]
    return [*steps, {"step": "total", "amount": line.total.minor}]
