"""What a shop's books must say, in plain Python: whole cents, dictionaries, and none of the program's own money code.

Facts are told in the order in which they happen; figures are worked out from them whenever somebody asks.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction


def piece_prices(total: int, quantity: int) -> list[int]:
    """What each piece of a line is worth; the first ones are dearer by a cent where it does not come out even."""
    each, over = divmod(total, quantity)
    return [each + (1 if piece < over else 0) for piece in range(quantity)]


@dataclass
class Line:
    """A line of an order. `called_off`: pieces whose money went back before they left."""

    id: str
    quantity: int
    total: int
    away: int = 0
    refunded: int = 0
    refunded_minor: int = 0
    called_off: int = 0

    @property
    def delivered(self) -> int:
        return sum(piece_prices(self.total, self.quantity)[: self.away])


@dataclass
class Refund:
    """Money that went back: `before` its goods left, `returned` after. `stands` until it fails."""

    id: str
    amount: int
    before: int
    pieces: dict[str, int]
    unsent: dict[str, int]
    of_pieces: dict[str, int]
    shipping: int
    stands: bool = True

    @property
    def returned(self) -> int:
        return self.amount - self.before


@dataclass
class Dispute:
    id: str
    amount: int
    fee: int
    outcome: str = "open"


@dataclass
class Sale:
    """An order with its one payment. `awaits`: more can be taken. `planned`: goods wait to be sent. `parcels`: pieces
    and postage of what is away, by fulfilment."""

    order: str
    payment: str
    method: str
    total: int
    shipping: int
    lines: dict[str, Line]
    awaits: bool = True
    captured: int = 0
    shipping_refunded: int = 0
    refunds: dict[str, Refund] = field(default_factory=dict)
    parcels: dict[str, tuple[dict[str, int], str | None]] = field(default_factory=dict)
    dispute: Dispute | None = None
    cancelled: bool = False
    planned: bool = False

    # -- facts -----------------------------------------------------------------------------------------------------

    def refund(self, id_: str, amount: int, pieces: dict[str, int], shipping: int) -> None:
        """Money goes back: for pieces, for delivery, and what is left over for no line."""
        gone = any(line.away for line in self.lines.values())
        before, of_pieces, withdrawn = 0, {}, {}
        for line_id, count in pieces.items():
            line = self.lines[line_id]
            worth = sum(piece_prices(line.total, line.quantity)[: line.refunded + count]) - line.refunded_minor
            unsent = max(0, min(count, line.quantity - line.away - line.called_off))
            line.refunded, line.refunded_minor = line.refunded + count, line.refunded_minor + worth
            line.called_off += unsent
            of_pieces[line_id], withdrawn[line_id] = worth, unsent
            before += nearest(Fraction(worth * unsent, count))
        rest = amount - sum(of_pieces.values())
        if gone:
            in_deposit = max(0, self.captured - self.given_back - before - self.delivered)
            before += min(rest - shipping, in_deposit)
        else:
            before = amount
        self.shipping_refunded += shipping
        self.refunds[id_] = Refund(id_, amount, before, pieces, withdrawn, of_pieces, shipping)

    def refund_came_back(self, refund: Refund) -> None:
        """It failed after all: its pieces can be refunded, or sent, as if it had never been."""
        refund.stands = False
        self.shipping_refunded -= refund.shipping
        for line_id, count in refund.pieces.items():
            line = self.lines[line_id]
            line.refunded -= count
            line.refunded_minor -= refund.of_pieces[line_id]
            line.called_off -= refund.unsent[line_id]

    def leave(self, fulfilment: str, pieces: dict[str, int], label: str | None) -> None:
        for line_id, count in pieces.items():
            self.lines[line_id].away += count
        self.parcels[fulfilment], self.planned = (pieces, label), False

    def come_back(self, fulfilment: str) -> str | None:
        """Its goods had not left; the postage that was bought for it."""
        pieces, label = self.parcels.pop(fulfilment)
        for line_id, count in pieces.items():
            self.lines[line_id].away -= count
        return label

    # -- figures ---------------------------------------------------------------------------------------------------

    @property
    def given_back(self) -> int:
        """Before its goods left."""
        return sum(refund.before for refund in self.refunds.values() if refund.stands)

    @property
    def returned(self) -> int:
        """After its goods left."""
        return sum(refund.returned for refund in self.refunds.values() if refund.stands)

    @property
    def refunded(self) -> int:
        return self.given_back + self.returned

    @property
    def delivered(self) -> int:
        """What the goods that are away are worth; delivery goes with the first."""
        goods = sum(line.delivered for line in self.lines.values())
        return goods + (self.shipping if any(line.away for line in self.lines.values()) else 0)

    @property
    def balances(self) -> Counter[str]:
        """By account number, debit positive. `revenue`: sales, delivery, discounts, tax and returns together."""
        left = self.captured - self.given_back - self.delivered
        owed = min(max(0, -left), max(0, self.total - self.captured))
        given = max(0, -left) - owed
        return Counter({
            "2100": -max(0, left),
            "1150": owed,
            "revenue": -self.delivered + self.returned + given,
        })  # fmt: skip


def nearest(share: Fraction) -> int:
    """To whole cents, the odd cent to the first where both parts have as much of it."""
    whole = share.numerator // share.denominator
    return whole + (1 if share - whole >= Fraction(1, 2) else 0)


@dataclass
class World:
    """All sales of a shop, its postage, and what the provider's payouts came to."""

    sales: list[Sale] = field(default_factory=list)
    postage: dict[str, int] = field(default_factory=dict)

    @property
    def balances(self) -> dict[str, int]:
        """Every account that our own deeds move, apart from what only the provider knows."""
        sums: Counter[str] = Counter()
        for sale in self.sales:
            sums.update(sale.balances)
        bought = sum(self.postage.values())
        sums.update({"5000": bought, "2300": -bought})
        return {code: minor for code, minor in sums.items() if minor}

    @property
    def disputes(self) -> list[Dispute]:
        return [sale.dispute for sale in self.sales if sale.dispute is not None]

    def settled(self, fees: int, payouts: int) -> dict[str, int]:
        """The accounts that a reconciliation moves, once it has read everything.

        :param fees: that the provider kept of payments and refunds
        :param payouts: that it sent and that did not come back
        """
        open_ = sum(d.amount for d in self.disputes if d.outcome == "open")
        lost = sum(d.amount for d in self.disputes if d.outcome == "lost")
        charged = sum(d.fee for d in self.disputes)
        taken = sum(sale.captured - sale.refunded for sale in self.sales)
        figures = {
            "1100": taken - fees - charged - open_ - lost - payouts,
            "1110": payouts,
            "1120": open_,
            "6100": fees,
            "6110": charged,
            "6120": lost,
        }
        return {code: minor for code, minor in figures.items() if minor}
