"""What the provider keeps of a payment, by method: the contract of every account here.

Shares and fixed parts are the published prices for Brazil at the time of writing (https://stripe.com/br/pricing).
`GET /_sandbox/fees` tells them, as a merchant's contract would.
"""

from __future__ import annotations

from dataclasses import dataclass

DISPUTE_FEE = 5500  # cents, kept when a card payment is disputed, whoever wins


@dataclass(frozen=True, slots=True)
class Fee:
    """A share in basis points of the amount, half a cent up, plus a fixed part in minor units."""

    basis_points: int
    fixed: int

    def of(self, amount: int) -> int:
        """The fee of an amount in minor units."""
        return (amount * self.basis_points + 5000) // 10_000 + self.fixed


FEES = {"card": Fee(399, 39), "pix": Fee(119, 0), "boleto": Fee(0, 345)}


def contract() -> dict[str, dict[str, int]]:
    """The table, per method."""
    return {method: {"basis_points": fee.basis_points, "fixed": fee.fixed} for method, fee in FEES.items()}
