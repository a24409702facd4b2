"""What stock refuses."""

from __future__ import annotations

from core.shared.errors import FieldProblem, Rejected


class StockBelowReserved(Rejected):
    """Units that are promised to somebody can't leave."""

    code = "stock_below_reserved"

    def __init__(self, on_hand: int, reserved: int, wanted: int) -> None:
        message = f"{reserved} of {on_hand} on hand are reserved, so on hand can't become {wanted}."
        super().__init__(message, problems=(FieldProblem("change", self.code, message),))
        self.on_hand, self.reserved, self.wanted = on_hand, reserved, wanted
