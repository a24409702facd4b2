"""Stock: claims on it, movements of it, and what staff see of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from core.inventory.model import MovementKind as MovementKind
from core.inventory.model import ReservationOwner as ReservationOwner
from core.inventory.model import StockItem
from core.shared.ids import LocationId
from ports.paging import Page, PageRequest


@dataclass(frozen=True, slots=True)
class StockClaim:
    """`quantity` (at least 1) units of a variant, wanted for one line of a cart."""

    variant_id: UUID
    quantity: int
    line_id: UUID


@dataclass(frozen=True, slots=True)
class Shortage:
    """A line that can't be served: all lines of the variant together want `wanted`, `available` are left."""

    variant_id: UUID
    line_id: UUID
    wanted: int
    available: int


class StockRepository(Protocol):
    """Stock of the bound store.

    Rows are locked in the order of their ids, so callers never deadlock. When a variant's availability crosses
    zero, its product's documents are written anew in the same transaction.
    """

    def reserve(
        self,
        lines: Sequence[StockClaim],
        owner_kind: ReservationOwner,
        owner_id: UUID,
        expires_at: datetime | None,
    ) -> Sequence[Shortage]:
        """Hold stock for an owner until `expires_at` (UTC; None: without end), all of it or nothing.

        Claims on one variant add up; variants that are not tracked are skipped, one that is gone counts as none
        available. Returns what is short, empty when everything is held; then nothing was written.
        """
        ...

    def pass_on(self, from_kind: ReservationOwner, from_id: UUID, to_kind: ReservationOwner, to_id: UUID) -> int:
        """Give live reservations to a new owner, without end; on hand and reserved stay. Returns how many."""
        ...

    def extend(self, owner_kind: ReservationOwner, owner_id: UUID, expires_at: datetime | None) -> int:
        """Move the end of an owner's live reservations. Returns how many."""
        ...

    def release(self, owner_kind: ReservationOwner, owner_id: UUID) -> int:
        """Free what an owner holds. Returns how many reservations ended: 0 when called again."""
        ...

    def adjust(
        self,
        variant_id: UUID,
        location_id: UUID | None,
        change: int,
        kind: MovementKind,
        reason: str,
        *,
        reference_kind: str | None = None,
        reference_id: UUID | None = None,
    ) -> StockItem:
        """Move `change` units in (positive) or out at a location (None: the default one), with its movement.

        Returns the item as it stands afterwards. Raises NotFound for an unknown variant or location,
        StockBelowReserved when more would leave than is not reserved.
        """
        ...

    def default_location(self) -> LocationId:
        """Where stock is while nobody says otherwise. Raises NotFound when the store has no location."""
        ...

    def ship(
        self, pieces: Mapping[UUID, int], order_id: UUID, location_id: UUID, fulfilment_id: UUID, reason: str
    ) -> None:
        """Pieces of variants leave a location by a `ship` movement, out of what the order holds.

        Variants that are not tracked have no stock to leave. Raises StockBelowReserved when more would leave than the
        order holds and is free together.
        """
        ...

    def take_back(
        self, pieces: Mapping[UUID, int], order_id: UUID, location_id: UUID, fulfilment_id: UUID, reason: str
    ) -> None:
        """They had not left after all: the opposite movement, and the order holds them again."""
        ...

    def available(self, variant_ids: Sequence[UUID]) -> Mapping[UUID, int | None]:
        """What may be promised of each variant: None when it is not tracked; unknown variants are left out."""
        ...


@dataclass(frozen=True, slots=True)
class StockRow:
    """A variant in the stock list. `picture` is the SHA-256 of its picture."""

    variant_id: UUID
    product_id: UUID
    product_title: str
    variant_title: str
    sku: str | None
    picture: str | None
    tracked: bool
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One movement of a variant's stock and what was on hand after it."""

    id: UUID
    kind: MovementKind
    change: int
    on_hand_after: int
    reason: str
    reference_kind: str | None
    reference_id: UUID | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class HolderRow:
    """Who holds units of a variant: a payment session until `expires_at`, or an order (with its number).

    `packed` are the order's shipments in preparation that hold some of them: number in the order, and units.
    """

    owner_kind: ReservationOwner
    owner_id: UUID
    order_number: str | None
    quantity: int
    expires_at: datetime | None
    created_at: datetime
    packed: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class StockFilter:
    """`search` is text in name, SKU, vendor or tags; `state` one of "in_stock", "sold_out", "reserved"."""

    search: str = ""
    state: str | None = None


class StockQueries(Protocol):
    """What staff see of stock."""

    def page(self, filter_: StockFilter, page: PageRequest) -> Page[StockRow]:
        """Variants by product name. Raises Invalid for a cursor that is not one of ours."""
        ...

    def row(self, variant_id: UUID) -> StockRow:
        """Raises NotFound."""
        ...

    def movements(self, variant_id: UUID, page: PageRequest) -> Page[MovementRow]:
        """Movements of a variant at the default location, newest first."""
        ...

    def holders(self, variant_id: UUID) -> Sequence[HolderRow]:
        """Live reservations of a variant, oldest first."""
        ...
