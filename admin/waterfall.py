"""Where the bars of a money waterfall stand: geometry in whole numbers, drawn by `_macros/waterfall.html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from admin.formats import MoneyLike

# The width of the drawing in units of its viewBox; fine enough for a bar of a tenth of a percent.
WIDTH = 1000
_THINNEST = 4

Kind = Literal["step", "base", "sum", "note"]


@dataclass(frozen=True, slots=True)
class Leg:
    """One row of a waterfall.

    `step` adds or takes away from where the row above ended; `base` starts anew from zero (what was paid,
    below a total); `sum` stands on zero and says the whole; `note` is an indented figure without a bar.
    """

    label: str
    amount: MoneyLike
    kind: Kind = "step"
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """A leg with its place: `x` and `width` in units of WIDTH, `css` names the colour; no bar has width 0."""

    leg: Leg
    x: int
    width: int
    css: str


def _spans(legs: Sequence[Leg]) -> list[tuple[int, int]]:
    """From where to where each leg runs, in minor units; notes are empty spans."""
    spans, level = [], 0
    for leg in legs:
        if leg.kind == "note":
            spans.append((level, level))
            continue
        start = level if leg.kind == "step" else 0
        level = start + leg.amount.minor
        spans.append((start, level))
    return spans


def bars(legs: Sequence[Leg]) -> list[Bar]:
    """The legs with their bars, on one scale from the lowest to the highest level, zero included."""
    spans = _spans(legs)
    lowest = min((min(span) for span in spans), default=0)
    highest = max((max(span) for span in spans), default=0)
    lowest, highest = min(lowest, 0), max(highest, 0)
    reach = max(highest - lowest, 1)
    drawn = []
    for leg, (start, end) in zip(legs, spans, strict=True):
        left = (min(start, end) - lowest) * WIDTH // reach
        width = (max(start, end) - lowest) * WIDTH // reach - left
        if leg.amount.minor and leg.kind != "note":
            width = max(width, _THINNEST)
        css = "sum" if leg.kind == "sum" else "take" if leg.amount.minor < 0 else "add"
        drawn.append(Bar(leg, min(left, WIDTH - width), width, css))
    return drawn
