"""Money in integer minor units. No floats anywhere.

Rounding is half-even; what an allocation leaves over goes to the largest remainders, earlier parts first
(https://en.wikipedia.org/wiki/Largest_remainder_method), so parts always add up to the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# Minor units per currency as ISO 4217 lists them; every currency that is not here has two.
_EXPONENTS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0,
    "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip

BASIS_POINTS = 10_000


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum: a bug, never a business case."""


def exponent(currency: str) -> int:
    """How many digits stand behind the decimal point in `currency` (ISO 4217)."""
    return _EXPONENTS.get(currency, 2)


def round_half_even(numerator: int, denominator: int) -> int:
    """`numerator / denominator` as an integer, halves to the even neighbour; `denominator` > 0."""
    quotient, remainder = divmod(numerator, denominator)
    twice = 2 * remainder
    if twice > denominator or (twice == denominator and quotient % 2):
        quotient += 1
    return quotient


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` in proportion to non-negative `weights` by largest remainder.

    The parts add up to `total`. With all weights zero the first part takes everything.
    Raises ValueError for no weights or a negative one.
    """
    if not weights or min(weights) < 0:
        raise ValueError("weights must be non-negative and at least one")
    whole = sum(weights)
    if whole == 0:
        return [total, *([0] * (len(weights) - 1))]
    sign = -1 if total < 0 else 1
    floors, remainders = [], []
    for weight in weights:
        quotient, remainder = divmod(abs(total) * weight, whole)
        floors.append(quotient)
        remainders.append(remainder)
    left_over = abs(total) - sum(floors)
    for index in sorted(range(len(weights)), key=lambda i: (-remainders[i], i))[:left_over]:
        floors[index] += 1
    return [sign * part for part in floors]


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount: `minor` units (centavos) of `currency` (ISO 4217, three capitals)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are an int, not {type(self.minor).__name__}")
        if len(self.currency) != 3 or not self.currency.isascii() or not self.currency.isupper():
            raise ValueError(f"not an ISO 4217 code: {self.currency!r}")

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(0, currency)

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        """The sum of `amounts`, all of which must be in `currency`."""
        result = cls(0, currency)
        for amount in amounts:
            result = result + amount
        return result

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, quantity: int) -> Money:
        if type(quantity) is not int:
            raise TypeError("money is multiplied by whole quantities only")
        return Money(self.minor * quantity, self.currency)

    __rmul__ = __mul__

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor > other.minor

    def __ge__(self, other: Money) -> bool:
        self._same(other)
        return self.minor >= other.minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def allocate(self, weights: Sequence[int]) -> list[Money]:
        """This amount split by `weights`; the parts add up to it (see `allocate`)."""
        return [Money(part, self.currency) for part in allocate(self.minor, weights)]

    def percentage(self, basis_points: int) -> Money:
        """`basis_points` hundredths of a percent of this, rounded half-even."""
        return Money(round_half_even(self.minor * basis_points, BASIS_POINTS), self.currency)
