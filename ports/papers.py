"""Papers that go with goods: packing slips, pick lists, and labels joined to be printed in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.shared.address import Address


@dataclass(frozen=True, slots=True)
class PaperLine:
    """`quantity` pieces of one thing. `about` are its options as people read them; `sku` may be unknown."""

    sku: str | None
    title: str
    about: str
    quantity: int


@dataclass(frozen=True, slots=True)
class PackingSlip:
    """What lies in the parcels of one fulfilment. `number` is the order's with its prefix, `part` the fulfilment's own.

    `rest` are pieces of the order that come apart, `parcels` how many parcels these are.
    """

    number: str
    part: int
    placed_at: datetime
    sender: Address | None
    shop: str
    email: str
    recipient: Address | None
    lines: Sequence[PaperLine]
    rest: int
    parcels: int


@dataclass(frozen=True, slots=True)
class PickRow:
    """Pieces of one thing to fetch, and for which orders: number and pieces."""

    line: PaperLine
    orders: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class PickList:
    """What to fetch at one location for many orders. `name` is what the list is called, in ASCII: it is a barcode."""

    name: str
    location: str
    made_at: datetime
    orders: int
    rows: Sequence[PickRow]


@dataclass(frozen=True, slots=True)
class Paper:
    """A label as its carrier gave it, and what it is called where one can't be printed."""

    name: str
    content: bytes
    media_type: str


class Papers(Protocol):
    """Draws papers as PDF. The same input gives the same bytes. `locale` is BCP 47; one not known is English.

    `time_zone` is the IANA name of the store's zone, in which days are written.
    """

    def packing_slips(self, slips: Sequence[PackingSlip], locale: str, time_zone: str) -> bytes:
        """A4, each slip on pages of its own, with the order's number as Code 128 and QR and the postal code as
        Code 128."""
        ...

    def pick_lists(self, lists: Sequence[PickList], locale: str, time_zone: str) -> bytes:
        """A4, each list on pages of its own: a box to tick, SKU (also as Code 128), what, pieces, for which orders."""
        ...

    def joined(self, papers: Sequence[Paper]) -> bytes:
        """All labels in one file, each on its page, as large as it is; pictures on 100 x 150 mm.

        Raises UnprintableLabel, which names the first that can't be read.
        """
        ...
